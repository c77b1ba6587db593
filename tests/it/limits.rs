//! Rate limits over HTTP: of an operator, exact on any number of instances, and of an address.

use base::clock::Clock;
use futures_util::future::join_all;
use serde_json::json;

use crate::cluster;
use crate::harness::{self, Answer, Server, Venue};
use crate::requests::{CONFIG, Call, PRE_AUTHORIZE};

const NOW_MS: i64 = 1_800_000_000_000;

/// Two instances on one database with the default limits and clocks that stand still.
async fn start_two() -> (Server, Server, Clock) {
    let database = cluster::database().await;
    let clock = Clock::fixed(NOW_MS);
    let one = harness::start_on(&database, clock.clone()).await;
    let other = harness::start_on(&database, clock.clone()).await;
    (one, other, clock)
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn pre_authorize(server: &Server, venue: &Venue) -> Answer {
    let now = server.app.clock().now();
    Call::post(venue, PRE_AUTHORIZE, &venue.game(2), now).send(server).await
}

#[tokio::test]
async fn the_eleventh_call_of_an_operator_waits_and_one_more_passes_afterwards() {
    let (one, other, clock) = start_two().await;
    let venue = one.venue(1_000_000).await;
    for step in 0..10 {
        clock.set(NOW_MS + step * 100);
        let server = if step % 2 == 0 { &one } else { &other };
        Call::authorize(server, &venue, 2).send(server).await.expect(200, "");
    }
    clock.set(NOW_MS + 1_000);
    for server in [&one, &other, &one] {
        let answer = Call::authorize(server, &venue, 2).send(server).await;
        let details = answer.expect(429, "RATE_LIMIT_EXCEEDED");
        assert_eq!(details, &json!({"limit": 10, "window_seconds": 60, "retry_after": 59}));
        assert_eq!(answer.headers["retry-after"], "59");
    }
    clock.set(NOW_MS + 60_000);
    Call::authorize(&other, &venue, 2).send(&other).await.expect(200, "");
    Call::authorize(&one, &venue, 2).send(&one).await.expect(429, "RATE_LIMIT_EXCEEDED");
    assert_eq!(one.usage_count(&venue).await, 11);
    one.verify().await;
}

#[tokio::test]
async fn replays_and_refusals_count_but_not_calls_without_a_good_signature() {
    let (server, other, _clock) = start_two().await;
    let venue = server.venue(2_000).await;
    let first = Call::authorize(&server, &venue, 2);
    let mut unsigned = first.clone();
    unsigned.signature = Some("x".to_owned());
    let mut old = first.clone();
    old.timestamp = "1".to_owned();
    for _ in 0..5 {
        unsigned.send(&server).await.expect(400, "INVALID_SIGNATURE");
        old.send(&other).await.expect(400, "TIMESTAMP_EXPIRED");
        Call::get(&venue, CONFIG, server.app.clock().now()).send(&server).await.expect(200, "");
    }
    first.send(&server).await.expect(200, "");
    for server in [&server, &other, &server, &other] {
        let replay = first.send(server).await;
        replay.expect(200, "");
        assert_eq!(replay.headers["idempotent-replayed"], "true");
    }
    let mut malformed = first.clone();
    malformed.body = b"{".to_vec();
    for _ in 0..2 {
        Call::authorize(&server, &venue, 2).send(&server).await.expect(402, "INSUFFICIENT_BALANCE");
        malformed.send(&other).await.expect(400, "INVALID_PARAMS");
    }
    server.set_state(&venue, "locked").await;
    Call::authorize(&server, &venue, 2).send(&server).await.expect(403, "ACCOUNT_LOCKED");
    Call::authorize(&server, &venue, 2).send(&server).await.expect(429, "RATE_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn pre_authorize_has_a_bucket_of_its_own() {
    let (one, other, _clock) = start_two().await;
    let venue = one.venue(1_000_000).await;
    for _ in 0..5 {
        pre_authorize(&one, &venue).await.expect(200, "");
        pre_authorize(&other, &venue).await.expect(200, "");
    }
    let answer = pre_authorize(&one, &venue).await;
    assert_eq!(answer.expect(429, "RATE_LIMIT_EXCEEDED")["limit"], 10);
    let answers =
        join_all((0..12).map(|_| async { Call::authorize(&other, &venue, 2).send(&other).await })).await;
    assert_eq!((count(&answers, 200), count(&answers, 429)), (10, 2));
    let now = one.app.clock().now();
    let session = answers.iter().find(|answer| answer.status == 200).unwrap();
    let session = session.body["data"]["session_id"].as_str().unwrap();
    let end = format!("/v1/auth/game/sessions/{session}/end");
    Call::post(&venue, &end, &json!({"duration_seconds": 60}), now).send(&one).await.expect(200, "");
}

#[tokio::test]
async fn of_parallel_calls_to_two_instances_exactly_ten_pass() {
    let (one, other, _clock) = start_two().await;
    let venue = one.venue(1_000_000).await;
    let answers = join_all((0..40).map(|n| {
        let server = if n % 2 == 0 { &one } else { &other };
        let call = Call::authorize(server, &venue, 2);
        async move { call.send(server).await }
    }))
    .await;
    assert_eq!((count(&answers, 200), count(&answers, 429)), (10, 30));
    assert_eq!(one.usage_count(&venue).await, 10);
}

/// Calls that cost an address something and nothing else.
async fn knock(server: &Server, times: usize) -> Vec<Answer> {
    join_all(
        (0..times)
            .map(|_| async { server.send(server.client.get(format!("{}{CONFIG}", server.base_url))).await }),
    )
    .await
}

#[tokio::test]
async fn one_instance_admits_exactly_the_hundred_calls_of_an_address() {
    let (server, _other, clock) = start_two().await;
    for _ in 0..10 {
        assert_eq!(count(&knock(&server, 1).await, 401), 1);
        // A block that has grown old is not lost.
        clock.set(clock.now().as_millis() + 3_000);
    }
    let answers = knock(&server, 140).await;
    assert_eq!((count(&answers, 401), count(&answers, 429)), (90, 50));
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    refused.assert_envelope();
    let details = refused.expect(429, "RATE_LIMIT_EXCEEDED");
    assert_eq!(details, &json!({"limit": 100, "window_seconds": 60, "retry_after": 30}));
    assert_eq!(refused.headers["retry-after"], "30");
    for path in ["/openapi.json", "/nowhere"] {
        let answer = server.send(server.client.get(format!("{}{path}", server.base_url))).await;
        assert_ne!(answer.status, 429, "{path}");
    }
    clock.set(NOW_MS + 60_000);
    let answers = knock(&server, 101).await;
    assert_eq!((count(&answers, 401), count(&answers, 429)), (100, 1));
}

#[tokio::test]
async fn two_instances_together_admit_no_more_than_one() {
    let (one, other, _clock) = start_two().await;
    let (first, second) = tokio::join!(knock(&one, 80), knock(&other, 80));
    let admitted = count(&first, 401) + count(&second, 401);
    assert!((92..=100).contains(&admitted), "{admitted}");
    assert_eq!(count(&first, 429) + count(&second, 429), 160 - admitted);
}

#[tokio::test]
async fn a_changed_limit_is_in_force_although_a_block_is_held() {
    let (server, _other, _clock) = start_two().await;
    assert_eq!(count(&knock(&server, 6).await, 401), 6);
    server.set("ip_rate_limit_per_minute", json!(6)).await;
    assert_eq!(count(&knock(&server, 5).await, 429), 5);
    // What was held under the old limit may be lost to the window, never more.
    server.set("ip_rate_limit_per_minute", json!(20)).await;
    let admitted = count(&knock(&server, 30).await, 401);
    assert!((10..=14).contains(&admitted), "{admitted}");
}

#[tokio::test]
async fn the_address_limit_comes_before_everything_else() {
    let (server, _other, _clock) = start_two().await;
    let venue = server.venue(10_000).await;
    knock(&server, 100).await;
    let mut call = Call::authorize(&server, &venue, 2);
    call.set("content-type", "text/plain").remove("x-api-key");
    call.body = vec![0; 1024 * 1024 + 1];
    call.send(&server).await.expect(429, "RATE_LIMIT_EXCEEDED");
    Call::authorize(&server, &venue, 2).send(&server).await.expect(429, "RATE_LIMIT_EXCEEDED");
    // An address is not believed because it stands in a header.
    let mut forged = Call::authorize(&server, &venue, 2);
    forged.set("x-forwarded-for", "203.0.113.7");
    forged.send(&server).await.expect(429, "RATE_LIMIT_EXCEEDED");
    assert_eq!(server.usage_count(&venue).await, 0);
}

#[tokio::test]
async fn calls_that_no_headset_makes_are_counted_beside_those_it_makes() {
    let (server, _other, _clock) = start_two().await;
    server.set("ip_rate_limit_per_minute", json!(6)).await;
    let ask = async |method: &str, path: &str| {
        let url = format!("{}{path}", server.base_url);
        server.send(server.client.request(method.parse().unwrap(), url)).await
    };
    for _ in 0..2 {
        ask("GET", "/v1/auth/game/nothing").await.expect(404, "RESOURCE_NOT_FOUND");
        ask("GET", "/v1/auth/game/authorize").await.expect(405, "METHOD_NOT_ALLOWED");
        ask("POST", "/v1/payments/nobody/notify").await.expect(404, "RESOURCE_NOT_FOUND");
    }
    for (method, path) in [
        ("GET", "/v1/auth/game/nothing"),
        ("GET", "/v1/auth/game/authorize"),
        ("POST", "/v1/payments/nobody/notify"),
    ] {
        ask(method, path).await.expect(429, "RATE_LIMIT_EXCEEDED");
    }
    // A provider that tells much is never told to wait.
    assert_eq!(ask("POST", "/v1/payments/wechat/notify").await.status, 401);
}
