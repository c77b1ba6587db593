//! The audit log and idempotency keys.

use office::audit::{self, Broken};
use serde_json::{Value, json};
use sqlx::Executor;

use crate::harness::Server;
use crate::people::{Person, demo_server};

async fn log(server: &Server) -> Vec<(String, String, Value)> {
    sqlx::query_as("SELECT operation_type, outcome, operation_details FROM audit_log ORDER BY seq")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap()
}

async fn new_grant(server: &Server, admin: &Person) -> Value {
    let operators = admin.get(server, "/v1/admin/operators?keyword=operator2").await;
    let apps = admin.get(server, "/v1/admin/applications").await;
    json!({
        "operator_id": operators.body["items"][0]["operator_id"],
        "app_id": apps.body["items"][0]["app_id"],
    })
}

async fn give(server: &Server, admin: &Person, body: &Value, key: &str) -> crate::harness::Answer {
    let headers = [("Idempotency-Key", key)];
    let path = "/v1/admin/authorizations";
    server.call_with(Some(&admin.token), "POST", path, body, &headers).await
}

#[tokio::test]
async fn what_staff_do_and_what_they_are_refused_is_logged() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let body = new_grant(&server, &admin).await;
    admin.post(&server, "/v1/admin/authorizations", body.clone()).await.expect(201, "");
    admin.post(&server, "/v1/admin/authorizations", body).await.expect(400, "INVALID_PARAMS");
    admin.put(&server, "/v1/admin/settings", json!({"rate_limit_per_minute": 20})).await.expect(200, "");
    let entries = log(&server).await;
    let seen: Vec<_> = entries.iter().map(|(what, outcome, _)| (what.as_str(), outcome.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("sign_in", "success"),
            ("authorization_create", "success"),
            ("authorization_create", "failed: INVALID_PARAMS"),
            ("settings_update", "success"),
        ]
    );
    assert_eq!(
        entries[3].2,
        json!({"before": {"rate_limit_per_minute": 1_000_000}, "after": {"rate_limit_per_minute": 20}})
    );
}

#[tokio::test]
async fn no_secret_reaches_the_log() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let body = json!({
        "username": "quiet", "password": "Secret123", "name": "安静", "phone": "13912345678", "email": "q@example.com",
    });
    let created = admin.post(&server, "/v1/admin/operators", body).await;
    let api_key = created.expect(201, "")["api_key"].as_str().unwrap().to_owned();
    let change = json!({"old_password": "Admin12345", "new_password": "Changed12345"});
    admin.post(&server, "/v1/auth/password", change).await.expect(200, "");
    let text = format!("{:?}", log(&server).await);
    for secret in [api_key.as_str(), "Secret123", "Admin12345", "Changed12345"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn the_chain_names_the_first_entry_that_was_tampered_with() {
    let server = demo_server().await;
    let (first, second) = tokio::join!(server.admin(), server.support());
    let body = json!({"rate_limit_per_minute": 20});
    for _ in 0..3 {
        first.put(&server, "/v1/admin/settings", body.clone()).await.expect(200, "");
    }
    second.post(&server, "/v1/auth/logout", Value::Null).await.expect(200, "");
    let mut owner = server.owner().await;
    assert_eq!(audit::verify(&mut owner).await.unwrap(), Ok(6));

    owner.execute("ALTER TABLE audit_log DISABLE TRIGGER ALL").await.unwrap();
    owner.execute("SET session_replication_role = replica").await.unwrap();
    owner.execute("UPDATE audit_log SET actor_name = 'nobody' WHERE seq = 4").await.unwrap();
    let broken = audit::verify(&mut owner).await.unwrap();
    assert!(matches!(broken, Err(Broken::Changed { seq: 4, .. })), "{broken:?}");
    owner.execute("DELETE FROM audit_log WHERE seq = 3").await.unwrap();
    assert_eq!(audit::verify(&mut owner).await.unwrap(), Err(Broken::Gap { seq: 3 }));
    owner.execute("DELETE FROM audit_log WHERE seq > 2").await.unwrap();
    assert_eq!(audit::verify(&mut owner).await.unwrap(), Err(Broken::Truncated { found: 2, expected: 6 }));
}

#[tokio::test]
async fn the_application_cannot_change_the_log() {
    let server = demo_server().await;
    server.admin().await;
    let mut connection = server.app.database().acquire().await.unwrap();
    for statement in ["UPDATE audit_log SET outcome = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"] {
        assert!(connection.execute(statement).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn a_repeated_key_replays_the_first_answer() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let body = new_grant(&server, &admin).await;
    let first = give(&server, &admin, &body, "key-1").await;
    first.expect(201, "");
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let twin = server.twin().await;
    let replayed = give(&twin, &admin, &body, "key-1").await;
    replayed.expect(201, "");
    assert_eq!(replayed.headers["idempotent-replayed"], "true");
    assert_eq!(replayed.body, first.body);

    let mut other = body.clone();
    other["note"] = json!("另一份内容");
    give(&server, &admin, &other, "key-1").await.expect(409, "IDEMPOTENCY_CONFLICT");
    give(&server, &admin, &body, "key-2").await.expect(400, "INVALID_PARAMS");
    give(&server, &admin, &body, &"k".repeat(65)).await.expect(400, "INVALID_PARAMS");
    let support = server.support().await;
    give(&server, &support, &body, "key-1").await.expect(400, "INVALID_PARAMS");
}

#[tokio::test]
async fn calls_at_once_with_one_key_act_once() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let body = new_grant(&server, &admin).await;
    let calls = (0..8).map(|_| give(&server, &admin, &body, "at-once"));
    let answers = futures_util::future::join_all(calls).await;
    for answer in &answers {
        answer.expect(201, "");
    }
    let replayed = answers.iter().filter(|answer| answer.headers.contains_key("idempotent-replayed"));
    assert_eq!(replayed.count(), 7);
}

#[tokio::test]
async fn a_refused_call_leaves_its_key_free() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let body = new_grant(&server, &admin).await;
    let path = format!("/v1/admin/applications/{}", body["app_id"].as_str().unwrap());
    admin.put(&server, &path, json!({"is_active": false})).await.expect(200, "");
    give(&server, &admin, &body, "again").await.expect(400, "INVALID_PARAMS");
    admin.put(&server, &path, json!({"is_active": true})).await.expect(200, "");
    let given = give(&server, &admin, &body, "again").await;
    given.expect(201, "");
    assert!(!given.headers.contains_key("idempotent-replayed"));
}

#[tokio::test]
async fn a_call_that_takes_too_long_makes_the_second_come_back_later() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let body = new_grant(&server, &admin).await;
    // The first call has claimed its key, but waits for the application's row.
    let mut blocker = server.owner().await;
    blocker.execute("BEGIN").await.unwrap();
    blocker.execute("SELECT 1 FROM applications FOR UPDATE").await.unwrap();
    let release = async {
        tokio::time::sleep(std::time::Duration::from_secs(12)).await;
        blocker.execute("COMMIT").await.unwrap();
    };
    let second = async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        give(&server, &admin, &body, "slow").await
    };
    let (first, second, ()) = tokio::join!(give(&server, &admin, &body, "slow"), second, release);
    first.expect(201, "");
    second.expect(409, "IDEMPOTENCY_CONFLICT");
    assert!(second.headers.contains_key("retry-after"));
    let third = give(&server, &admin, &body, "slow").await;
    assert_eq!(third.headers["idempotent-replayed"], "true");
}
