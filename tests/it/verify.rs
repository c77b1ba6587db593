//! `verify` finds every break that can be planted with the owner's rights, and says where it is.

use base::ids::OperatorId;
use books::ledger::BookAccount;
use books::ledger::verify::{VerifyError, verify};
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::harness;
use crate::scratch::wait_for;

/// Where a break must be found: in the entry with this number, in the account, or in what lies between tables.
#[derive(Clone, Copy, Debug)]
enum Found {
    Entry(i64),
    /// An entry of an operator that does not exist.
    Stranger(i64),
    Account,
    Books,
}

use Found::*;

/// What is planted, and where it is found. Of the operator's entries 1 is a credit of 100.00, 2 to 5 are charges of
/// 20.00; `$op` is the operator.
const BREAKS: &[(&str, &str, Found)] = &[
    (
        "an amount",
        "UPDATE usage_records SET total_fen = 3000, player_count = 3, balance_after_fen = balance_before_fen - 3000
         WHERE operator_id = $op AND seq = 3",
        Entry(3),
    ),
    (
        "an amount and every balance behind it",
        "UPDATE usage_records SET total_fen = 1000, unit_price_fen = 500,
             balance_before_fen = balance_before_fen + CASE WHEN seq > 3 THEN 1000 ELSE 0 END,
             balance_after_fen = balance_after_fen + 1000
         WHERE operator_id = $op AND seq = 3;
         UPDATE usage_records SET balance_before_fen = balance_before_fen + 1000, balance_after_fen = balance_after_fen + 1000
         WHERE operator_id = $op AND seq > 3;
         UPDATE operator_accounts SET balance_fen = balance_fen + 1000, total_consumed_fen = total_consumed_fen - 1000
         WHERE operator_id = $op",
        Entry(3),
    ),
    (
        "a balance",
        "ALTER TABLE usage_records DROP CONSTRAINT usage_records_balance_moves_by_total;
         UPDATE usage_records SET balance_after_fen = balance_after_fen + 1 WHERE operator_id = $op AND seq = 4",
        Entry(4),
    ),
    (
        "a credit",
        "UPDATE ledger_movements SET amount_fen = amount_fen + 1, balance_after_fen = balance_after_fen + 1
         WHERE operator_id = $op",
        Entry(1),
    ),
    ("a reason", "UPDATE ledger_movements SET reason = 'gift' WHERE operator_id = $op", Entry(1)),
    (
        "another session",
        "UPDATE usage_records SET session_nonce = 'aaaaaaaaaaaaaaaa' WHERE operator_id = $op AND seq = 3",
        Entry(3),
    ),
    (
        "another time",
        "UPDATE usage_records SET authorized_at = authorized_at + interval '1 ms' WHERE operator_id = $op AND seq = 3",
        Entry(3),
    ),
    ("an entry without a trace", "DELETE FROM usage_records WHERE operator_id = $op AND seq = 3", Entry(4)),
    ("the last entry", "DELETE FROM usage_records WHERE operator_id = $op AND seq = 5", Account),
    ("the first entry", "DELETE FROM ledger_movements WHERE operator_id = $op", Entry(2)),
    (
        "the last entry and what it did to the account",
        "DELETE FROM usage_records WHERE operator_id = $op AND seq = 5;
         UPDATE operator_accounts SET balance_fen = balance_fen + 2000, entry_seq = 4, total_sessions = 3,
             total_consumed_fen = total_consumed_fen - 2000 WHERE operator_id = $op",
        Account,
    ),
    (
        "all entries",
        "DELETE FROM usage_records WHERE operator_id = $op; DELETE FROM ledger_movements WHERE operator_id = $op",
        Account,
    ),
    (
        "two entries in each other's place",
        "UPDATE usage_records SET seq = 7 - seq WHERE operator_id = $op AND seq IN (3, 4)",
        Entry(4),
    ),
    (
        "two entries with each other's content",
        "UPDATE usage_records u SET authorization_token = v.authorization_token, session_ms = v.session_ms
         FROM usage_records v WHERE u.operator_id = $op AND v.operator_id = $op AND u.seq + v.seq = 7 AND u.seq IN (3, 4)",
        Entry(3),
    ),
    ("the account's balance", "UPDATE operator_accounts SET balance_fen = balance_fen + 1 WHERE operator_id = $op", Account),
    (
        "the account's total",
        "UPDATE operator_accounts SET total_consumed_fen = total_consumed_fen + 1 WHERE operator_id = $op",
        Account,
    ),
    ("the account's sessions", "UPDATE operator_accounts SET total_sessions = 3 WHERE operator_id = $op", Account),
    (
        "the account's newest hash",
        "UPDATE operator_accounts SET entry_hash = sha256('x') WHERE operator_id = $op",
        Account,
    ),
    (
        "the account's last time",
        "UPDATE operator_accounts SET last_entry_at = last_entry_at + interval '1 day' WHERE operator_id = $op",
        Account,
    ),
    (
        "the account's state",
        "UPDATE operator_accounts SET state = 'locked' WHERE operator_id = $op",
        Account,
    ),
    (
        "a hash",
        "UPDATE usage_records SET entry_hash = sha256('x') WHERE operator_id = $op AND seq = 3",
        Entry(3),
    ),
    (
        "an entry in the books of nobody",
        "UPDATE usage_records SET operator_id = '00000000-0000-0000-0000-000000000000' WHERE operator_id = $op AND seq = 5",
        Stranger(5),
    ),
    ("the account", "DELETE FROM operator_accounts WHERE operator_id = $op", Account),
    ("the site", "DELETE FROM sites WHERE operator_id = $op", Books),
    (
        "an approval without an entry",
        "INSERT INTO refunds (operator_id, id, requested_fen, actual_fen, status, payout_status, reason, created_at)
         VALUES ($op, gen_random_uuid(), 1, 1, 'approved', 'processing', '', now())",
        Books,
    ),
    (
        "a payout without an entry",
        "INSERT INTO refund_payouts (operator_id, id, refund_id, channel, amount_fen, status, created_at, updated_at)
         VALUES ($op, gen_random_uuid(), gen_random_uuid(), 'manual', 1, 'completed', now(), now())",
        Books,
    ),
    (
        "an invoice over nothing",
        "INSERT INTO invoices (operator_id, id, amount_fen, invoice_title, tax_id, created_at)
         VALUES ($op, gen_random_uuid(), 1, '', '', now())",
        Books,
    ),
    ("a number on no invoice", "INSERT INTO invoice_numbers (year, last_number) VALUES (2026, 1)", Books),
    (
        "a number that was not given",
        "ALTER TABLE invoices DROP CONSTRAINT invoices_amount_positive;
         INSERT INTO invoices (operator_id, id, amount_fen, invoice_title, tax_id, created_at, status, invoice_number, pdf)
         VALUES ($op, gen_random_uuid(), 0, '', '', now(), 'approved', 'INV2026000001', '')",
        Books,
    ),
    (
        "a price without its history",
        "UPDATE applications SET unit_price_fen = 1 WHERE id = (SELECT app_id FROM grants WHERE operator_id = $op)",
        Books,
    ),
];

/// The URL of a database with two operators whose books are in order, and the operator to be harmed.
async fn prepare() -> (String, OperatorId) {
    let server = harness::start().await;
    let venues = [server.venue(10_000).await, server.venue(10_000).await, server.venue(10_000).await];
    for venue in &venues {
        for _ in 0..4 {
            server.authorize(venue, &venue.session(), 2).await.expect(200, "");
        }
    }
    let verified = server.verify().await;
    assert_eq!((verified.operators, verified.charges, verified.movements), (3, 12, 3));
    let balance = |account| verified.book_balances[&account];
    assert_eq!(balance(BookAccount::OperatorBalance), 6_000);
    assert_eq!(balance(BookAccount::Revenue), 24_000);
    assert_eq!(balance(BookAccount::Adjustments), -30_000);
    let url = server.database_url.clone();
    server.stop().await;
    (url, venues[1].operator_id)
}

/// A copy of the database, for as long as nobody is connected to it.
async fn copy(url: &str, name: &str) -> PgConnection {
    let (before, database) = url.split_once(":///").unwrap();
    let (original, options) = database.split_once('?').unwrap();
    let connect =
        async |name: &str| PgConnection::connect(&format!("{before}:///{name}?{options}")).await.unwrap();
    let mut elsewhere = connect("postgres").await;
    let sql = format!("CREATE DATABASE {name} TEMPLATE {original} STRATEGY FILE_COPY");
    wait_for("the connections to the original are closed", async || {
        sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(&mut elsewhere).await.ok()
    })
    .await;
    connect(name).await
}

#[tokio::test]
async fn every_planted_break_is_found_where_it_is() {
    let (url, operator_id) = prepare().await;
    for (n, (what, sql, expected)) in BREAKS.iter().enumerate() {
        let mut owner = copy(&url, &format!("verify_{}_{n}", std::process::id())).await;
        let operator = format!("'{}'", operator_id.uuid());
        let sql = format!("SET session_replication_role = replica; {}", sql.replace("$op", &operator));
        owner.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        let error = verify(&mut owner).await.expect_err(what);
        let is_found = match (&error, *expected) {
            (VerifyError::Entry { operator_id: id, seq, .. }, Entry(expected)) => {
                *id == operator_id && *seq == expected
            }
            (VerifyError::Entry { operator_id: id, seq, .. }, Stranger(expected)) => {
                *id == OperatorId::from_uuid(Uuid::nil()) && *seq == expected
            }
            (VerifyError::Account { operator_id: id, .. }, Account) => *id == operator_id,
            (VerifyError::Books(_), Books) => true,
            _ => false,
        };
        assert!(is_found, "{what}: expected {expected:?}, found {error}");
        assert!(!error.to_string().is_empty());
    }
}
