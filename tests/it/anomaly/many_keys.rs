//! Too many real keys from one address.

use base::clock::Clock;
use base::ids::UsageId;
use serde_json::json;

use super::*;
use crate::cluster;
use crate::requests::{CONFIG, Call};
use crate::scratch::wait_for;

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
    .bind(UsageId::generate_in_sequence(at, 1))
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
