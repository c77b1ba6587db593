//! Kills, ends and lost connections under load: every session that was ever answered is charged once, none twice.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{self, Server, Venue};
use crate::process::{Asked, Load, Process, ask};
use crate::requests::Call;
use crate::scratch::wait_for;

const BALANCE_FEN: i64 = 100_000_000;

/// A database with venues on it. The instance that made them stays out of the way.
async fn start() -> (Server, Vec<Venue>) {
    let server = harness::start().await;
    let mut venues = Vec::new();
    for _ in 0..5 {
        venues.push(server.venue(BALANCE_FEN).await);
    }
    (server, venues)
}

/// The sessions of the database.
async fn charged(server: &Server, venues: &[Venue]) -> Vec<String> {
    let mut sessions = Vec::new();
    for venue in venues {
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT session_ms, session_nonce FROM usage_records WHERE operator_id = $1")
                .bind(venue.operator_id)
                .fetch_all(&mut server.owner().await)
                .await
                .unwrap();
        sessions
            .extend(rows.into_iter().map(|(ms, nonce)| format!("{}_{ms:013}_{nonce}", venue.operator_id)));
    }
    sessions.sort();
    sessions
}

/// Asks again for every session; what was answered must be answered alike, and afterwards each is charged once.
async fn settle(server: &Server, base_url: &str, venues: &[Venue], asked: BTreeMap<String, Asked>) {
    let all: Vec<(&String, &Asked)> = asked.iter().collect();
    for some in all.chunks(20) {
        join_all(some.iter().map(|(session, asked)| async move {
            let mut call = asked.call.clone();
            call.timestamp = server.app.clock().now().as_seconds().to_string();
            let (status, body) = ask(&server.client, base_url, &call).await.unwrap();
            assert_eq!(status, 200, "{session}: {body}");
            if let Some((200, first)) = &asked.answer {
                assert_eq!(&body, first);
            }
        }))
        .await;
    }
    let sessions: Vec<String> = asked.into_keys().collect();
    assert_eq!(charged(server, venues).await, sessions);
    let mut spent = 0;
    for venue in venues {
        spent += BALANCE_FEN - server.balance_fen(venue).await;
    }
    assert_eq!(spent, i64::try_from(sessions.len()).unwrap() * 2_000);
    server.verify().await;
}

#[tokio::test]
async fn a_killed_server_leaves_every_session_charged_once_or_not_at_all() {
    let (server, venues) = start().await;
    let mut all = BTreeMap::new();
    for _ in 0..4 {
        let process = Process::start(&server.database_url).await;
        let load = Load::start(&server, &process.base_url, &venues, 20);
        load.answer_more(60).await;
        process.kill().await;
        let asked = load.finish().await;
        assert!(asked.values().all(|asked| asked.answer.as_ref().is_none_or(|(status, _)| *status == 200)));
        let answered: Vec<&String> =
            asked.iter().filter(|(_, asked)| asked.answer.is_some()).map(|(session, _)| session).collect();
        let charged = charged(&server, &venues).await;
        for session in answered {
            assert!(charged.binary_search(session).is_ok(), "{session} was answered and is not charged");
        }
        all.extend(asked);
    }
    let process = Process::start(&server.database_url).await;
    settle(&server, &process.base_url, &venues, all).await;
    assert!(process.terminate().await.success());
}

#[tokio::test]
async fn sigterm_finishes_what_is_in_flight_and_exits_with_0() {
    let (server, venues) = start().await;
    let mut all = BTreeMap::new();
    for _ in 0..3 {
        let process = Process::start(&server.database_url).await;
        let base_url = process.base_url.clone();
        let load = Load::start(&server, &base_url, &venues, 20);
        load.answer_more(60).await;
        assert_eq!(process.terminate().await.code(), Some(0));
        let asked = load.finish().await;
        all.extend(asked.into_iter().filter(|(_, asked)| asked.answer.is_some()));
        // Nothing was charged whose answer did not arrive.
        let answered: Vec<String> = all.keys().cloned().collect();
        assert_eq!(charged(&server, &venues).await, answered);
    }
    let unlogged: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM usage_records u WHERE NOT EXISTS (SELECT 1 FROM authorization_log l WHERE l.id = u.id)",
    )
    .fetch_one(&mut server.owner().await)
    .await
    .unwrap();
    assert_eq!(unlogged, 0);
    server.verify().await;
}

#[tokio::test]
async fn lost_database_connections_cost_a_503_and_no_money() {
    let (server, venues) = start().await;
    let process = Process::start(&server.database_url).await;
    let load = Load::start(&server, &process.base_url, &venues, 20);
    let mut owner = server.owner().await;
    for round in 0..12 {
        load.answer_more(20).await;
        let name = if round % 3 == 2 { "coinslot" } else { "coinslot-writer" };
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE application_name = $1 AND datname = current_database()";
        wait_for("there is a connection to end", async || {
            let ended: i64 = sqlx::query_scalar(sql).bind(name).fetch_one(&mut owner).await.unwrap();
            (ended > 0).then_some(())
        })
        .await;
    }
    load.answer_more(100).await;
    let asked = load.finish().await;
    for (session, asked) in &asked {
        let (status, body) = asked.answer.as_ref().unwrap_or_else(|| panic!("{session}: no answer"));
        assert!([200, 503].contains(status), "{body}");
    }
    settle(&server, &process.base_url, &venues, asked).await;
    assert!(process.terminate().await.success());
}

/// Takes the database away, or gives it back.
pub(crate) async fn allow_connections(server: &Server, are_allowed: bool) {
    let (before, database) = server.database_url.split_once(":///").unwrap();
    let (name, options) = database.split_once('?').unwrap();
    let elsewhere = format!("{before}:///postgres?{options}");
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(&elsewhere).await.unwrap();
    for sql in [
        format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {are_allowed}"),
        format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND NOT {are_allowed}"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn without_a_database_there_is_a_503_and_a_way_out_and_back() {
    let (server, venues) = start().await;
    let process = Process::start(&server.database_url).await;
    let load = Load::start(&server, &process.base_url, &venues, 10);
    load.answer_more(30).await;
    allow_connections(&server, false).await;
    load.answer_more(30).await;
    allow_connections(&server, true).await;
    wait_for("the server is back by itself", async || {
        let call = Call::authorize_at(server.app.clock().now(), &venues[0], 1);
        let (status, _) = ask(&server.client, &process.base_url, &call).await?;
        (status == 400).then_some(())
    })
    .await;
    let asked = load.finish().await;
    for asked in asked.values() {
        let (status, body) = asked.answer.as_ref().unwrap();
        assert!([200, 503].contains(status), "{body}");
        if *status == 503 {
            assert_eq!(
                (&body["error_code"], &body["message"]),
                (&json!("SERVICE_UNAVAILABLE"), &json!("系统维护中，请稍后重试"))
            );
        }
    }
    settle(&server, &process.base_url, &venues, asked).await;

    allow_connections(&server, false).await;
    let call = Call::authorize_at(server.app.clock().now(), &venues[0], 2);
    assert_eq!(ask(&server.client, &process.base_url, &call).await.unwrap().0, 503);
    assert_eq!(process.terminate().await.code(), Some(0));
    allow_connections(&server, true).await;
}
