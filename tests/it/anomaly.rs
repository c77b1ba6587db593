//! The anomaly watch: who is locked, who is not, and what is told of it.
//!
//! What the watch reads is written into the log at a time long past, so that the watch that runs in the background of
//! each server, which reads the last minutes, has nothing to do with it.

mod effects;
mod many_keys;

use base::clock::UtcTime;
use base::ids::OperatorId;
use jiff::SignedDuration;
use office::anomaly::{Rule, look};
use office::operators;
use platform::settings::Settings;
use uuid::Uuid;

use crate::fixtures::operator;
use crate::harness::{self, Server};

/// 2025-01-15T00:00:00Z, eight in the morning in Shanghai.
const NOW_MS: i64 = 1_736_899_200_000;
const IP: &str = "203.0.113.7";
const BAD: [&str; 4] = ["INVALID_SIGNATURE", "TIMESTAMP_EXPIRED", "INVALID_SESSION_ID", "INVALID_API_KEY"];

fn now() -> UtcTime {
    UtcTime::from_millis(NOW_MS).unwrap()
}

fn seconds_ago(seconds: i64) -> UtcTime {
    now().plus(SignedDuration::from_secs(-seconds))
}

/// One row of the log.
#[derive(Clone, Copy)]
struct Seen<'a> {
    operator_id: Option<OperatorId>,
    /// Empty for a success.
    error_code: &'a str,
    ip: &'a str,
    at: UtcTime,
}

async fn write(server: &Server, seen: Seen<'_>, times: usize) {
    let result = if seen.error_code.is_empty() { "success" } else { "refused" };
    for _ in 0..times {
        sqlx::query(
            "INSERT INTO authorization_log (id, created_at, operator_id, result, error_code, call, ip_address)
             VALUES ($1, $2, $3, $4, nullif($5, ''), 'authorize', $6::inet)",
        )
        .bind(Uuid::new_v4())
        .bind(seen.at)
        .bind(seen.operator_id)
        .bind(result)
        .bind(seen.error_code)
        .bind(seen.ip)
        .execute(&mut server.owner().await)
        .await
        .unwrap();
    }
}

/// Failures of a real key, ten seconds ago.
async fn fail(server: &Server, operator_id: OperatorId, ip: &str, times: usize) {
    let seen =
        Seen { operator_id: Some(operator_id), error_code: "INVALID_SIGNATURE", ip, at: seconds_ago(10) };
    write(server, seen, times).await;
}

/// Failures of a key that nobody has, ten seconds ago.
async fn fail_unknown(server: &Server, ip: &str, times: usize) {
    write(server, Seen { operator_id: None, error_code: "INVALID_API_KEY", ip, at: seconds_ago(10) }, times)
        .await;
}

/// A good call with each key, ten seconds ago.
async fn present(server: &Server, operators: &[OperatorId], ip: &str) {
    for operator_id in operators {
        let seen = Seen { operator_id: Some(*operator_id), error_code: "", ip, at: seconds_ago(10) };
        write(server, seen, 1).await;
    }
}

async fn some_operators(server: &Server, count: usize) -> Vec<OperatorId> {
    let mut operators = Vec::new();
    for number in 0..count {
        operators.push(operator(&server.app, &format!("venue{number}")).await.id);
    }
    operators.sort();
    operators
}

async fn start(operators: usize) -> (Server, Vec<OperatorId>) {
    let server = harness::start().await;
    let operators = some_operators(&server, operators).await;
    (server, operators)
}

fn settings() -> Settings {
    Settings { alert_email: "ops@example.com".to_owned(), ..Settings::defaults() }
}

async fn look_with(server: &Server, settings: &Settings, rule: Rule, at: UtcTime) -> usize {
    let mut connection = server.app.database().acquire().await.unwrap();
    look(&mut connection, settings, rule, at).await.unwrap()
}

async fn look_now(server: &Server, rule: Rule) -> usize {
    look_with(server, &settings(), rule, now()).await
}

async fn locked(server: &Server) -> Vec<OperatorId> {
    let sql = "SELECT operator_id FROM operator_accounts a JOIN operators o ON o.id = a.operator_id
               WHERE state = 'locked' AND locked_at IS NOT NULL ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(&mut server.owner().await).await.unwrap()
}

async fn events(server: &Server) -> Vec<(String, Vec<OperatorId>)> {
    sqlx::query_as("SELECT kind, operator_ids FROM security_events ORDER BY id")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap()
}

async fn count_events(server: &Server, kind: &str) -> usize {
    events(server).await.iter().filter(|(known, _)| known == kind).count()
}

async fn mails(server: &Server) -> Vec<(String, String)> {
    sqlx::query_as("SELECT recipient, body FROM email_outbox ORDER BY id")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap()
}

async fn unlock(server: &Server, operator_id: OperatorId, at: UtcTime) {
    let mut transaction = server.app.database().begin().await.unwrap();
    let unlocked = operators::unlock(&mut transaction, operator_id, "核实无误", "admin", None, at).await;
    assert!(unlocked.unwrap());
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn as_many_failures_as_allowed_are_no_incident_and_one_more_is() {
    let (server, operators) = start(2).await;
    fail(&server, operators[0], IP, 10).await;
    fail_unknown(&server, IP, 10).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 0);
    assert_eq!(events(&server).await, []);
    fail(&server, operators[0], IP, 1).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 1);
    assert_eq!(locked(&server).await, operators[..1]);
    assert_eq!(count_events(&server, "ip_failures").await, 1);
    assert_eq!(count_events(&server, "locked").await, 1);
}

#[tokio::test]
async fn exactly_the_accounts_whose_own_key_failed_are_locked() {
    let (server, operators) = start(6).await;
    for (operator_id, code) in operators.iter().zip(BAD) {
        let seen = Seen { operator_id: Some(*operator_id), error_code: code, ip: IP, at: seconds_ago(10) };
        write(&server, seen, 1).await;
    }
    // A good call, business refusals, an old failure and one from elsewhere are no reason.
    present(&server, &operators[4..5], IP).await;
    for code in ["INSUFFICIENT_BALANCE", "INVALID_PARAMS", "RATE_LIMIT_EXCEEDED", "ACCOUNT_LOCKED"] {
        let seen = Seen { operator_id: Some(operators[4]), error_code: code, ip: IP, at: seconds_ago(10) };
        write(&server, seen, 30).await;
    }
    fail(&server, operators[5], "203.0.113.8", 20).await;
    let old = Seen {
        operator_id: Some(operators[5]),
        error_code: "INVALID_SIGNATURE",
        ip: IP,
        at: seconds_ago(300),
    };
    write(&server, old, 5).await;
    fail_unknown(&server, IP, 16).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 0);
    fail_unknown(&server, IP, 1).await;
    // The key of the fourth was replaced: what was presented is not its key any more.
    assert_eq!(look_now(&server, Rule::Failures).await, 3);
    assert_eq!(locked(&server).await, operators[..3]);
}

#[tokio::test]
async fn unknown_keys_raise_an_event_and_lock_nobody() {
    let (server, operators) = start(1).await;
    present(&server, &operators, IP).await;
    fail_unknown(&server, IP, 100).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 0);
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 0);
    assert_eq!(events(&server).await, [("ip_failures".to_owned(), vec![])]);
    let mails = mails(&server).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].1.contains("没有账号被锁定"), "{mails:?}");
}

#[tokio::test]
async fn an_incident_is_told_once_and_locks_whom_it_comes_to_concern() {
    let (server, operators) = start(2).await;
    fail(&server, operators[0], IP, 21).await;
    for seconds in [0, 5, 10, 60] {
        let at = seconds_ago(-seconds);
        let expected = usize::from(seconds == 0);
        assert_eq!(look_with(&server, &settings(), Rule::Failures, at).await, expected, "{seconds}");
    }
    assert_eq!(mails(&server).await.len(), 1);
    fail(&server, operators[1], IP, 1).await;
    assert_eq!(look_with(&server, &settings(), Rule::Failures, seconds_ago(-65)).await, 1);
    assert_eq!(locked(&server).await, operators);
    assert_eq!(count_events(&server, "ip_failures").await, 1);
    let mails = mails(&server).await;
    assert_eq!(mails.len(), 2);
    for ((recipient, body), operator_id) in mails.iter().zip(&operators) {
        assert_eq!(recipient, "ops@example.com");
        assert!(body.contains(IP) && body.contains(&operator_id.to_string()), "{body}");
    }
}

#[tokio::test]
async fn one_mail_tells_of_all_addresses_that_a_look_found() {
    let (server, operators) = start(1).await;
    fail(&server, operators[0], IP, 21).await;
    fail_unknown(&server, "203.0.113.8", 21).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 1);
    assert_eq!(count_events(&server, "ip_failures").await, 2);
    let mails = mails(&server).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].1.contains(IP) && mails[0].1.contains("203.0.113.8"), "{mails:?}");
}

#[tokio::test]
async fn without_an_address_for_alerts_no_mail_is_queued() {
    let (server, operators) = start(1).await;
    fail(&server, operators[0], IP, 21).await;
    assert_eq!(look_with(&server, &Settings::defaults(), Rule::Failures, now()).await, 1);
    assert_eq!(mails(&server).await, []);
}

#[tokio::test]
async fn an_unlocked_account_is_not_locked_again_for_what_failed_before() {
    let (server, operators) = start(2).await;
    fail(&server, operators[0], IP, 15).await;
    fail(&server, operators[1], IP, 15).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 2);
    unlock(&server, operators[0], seconds_ago(-20)).await;
    let look_at = |seconds: i64| look_with_default(&server, seconds_ago(-seconds));
    assert_eq!(look_at(21).await, 0);
    // Twenty failures since then are allowed, as they are to everybody.
    let again = Seen {
        operator_id: Some(operators[0]),
        error_code: "INVALID_SIGNATURE",
        ip: IP,
        at: seconds_ago(-25),
    };
    write(&server, again, 20).await;
    assert_eq!(look_at(30).await, 0);
    assert_eq!(locked(&server).await, operators[1..]);
    write(&server, again, 1).await;
    assert_eq!(look_at(30).await, 1);
    assert_eq!(locked(&server).await, operators);
}

async fn look_with_default(server: &Server, at: UtcTime) -> usize {
    look_with(server, &settings(), Rule::Failures, at).await
}
