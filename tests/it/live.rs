//! Open streams of events: what changed for an account reaches it on every instance, and nobody else.

use base::clock::UtcTime;
use base::ids::{AppRequestId, InvoiceId, OperatorId};
use futures_util::future::join_all;
use serde_json::json;
use sqlx::postgres::PgListener;
use uuid::Uuid;

use crate::event_stream::{Event, charge, message, order, refund};
use crate::fixtures::adjust;
use crate::harness;
use crate::people::demo_server;

/// The names of the events, without repetitions next to each other.
fn names(events: &[Event]) -> Vec<&str> {
    let mut names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    names.dedup();
    names
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
