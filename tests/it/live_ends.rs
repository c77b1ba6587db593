//! Open streams of events: who may open one, what ends one, and what does not.

use std::sync::Arc;

use api::live::{self, Hub};
use base::clock::Clock;
use books::authorization::queue::ChargeObserver;
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::postgres::PgListener;

use crate::cluster;
use crate::crash::allow_connections;
use crate::event_stream::{charge, message};
use crate::harness::{self, Server};
use crate::process::Process;
use crate::scratch::wait_for;

const NOW_MS: i64 = 1_800_000_000_000;

#[tokio::test]
async fn an_ending_instance_tells_the_others_of_its_last_charges() {
    let server = harness::start().await;
    let venue = server.venue(1_000_000).await;
    let mut stream = server.operator_events(venue.operator_id).await;
    let twin = server.twin().await;
    join_all((0..20).map(|_| charge(&twin, &venue))).await;
    twin.stop().await;
    stream.told("balance", "balance", "9600.00").await;

    // Charges that were told to nobody yet when the end came.
    let mut listener = PgListener::connect(&server.database_url).await.unwrap();
    listener.listen("live").await.unwrap();
    let hub = Arc::new(Hub::default());
    hub.charged(&[venue.operator_id]);
    hub.close();
    live::tell_others(hub, server.app.database().pool().clone()).await;
    let notification = listener.recv().await.unwrap();
    let operator = venue.operator_id.uuid().to_string();
    assert!(notification.payload().starts_with("charged ") && notification.payload().ends_with(&operator));
}

#[tokio::test]
async fn without_a_live_token_there_is_no_stream() {
    let server = harness::start().await;
    server.visit("/v1/events").await.expect(401, "UNAUTHORIZED");
    let venue = server.venue(0).await;
    let token = server.operator_token(venue.operator_id).await;
    server.call(Some(&token), "POST", "/v1/auth/logout", &json!({})).await.expect(200, "");
    server.call(Some(&token), "GET", "/v1/events", &Value::Null).await.expect(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn signing_out_on_another_instance_ends_the_stream_of_that_token() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(1_000).await;
    let token = server.operator_token(venue.operator_id).await;
    let mut stream = server.events(&token).await;
    stream.told("message", "unread_count", 0).await;
    let mut other_stream = server.operator_events(venue.operator_id).await;
    twin.call(Some(&token), "POST", "/v1/auth/logout", &json!({})).await.expect(200, "");
    server.credit(&venue, 1_000).await;
    let mut last = Vec::new();
    while let Some(event) = stream.next().await {
        last.push(event);
    }
    assert!(last.iter().all(|event| event.data["balance"] != "20.00"), "{last:?}");
    other_stream.told("balance", "balance", "20.00").await;
}

#[tokio::test]
async fn a_locked_account_and_an_expired_token_hear_nothing_more() {
    let database = cluster::database().await;
    let clock = Clock::fixed(NOW_MS);
    let server = harness::start_on(&database, clock.clone()).await;
    let (locked, expired) = (server.venue(0).await, server.venue(0).await);
    let mut locked_stream = server.operator_events(locked.operator_id).await;
    let mut expired_stream = server.operator_events(expired.operator_id).await;
    server.set_state(&locked, "locked").await;
    message(&server, &[locked.operator_id]).await;
    clock.set(NOW_MS + 2 * 60 * 60 * 1_000);
    message(&server, &[expired.operator_id]).await;
    for stream in [&mut locked_stream, &mut expired_stream] {
        while let Some(event) = stream.next().await {
            assert_ne!(event.data, json!({"unread_count": 1}));
        }
    }
}

#[tokio::test]
async fn an_account_has_at_most_ten_streams() {
    let server = harness::start().await;
    let (venue, other) = (server.venue(0).await, server.venue(0).await);
    let mut streams = Vec::new();
    for _ in 0..10 {
        streams.push(server.operator_events(venue.operator_id).await);
    }
    let metrics = server.visit("/metrics").await.body;
    assert!(metrics.as_str().unwrap().contains("\nmr_live_streams_open 10\n"), "{metrics}");
    let token = server.operator_token(venue.operator_id).await;
    let refused = server.call(Some(&token), "GET", "/v1/events", &Value::Null).await;
    assert_eq!(refused.expect(429, "RATE_LIMIT_EXCEEDED")["limit"], 10);
    assert!(refused.headers.contains_key("retry-after"));
    server.operator_events(other.operator_id).await;
    streams.pop();
    wait_for("the place of a closed stream is free", async || {
        let request = server.client.get(format!("{}/v1/events", server.base_url)).bearer_auth(&token);
        (request.send().await.unwrap().status() == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn open_streams_do_not_keep_the_server_from_ending() {
    let server = harness::start().await;
    let venue = server.venue(0).await;
    let process = Process::start(&server.database_url).await;
    let token = server.operator_token(venue.operator_id).await;
    let request = server.client.get(format!("{}/v1/events", process.base_url)).bearer_auth(&token);
    let mut of_process = request.send().await.unwrap();
    let mut stream = server.operator_events(venue.operator_id).await;
    let mut other_stream = server.operator_events(venue.operator_id).await;
    assert_eq!(process.terminate().await.code(), Some(0));
    // Ended in good order, not cut off.
    while of_process.chunk().await.unwrap().is_some() {}
    tokio::join!(server.stop(), async {
        assert_eq!(stream.next().await, None);
        assert_eq!(other_stream.next().await, None);
    });
}

#[tokio::test]
async fn after_a_lost_connection_streams_look_again_and_hear_on() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    let admin = demo_admin(&server).await;
    let mut stream = server.operator_events(venue.operator_id).await;
    let mut staff_stream = server.events(&admin).await;
    for round in 1..=2 {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE application_name = 'coinslot-listener' AND datname = current_database()";
        wait_for("both instances listen", async || {
            let mut owner = server.owner().await;
            let ended: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
            (ended >= 2).then_some(())
        })
        .await;
        // Told while nobody hears, or just not.
        message(&twin, &[venue.operator_id]).await;
        stream.until("refresh", |_| true).await;
        stream.told("message", "unread_count", round).await;
        staff_stream.until("refresh", |_| true).await;
        charge(&twin, &venue).await;
        stream.told("balance", "balance", format!("{}.00", 1_000 - 20 * round)).await;
    }
}

#[tokio::test]
async fn a_stream_outlives_a_database_that_was_away() {
    let server = harness::start().await;
    let venue = server.venue(0).await;
    let mut stream = server.operator_events(venue.operator_id).await;
    allow_connections(&server, false).await;
    server.app.live().charged(&[venue.operator_id]);
    wait_for("the instance knows that the database is away", async || {
        (!server.app.database().is_up()).then_some(())
    })
    .await;
    allow_connections(&server, true).await;
    message(&server, &[venue.operator_id]).await;
    stream.told("message", "unread_count", 1).await;
}

/// A token of an administrator.
async fn demo_admin(server: &Server) -> String {
    coinslot::demo::insert(&server.app).await.unwrap();
    server.admin().await.token
}
