//! What is removed after its time, and what never is.

use office::audit;
use platform::db::partitions;
use serde_json::{Value, json};
use sqlx::{Executor, PgConnection};

use crate::games::{at, server_at};
use crate::harness::Server;
use crate::scratch::wait_for;

const NOW: &str = "2025-06-15T12:00:00Z";

/// Has a schedule run, as an administrator would.
async fn run(server: &Server, name: &str) {
    let admin = server.staff("admin", "super_admin").await;
    admin.post(server, &format!("/v1/admin/jobs/{name}/run"), json!({})).await.expect(200, "");
    wait_for("it has run", async || {
        let sql = "SELECT result FROM schedule_runs WHERE name = $1 ORDER BY slot DESC LIMIT 1";
        let result: Option<String> =
            sqlx::query_scalar(sql).bind(name).fetch_one(&mut server.owner().await).await.unwrap();
        result.inspect(|result| assert_eq!(result, "succeeded"))
    })
    .await;
}

async fn texts(server: &Server, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(&mut server.owner().await).await.unwrap()
}

/// Rows on both sides of every border.
async fn fill(connection: &mut PgConnection) {
    connection
        .execute(
            "INSERT INTO access_tokens (jti, subject_id, role, issued_at, expires_at, revoked_at) VALUES
                 (gen_random_uuid(), gen_random_uuid(), 'admin', '2025-01-01', '2025-06-15 12:00:00Z', NULL),
                 (gen_random_uuid(), gen_random_uuid(), 'admin', '2025-01-02', '2025-06-15 12:00:00.001Z', NULL),
                 (gen_random_uuid(), gen_random_uuid(), 'admin', '2025-01-03', '2025-06-16', '2025-01-04');
             INSERT INTO idempotency_keys (account_id, endpoint, key, body_hash, created_at) VALUES
                 (gen_random_uuid(), '', 'forgotten', '', '2025-06-14 12:00:00Z'),
                 (gen_random_uuid(), '', 'remembered', '', '2025-06-14 12:00:00.001Z');
             INSERT INTO rate_windows (kind, key, started_ms, used) VALUES
                 ('ip', 'ended', extract(epoch FROM timestamptz '2025-06-15 11:00:00Z') * 1000, 1),
                 ('ip', 'lately', extract(epoch FROM timestamptz '2025-06-15 11:00:00.001Z') * 1000, 1);
             INSERT INTO email_outbox (id, recipient, subject, body, status, created_at, sent_at) VALUES
                 (gen_random_uuid(), '', 'old', '', 'sent', '2024-01-01', '2024-12-17 11:59:59.999Z'),
                 (gen_random_uuid(), '', 'sent', '', 'sent', '2024-01-01', '2024-12-17 12:00:00Z'),
                 (gen_random_uuid(), '', 'waits', '', 'pending', '2024-01-01', NULL),
                 (gen_random_uuid(), '', 'failed', '', 'failed', '2024-01-01', NULL);
             INSERT INTO schedule_runs (name, slot, finished_at, result) VALUES
                 ('a', '2025-01-01', '2025-03-17 11:59:59.999Z', 'succeeded'),
                 ('a', '2025-01-02', '2025-03-17 12:00:00Z', 'succeeded'),
                 ('a', '2025-01-03', NULL, NULL),
                 ('monthly', '2024-01-01', '2024-01-01', 'failed'),
                 ('monthly', '2024-02-01', '2024-02-01', 'succeeded');",
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn what_has_expired_is_purged_to_the_millisecond_and_nothing_else() {
    let server = server_at(NOW, "UTC").await;
    let venue = server.venue(10_000).await;
    let session = venue.session_at(at(NOW));
    server.authorize(&venue, &session, 2).await.expect(200, "");
    fill(&mut server.owner().await).await;
    run(&server, "purge_expired").await;
    let issued = "SELECT to_char(issued_at, 'YYYY-MM-DD') FROM access_tokens WHERE issued_at < '2025-02-01' ORDER BY 1";
    assert_eq!(texts(&server, issued).await, ["2025-01-02", "2025-01-03"]);
    assert_eq!(texts(&server, "SELECT key FROM idempotency_keys").await, ["remembered"]);
    let windows = "SELECT key FROM rate_windows WHERE key IN ('ended', 'lately')";
    assert_eq!(texts(&server, windows).await, ["lately"]);
    let emails = "SELECT subject FROM email_outbox ORDER BY subject";
    assert_eq!(texts(&server, emails).await, ["failed", "sent", "waits"]);
    let runs = "SELECT name || to_char(slot, ' YYYY-MM-DD') FROM schedule_runs
                WHERE name IN ('a', 'monthly') ORDER BY 1";
    assert_eq!(texts(&server, runs).await, ["a 2025-01-02", "a 2025-01-03", "monthly 2024-02-01"]);
    // The same session again is answered from the record.
    server.authorize(&venue, &session, 2).await.expect(200, "");
    assert_eq!(server.usage_count(&venue).await, 1);
    server.verify().await;
}

#[tokio::test]
async fn zero_days_keep_for_ever() {
    let server = server_at(NOW, "UTC").await;
    server.set("sent_email_retention_days", json!(0)).await;
    server.set("schedule_run_retention_days", json!(0)).await;
    fill(&mut server.owner().await).await;
    run(&server, "purge_expired").await;
    let emails = "SELECT subject FROM email_outbox ORDER BY subject";
    assert_eq!(texts(&server, emails).await, ["failed", "old", "sent", "waits"]);
    let runs = "SELECT name FROM schedule_runs WHERE name IN ('a', 'monthly')";
    assert_eq!(texts(&server, runs).await.len(), 5);
}

/// Partitions of 2025 with a row in each, and a row outside them.
async fn past(server: &Server) {
    server
        .owner()
        .await
        .execute(
            "SELECT create_log_partitions('2025-01-01', 5);
             INSERT INTO authorization_log (id, created_at, result, call)
             SELECT gen_random_uuid(), created_at, 'success', 'authorize'
             FROM generate_series(timestamptz '2024-12-15', '2025-06-15', '1 month') AS created_at;",
        )
        .await
        .unwrap();
}

async fn months(server: &Server) -> Vec<String> {
    texts(server, "SELECT to_char(created_at, 'YYYY-MM') FROM authorization_log ORDER BY 1").await
}

async fn partitions_of(server: &Server, log: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT right(relname, 7) FROM pg_inherits JOIN pg_class ON oid = inhrelid
         WHERE inhparent = $1::regclass AND relname ~ 'y2025m0[1-6]$' ORDER BY 1",
    )
    .bind(log)
    .fetch_all(&mut server.owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn the_authorization_log_is_kept_for_ever_unless_a_retention_is_set() {
    let server = server_at(NOW, "UTC").await;
    past(&server).await;
    run(&server, "log_partitions").await;
    assert_eq!(months(&server).await.len(), 7);
}

#[tokio::test]
async fn only_whole_months_of_the_authorization_log_that_are_past_their_retention_are_dropped() {
    let server = server_at("2025-06-14T23:59:59.999Z", "UTC").await;
    past(&server).await;
    // 75 days before it is March 31: that month had not ended, a millisecond later it had.
    server.set("authorization_log_retention_days", json!(75)).await;
    run(&server, "log_partitions").await;
    assert_eq!(months(&server).await, ["2024-12", "2025-03", "2025-04", "2025-05", "2025-06"]);
    server.app.clock().set(at("2025-06-15T00:00:00Z").as_millis());
    run(&server, "log_partitions").await;
    assert_eq!(months(&server).await, ["2024-12", "2025-04", "2025-05", "2025-06"]);
    assert_eq!(partitions_of(&server, "authorization_log").await, ["2025m04", "2025m05", "2025m06"]);
    assert_eq!(partitions_of(&server, "audit_log").await.len(), 6, "the audit log keeps everything");
    let dropped: Vec<Value> = sqlx::query_scalar(
        "SELECT operation_details FROM audit_log
         WHERE operation_type = 'authorization_log_drop' AND actor_type = 'system' ORDER BY seq",
    )
    .fetch_all(&mut server.owner().await)
    .await
    .unwrap();
    assert_eq!(
        dropped,
        [
            json!({"partitions": ["authorization_log_y2025m01", "authorization_log_y2025m02"], "keep_days": 75}),
            json!({"partitions": ["authorization_log_y2025m03"], "keep_days": 75}),
        ]
    );
    audit::verify(&mut server.owner().await).await.unwrap().unwrap();
}

#[tokio::test]
async fn neither_a_wrong_clock_nor_a_short_retention_takes_what_is_young() {
    let server = server_at(NOW, "UTC").await;
    let mut connection = server.app.database().acquire().await.unwrap();
    let real_now = base::clock::Clock::system().now();
    partitions::create_ahead(&mut connection, real_now).await.unwrap();
    let ahead = at("2099-01-01T00:00:00Z");
    assert_eq!(partitions::drop_expired(&mut connection, 3_650, ahead).await.unwrap(), [""; 0]);
    let young = format!("authorization_log_y{}", real_now.to_string()[..7].replace('-', "m"));
    let dropped = partitions::drop_expired(&mut connection, 31, ahead).await.unwrap();
    assert!(!dropped.contains(&young), "{dropped:?}");
    let refused = partitions::drop_expired(&mut connection, 30, ahead).await.unwrap_err();
    assert!(refused.to_string().contains("keeps 31 days"), "{refused}");
}

#[tokio::test]
async fn a_log_that_is_being_read_is_not_waited_for_long_and_dropped_later() {
    let server = server_at(NOW, "UTC").await;
    past(&server).await;
    let mut reader = server.app.database().begin().await.unwrap();
    reader.execute("SELECT count(*) FROM authorization_log").await.unwrap();
    let mut connection = server.app.database().acquire().await.unwrap();
    let refused = partitions::drop_expired(&mut connection, 90, at(NOW)).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("55P03"));
    reader.rollback().await.unwrap();
    let dropped = partitions::drop_expired(&mut connection, 90, at(NOW)).await.unwrap();
    assert_eq!(dropped.len(), 2);
    assert!(
        connection.execute("DROP TABLE authorization_log_y2025m05").await.is_err(),
        "only the function may"
    );
}
