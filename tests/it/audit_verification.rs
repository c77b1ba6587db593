//! `GET /v1/admin/audit-logs/verification`.

use serde_json::{Value, json};
use sqlx::Executor;

use crate::harness::{Answer, Server};
use crate::people::{Person, demo_server};

const PATH: &str = "/v1/admin/audit-logs/verification";

async fn start() -> (Server, Person) {
    let server = demo_server().await;
    let admin = server.admin().await;
    for limit in 20..23 {
        let body = json!({"rate_limit_per_minute": limit});
        admin.put(&server, "/v1/admin/settings", body).await.expect(200, "");
    }
    (server, admin)
}

/// What the answer says, without the time.
fn found(answer: &Answer) -> Value {
    let mut data = answer.expect(200, "").clone();
    assert!(data["checked_at"].is_string());
    data.as_object_mut().unwrap().remove("checked_at");
    data
}

#[tokio::test]
async fn a_chain_that_was_left_alone_is_intact() {
    let (server, admin) = start().await;
    assert_eq!(found(&admin.get(&server, PATH).await), json!({"intact": true, "entries": 4}));
}

#[tokio::test]
async fn the_first_entry_that_was_tampered_with_is_named() {
    let (server, admin) = start().await;
    let mut owner = server.owner().await;
    owner.execute("SET session_replication_role = replica").await.unwrap();
    owner.execute("UPDATE audit_log SET operation_details = '{}' WHERE seq = 3").await.unwrap();
    let log = admin.get(&server, "/v1/admin/audit-logs").await;
    let log_id =
        &log.body["items"].as_array().unwrap().iter().find(|item| item["operation_details"] == json!({}));
    let log_id = log_id.unwrap()["log_id"].clone();
    assert_eq!(
        found(&admin.get(&server, PATH).await),
        json!({
            "intact": false, "entries": 2,
            "broken_at": {"seq": 3, "log_id": log_id, "reason": "changed"},
        })
    );
    owner.execute("DELETE FROM audit_log WHERE seq = 2").await.unwrap();
    assert_eq!(
        found(&admin.get(&server, PATH).await),
        json!({"intact": false, "entries": 1, "broken_at": {"seq": 2, "reason": "missing"}})
    );
    owner.execute("DELETE FROM audit_log WHERE seq > 1").await.unwrap();
    assert_eq!(
        found(&admin.get(&server, PATH).await),
        json!({"intact": false, "entries": 1, "broken_at": {"seq": 2, "reason": "truncated"}})
    );
}

#[tokio::test]
async fn a_second_check_waits_for_its_turn() {
    let (server, admin) = start().await;
    let turn = server.app.audit_verification().lock().await;
    let refused = admin.get(&server, PATH).await;
    refused.expect(429, "RATE_LIMIT_EXCEEDED");
    assert_eq!(refused.headers["retry-after"], "5");
    drop(turn);
    admin.get(&server, PATH).await.expect(200, "");
}

#[tokio::test]
async fn a_check_needs_the_permission_to_see_amounts() {
    let (server, _) = start().await;
    let support = server.support().await;
    let finance = server.sign_in("finance", "finance", "Finance12345").await;
    for person in [support, finance] {
        person.get(&server, PATH).await.expect(403, "PERMISSION_DENIED");
    }
    server.visit(PATH).await.expect(401, "UNAUTHORIZED");
}
