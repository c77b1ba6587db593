//! What operators can ask for, and their requests.

use base::ids::{AppId, OperatorId};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::evidence::keys;
use crate::fixtures::{application, grant, operator};
use crate::harness::{Answer, Server, start};
use crate::people::{Person, demo_server};

const REQUESTS: &str = "/v1/operators/me/app-requests";
pub(crate) const CATALOG: &str = "/v1/operators/me/app-catalog";
pub(crate) const ALL: &str = "/v1/admin/app-requests";
pub(crate) const REASON: &str = "周末想在两家门店试玩这款游戏";

pub(crate) async fn ask(server: &Server, person: &Person, app_id: AppId) -> String {
    let answer = person.post(server, REQUESTS, json!({"app_id": app_id, "reason": REASON})).await;
    answer.expect(201, "")["request_id"].as_str().unwrap().to_owned()
}

pub(crate) async fn reject(server: &Server, admin: &Person, request_id: &str, reason: &str) -> Answer {
    admin.post(server, &format!("{ALL}/{request_id}/reject"), json!({"reason": reason})).await
}

pub(crate) async fn set_shelf(server: &Server, app_id: AppId, is_active: bool) {
    let sql = "UPDATE applications SET is_active = $2 WHERE id = $1";
    server.change(sqlx::query(sql).bind(app_id).bind(is_active)).await;
}

/// Type, title and content of the operator's messages.
pub(crate) async fn messages(server: &Server, operator_id: OperatorId) -> Vec<(String, String, String)> {
    sqlx::query_as("SELECT type, title, content FROM messages WHERE operator_id = $1 ORDER BY id")
        .bind(operator_id)
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap()
}

/// The status of the operator's newest request for an application, as the operator sees it.
pub(crate) async fn newest(server: &Server, person: &Person) -> Value {
    person.get(server, REQUESTS).await.body["items"][0].clone()
}

#[tokio::test]
async fn an_operator_looks_at_one_of_its_requests() {
    let server = demo_server().await;
    let venue = operator(&server.app, "venue").await;
    let other = operator(&server.app, "other").await;
    let person = Person::with(&venue.token);
    let app_id = application(&server.app, "新品", 1_250).await;
    let id = ask(&server, &person, app_id).await;
    let path = format!("{REQUESTS}/{id}");
    let pending = person.get(&server, &path).await;
    assert_eq!(pending.expect(200, ""), &newest(&server, &person).await);
    reject(&server, &server.admin().await, &id, "暂不开放新的授权申请").await.expect(200, "");
    let rejected = person.get(&server, &path).await;
    let rejected = rejected.expect(200, "");
    assert_eq!(
        (&rejected["status"], &rejected["reject_reason"]),
        (&json!("rejected"), &json!("暂不开放新的授权申请"))
    );
    Person::with(&other.token).get(&server, &path).await.expect(404, "RESOURCE_NOT_FOUND");
    for unknown in ["req_01h455vb4pex5vsknk084sn02q", "req_1"] {
        person.get(&server, &format!("{REQUESTS}/{unknown}")).await.expect(404, "RESOURCE_NOT_FOUND");
    }
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
    let mut items = answer.body["items"].as_array().unwrap().clone();
    // Ids of one millisecond come in any order.
    items.sort_by_key(|item| names.iter().position(|name| item["app_name"] == *name));
    let seen: Vec<_> = items.iter().map(|item| (&item["app_name"], &item["authorization"])).collect();
    let expected = ["none", "pending", "granted", "expired", "pending", "none"];
    let expected: Vec<_> = names.iter().zip(expected).map(|(name, how)| (json!(name), json!(how))).collect();
    assert_eq!(seen, expected.iter().map(|(name, how)| (name, how)).collect::<Vec<_>>());
    assert_eq!(
        items[0],
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
