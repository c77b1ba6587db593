//! A database that an earlier version filled: this one starts on it, migrates it and keeps its figures.
//!
//! `upgrade/0026.sql.gz` was dumped after migration 26: the demo data, a past of 40 days, and four operators that topped
//! up, played, asked for invoices and for their money back through the API.

use std::io::Read;
use std::process::Stdio;

use api::app::Config;
use base::clock::Clock;
use books::ledger::BookAccount;
use books::ledger::verify::verify;
use flate2::read::GzDecoder;
use money::Fen;
use office::audit;
use office::payments::config::PaymentConfig;
use office::statistics::rollups;
use platform::db::migrate;
use platform::security::api_key;
use platform::security::crypt::Cipher;
use secrecy::SecretString;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::cluster::{TestDatabase, empty_database};
use crate::harness::{Server, start_sealed_with};

const DUMP: &[u8] = include_bytes!("upgrade/0026.sql.gz");
const MASTER_KEY: &str = include_str!("upgrade/0026.master_encryption_key");
/// Name, API key and balance.
const OPERATORS: [(&str, &str, &str); 4] = [
    ("upgrade0", "6592d800201241b853bc0204a7ca3ebe8d03777a9c9d9a0a0ac2f82f2db3ba7f", "700.00"),
    ("upgrade1", "4d1005780f2c21b7c6ce9e5fc68c031d11f75275c4cb2256ba0e0aa20f9afe67", "640.00"),
    ("upgrade2", "b8246f5e3996bc2e2ae9d918aa1857562d4c040aec876a448a5b5d3fca6db3f9", "0.00"),
    ("upgrade3", "58580360324efc3917d349a13ed6c5db60aae441cc3debf48b15c3ca3c89bcf3", "700.00"),
];

async fn restored() -> TestDatabase {
    let database = empty_database().await;
    let mut sql = Vec::new();
    GzDecoder::new(DUMP).read_to_end(&mut sql).unwrap();
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", database.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut psql = psql.spawn().unwrap();
    let mut input = psql.stdin.take().unwrap();
    input.write_all(&sql).await.unwrap();
    drop(input);
    assert!(psql.wait().await.unwrap().success(), "the dump is restored");
    database
}

async fn start(database: &TestDatabase) -> Server {
    let config = Config { payments: PaymentConfig::Sandbox, ..Config::default() };
    let cipher = Cipher::new(&SecretString::from(MASTER_KEY.trim()), None).unwrap();
    start_sealed_with(database.url(), Clock::system(), config, cipher).await
}

/// Operators, charges, movements, audit rows; operator balances and revenue in fen.
async fn figures(database: &TestDatabase) -> (u64, u64, u64, i64, i64, i64) {
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let books = verify(&mut connection).await.unwrap();
    let audit_rows = audit::verify(&mut connection).await.unwrap().unwrap();
    rollups::verify(&mut connection).await.unwrap();
    let balance = |account| books.book_balances[&account];
    let (owed, earned) = (balance(BookAccount::OperatorBalance), balance(BookAccount::Revenue));
    (books.operators, books.charges, books.movements, audit_rows, owed, earned)
}

#[tokio::test]
async fn a_database_of_migration_26_is_migrated_and_keeps_its_figures() {
    let database = restored().await;
    migrate::up(database.url()).await.unwrap();
    assert_eq!(figures(&database).await, (6, 2_989, 20, 26, 304_000, 11_685_000));
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    for (username, _, balance) in OPERATORS {
        let stored: Fen = sqlx::query_scalar(
            "SELECT a.balance_fen FROM operator_accounts a JOIN operators o ON o.id = a.operator_id
             WHERE o.username = $1",
        )
        .bind(username)
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert_eq!(stored.to_string(), balance, "{username}");
    }
}

#[tokio::test]
async fn what_was_under_way_in_a_database_of_migration_26_goes_on() {
    let database = restored().await;
    migrate::up(database.url()).await.unwrap();
    let server = start(&database).await;
    for (username, api_key, _) in OPERATORS {
        server.sign_in("operators", username, "Venue12345").await;
        // The key was sealed by the version before, and is still found and opened.
        let found = api_key::find(&mut server.owner().await, server.app.cipher(), api_key).await.unwrap();
        assert!(found.is_some(), "{username}");
    }
    let finance = server.sign_in("finance", "finance", "Finance12345").await;
    let pending = finance.get(&server, "/v1/finance/refunds?status=pending").await;
    let items = pending.body["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 1, "{:?}", pending.body);
    let path = format!("/v1/finance/refunds/{}/approve", items[0]["refund_id"].as_str().unwrap());
    finance.post(&server, &path, json!({"note": "升级后批准"})).await.expect(200, "");
    let venue = server.sign_in("operators", "upgrade3", "Venue12345").await;
    let balance = venue.get(&server, "/v1/operators/me/balance").await;
    assert_eq!(balance.expect(200, "")["balance"], "0.00");
    let (_, charges, movements, _, _, earned) = figures(&database).await;
    assert_eq!((charges, earned), (2_989, 11_685_000));
    assert!(movements > 20);
}
