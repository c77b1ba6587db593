//! The same session again: the first answer for ever, whatever has changed since and wherever it is asked.

use base::clock::Clock;
use futures_util::future::join_all;
use serde_json::json;

use crate::cluster;
use crate::harness::{self, Answer, Server};
use crate::requests::Call;

const NOW_MS: i64 = 1_800_000_000_000;

#[track_caller]
fn assert_replay(answer: &Answer, first: &Answer) {
    assert_eq!(answer.expect(200, ""), first.expect(200, ""));
    assert_eq!(answer.headers["idempotent-replayed"], "true");
}

/// Sends the call as it would be sent now: the same session and body, signed anew.
async fn again(call: &Call, server: &Server) -> Answer {
    let mut call = call.clone();
    call.timestamp = server.app.clock().now().as_seconds().to_string();
    call.send(server).await
}

#[tokio::test]
async fn a_replay_survives_every_change_of_what_was_bought() {
    let server = harness::start().await;
    let venue = server.venue(2_000).await;
    let call = Call::authorize(&server, &venue, 2);
    let first = call.send(&server).await;
    first.expect(200, "");
    for (sql, id) in [
        ("UPDATE applications SET unit_price_fen = 9900 WHERE id = $1", venue.app_id.uuid()),
        ("UPDATE applications SET name = '另一个名字', is_active = false WHERE id = $1", venue.app_id.uuid()),
        ("UPDATE applications SET min_players = 5 WHERE id = $1", venue.app_id.uuid()),
        ("UPDATE grants SET revoked_at = now() WHERE operator_id = $1", venue.operator_id.uuid()),
        ("UPDATE sites SET deleted_at = now() WHERE id = $1", venue.site_id.uuid()),
        ("DELETE FROM grants WHERE operator_id = $1", venue.operator_id.uuid()),
    ] {
        server.change(sqlx::query(sql).bind(id)).await;
        assert_replay(&again(&call, &server).await, &first);
    }
    assert_eq!(server.balance_fen(&venue).await, 0);
    assert_eq!(server.usage_count(&venue).await, 1);
}

#[tokio::test]
async fn a_replay_needs_a_live_key_and_an_account_in_order() {
    let server = harness::start().await;
    let venue = server.venue(10_000).await;
    let mut call = Call::authorize(&server, &venue, 2);
    let first = call.send(&server).await;
    for (state, code) in [("locked", "ACCOUNT_LOCKED"), ("deactivated", "ACCOUNT_DEACTIVATED")] {
        server.set_state(&venue, state).await;
        again(&call, &server).await.expect(403, code);
    }
    server.set_state(&venue, "active").await;
    assert_replay(&again(&call, &server).await, &first);
    let key = server.replace_key(&venue).await;
    again(&call, &server).await.expect(401, "INVALID_API_KEY");
    call.set("x-api-key", &key);
    call.signing_key = key;
    assert_replay(&again(&call, &server).await, &first);
    server.verify().await;
}

#[tokio::test]
async fn a_replay_is_exempt_from_the_sessions_time_and_outlives_a_restart() {
    let database = cluster::database().await;
    let clock = Clock::fixed(NOW_MS);
    let server = harness::start_on(&database, clock.clone()).await;
    let venue = server.venue(10_000).await;
    let call = Call::authorize(&server, &venue, 2);
    let first = call.send(&server).await;
    first.expect(200, "");
    let unused = Call::authorize(&server, &venue, 2);
    clock.set(NOW_MS + 300_001);
    assert_replay(&again(&call, &server).await, &first);
    assert_eq!(again(&unused, &server).await.expect(400, "INVALID_SESSION_ID")["reason"], "expired");
    server.stop().await;

    clock.set(NOW_MS + 400 * 86_400_000);
    let server = harness::start_on(&database, clock.clone()).await;
    assert_replay(&again(&call, &server).await, &first);
    let mut other = call.clone();
    other.body = venue.game(3).to_string().into_bytes();
    again(&other, &server).await.expect(409, "SESSION_DUPLICATE");
    assert_eq!(server.usage_count(&venue).await, 1);
    server.verify().await;
    server.stop().await;
}

#[tokio::test]
async fn the_same_session_with_other_content_is_refused_and_the_first_stands() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let (venue, second) = (server.venue(100_000).await, server.venue(0).await);
    let call = Call::authorize(&server, &venue, 2);
    let first = call.send(&server).await;
    for (field, value) in [
        ("player_count", json!(3)),
        ("player_count", json!(100)),
        ("site_id", json!(second.site_id)),
        ("app_id", json!(second.app_id)),
        ("app_id", json!("app_00000000000000000000000000")),
    ] {
        let mut game = venue.game(2);
        game[field] = value;
        let mut other = call.clone();
        other.body = game.to_string().into_bytes();
        for server in [&server, &twin] {
            other.send(server).await.expect(409, "SESSION_DUPLICATE");
        }
    }
    let mut same = call.clone();
    let (app, site) = (venue.app_id, venue.site_id);
    same.body =
        format!(" {{\"note\": 1, \"player_count\": 2, \"site_id\": \"{site}\", \"app_id\": \"{app}\"}}")
            .into();
    assert_replay(&same.send(&twin).await, &first);
    assert_eq!(server.balance_fen(&venue).await, 98_000);
    server.verify().await;
}

#[tokio::test]
async fn identical_requests_racing_on_two_instances_are_one_charge() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    for _ in 0..3 {
        let call = Call::authorize(&server, &venue, 2);
        let before = server.usage_count(&venue).await;
        let answers = join_all((0..40).map(|n| call.send(if n % 2 == 0 { &server } else { &twin }))).await;
        let first = answers[0].expect(200, "");
        assert!(answers.iter().all(|answer| answer.expect(200, "") == first));
        let charged = answers.iter().filter(|answer| !answer.headers.contains_key("idempotent-replayed"));
        assert_eq!(charged.count(), 1);
        assert_eq!(server.usage_count(&venue).await, before + 1);
    }
    server.verify().await;
}

#[tokio::test]
async fn of_two_contents_racing_for_one_session_one_wins() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    let call = Call::authorize(&server, &venue, 2);
    let mut other = call.clone();
    other.body = venue.game(3).to_string().into_bytes();
    let (two, three) = tokio::join!(
        join_all((0..10).map(|_| call.send(&server))),
        join_all((0..10).map(|_| other.send(&twin))),
    );
    let (winner, loser) = if two[0].status == 200 { (two, three) } else { (three, two) };
    assert!(winner.iter().all(|answer| answer.expect(200, "") == winner[0].expect(200, "")));
    for answer in &loser {
        answer.expect(409, "SESSION_DUPLICATE");
    }
    assert_eq!(server.usage_count(&venue).await, 1);
    server.verify().await;
}

#[tokio::test]
async fn two_sites_racing_for_the_last_money_get_it_once() {
    let server = harness::start().await;
    let twin = server.twin().await;
    for _ in 0..5 {
        let venue = server.venue(3_500).await;
        let second_site = server.site(&venue).await;
        let one = Call::authorize(&server, &venue, 2);
        let mut other = Call::authorize(&server, &venue, 2);
        let mut game = venue.game(2);
        game["site_id"] = json!(second_site);
        other.body = game.to_string().into_bytes();
        let (one, other) = tokio::join!(one.send(&server), other.send(&twin));
        let (winner, loser) = if one.status == 200 { (one, other) } else { (other, one) };
        assert_eq!(winner.expect(200, "")["balance_after"], "15.00");
        let details = json!({"current_balance": "15.00", "required_amount": "20.00", "shortage": "5.00"});
        assert_eq!(loser.expect(402, "INSUFFICIENT_BALANCE"), &details);
        assert_eq!(server.balance_fen(&venue).await, 1_500);
    }
    server.verify().await;
}
