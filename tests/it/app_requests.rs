//! Asking for an application, and what administrators decide.

use coinslot::ids::{AppId, OperatorId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sqlx::Executor;

use crate::evidence::keys;
use crate::fixtures::{application, grant, operator, site};
use crate::harness::{Answer, Server, Venue, start};
use crate::people::{Person, demo_server};
use crate::requests::Call;

const REQUESTS: &str = "/v1/operators/me/app-requests";
const CATALOG: &str = "/v1/operators/me/app-catalog";
const ALL: &str = "/v1/admin/app-requests";
const REASON: &str = "周末想在两家门店试玩这款游戏";

async fn ask(server: &Server, person: &Person, app_id: AppId) -> String {
    let answer = person.post(server, REQUESTS, json!({"app_id": app_id, "reason": REASON})).await;
    answer.expect(201, "")["request_id"].as_str().unwrap().to_owned()
}

async fn approve(server: &Server, admin: &Person, request_id: &str, body: Value) -> Answer {
    admin.post(server, &format!("{ALL}/{request_id}/approve"), body).await
}

async fn reject(server: &Server, admin: &Person, request_id: &str, reason: &str) -> Answer {
    admin.post(server, &format!("{ALL}/{request_id}/reject"), json!({"reason": reason})).await
}

async fn set_shelf(server: &Server, app_id: AppId, is_active: bool) {
    let sql = "UPDATE applications SET is_active = $2 WHERE id = $1";
    server.change(sqlx::query(sql).bind(app_id).bind(is_active)).await;
}

/// Type, title and content of the operator's messages.
async fn messages(server: &Server, operator_id: OperatorId) -> Vec<(String, String, String)> {
    sqlx::query_as("SELECT type, title, content FROM messages WHERE operator_id = $1 ORDER BY id")
        .bind(operator_id)
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap()
}

/// The status of the operator's newest request for an application, as the operator sees it.
async fn newest(server: &Server, person: &Person) -> Value {
    person.get(server, REQUESTS).await.body["items"][0].clone()
}

#[tokio::test]
async fn the_catalogue_says_how_the_operator_stands_with_each_application() {
    let server = start().await;
    let venue = operator(&server.app, "venue").await;
    let other = operator(&server.app, "other").await;
    let person = Person::with(&venue.token);
    let now = server.app.clock().now();
    let names = ["未申请", "申请中", "已授权", "已过期", "过期再申请", "已撤销", "下架"];
    let mut apps = Vec::new();
    for name in names {
        apps.push(application(&server.app, name, 1_250).await);
    }
    ask(&server, &Person::with(&other.token), apps[0]).await;
    ask(&server, &person, apps[1]).await;
    grant(&server.app, other.id, apps[1], None).await;
    grant(&server.app, venue.id, apps[2], Some(now.plus(SignedDuration::from_hours(1)))).await;
    grant(&server.app, venue.id, apps[3], Some(now)).await;
    grant(&server.app, venue.id, apps[4], Some(now)).await;
    ask(&server, &person, apps[4]).await;
    grant(&server.app, venue.id, apps[5], None).await;
    let revoke = "UPDATE grants SET revoked_at = now() WHERE app_id = $1";
    server.change(sqlx::query(revoke).bind(apps[5])).await;
    grant(&server.app, venue.id, apps[6], None).await;
    set_shelf(&server, apps[6], false).await;

    let answer = person.get(&server, CATALOG).await;
    assert_eq!(answer.status, 200);
    assert_eq!(keys(&answer.body), ["items", "page", "page_size", "total"]);
    let items = answer.body["items"].as_array().unwrap();
    let seen: Vec<_> = items.iter().rev().map(|item| (&item["app_name"], &item["authorization"])).collect();
    let expected = ["none", "pending", "granted", "expired", "pending", "none"];
    let expected: Vec<_> = names.iter().zip(expected).map(|(name, how)| (json!(name), json!(how))).collect();
    assert_eq!(seen, expected.iter().map(|(name, how)| (name, how)).collect::<Vec<_>>());
    assert_eq!(
        items[5],
        json!({"app_id": apps[0], "app_name": "未申请", "description": "", "unit_price": "12.50", "min_players": 2,
               "max_players": 8, "authorization": "none"})
    );
}

#[tokio::test]
async fn the_catalogue_is_searched_and_paged() {
    let server = start().await;
    let person = Person::with(&operator(&server.app, "venue").await.token);
    for name in ["Space 探险", "深海探险", "星际战争"] {
        application(&server.app, name, 1_000).await;
    }
    for (query, total, first) in [
        ("", 3, json!("星际战争")),
        ("?page=2&page_size=2", 3, json!("Space 探险")),
        ("?page=9", 3, Value::Null),
        ("?keyword=%20sPACE%20", 1, json!("Space 探险")),
        ("?keyword=%E6%8E%A2%E9%99%A9&page_size=1", 2, json!("深海探险")),
        ("?keyword=%25", 0, Value::Null),
    ] {
        let answer = person.get(&server, &format!("{CATALOG}{query}")).await;
        assert_eq!(
            (&answer.body["total"], &answer.body["items"][0]["app_name"]),
            (&json!(total), &first),
            "{query}"
        );
    }
    for query in ["?page=0", "?page_size=101", "?keyword=%00"] {
        person.get(&server, &format!("{CATALOG}{query}")).await.expect(400, "INVALID_PARAMS");
        let list = person.get(&server, &format!("{REQUESTS}{}", query.replace("keyword", "status"))).await;
        list.expect(400, "INVALID_PARAMS");
    }
    server.visit(CATALOG).await.expect(401, "UNAUTHORIZED");
    server.visit(REQUESTS).await.expect(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn a_request_waits_for_a_decision() {
    let server = start().await;
    let person = Person::with(&operator(&server.app, "venue").await.token);
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let reason = format!("  {REASON}  ");
    let answer = person.post(&server, REQUESTS, json!({"app_id": app_id, "reason": reason})).await;
    let request = answer.expect(201, "");
    assert_eq!(keys(request), ["app_id", "app_name", "created_at", "reason", "request_id", "status"]);
    assert!(request["request_id"].as_str().unwrap().starts_with("req_"));
    assert_eq!(
        (&request["app_id"], &request["app_name"], &request["reason"], &request["status"]),
        (&json!(app_id), &json!("太空探险"), &json!(REASON), &json!("pending"))
    );
    assert_eq!(&newest(&server, &person).await, request);
    for (query, total) in [("", 1), ("?status=pending", 1), ("?status=approved", 0), ("?status=rejected", 0)]
    {
        let answer = person.get(&server, &format!("{REQUESTS}{query}")).await;
        assert_eq!(answer.body["total"], total, "{query}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    let server = start().await;
    let venue = operator(&server.app, "venue").await;
    let person = Person::with(&venue.token);
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let granted = application(&server.app, "已授权", 1_000).await;
    grant(&server.app, venue.id, granted, None).await;
    let off_the_shelf = application(&server.app, "下架", 1_000).await;
    set_shelf(&server, off_the_shelf, false).await;
    let pending = application(&server.app, "申请中", 1_000).await;
    ask(&server, &person, pending).await;
    for (body, fields) in [
        (json!({}), &["app_id", "reason"][..]),
        (json!({"app_id": "x", "reason": REASON}), &["app_id"]),
        (json!({"app_id": venue.id, "reason": REASON}), &["app_id"]),
        (json!({"app_id": app_id, "reason": "   太短了      "}), &["reason"]),
        (json!({"app_id": app_id, "reason": "长".repeat(501)}), &["reason"]),
        (json!({"app_id": app_id, "reason": 1}), &["reason"]),
        (json!({"app_id": granted, "reason": REASON}), &["app_id"]),
        (json!({"app_id": off_the_shelf, "reason": REASON}), &["app_id"]),
        (json!({"app_id": pending, "reason": REASON}), &["app_id"]),
    ] {
        let answer = person.post(&server, REQUESTS, body.clone()).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), fields, "{body}");
    }
    let unknown = json!({"app_id": "app_01h455vb4pex5vsknk084sn02q", "reason": REASON});
    person.post(&server, REQUESTS, unknown).await.expect(404, "APP_NOT_FOUND");
    assert_eq!(person.get(&server, REQUESTS).await.body["total"], 1);
}

#[tokio::test]
async fn of_many_requests_at_once_one_is_made() {
    let server = start().await;
    let person = Person::with(&operator(&server.app, "venue").await.token);
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let body = json!({"app_id": app_id, "reason": REASON});
    let calls = (0..6).map(|_| person.post(&server, REQUESTS, body.clone()));
    let answers = futures_util::future::join_all(calls).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.code() == "INVALID_PARAMS").count();
    assert_eq!((made, refused), (1, 5), "{answers:?}");
}

#[tokio::test]
async fn a_repeated_key_replays_the_request() {
    let server = start().await;
    let person = Person::with(&operator(&server.app, "venue").await.token);
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let post = async |reason: &str| {
        let body = json!({"app_id": app_id, "reason": reason});
        server.call_with(Some(&person.token), "POST", REQUESTS, &body, &[("Idempotency-Key", "k1")]).await
    };
    let first = post(REASON).await;
    first.expect(201, "");
    let again = post(REASON).await;
    assert_eq!(again.expect(201, ""), first.expect(201, ""));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    post("另一个足够长的申请理由").await.expect(409, "IDEMPOTENCY_CONFLICT");
}

#[tokio::test]
async fn operators_see_their_own_requests_and_administrators_all() {
    let server = demo_server().await;
    let support = server.support().await;
    let (venue, other) = (operator(&server.app, "venue").await, operator(&server.app, "other").await);
    let (venue_person, other_person) = (Person::with(&venue.token), Person::with(&other.token));
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let first = ask(&server, &venue_person, app_id).await;
    let second = ask(&server, &other_person, app_id).await;
    for (person, own) in [(&venue_person, &first), (&other_person, &second)] {
        let answer = person.get(&server, REQUESTS).await;
        let items = answer.body["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["request_id"]), (1, &json!(own)));
    }
    let answer = support.get(&server, ALL).await;
    assert_eq!(answer.body["total"], 2);
    let item = &answer.body["items"][1];
    assert_eq!(
        keys(item),
        [
            "app_id",
            "app_name",
            "created_at",
            "operator_category",
            "operator_id",
            "operator_name",
            "reason",
            "request_id",
            "status"
        ]
    );
    assert_eq!(
        (&item["request_id"], &item["operator_id"], &item["operator_name"], &item["operator_category"]),
        (&json!(first), &json!(venue.id), &json!("测试运营商"), &json!("normal"))
    );
    reject(&server, &support, &first, "该门店暂不开放这款游戏").await.expect(200, "");
    for (query, expected) in [("pending", vec![&second]), ("rejected", vec![&first]), ("approved", vec![])] {
        let answer = support.get(&server, &format!("{ALL}?status={query}")).await;
        let ids: Vec<_> =
            answer.body["items"].as_array().unwrap().iter().map(|item| item["request_id"].clone()).collect();
        assert_eq!(ids, expected.into_iter().map(|id| json!(id)).collect::<Vec<_>>(), "{query}");
        assert_eq!(answer.body["total"], ids.len());
    }
    support.get(&server, &format!("{ALL}?status=open")).await.expect(400, "INVALID_PARAMS");
    venue_person.get(&server, ALL).await.expect(403, "PERMISSION_DENIED");
    server.visit(ALL).await.expect(401, "UNAUTHORIZED");
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
