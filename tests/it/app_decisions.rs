//! What administrators decide about requests for applications.

use serde_json::{Value, json};
use sqlx::Executor;

use crate::app_requests::{ALL, CATALOG, REASON, ask, messages, newest, reject, set_shelf};
use crate::fixtures::{application, operator, site};
use crate::harness::{Answer, Server, Venue};
use crate::people::{Person, demo_server};
use crate::requests::Call;

async fn approve(server: &Server, admin: &Person, request_id: &str, body: Value) -> Answer {
    admin.post(server, &format!("{ALL}/{request_id}/approve"), body).await
}

#[tokio::test]
async fn an_approved_application_can_be_played_at_once_on_every_instance() {
    let server = demo_server().await;
    let twin = server.twin().await;
    let admin = server.admin().await;
    let known = server.venue(100_000).await;
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let venue = Venue { app_id, ..known.clone() };
    for server in [&server, &twin] {
        Call::authorize(server, &known, 2).send(server).await.expect(200, "");
        Call::authorize(server, &venue, 2).send(server).await.expect(403, "APP_NOT_AUTHORIZED");
    }
    let person = Person::with(&crate::fixtures::sign_in(&server.app, known.operator_id).await);
    let request_id = ask(&server, &person, app_id).await;
    let body = json!({"expires_at": "2099-01-01T08:00:00+08:00", "note": "试运营"});
    assert_eq!(approve(&server, &admin, &request_id, body).await.expect(200, ""), &json!({}));
    for server in [&twin, &server] {
        Call::authorize(server, &venue, 2).send(server).await.expect(200, "");
    }
    let request = newest(&server, &person).await;
    assert_eq!((&request["status"], &request["reviewed_by"]), (&json!("approved"), &json!("admin")));
    assert!(request["reviewed_at"].is_string() && request.get("reject_reason").is_none());
    let grants = admin.get(&server, &format!("/v1/admin/authorizations?app_id={app_id}")).await;
    let given = &grants.body["items"][0];
    assert_eq!(
        (&grants.body["total"], &given["expires_at"], &given["authorized_by"]),
        (&json!(1), &json!("2099-01-01T00:00:00.000Z"), &json!("admin"))
    );
    let told = messages(&server, known.operator_id).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].0 == "authorization" && told[0].1.contains("深海寻宝"), "{told:?}");
    let rows = server.audited("app_request_approve").await;
    assert_eq!((rows.len(), &rows[0].target_resource_id), (1, &Some(request_id)));
    assert_eq!(
        rows[0].operation_details,
        json!({"expires_at": "2099-01-01T00:00:00.000Z", "note": "试运营", "operator_id": known.operator_id,
               "app_id": app_id, "authorization_id": given["authorization_id"]})
    );
}

#[tokio::test]
async fn an_approval_with_a_key_is_done_once_and_answered_again() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let venue = operator(&server.app, "venue").await;
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let request_id = ask(&server, &Person::with(&venue.token), app_id).await;
    let path = format!("{ALL}/{request_id}/approve");
    for is_replayed in [false, true] {
        let answer = admin.post_once(&server, &path, &json!({}), "k1").await;
        assert_eq!(answer.expect(200, ""), &json!({}));
        assert_eq!(answer.headers.contains_key("idempotent-replayed"), is_replayed);
    }
    let other = json!({"note": "试运营"});
    admin.post_once(&server, &path, &other, "k1").await.expect(409, "IDEMPOTENCY_CONFLICT");
    admin.post_once(&server, &path, &other, "k2").await.expect(400, "INVALID_PARAMS");
    assert_eq!(messages(&server, venue.id).await.len(), 1);
}

#[tokio::test]
async fn a_rejected_operator_hears_why_and_may_ask_again() {
    let server = demo_server().await;
    let support = server.support().await;
    let venue = operator(&server.app, "venue").await;
    let person = Person::with(&venue.token);
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let request_id = ask(&server, &person, app_id).await;
    let reason = "该门店的设备还不支持这款游戏";
    assert_eq!(
        reject(&server, &support, &request_id, &format!(" {reason} ")).await.expect(200, ""),
        &json!({})
    );
    let request = newest(&server, &person).await;
    assert_eq!(
        (&request["status"], &request["reject_reason"], &request["reviewed_by"]),
        (&json!("rejected"), &json!(reason), &json!("support"))
    );
    let told = messages(&server, venue.id).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].0 == "authorization" && told[0].2.contains(reason), "{told:?}");
    let rows = server.audited("app_request_reject").await;
    assert_eq!(
        rows[0].operation_details,
        json!({"reason": reason, "operator_id": venue.id, "app_id": app_id})
    );
    let catalogue = person.get(&server, &format!("{CATALOG}?page_size=1")).await;
    assert_eq!(catalogue.body["items"][0]["authorization"], "none");
    ask(&server, &person, app_id).await;
}

#[tokio::test]
async fn a_request_is_decided_once() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let venue = operator(&server.app, "venue").await;
    let person = Person::with(&venue.token);
    let reason = "该门店暂不开放这款游戏";
    for is_approved in [true, false] {
        let app_id = application(&server.app, "深海寻宝", 1_000).await;
        let request_id = ask(&server, &person, app_id).await;
        if is_approved {
            approve(&server, &admin, &request_id, Value::Null).await.expect(200, "");
        } else {
            reject(&server, &admin, &request_id, reason).await.expect(200, "");
        }
        let before = (newest(&server, &person).await, messages(&server, venue.id).await);
        approve(&server, &admin, &request_id, json!({})).await.expect(400, "INVALID_PARAMS");
        reject(&server, &admin, &request_id, reason).await.expect(400, "INVALID_PARAMS");
        assert_eq!((newest(&server, &person).await, messages(&server, venue.id).await), before);
    }
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_wins() {
    let server = demo_server().await;
    let (admin, support) = (server.admin().await, server.support().await);
    let venue = operator(&server.app, "venue").await;
    let person = Person::with(&venue.token);
    let mut decided = Vec::new();
    for round in 0..6 {
        let app_id = application(&server.app, "深海寻宝", 1_000).await;
        let request_id = ask(&server, &person, app_id).await;
        // Both have been let in and wait for the account before either decides.
        let mut blocker = server.owner().await;
        blocker.execute("BEGIN").await.unwrap();
        blocker.execute("SELECT 1 FROM operator_accounts FOR UPDATE").await.unwrap();
        let release = async {
            server.until_waiting(2).await;
            blocker.execute("COMMIT").await.unwrap();
        };
        let yes = approve(&server, &admin, &request_id, Value::Null);
        let no = reject(&server, &support, &request_id, "该门店暂不开放这款游戏");
        let (yes, no) = if round % 2 == 0 {
            let (yes, no, ()) = tokio::join!(yes, no, release);
            (yes, no)
        } else {
            let (no, yes, ()) = tokio::join!(no, yes, release);
            (yes, no)
        };
        let (winner, loser) = if yes.status == 200 { (&yes, &no) } else { (&no, &yes) };
        winner.expect(200, "");
        loser.expect(400, "INVALID_PARAMS");
        let grants = admin.get(&server, &format!("/v1/admin/authorizations?app_id={app_id}")).await;
        let is_approved = yes.status == 200;
        assert_eq!(grants.body["total"], usize::from(is_approved));
        let status = if is_approved { "approved" } else { "rejected" };
        assert_eq!(newest(&server, &person).await["status"], status);
        decided.push(status);
    }
    assert_eq!(messages(&server, venue.id).await.len(), decided.len());
}

#[tokio::test]
async fn granting_an_application_closes_the_request_for_it() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let venue = operator(&server.app, "venue").await;
    let person = Person::with(&venue.token);
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let request_id = ask(&server, &person, app_id).await;
    let body = json!({"operator_id": venue.id, "app_id": app_id});
    let given = admin.post(&server, "/v1/admin/authorizations", body).await;
    let grant_id = given.expect(201, "")["authorization_id"].as_str().unwrap().to_owned();
    assert_eq!(newest(&server, &person).await["status"], "approved");
    assert_eq!(messages(&server, venue.id).await.len(), 1);
    approve(&server, &admin, &request_id, Value::Null).await.expect(400, "INVALID_PARAMS");

    // An expired grant that is made to last longer is a grant given, too.
    let expire = "UPDATE grants SET expires_at = now() - interval '1 hour' WHERE app_id = $1";
    server.change(sqlx::query(expire).bind(app_id)).await;
    ask(&server, &person, app_id).await;
    let longer = format!("/v1/admin/authorizations/{grant_id}");
    admin.put(&server, &longer, json!({"expires_at": null})).await.expect(200, "");
    let request = newest(&server, &person).await;
    assert_eq!((&request["status"], &request["reviewed_by"]), (&json!("approved"), &json!("admin")));
    assert_eq!(messages(&server, venue.id).await.len(), 2);
    admin.put(&server, &longer, json!({"expires_at": "2099-01-01T00:00:00Z"})).await.expect(200, "");
    assert_eq!(messages(&server, venue.id).await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_granted_leaves_the_request_open() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let venue = server.venue(0).await;
    let person = Person::with(&crate::fixtures::sign_in(&server.app, venue.operator_id).await);
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let request_id = ask(&server, &person, app_id).await;
    for (body, fields) in [
        (json!({"expires_at": "2020-01-01T00:00:00Z"}), &["expires_at"][..]),
        (json!({"expires_at": "tomorrow"}), &["expires_at"]),
        (json!({"note": "长".repeat(201)}), &["note"]),
    ] {
        let answer = approve(&server, &admin, &request_id, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), fields);
    }
    for reason in ["太短", "          ", &"长".repeat(201)] {
        let answer = reject(&server, &admin, &request_id, reason).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), ["reason"]);
    }
    set_shelf(&server, app_id, false).await;
    approve(&server, &admin, &request_id, Value::Null).await.expect(400, "INVALID_PARAMS");
    set_shelf(&server, app_id, true).await;
    server.set_state(&venue, "deactivated").await;
    approve(&server, &admin, &request_id, Value::Null).await.expect(400, "INVALID_PARAMS");
    server.set_state(&venue, "active").await;
    assert_eq!(newest(&server, &person).await["status"], "pending");
    assert_eq!(messages(&server, venue.operator_id).await, []);
    assert_eq!(server.audited("app_request_approve").await[0].outcome, "failed: INVALID_PARAMS");
    approve(&server, &admin, &request_id, Value::Null).await.expect(200, "");
}

#[tokio::test]
async fn deciding_needs_the_permission_and_a_request() {
    let server = demo_server().await;
    let (admin, support) = (server.admin().await, server.support().await);
    let venue = operator(&server.app, "venue").await;
    let person = Person::with(&venue.token);
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let request_id = ask(&server, &person, app_id).await;
    server.override_permissions("support", json!({"can_authorize_applications": false})).await;
    let finance = server.sign_in("finance", "finance", "Finance12345").await;
    for caller in [&support, &finance, &person] {
        approve(&server, caller, &request_id, json!({"note": 5})).await.expect(403, "PERMISSION_DENIED");
        reject(&server, caller, &request_id, "").await.expect(403, "PERMISSION_DENIED");
    }
    for decision in ["approve", "reject"] {
        let path = format!("{ALL}/{request_id}/{decision}");
        server.call(None, "POST", &path, &Value::Null).await.expect(401, "UNAUTHORIZED");
    }
    support.get(&server, ALL).await;
    for unknown in ["req_01h455vb4pex5vsknk084sn02q", "nonsense", &app_id.to_string()] {
        approve(&server, &admin, unknown, Value::Null).await.expect(404, "RESOURCE_NOT_FOUND");
        reject(&server, &admin, unknown, REASON).await.expect(404, "RESOURCE_NOT_FOUND");
    }
    assert_eq!(newest(&server, &person).await["status"], "pending");
}

#[tokio::test]
async fn a_grant_and_a_lock_at_the_same_time_wait_for_one_another_in_one_order() {
    let server = demo_server().await;
    let (admin, support) = (server.admin().await, server.support().await);
    let venue = operator(&server.app, "venue").await;
    site(&server.app, venue.id, "北京朝阳店").await;
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    // The grant has locked what it locks first and waits for the application.
    let mut blocker = server.owner().await;
    blocker.execute("BEGIN").await.unwrap();
    blocker.execute("SELECT 1 FROM applications FOR UPDATE").await.unwrap();
    let lock = async {
        server.until_waiting(1).await;
        let path = format!("/v1/admin/operators/{}/lock", venue.id);
        support.post(&server, &path, json!({"reason": "异常"})).await
    };
    let release = async {
        server.until_waiting(2).await;
        blocker.execute("COMMIT").await.unwrap();
    };
    let body = json!({"operator_id": venue.id, "app_id": app_id});
    let give = admin.post(&server, "/v1/admin/authorizations", body);
    let (given, locked, ()) = tokio::join!(give, lock, release);
    given.expect(201, "");
    locked.expect(200, "");
}
