//! The writer's statements stay look-ups in unique indexes, on small tables and on large ones.

use books::authorization::statements::{
    APPLICATIONS, INSERT_CHARGES, INSERT_MESSAGES, LOCK_ACCOUNTS, PLAN_SETUP, RECORDED_SESSIONS,
    SITES_AND_GRANTS, UPDATE_ACCOUNTS,
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::cluster;

/// A table and columns of the key it is reached by.
type Reached = (&'static str, &'static [&'static str]);

/// Each statement with the tables it may reach, by an index and with these columns of its key.
const STATEMENTS: &[(&str, &[Reached])] = &[
    (LOCK_ACCOUNTS, &[("operator_accounts", &["operator_id = ANY"])]),
    (
        RECORDED_SESSIONS,
        &[("usage_records u", &["operator_id = r.", "session_ms = r.", "session_nonce = r."])],
    ),
    (
        SITES_AND_GRANTS,
        &[
            ("sites s", &["operator_id = r.", "(id = r.site_id)"]),
            ("grants g", &["operator_id = r.", "app_id = r."]),
        ],
    ),
    (APPLICATIONS, &[("applications", &["id = ANY"])]),
    (INSERT_CHARGES, &[]),
    (INSERT_MESSAGES, &[]),
    (UPDATE_ACCOUNTS, &[("operator_accounts a", &["operator_id = v."])]),
];

/// 2,000 operators with 100 charges, a site and a grant each.
const FILL: &str = "
    SET session_replication_role = replica;
    INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
    SELECT gen_random_uuid(), 'u' || n, '', '', '', '', now(), now() FROM generate_series(1, 2000) n;
    INSERT INTO operator_accounts (operator_id, category, entry_hash) SELECT id, 'normal', sha256('') FROM operators;
    INSERT INTO applications (id, name, unit_price_fen, min_players, max_players, created_at, updated_at)
    SELECT gen_random_uuid(), 'a' || n, 1000, 1, 8, now(), now() FROM generate_series(1, 300) n;
    INSERT INTO sites (operator_id, id, name, address, created_at, updated_at)
    SELECT id, gen_random_uuid(), 's', 'a', now(), now() FROM operators;
    INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by)
    SELECT o.id, gen_random_uuid(), a.id, now(), '' FROM operators o CROSS JOIN (SELECT id FROM applications LIMIT 3) a;
    INSERT INTO usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen, balance_before_fen,
        balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count, session_nonce, app_name,
        entry_hash)
    SELECT o.id, gen_random_uuid(), 1800000000000 + n, n, 1000, 1000, 1000, 0, now(), o.id, o.id, o.id, 1,
           'abcdefghijklmnop', 'a', ''
    FROM operators o CROSS JOIN generate_series(1, 100) n;";

async fn plan(connection: &mut PgConnection, statement: &str) -> String {
    connection.execute(AssertSqlSafe(format!("PREPARE looked_at AS {statement}"))).await.unwrap();
    let parameters: i32 = sqlx::query_scalar(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'looked_at'",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    let nulls = vec!["NULL"; usize::try_from(parameters).unwrap()].join(", ");
    let sql = format!("EXPLAIN (COSTS OFF) EXECUTE looked_at({nulls})");
    let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *connection).await.unwrap();
    connection.execute("DEALLOCATE looked_at").await.unwrap();
    lines.into_iter().map(|(line,)| line + "\n").collect()
}

async fn check_plans(connection: &mut PgConnection, size: &str) {
    for (statement, expected) in STATEMENTS {
        let plan = plan(connection, statement).await;
        let shown = format!("{size} tables: {statement}\n{plan}");
        for forbidden in ["Hash", "Merge", "Seq Scan", "Bitmap"] {
            assert!(!plan.contains(forbidden), "{forbidden}: {shown}");
        }
        let lines: Vec<&str> = plan.lines().collect();
        let scans = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.contains("Index Scan using ") || line.contains("Tid Scan on "));
        let scans: Vec<(usize, &str)> =
            scans.map(|(n, line)| (n, line.split_once(" on ").unwrap().1)).collect();
        assert_eq!(scans.len(), expected.len(), "{shown}");
        for (table, columns) in *expected {
            let (n, _) = scans.iter().find(|(_, scanned)| scanned == table).expect(&shown);
            let condition = lines[n + 1];
            // The place of a locked row is as good as a unique index.
            let is_by_place = condition.contains("TID Cond: (ctid = ");
            let is_by_index =
                condition.contains("Index Cond: ") && columns.iter().all(|column| condition.contains(column));
            assert!(is_by_place || is_by_index, "{table}: {shown}");
        }
    }
}

#[tokio::test]
async fn the_writer_reads_by_unique_indexes_whatever_the_statistics_say() {
    let database = cluster::database().await;
    let mut owner = PgConnection::connect(database.url()).await.unwrap();
    let mut writer = PgConnection::connect(database.url()).await.unwrap();
    writer.execute(platform::db::SESSION_SETUP).await.unwrap();
    writer.execute(PLAN_SETUP).await.unwrap();
    check_plans(&mut writer, "empty").await;
    owner.execute(FILL).await.unwrap();
    check_plans(&mut writer, "filled").await;
    owner.execute("ANALYZE").await.unwrap();
    check_plans(&mut writer, "analyzed").await;
}
