//! A page of a log and a look of the watch read what they show, wherever in a long log they stand.

use std::net::IpAddr;

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::paging::{PageRequest, Position, PositionRange, Seek};
use books::authorization::attempts::{self, AttemptFilter, Outcome};
use jiff::SignedDuration;
use office::anomaly::{self, Rule};
use office::audit;
use office::audit::list::EntryFilter;
use platform::security::jwt::Role;
use platform::security::tokens::Subject;
use platform::settings::Settings;
use serde_json::json;
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::harness;
use crate::logs::{AUTHORIZATION_LOGS, get};
use crate::people::demo_server;

/// 2025-01-15T00:00:00Z.
const START_MS: i64 = 1_736_899_200_000;

/// 100,000 attempts and as many audit entries in two months, of which one in ten was refused or is of the finance staff.
/// Operator 1 and address 10.0.0.1 have one in twenty, operator 9 and address 10.0.0.9 nothing.
const FILL: &str = "
    SET session_replication_role = replica;
    SELECT create_log_partitions('2025-01-01', 1);
    INSERT INTO authorization_log (id, created_at, operator_id, result, error_code, call, ip_address)
    SELECT gen_random_uuid(), '2025-01-15'::timestamptz + n * interval '20 s',
           ('00000000-0000-0000-0000-00000000000' || CASE WHEN n % 20 = 3 THEN 1 ELSE 2 END)::uuid,
           CASE WHEN n % 10 = 5 THEN 'refused' ELSE 'success' END, CASE WHEN n % 10 = 5 THEN 'INVALID_SIGNATURE' END,
           'authorize', ('10.0.0.' || CASE WHEN n % 20 = 7 THEN 1 ELSE 2 END)::inet
    FROM generate_series(1, 100000) n;
    INSERT INTO audit_log (id, created_at, actor_type, actor_id, actor_name, operation_type, outcome, seq, entry_hash)
    SELECT gen_random_uuid(), '2025-01-15'::timestamptz + n * interval '20 s',
           CASE WHEN n % 10 = 5 THEN 'finance' ELSE 'operator' END,
           ('00000000-0000-0000-0000-00000000000' || CASE WHEN n % 20 = 3 THEN 1 ELSE 2 END)::uuid, '',
           CASE WHEN n % 20 = 7 THEN 'refund_approve' ELSE 'sign_in' END, 'success', n, ''
    FROM generate_series(1, 100000) n;";

/// How many rows of a log's partitions the transaction has read.
async fn rows_read(connection: &mut PgConnection, log: &str) -> i64 {
    sqlx::query_scalar(
        "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables
         WHERE relname LIKE $1 || '%'",
    )
    .bind(log)
    .fetch_one(connection)
    .await
    .unwrap()
}

fn page_of_20(before: Option<Position>) -> Seek<Position> {
    Seek { page: PageRequest { page: 1, page_size: 20 }, before }
}

/// Places at the end, in the middle of the log, and no place.
fn places() -> [Option<Position>; 2] {
    let middle = UtcTime::from_millis(START_MS).unwrap().plus(SignedDuration::from_hours(24 * 12));
    [None, Some(Position { at: middle, id: Uuid::from_u128(7) })]
}

/// How many rows of a log are read while `work` is done.
async fn cost_of(connection: &mut PgConnection, log: &str, work: impl AsyncFn(&mut PgConnection)) -> i64 {
    let before = rows_read(connection, log).await;
    work(connection).await;
    rows_read(connection, log).await - before
}

#[tokio::test]
async fn a_page_reads_what_it_shows_wherever_it_stands_and_whatever_is_asked_for() {
    let server = harness::start().await;
    let mut owner = server.owner().await;
    owner.execute(FILL).await.unwrap();
    owner.execute("ANALYZE").await.unwrap();
    let all = PositionRange::between(None, None);
    let every = AttemptFilter { range: all, operator_id: None, outcome: None, ip: None };
    let operator = |n| Some(OperatorId::from_uuid(Uuid::from_u128(n)));
    let ip = |text: &str| Some(text.parse::<IpAddr>().unwrap());
    let filters = [
        every,
        AttemptFilter { operator_id: operator(1), ..every },
        AttemptFilter { operator_id: operator(9), ..every },
        AttemptFilter { outcome: Some(Outcome::Refused), ..every },
        AttemptFilter { outcome: Some(Outcome::Replayed), ..every },
        AttemptFilter { outcome: Some(Outcome::Success), ..every },
        AttemptFilter { ip: ip("10.0.0.1"), ..every },
        AttemptFilter { ip: ip("10.0.0.9"), ..every },
        // Operator 1 is never refused.
        AttemptFilter { operator_id: operator(1), outcome: Some(Outcome::Refused), ..every },
    ];
    let mut connection = PgConnection::connect(&server.database_url).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    for filter in filters {
        for before in places() {
            // More often than it takes a statement to be planned once for all values.
            for _ in 0..7 {
                let read = cost_of(&mut transaction, "authorization_log", async |connection| {
                    attempts::page(connection, &filter, page_of_20(before)).await.map(drop).unwrap();
                })
                .await;
                assert!(read < 200, "{read} rows for {filter:?} before {before:?}");
            }
        }
    }
    let every = EntryFilter { range: all, role: None, actor: None, operation_type: None };
    let operation = |text: &str| Some(text.to_owned());
    let filters = [
        every.clone(),
        EntryFilter { role: Some(Role::Finance), ..every.clone() },
        EntryFilter { actor: operator(1).map(Subject::Operator), ..every.clone() },
        EntryFilter { actor: operator(9).map(Subject::Operator), ..every.clone() },
        EntryFilter { operation_type: operation("refund_approve"), ..every.clone() },
        EntryFilter { operation_type: operation("nothing"), ..every },
    ];
    for filter in filters {
        for before in places() {
            let read = cost_of(&mut transaction, "audit_log", async |connection| {
                audit::list::page(connection, &filter, page_of_20(before)).await.map(drop).unwrap();
            })
            .await;
            assert!(read < 200, "{read} rows for {filter:?} before {before:?}");
        }
    }
}

#[tokio::test]
async fn the_anomaly_watch_reads_its_window_and_no_more() {
    let server = harness::start().await;
    let mut owner = server.owner().await;
    owner.execute(FILL).await.unwrap();
    owner.execute("ANALYZE").await.unwrap();
    let newest = UtcTime::from_millis(START_MS).unwrap().plus(SignedDuration::from_secs(2_000_000));
    let mut connection = PgConnection::connect(&server.database_url).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    for rule in [Rule::Failures, Rule::ManyKeys] {
        for _ in 0..7 {
            let read = cost_of(&mut transaction, "authorization_log", async |connection| {
                let locked = anomaly::look(connection, &Settings::defaults(), rule, newest).await;
                assert_eq!(locked.unwrap(), 0);
            })
            .await;
            assert!((1..200).contains(&read), "{read} rows for {rule:?}");
        }
    }
}

#[tokio::test]
async fn counting_stops_at_its_bound() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut owner = server.owner().await;
    owner.execute(FILL).await.unwrap();
    let bounded = get(&server, &admin, AUTHORIZATION_LOGS).await;
    assert_eq!((&bounded["total"], bounded.get("total_is_lower_bound")), (&json!(100_000), None));
    owner
        .execute(
            "INSERT INTO authorization_log (id, created_at, result, call)
             SELECT gen_random_uuid(), now(), 'success', 'config'",
        )
        .await
        .unwrap();
    let bounded = get(&server, &admin, AUTHORIZATION_LOGS).await;
    assert_eq!((&bounded["total"], &bounded["total_is_lower_bound"]), (&json!(100_000), &json!(true)));
    let exact = get(&server, &admin, &format!("{AUTHORIZATION_LOGS}?result=refused")).await;
    assert_eq!((&exact["total"], exact.get("total_is_lower_bound")), (&json!(10_000), None));
}
