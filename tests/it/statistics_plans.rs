//! Figures of a short range read the rows of that range, however long the history and whatever the planner knows.

use base::clock::UtcTime;
use jiff::tz::TimeZone;
use office::statistics::{self, Filter, Grouping, TimeRange, rollups};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::cluster;
use crate::games::at;

/// 200 operators with an hourly game and a daily top-up for 20 days each.
const FILL: &str = "
    SET session_replication_role = replica;
    CREATE FUNCTION id_at(moment timestamptz, number bigint) RETURNS uuid LANGUAGE sql AS $$
        SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '70008000'
                || lpad(to_hex(number), 12, '0'))::uuid $$;
    INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
    SELECT gen_random_uuid(), 'u' || n, '', '', '', '', now(), now() FROM generate_series(1, 200) n;
    INSERT INTO operator_accounts (operator_id, category, entry_hash, total_sessions)
    SELECT id, 'normal', sha256(''), 480 FROM operators;
    INSERT INTO usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen, balance_before_fen,
        balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count, session_nonce, app_name,
        entry_hash)
    SELECT o.id, id_at(t, 1), extract(epoch FROM t)::bigint, 1, 1000, 2000, 2000, 0, t, o.id, o.id, o.id, 2,
           'abcdefghijklmnop', 'a', ''
    FROM generate_series(timestamptz '2025-01-01', '2025-01-20 23:00Z', '1 hour') t CROSS JOIN operators o;
    INSERT INTO ledger_movements (operator_id, id, seq, kind, debit_account, credit_account, amount_fen,
        balance_before_fen, balance_after_fen, occurred_at, order_id, entry_hash)
    SELECT o.id, id_at(t, 2), extract(epoch FROM t)::bigint, 'recharge', 'clearing_wechat', 'operator_balance', 100,
           0, 100, t, gen_random_uuid(), ''
    FROM generate_series(timestamptz '2025-01-01', '2025-01-20', '1 day') t CROSS JOIN operators o;";

/// What this connection has read of a table and not yet reported: sequential scans, and rows by an index.
async fn reads(connection: &mut PgConnection, table: &str) -> (i64, i64) {
    sqlx::query_as(
        "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = $1 AND schemaname = 'public'",
    )
    .bind(table)
    .fetch_one(connection)
    .await
    .unwrap()
}

/// What `work` reads of the tables that grow.
async fn read_by(
    connection: &mut PgConnection,
    work: impl AsyncFnOnce(&mut PgConnection),
) -> [(i64, i64); 3] {
    let tables = ["usage_records", "ledger_movements", "usage_rollups"];
    let mut transaction = connection.begin().await.unwrap();
    let mut before = Vec::new();
    for table in tables {
        before.push(reads(&mut transaction, table).await);
    }
    work(&mut transaction).await;
    let mut read = [(0, 0); 3];
    for ((table, before), read) in tables.into_iter().zip(before).zip(&mut read) {
        let after = reads(&mut transaction, table).await;
        *read = (after.0 - before.0, after.1 - before.1);
    }
    transaction.rollback().await.unwrap();
    read
}

/// More often than it takes for a prepared statement to get its generic plan.
const TIMES: usize = 7;

struct Look {
    connection: PgConnection,
    timezone: TimeZone,
}

impl Look {
    async fn new(url: &str, plans: &str) -> Self {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(platform::db::SESSION_SETUP).await.unwrap();
        connection.execute(AssertSqlSafe(format!("SET plan_cache_mode = {plans}"))).await.unwrap();
        Look { connection, timezone: TimeZone::UTC }
    }

    /// Three hours of all operators, and a day of money; checks what was read when there is something to read.
    async fn look(&mut self, is_filled: bool, shown: &str) {
        let range = TimeRange { start: at("2025-01-10T00:00:00Z"), end: at("2025-01-10T03:00:00Z") };
        let now: UtcTime = at("2025-01-10T12:00:00Z");
        let timezone = self.timezone.clone();
        for _ in 0..TIMES {
            let by = Grouping { operator: true, site: true, ..Grouping::default() };
            let read = read_by(&mut self.connection, async |connection| {
                let rows = statistics::aggregate(connection, &Filter::all(range), by).await.unwrap();
                assert_eq!(rows.len(), if is_filled { 200 } else { 0 });
            })
            .await;
            assert!(!is_filled || read[..2] == [(0, 600), (0, 0)], "{read:?} {shown}");
            let read = read_by(&mut self.connection, async |connection| {
                let today = statistics::today(connection, now, &timezone).await.unwrap();
                assert_eq!(today.active_operators, if is_filled { 200 } else { 0 });
            })
            .await;
            // The movements once for the sum and once for who it was.
            assert!(!is_filled || read[..2] == [(0, 24 * 200), (0, 2 * 200)], "{read:?} {shown}");
        }
    }

    /// A day of Shanghai and six hours before it, of all operators; the records of its last three hours are not folded.
    async fn look_at_sums(&mut self, shown: &str) {
        let range = TimeRange { start: at("2025-01-20T10:00:00Z"), end: at("2025-01-21T16:00:00Z") };
        for _ in 0..TIMES {
            let by = Grouping { operator: true, ..Grouping::default() };
            let read = read_by(&mut self.connection, async |connection| {
                let rows = statistics::aggregate(connection, &Filter::all(range), by).await.unwrap();
                assert!(rows.len() == 200 && rows.iter().all(|row| row.figures.sessions == 14));
            })
            .await;
            assert_eq!(read[..2], [(0, (6 + 3) * 200), (0, 0)], "{shown}");
            assert_eq!(read[2], (0, 200), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_short_range_is_read_by_the_primary_key_whatever_the_statistics_say() {
    let database = cluster::database().await;
    let mut owner = PgConnection::connect(database.url()).await.unwrap();
    let modes = ["auto", "force_generic_plan", "force_custom_plan"];
    let mut looks = Vec::new();
    for mode in modes {
        let mut look = Look::new(database.url(), mode).await;
        look.look(false, mode).await;
        looks.push(look);
    }
    owner.execute(FILL).await.unwrap();
    for (look, mode) in looks.iter_mut().zip(modes) {
        look.look(true, &format!("filled, {mode}")).await;
    }
    fold_but_the_last_hours(&mut owner).await;
    for (look, mode) in looks.iter_mut().zip(modes) {
        look.look_at_sums(&format!("folded, {mode}")).await;
    }
    owner.execute("ANALYZE").await.unwrap();
    for (look, mode) in looks.iter_mut().zip(modes) {
        look.look(true, &format!("analyzed, {mode}")).await;
        look.look_at_sums(&format!("analyzed, {mode}")).await;
    }
}

/// 477 of the 480 records of each operator.
async fn fold_but_the_last_hours(owner: &mut PgConnection) {
    let sessions =
        |count: i32| AssertSqlSafe(format!("UPDATE operator_accounts SET total_sessions = {count}"));
    owner.execute("SET session_replication_role = replica").await.unwrap();
    owner
        .execute(
            "CREATE TABLE kept AS SELECT * FROM usage_records WHERE authorized_at >= '2025-01-20 21:00Z';
             DELETE FROM usage_records WHERE authorized_at >= '2025-01-20 21:00Z';",
        )
        .await
        .unwrap();
    owner.execute(sessions(477)).await.unwrap();
    rollups::fold_all(owner).await.unwrap();
    owner.execute("INSERT INTO usage_records SELECT * FROM kept").await.unwrap();
    owner.execute(sessions(480)).await.unwrap();
}
