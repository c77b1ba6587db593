//! `coinslot seed`.

use base::clock::{Clock, UtcTime};
use base::ids::OperatorId;
use books::ledger::{BookAccount, genesis_hash};
use coinslot::seed::{self, SeedArgs, Seeded, Shared};
use jiff::SignedDuration;
use office::statistics::rollups;

use crate::fixtures::{adjust, application, grant, operator_at, password_hash, site};
use crate::harness::{Server, start};

fn args() -> SeedArgs {
    SeedArgs { history: None, records: None, operators: None, sites: 1, apps: 1, keys_file: None, seed: 1 }
}

async fn run(server: &Server, args: &SeedArgs) -> Seeded {
    let hash = password_hash();
    let clock = Clock::system();
    let shared = Shared { cipher: server.app.cipher(), clock: &clock, password_hash: &hash };
    seed::run(args, &server.options, &shared).await.unwrap()
}

fn days_ago(server: &Server, days: i64) -> UtcTime {
    server.app.clock().now().plus(SignedDuration::from_hours(-24 * days))
}

/// Recomputes an operator's chain of balances and sequence numbers from the stored rows.
async fn assert_books_hold(server: &Server, operator_id: OperatorId) {
    let mut connection = server.app.database().acquire().await.unwrap();
    let entries = sqlx::query!(
        r#"SELECT id AS "id!", seq AS "seq!", amount_fen AS "amount!", credit_account AS "credit!",
                  balance_before_fen AS "before!", balance_after_fen AS "after!", occurred_at AS "at!: UtcTime",
                  entry_hash AS "hash!"
           FROM ledger_entries WHERE operator_id = $1 ORDER BY id"#,
        operator_id.uuid()
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let account = sqlx::query!(
        "SELECT balance_fen, entry_seq, entry_hash, total_consumed_fen, total_sessions
         FROM operator_accounts WHERE operator_id = $1",
        operator_id.uuid()
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    let (mut balance, mut seq) = (0, 0);
    let mut last_at = UtcTime::from_millis(0).unwrap();
    for entry in &entries {
        assert_eq!((entry.before, entry.seq), (balance, seq + 1));
        assert!(entry.at >= last_at);
        let to_operator = entry.credit == BookAccount::OperatorBalance.into_str();
        balance += if to_operator { entry.amount } else { -entry.amount };
        assert_eq!(entry.after, balance);
        (seq, last_at) = (entry.seq, entry.at);
    }
    assert_eq!((account.balance_fen, account.entry_seq), (balance, seq));
    let newest = entries.last().map_or(genesis_hash(operator_id).to_vec(), |entry| entry.hash.clone());
    assert_eq!(account.entry_hash, newest);
    let charges: Vec<i64> =
        entries.iter().filter(|entry| entry.credit == "revenue").map(|entry| entry.amount).collect();
    assert_eq!(account.total_consumed_fen, charges.iter().sum::<i64>());
    assert_eq!(account.total_sessions, charges.len() as i64);
}

#[tokio::test]
async fn a_past_fills_quiet_operators_and_leaves_their_balance() {
    let server = start().await;
    let quiet = operator_at(&server.app, "quiet", days_ago(&server, 40)).await;
    let active = operator_at(&server.app, "active", days_ago(&server, 40)).await;
    let app_id = application(&server.app, "太空探险", 1_000).await;
    for (operator, last_entry) in [(&quiet, 39), (&active, 0)] {
        site(&server.app, operator.id, "一号店").await;
        grant(&server.app, operator.id, app_id, None).await;
        adjust(&server.app, operator.id, 100_000, days_ago(&server, last_entry)).await;
    }
    let seeded = run(&server, &SeedArgs { history: Some(30), ..args() }).await;
    assert!(seeded.usage_records > 100, "{seeded:?}");
    assert_eq!(seeded.operators_without_past, 1);
    assert_books_hold(&server, quiet.id).await;
    assert_books_hold(&server, active.id).await;
    let (_, body) = server.get("/v1/operators/me/balance", &quiet.token).await;
    assert_eq!(body["data"]["balance"], "1000.00");
    let (_, body) = server.get("/v1/operators/me/usage-records?page_size=100", &quiet.token).await;
    assert_eq!(body["total"], seeded.usage_records);
    assert!(body["items"].as_array().unwrap().iter().any(|record| record["game_duration"].is_u64()));
    let (_, body) = server.get("/v1/operators/me/usage-records", &active.token).await;
    assert_eq!(body["total"], 0);
}

#[tokio::test]
async fn operators_come_with_keys_and_about_as_many_records_as_asked_for() {
    let server = start().await;
    let keys_file = std::env::temp_dir().join(format!("coinslot-keys-{}", std::process::id()));
    let args = SeedArgs {
        operators: Some(5),
        sites: 3,
        apps: 6,
        keys_file: Some(keys_file.clone()),
        records: Some(3_000),
        history: Some(20),
        ..args()
    };
    let seeded = run(&server, &args).await;
    assert_eq!(seeded.operators, 5);
    let counts: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM sites), (SELECT count(*) FROM applications),
                (SELECT min(granted) FROM (SELECT count(*) AS granted FROM grants GROUP BY operator_id) g)",
    )
    .fetch_one(&mut server.owner().await)
    .await
    .unwrap();
    assert_eq!(counts, (15, 6, 4));
    let summed = rollups::verify(&mut server.owner().await).await.unwrap();
    assert_eq!(summed.unsigned_abs(), seeded.usage_records);
    assert!((2_700..3_300).contains(&seeded.usage_records), "{seeded:?}");
    let keys = std::fs::read_to_string(&keys_file).unwrap();
    std::fs::remove_file(&keys_file).unwrap();
    assert_eq!(keys.lines().count(), 5);
    let mut connection = server.app.database().acquire().await.unwrap();
    for key in keys.lines() {
        let found =
            platform::security::api_key::find(&mut connection, server.app.cipher(), key).await.unwrap();
        assert_books_hold(&server, found.unwrap().operator_id).await;
    }
    let again = run(&server, &SeedArgs { operators: Some(1), ..self::args() }).await;
    assert_eq!((again.operators, again.usage_records), (1, 0));
}
