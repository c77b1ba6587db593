//! Open streams of events: what changed for an account reaches it on every instance, and nobody else.

use coinslot::clock::{Clock, UtcTime};
use coinslot::ids::{AppRequestId, InvoiceId, OperatorId, OrderId, RefundId};
use coinslot::messages::{self, MessageKind, NewMessage};
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::postgres::PgListener;
use uuid::Uuid;

use crate::cluster;
use crate::crash::allow_connections;
use crate::event_stream::{Event, EventStream};
use crate::fixtures::adjust;
use crate::harness::{self, Server, Venue};
use crate::people::demo_server;
use crate::process::Process;
use crate::scratch::wait_for;

const NOW_MS: i64 = 1_800_000_000_000;

async fn charge(server: &Server, venue: &Venue) {
    server.authorize(venue, &venue.session(), 2).await.expect(200, "");
}

async fn message(server: &Server, operators: &[OperatorId]) {
    let message = NewMessage {
        kind: MessageKind::System,
        title: "通知".to_owned(),
        content: "内容".to_owned(),
        announcement_id: None,
    };
    messages::send(&mut server.owner().await, operators, &message, server.app.clock().now()).await.unwrap();
}

/// A pending order, and its id.
async fn order(server: &Server, operator_id: OperatorId) -> OrderId {
    let now = server.app.clock().now();
    let id = OrderId::generate(now);
    let sql = "INSERT INTO recharge_orders (operator_id, id, amount_fen, payment_method, created_at, expires_at, updated_at)
               VALUES ($1, $2, 1000, 'wechat', $3, $3, $3)";
    server.change(sqlx::query(sql).bind(operator_id).bind(id).bind(now)).await;
    id
}

async fn refund(server: &Server, operator_id: OperatorId) -> RefundId {
    let now = server.app.clock().now();
    let id = RefundId::generate(now);
    let sql = "INSERT INTO refunds (operator_id, id, requested_fen, reason, created_at) VALUES ($1, $2, 100, '关店', $3)";
    server.change(sqlx::query(sql).bind(operator_id).bind(id).bind(now)).await;
    id
}

/// The names of the events, without repetitions next to each other.
fn names(events: &[Event]) -> Vec<&str> {
    let mut names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    names.dedup();
    names
}

async fn ended(stream: &mut EventStream) -> bool {
    stream.next().await.is_none()
}

#[tokio::test]
async fn an_operators_stream_begins_with_balance_and_unread_messages() {
    let server = harness::start().await;
    let venue = server.venue(123_456).await;
    message(&server, &[venue.operator_id]).await;
    let mut stream = server.events(&server.operator_token(venue.operator_id).await).await;
    for (name, value) in
        [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")]
    {
        assert_eq!(stream.headers()[name], value, "{name}");
    }
    let expected = [("balance", json!({"balance": "1234.56"})), ("message", json!({"unread_count": 1}))];
    for (name, data) in expected {
        assert_eq!(stream.next().await, Some(Event { name: name.to_owned(), data }));
    }
}

#[tokio::test]
async fn charges_on_any_instance_reach_the_stream() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    let mut stream = server.operator_events(venue.operator_id).await;
    charge(&server, &venue).await;
    stream.told("balance", "balance", "980.00").await;
    stream.until("dashboard", |data| *data == json!({})).await;
    charge(&twin, &venue).await;
    stream.told("balance", "balance", "960.00").await;
    stream.until("dashboard", |data| *data == json!({})).await;
    twin.stop().await;
    server.stop().await;
}

#[tokio::test]
async fn an_ending_instance_tells_the_others_of_its_last_charges() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(1_000_000).await;
    let mut stream = server.operator_events(venue.operator_id).await;
    join_all((0..20).map(|_| charge(&twin, &venue))).await;
    twin.stop().await;
    stream.told("balance", "balance", "9600.00").await;
}

#[tokio::test]
async fn whatever_else_changes_reaches_the_stream() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(0).await;
    let id = venue.operator_id;
    let mut stream = server.operator_events(id).await;

    adjust(&twin.app, id, 5_000, twin.app.clock().now()).await;
    stream.told("balance", "balance", "50.00").await;
    message(&twin, &[id]).await;
    stream.told("message", "unread_count", 1).await;
    server.change(sqlx::query("UPDATE messages SET read_at = now() WHERE operator_id = $1").bind(id)).await;
    stream.told("message", "unread_count", 0).await;

    let order_id = order(&twin, id).await;
    stream.until("order", |data| *data == json!({"order_id": order_id, "status": "pending"})).await;
    let sql = "UPDATE recharge_orders SET status = 'success' WHERE id = $1";
    server.change(sqlx::query(sql).bind(order_id)).await;
    stream.until("order", |data| *data == json!({"order_id": order_id, "status": "success"})).await;

    let refund_id = refund(&twin, id).await;
    stream.until("refund", |data| *data == json!({"refund_id": refund_id, "status": "pending"})).await;
    let sql = "UPDATE refunds SET status = 'approved', actual_fen = 100, payout_status = 'processing' WHERE id = $1";
    server.change(sqlx::query(sql).bind(refund_id)).await;
    let approved = json!({"refund_id": refund_id, "status": "approved", "payout_status": "processing"});
    stream.until("refund", |data| *data == approved).await;

    let now = server.app.clock().now();
    let invoice_id = InvoiceId::generate(now);
    let sql = "INSERT INTO invoices (operator_id, id, amount_fen, invoice_title, tax_id, created_at)
               VALUES ($1, $2, 100, '公司', '123456789012345', $3)";
    server.change(sqlx::query(sql).bind(id).bind(invoice_id).bind(now)).await;
    stream.until("invoice", |data| *data == json!({"invoice_id": invoice_id, "status": "pending"})).await;
    let request_id = AppRequestId::generate(now);
    let sql =
        "INSERT INTO app_requests (operator_id, id, app_id, reason, created_at) VALUES ($1, $2, $3, '', $4)";
    server.change(sqlx::query(sql).bind(id).bind(request_id).bind(venue.app_id).bind(now)).await;
    stream.until("app_request", |data| *data == json!({"request_id": request_id, "status": "pending"})).await;
    let sql = "UPDATE app_requests SET status = 'rejected' WHERE id = $1";
    server.change(sqlx::query(sql).bind(request_id)).await;
    stream
        .until("app_request", |data| *data == json!({"request_id": request_id, "status": "rejected"}))
        .await;
}

#[tokio::test]
async fn nobody_hears_of_another_operator() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let (own, other) = (server.venue(100_000).await, server.venue(100_000).await);
    let mut stream = server.operator_events(own.operator_id).await;
    let mut others_stream = server.operator_events(other.operator_id).await;
    charge(&server, &other).await;
    charge(&twin, &other).await;
    message(&twin, &[other.operator_id]).await;
    refund(&twin, other.operator_id).await;
    let order_id = order(&twin, other.operator_id).await;
    others_stream.told("order", "order_id", order_id.to_string()).await;
    server.credit(&other, 1).await;
    others_stream.told("balance", "balance", "960.01").await;
    // By now the foreign news has passed through the hub: what was wrongly told would be told first.
    let order_id = order(&twin, own.operator_id).await;
    let before = stream.told("order", "order_id", order_id.to_string()).await;
    let foreign: Vec<&Event> = before
        .iter()
        .filter(|event| match event.name.as_str() {
            // Once more, because the instance has connected to the database only after the stream was opened.
            "refresh" => false,
            "balance" => event.data["balance"] != "1000.00",
            "message" => event.data["unread_count"] != 0,
            _ => true,
        })
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[tokio::test]
async fn staff_hear_that_dashboards_changed_and_no_figures() {
    let server = demo_server().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    let mut streams = Vec::new();
    for person in [
        server.admin().await,
        server.support().await,
        server.sign_in("finance", "auditor", "Auditor12345").await,
        server.sign_in("analyst", "analyst", "Analyst12345").await,
    ] {
        let mut stream = server.events(&person.token).await;
        // Whatever the set-up was is told first.
        charge(&server, &venue).await;
        stream.until("dashboard", |_| true).await;
        streams.push(stream);
    }
    for cause in 0..3 {
        match cause {
            0 => charge(&twin, &venue).await,
            1 => drop(refund(&twin, venue.operator_id).await),
            _ => server.set_state(&venue, "locked").await,
        }
        for stream in &mut streams {
            let (event, before) = stream.until("dashboard", |_| true).await;
            assert!(before.iter().all(|event| event.name == "refresh"), "{before:?}");
            assert_eq!(event.data, json!({}));
        }
    }
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
        assert!(ended(&mut stream).await);
        assert!(ended(&mut other_stream).await);
    });
}

#[tokio::test]
async fn a_burst_of_charges_is_told_by_a_few_events_and_the_last_is_right() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(10_000_000).await;
    let mut stream = server.operator_events(venue.operator_id).await;
    let started = tokio::time::Instant::now();
    let burst = async {
        for _ in 0..20 {
            join_all((0..100).map(|n| charge(if n % 2 == 0 { &server } else { &twin }, &venue))).await;
        }
    };
    let ((), before) = tokio::join!(burst, stream.told("balance", "balance", "60000.00"));
    let pauses = usize::try_from(started.elapsed().as_millis() / 500).unwrap();
    let count = |name: &str| before.iter().filter(|event| event.name == name).count();
    // One at once, one after each pause, and one for an instance that has only just connected to the database.
    assert!(count("balance") <= pauses + 2, "{} in {pauses} pauses", count("balance"));
    assert!(count("dashboard") <= pauses + 2, "{} in {pauses} pauses", count("dashboard"));
    assert!(names(&before).iter().all(|name| ["refresh", "balance", "message", "dashboard"].contains(name)));
}

#[tokio::test]
async fn an_announcement_to_thousands_is_a_few_notifications() {
    let server = harness::start().await;
    let venue = server.venue(0).await;
    let now: UtcTime = server.app.clock().now();
    let mut operators: Vec<OperatorId> = (0..3_000).map(|_| OperatorId::generate(now)).collect();
    let ids: Vec<Uuid> = operators.iter().map(|id| id.uuid()).collect();
    let sql =
        "INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
               SELECT id, id, '', '', '', '', now(), now() FROM unnest($1::uuid[]) AS ids (id)";
    sqlx::query(sql).bind(ids).execute(&mut server.owner().await).await.unwrap();
    operators.push(venue.operator_id);
    let mut stream = server.operator_events(venue.operator_id).await;
    let mut listener = PgListener::connect(&server.database_url).await.unwrap();
    listener.listen("live").await.unwrap();
    message(&server, &operators).await;
    stream.told("message", "unread_count", 1).await;
    sqlx::query("SELECT pg_notify('live', 'dashboard')").execute(&mut server.owner().await).await.unwrap();
    let mut told = 0;
    let mut notifications = 0;
    loop {
        let notification = listener.recv().await.unwrap();
        let Some(concerned) = notification.payload().strip_prefix("message ") else { break };
        notifications += 1;
        told += concerned.split(' ').count();
    }
    assert_eq!((told, notifications), (3_001, 16));
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
    server.app.live().charged([venue.operator_id].into_iter());
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
