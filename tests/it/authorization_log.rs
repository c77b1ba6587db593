//! Every attempt leaves a row that nobody can change.

use std::net::{IpAddr, Ipv4Addr};

use base::clock::Clock;
use books::authorization::decide::{Call as Ask, Game, Request};
use books::authorization::heal::{heal, heal_after_dead_instances};
use books::authorization::log::{Attempt, AttemptResult, AuthorizationLog, Endpoint};
use books::authorization::queue::Reply;
use books::authorization::session_id::SessionId;
use books::ledger;
use jiff::SignedDuration;
use platform::db::partitions;
use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::cluster;
use crate::harness::{self, Server, Venue};
use crate::requests::{CONFIG, Call, PRE_AUTHORIZE};
use crate::scratch::wait_for;

/// The rows of the log as JSON, once there are as many as expected.
async fn logged(server: &Server, expected: usize) -> Vec<serde_json::Value> {
    wait_for("the attempts are logged", async || {
        let rows: Vec<serde_json::Value> =
            sqlx::query_scalar("SELECT to_jsonb(l) FROM authorization_log l ORDER BY created_at, latency_us")
                .fetch_all(&mut server.owner().await)
                .await
                .unwrap();
        assert!(rows.len() <= expected, "{rows:#?}");
        (rows.len() == expected).then_some(rows)
    })
    .await
}

#[tokio::test]
async fn every_authorization_is_logged_with_its_result() {
    let server = harness::start().await;
    let venue = server.venue(2_000).await;
    let mut first = Call::authorize(&server, &venue, 2);
    first.set("user-agent", "headset/1.0").set("x-request-id", "my-request");
    let usage_id = first.send(&server).await.expect(200, "")["usage_id"].clone();
    first.send(&server).await.expect(200, "");
    let second = Call::authorize(&server, &venue, 3);
    second.send(&server).await.expect(402, "INSUFFICIENT_BALANCE");
    let rows = logged(&server, 3).await;
    for row in &rows {
        assert_eq!(row["operator_id"], venue.operator_id.uuid().to_string());
        assert_eq!(row["site_id"], venue.site_id.uuid().to_string());
        assert_eq!(row["app_id"], venue.app_id.uuid().to_string());
        assert_eq!((&row["ip_address"], &row["call"]), (&json!("127.0.0.1"), &json!("authorize")));
        assert!(row["latency_us"].as_i64().unwrap() > 0);
    }
    let find = |result: &str| rows.iter().find(|row| row["result"] == result).unwrap();
    let success = find("success");
    assert_eq!(success["session_id"], first.session());
    assert_eq!(
        (&success["user_agent"], &success["request_id"]),
        (&json!("headset/1.0"), &json!("my-request"))
    );
    assert_eq!((&success["player_count"], &success["error_code"]), (&json!(2), &json!(null)));
    let id = base::ids::UsageId::from_uuid(success["id"].as_str().unwrap().parse().unwrap());
    assert_eq!(usage_id, id.to_string());
    assert_eq!(find("replayed")["session_id"], first.session());
    let refused = find("refused");
    assert_eq!(
        (&refused["error_code"], &refused["player_count"]),
        (&json!("INSUFFICIENT_BALANCE"), &json!(3))
    );
    assert_eq!(refused["session_id"], second.session());
}

#[tokio::test]
async fn what_is_refused_early_is_logged_with_the_operator_whose_key_it_carried() {
    let server = harness::start().await;
    let venue = server.venue(2_000).await;
    let now = server.app.clock().now();
    let calls = [
        Call::authorize(&server, &venue, 2),
        Call::post(&venue, PRE_AUTHORIZE, &venue.game(2), now),
        Call::get(&venue, CONFIG, now),
        Call::post(&venue, "/v1/auth/game/sessions/x/end", &json!({"duration_seconds": 1}), now),
    ];
    for call in &calls {
        let mut unknown = call.clone();
        unknown.set("x-api-key", "0".repeat(64)).send(&server).await.expect(401, "INVALID_API_KEY");
        let mut unsigned = call.clone();
        unsigned.signature = Some("x".to_owned());
        unsigned.send(&server).await.expect(400, "INVALID_SIGNATURE");
        let mut old = call.clone();
        old.timestamp = "1".to_owned();
        old.send(&server).await.expect(400, "TIMESTAMP_EXPIRED");
    }
    let mut no_json = calls[0].clone();
    no_json.set("content-type", "text/plain").send(&server).await.expect(415, "UNSUPPORTED_MEDIA_TYPE");
    let rows = logged(&server, 13).await;
    for call in ["authorize", "pre_authorize", "config", "end_session"] {
        for (code, is_known) in
            [("INVALID_API_KEY", false), ("INVALID_SIGNATURE", true), ("TIMESTAMP_EXPIRED", true)]
        {
            let row = rows.iter().find(|row| row["call"] == call && row["error_code"] == code);
            let row = row.unwrap_or_else(|| panic!("{call} {code}"));
            let operator = is_known.then(|| venue.operator_id.uuid().to_string());
            assert_eq!(row["operator_id"], json!(operator), "{call} {code}");
            assert_eq!(row["result"], "refused");
        }
    }
    assert!(rows.iter().any(|row| row["error_code"] == "UNSUPPORTED_MEDIA_TYPE"));
}

#[tokio::test]
async fn config_and_end_calls_are_logged_whatever_becomes_of_them() {
    let server = harness::start().await;
    let venue = server.venue(2_000).await;
    let session = venue.session();
    server.authorize(&venue, &session, 2).await.expect(200, "");
    let now = server.app.clock().now();
    Call::get(&venue, CONFIG, now).send(&server).await.expect(200, "");
    let end = format!("/v1/auth/game/sessions/{session}/end");
    Call::post(&venue, &end, &json!({"duration_seconds": 1}), now).send(&server).await.expect(200, "");
    Call::post(&venue, &end, &json!({"duration_seconds": 2}), now)
        .send(&server)
        .await
        .expect(409, "SESSION_DUPLICATE");
    let rows = logged(&server, 4).await;
    let mut seen: Vec<_> = rows
        .iter()
        .map(|row| {
            assert_eq!(row["operator_id"], venue.operator_id.uuid().to_string());
            (row["call"].as_str().unwrap(), row["result"].as_str().unwrap(), row["error_code"].as_str())
        })
        .collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            ("authorize", "success", None),
            ("config", "success", None),
            ("end_session", "refused", Some("SESSION_DUPLICATE")),
            ("end_session", "success", None),
        ]
    );
}

#[tokio::test]
async fn a_dead_key_is_logged_on_every_call() {
    let server = harness::start().await;
    let venue = server.venue(2_000).await;
    let config = Call::get(&venue, CONFIG, server.app.clock().now());
    config.send(&server).await.expect(200, "");
    server.replace_key(&venue).await;
    config.send(&server).await.expect(401, "INVALID_API_KEY");
    let rows = logged(&server, 2).await;
    let refused = rows.iter().find(|row| row["error_code"] == "INVALID_API_KEY").unwrap();
    assert_eq!(refused["operator_id"], venue.operator_id.uuid().to_string());
}

#[tokio::test]
async fn a_charge_whose_caller_has_hung_up_is_logged() {
    let server = harness::start().await;
    let venue = server.venue(10_000).await;
    let call = Call::authorize(&server, &venue, 2);
    let mut transaction = server.app.database().begin().await.unwrap();
    ledger::lock_account(&mut transaction, venue.operator_id).await.unwrap();
    tokio::select! {
        answer = call.send(&server) => panic!("{answer:?}"),
        () = server.wait_for_waiting(1) => {}
    }
    assert_eq!(server.usage_count(&venue).await, 0);
    transaction.rollback().await.unwrap();
    wait_for("the session is charged", async || (server.usage_count(&venue).await == 1).then_some(())).await;
    let rows = logged(&server, 1).await;
    assert_eq!((&rows[0]["result"], &rows[0]["session_id"]), (&json!("success"), &json!(call.session())));
}

#[tokio::test]
async fn a_row_that_is_there_already_keeps_no_other_out() {
    let server = harness::start().await;
    let venue = server.venue(0).await;
    let (log, writer) = AuthorizationLog::start(&server.database_url, Clock::system()).unwrap();
    let attempt = |id, result| Attempt {
        id,
        at: server.app.clock().now(),
        latency_us: None,
        operator_id: Some(venue.operator_id),
        game: None,
        session_id: None,
        result,
        call: Endpoint::Authorize,
        client_ip: None,
        user_agent: None,
        request_id: None,
    };
    let charge = attempt(Some(Uuid::new_v4()), AttemptResult::Success);
    log.record(charge.clone()).await;
    logged(&server, 1).await;
    log.record(charge).await;
    log.record(attempt(None, AttemptResult::Refused("APP_NOT_FOUND"))).await;
    drop(log);
    assert!(writer.await.unwrap());
    let mut results: Vec<_> = logged(&server, 2).await.iter().map(|row| row["result"].clone()).collect();
    results.sort_by_key(Value::to_string);
    assert_eq!(results, ["refused", "success"]);
}

/// Charges past the handler, and so past the log: what a crash between commit and flush leaves.
async fn charge_unlogged(server: &Server, venue: &Venue) -> String {
    let now = server.app.clock().now();
    let session = venue.session_at(now);
    let request = Request {
        call: Ask::Authorize { session: SessionId::parse(&session, venue.operator_id) },
        game: Ok(Game { app_id: venue.app_id, site_id: venue.site_id, player_count: 2 }),
        key_generation: 1,
        client_ip: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)),
        received_at: now,
    };
    let reply = server.app.authorizer().submit(venue.operator_id, request).await;
    assert!(matches!(reply, Reply::Charged(_)), "{reply:?}");
    session
}

#[tokio::test]
async fn what_a_dead_instance_did_not_log_is_written_again_and_only_that() {
    let database = cluster::database().await;
    let clock = Clock::fixed(1_800_000_000_000);
    let server = harness::start_on(&database, clock.clone()).await;
    let venue = server.venue(100_000).await;
    Call::authorize(&server, &venue, 2).send(&server).await.expect(200, "");
    let lost = charge_unlogged(&server, &venue).await;
    logged(&server, 1).await;
    let mut owner = server.owner().await;
    wait_for("the instance has said that it lives", async || {
        let known: i64 =
            sqlx::query_scalar("SELECT count(*) FROM instances").fetch_one(&mut owner).await.unwrap();
        (known == 1).then_some(())
    })
    .await;
    for (seconds, healed) in [(59, 0), (60, 0), (61, 1), (61, 0), (3_600, 0)] {
        let now = clock.now().plus(SignedDuration::from_secs(seconds));
        assert_eq!(heal_after_dead_instances(&mut owner, now).await.unwrap(), healed, "{seconds}");
    }
    let rows = logged(&server, 2).await;
    let row = rows.iter().find(|row| row["session_id"] == lost).unwrap();
    assert_eq!((&row["result"], &row["call"]), (&json!("success"), &json!("authorize")));
    assert_eq!((&row["player_count"], &row["ip_address"]), (&json!(2), &json!("203.0.113.7")));
    assert_eq!(row["site_id"], venue.site_id.uuid().to_string());
}

#[tokio::test]
async fn rows_are_healed_within_the_time_range_and_once() {
    let database = cluster::database().await;
    let clock = Clock::fixed(1_800_000_000_000);
    let server = harness::start_on(&database, clock.clone()).await;
    let venue = server.venue(100_000).await;
    for step in 0..3 {
        clock.set(1_800_000_000_000 + step * 1_000);
        charge_unlogged(&server, &venue).await;
    }
    let at = |ms: i64| base::clock::UtcTime::from_millis(1_800_000_000_000 + ms).unwrap();
    let mut owner = server.owner().await;
    for (since, until, healed) in [
        (-3_600_000, 0, 0),
        (1, 1_000, 0),
        (1_000, 1_001, 1),
        (0, 2_000, 1),
        (0, 3_600_000, 1),
        (0, 3_600_000, 0),
    ] {
        assert_eq!(heal(&mut owner, at(since), at(until)).await.unwrap(), healed, "{since} {until}");
    }
    logged(&server, 3).await;
    server.stop().await;
}

#[tokio::test]
async fn partitions_exist_ahead_and_are_created_once() {
    let server = harness::start().await;
    let mut connection = server.app.database().acquire().await.unwrap();
    let now = server.app.clock().now();
    assert_eq!(partitions::create_ahead(&mut connection, now).await.unwrap(), 0);
    let later = now.plus(SignedDuration::from_hours(24 * 366));
    assert_eq!(partitions::create_ahead(&mut connection, later).await.unwrap(), 8);
    assert_eq!(partitions::create_ahead(&mut connection, later).await.unwrap(), 0);
    let venue = server.venue(10_000).await;
    Call::authorize(&server, &venue, 2).send(&server).await.expect(200, "");
    logged(&server, 1).await;
    let partition: String = sqlx::query_scalar("SELECT tableoid::regclass::text FROM authorization_log")
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap();
    let month = &now.to_string()[..7];
    assert_eq!(partition, format!("authorization_log_y{}", month.replace('-', "m")));
}

#[tokio::test]
async fn books_and_logs_can_only_be_added_to() {
    let server = harness::start().await;
    let venue = server.venue(10_000).await;
    let session = venue.session();
    server.authorize(&venue, &session, 2).await.expect(200, "");
    let end = format!("/v1/auth/game/sessions/{session}/end");
    let now = server.app.clock().now();
    Call::post(&venue, &end, &json!({"duration_seconds": 1}), now).send(&server).await.expect(200, "");
    logged(&server, 2).await;
    let mut owner = server.owner().await;
    sqlx::query(
        "INSERT INTO audit_log (id, created_at, actor_type, actor_name, operation_type, outcome, seq, entry_hash)
         VALUES ($1, now(), 'system', 'test', 'test', 'success', 1, '')",
    )
    .bind(Uuid::new_v4())
    .execute(&mut owner)
    .await
    .unwrap();
    for table in ["usage_records", "ledger_movements", "session_ends", "audit_log", "authorization_log"] {
        let first = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM {table} LIMIT 1")))
            .fetch_one(&mut owner)
            .await
            .unwrap();
        let column = sqlx::Column::name(&first.columns()[0]).to_owned();
        for sql in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
        ] {
            let mut application = server.app.database().acquire().await.unwrap();
            let refused =
                sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *application).await.unwrap_err();
            assert!(refused.to_string().contains("permission denied"), "{sql}: {refused}");
            let refused =
                sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(&mut owner).await.unwrap_err();
            assert!(refused.to_string().contains("is append-only"), "{sql}: {refused}");
        }
    }
}
