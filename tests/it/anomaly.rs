//! The anomaly watch: who is locked, who is not, and what is told of it.
//!
//! What the watch reads is written into the log at a time long past, so that the watch that runs in the background of
//! each server, which reads the last minutes, has nothing to do with it.

use coinslot::clock::{Clock, UtcTime};
use coinslot::ids::OperatorId;
use coinslot::operators;
use coinslot::security::anomaly::{Rule, look};
use coinslot::settings::Settings;
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cluster;
use crate::fixtures::operator;
use crate::harness::{self, Server};
use crate::people::demo_server;
use crate::requests::{CONFIG, Call, PRE_AUTHORIZE};
use crate::scratch::wait_for;

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

#[tokio::test]
async fn as_many_keys_as_allowed_are_no_incident_and_one_more_is() {
    let (server, operators) = start(7).await;
    present(&server, &operators[..5], IP).await;
    present(&server, &operators[..5], IP).await;
    present(&server, &operators[6..], "203.0.113.8").await;
    let old = Seen { operator_id: Some(operators[6]), error_code: "", ip: IP, at: seconds_ago(60) };
    write(&server, old, 1).await;
    fail_unknown(&server, IP, 10).await;
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 0);
    // Whatever became of the call: the key was real.
    let refused =
        Seen { operator_id: Some(operators[5]), error_code: "ACCOUNT_LOCKED", ip: IP, at: seconds_ago(5) };
    write(&server, refused, 1).await;
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 6);
    assert_eq!(locked(&server).await, operators[..6]);
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 0);
    let (kind, concerned) =
        events(&server).await.into_iter().find(|(kind, _)| kind == "ip_many_keys").unwrap();
    assert_eq!((kind.as_str(), concerned), ("ip_many_keys", operators[..6].to_vec()));
    assert_eq!(count_events(&server, "ip_many_keys").await, 1);
    assert_eq!(mails(&server).await.len(), 1);
}

#[tokio::test]
async fn a_key_that_played_from_the_address_on_an_earlier_day_is_not_counted() {
    let (server, operators) = start(7).await;
    // Midnight in Shanghai was eight hours ago.
    for (operator_id, hours, ip) in
        [(operators[0], 9, IP), (operators[1], 7, IP), (operators[2], 9, "203.0.113.8")]
    {
        played(&server, operator_id, seconds_ago(hours * 3_600), ip).await;
    }
    present(&server, &operators[..6], IP).await;
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 0);
    present(&server, &operators[6..], IP).await;
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 6);
    assert_eq!(locked(&server).await, operators[1..]);
}

/// A charge as the writer leaves it, as far as the watch reads it.
async fn played(server: &Server, operator_id: OperatorId, at: UtcTime, ip: &str) {
    sqlx::query(
        "INSERT INTO usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen, balance_before_fen,
             balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count, session_nonce,
             app_name, client_ip, entry_hash)
         VALUES ($1, $2, $3, 1, 1000, 1000, 1000, 0, $4, $1, $1, $1, 1, 'abcdefghijklmnop', '', $5::inet, '')",
    )
    .bind(operator_id)
    .bind(coinslot::ids::UsageId::generate_in_sequence(at, 1))
    .bind(at.as_millis())
    .bind(at)
    .bind(ip)
    .execute(&mut server.owner().await)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_trusted_address_may_present_any_number_of_keys() {
    let (server, operators) = start(8).await;
    let trusting = |list: &str| {
        let list = json!(list);
        Settings::read(move |key| (key == "anomaly_trusted_ips").then(|| list.clone())).unwrap()
    };
    present(&server, &operators, IP).await;
    for list in ["203.0.113.0/24", "10.0.0.0/8, 203.0.113.7"] {
        assert_eq!(look_with(&server, &trusting(list), Rule::ManyKeys, now()).await, 0, "{list}");
    }
    // Trust is not for failures.
    fail(&server, operators[0], IP, 21).await;
    assert_eq!(look_with(&server, &trusting("203.0.113.7"), Rule::Failures, now()).await, 1);
    assert_eq!(look_with(&server, &trusting("203.0.113.8"), Rule::ManyKeys, now()).await, 7);
}

#[tokio::test]
async fn an_account_that_was_unlocked_is_not_counted_for_a_day() {
    let (server, operators) = start(12).await;
    present(&server, &operators[..6], IP).await;
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 6);
    for operator_id in &operators[..6] {
        unlock(&server, *operator_id, seconds_ago(-5)).await;
    }
    let later = seconds_ago(-20);
    for operator_id in &operators[..11] {
        write(&server, Seen { operator_id: Some(*operator_id), error_code: "", ip: IP, at: later }, 1).await;
    }
    assert_eq!(look_with(&server, &settings(), Rule::ManyKeys, later).await, 0);
    write(&server, Seen { operator_id: Some(operators[11]), error_code: "", ip: IP, at: later }, 1).await;
    assert_eq!(look_with(&server, &settings(), Rule::ManyKeys, later).await, 6);
    assert_eq!(locked(&server).await, operators[6..]);
}

#[tokio::test]
async fn an_ipv6_network_of_64_bits_is_one_address() {
    let (server, operators) = start(7).await;
    for (number, operator_id) in operators.iter().enumerate() {
        let ip = format!("2001:db8:1:{}::{number}", usize::from(number == 6));
        fail(&server, *operator_id, &ip, 4).await;
    }
    assert_eq!(look_now(&server, Rule::Failures).await, 6);
    assert_eq!(locked(&server).await, operators[..6]);
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 0);
    assert_eq!(count_events(&server, "ip_many_keys").await, 1);
    let evidence: Value =
        sqlx::query_scalar("SELECT evidence FROM security_events WHERE kind = 'ip_failures'")
            .fetch_one(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(
        evidence,
        json!({"address": "2001:db8:1::/64", "failures": 24, "limit": 20, "window_seconds": 300})
    );
}

#[tokio::test]
async fn two_instances_act_once() {
    let (server, operators) = start(3).await;
    let twin = server.twin().await;
    for operator_id in &operators {
        fail(&server, *operator_id, IP, 21).await;
    }
    let (one, other) = tokio::join!(look_now(&server, Rule::Failures), look_now(&twin, Rule::Failures));
    assert_eq!(one + other, 3);
    assert_eq!(locked(&server).await, operators);
    assert_eq!((count_events(&server, "ip_failures").await, count_events(&server, "locked").await), (1, 3));
    assert_eq!(mails(&server).await.len(), 1);
}

#[tokio::test]
async fn a_lock_by_the_watch_is_one_by_an_administrator_and_audited_as_the_systems() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let person = server.operator1().await;
    let id = person.data["operator"]["operator_id"].as_str().unwrap().to_owned();
    fail(&server, id.parse().unwrap(), IP, 21).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 1);
    person.get(&server, "/v1/operators/me").await.expect(401, "UNAUTHORIZED");
    server.try_sign_in("operators", "operator1", "Operator12345").await.expect(403, "ACCOUNT_LOCKED");
    let details = admin.get(&server, &format!("/v1/admin/operators/{id}")).await;
    let reason = "ip_failures：203.0.113.7 在 300 秒内鉴权失败 21 次";
    assert_eq!(details.expect(200, "")["locked_reason"], reason);
    let log = admin.get(&server, "/v1/admin/audit-logs?operation_type=operator_lock").await;
    let entry = &log.body["items"][0];
    assert_eq!((&entry["actor_type"], &entry["actor_id"]), (&json!("system"), &Value::Null));
    assert_eq!((&entry["target_resource_id"], &entry["outcome"]), (&json!(id), &json!("success")));
    assert_eq!(
        entry["operation_details"],
        json!({
            "address": IP, "failures": 21, "limit": 20, "window_seconds": 300, "reason": reason,
            "rule": "ip_failures",
        })
    );
    let body = json!({"reason": "核实无误"});
    admin.post(&server, &format!("/v1/admin/operators/{id}/unlock"), body).await.expect(200, "");
    server.operator1().await;
}

/// Calls from loopback with the default settings but for the limits, in the background of a real server.
#[tokio::test]
async fn the_watch_runs_by_itself_and_reads_what_the_calls_left() {
    let server = harness::start().await;
    let (thief, honest) = (server.venue(10_000).await, server.venue(10_000).await);
    server.authorize(&honest, &honest.session(), 2).await.expect(200, "");
    let time = server.app.clock().now();
    let mut calls = vec![
        Call::authorize(&server, &thief, 2),
        Call::post(&thief, PRE_AUTHORIZE, &thief.game(2), time),
        Call::get(&thief, CONFIG, time),
        Call::post(&thief, "/v1/auth/game/sessions/x/end", &json!({"duration_seconds": 1}), time),
    ];
    for call in &mut calls {
        call.signature = Some("x".to_owned());
        call.send(&server).await.expect(400, "INVALID_SIGNATURE");
    }
    let mut unknown = Call::authorize(&server, &honest, 2);
    unknown.set("x-api-key", "0".repeat(64));
    for _ in 0..17 {
        unknown.send(&server).await.expect(401, "INVALID_API_KEY");
    }
    server.set("anomaly_ip_failures", json!(20)).await;
    wait_for("the account is locked", async || (locked(&server).await == [thief.operator_id]).then_some(()))
        .await;
    server.authorize(&thief, &thief.session(), 2).await.expect(403, "ACCOUNT_LOCKED");
    server.authorize(&honest, &honest.session(), 2).await.expect(200, "");
    server.verify().await;
}

#[tokio::test]
async fn the_watch_finds_keys_that_only_asked_for_their_configuration() {
    let database = cluster::database().await;
    let server = harness::start_on(&database, Clock::system()).await;
    let mut venues = Vec::new();
    for _ in 0..6 {
        venues.push(server.venue(0).await);
    }
    for venue in &venues {
        Call::get(venue, CONFIG, server.app.clock().now()).send(&server).await.expect(200, "");
    }
    wait_for("the accounts are locked", async || (locked(&server).await.len() == 6).then_some(())).await;
    assert_eq!(count_events(&server, "ip_many_keys").await, 1);
}
