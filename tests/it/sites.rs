//! `/v1/operators/me/sites`.

use office::staff::{self, NewStaff, StaffRole};
use platform::security::jwt::Role;
use platform::security::roles::FinanceRole;
use serde_json::{Value, json};

use crate::fixtures::{operator, token};
use crate::harness::{Server, start};

const SITES: &str = "/v1/operators/me/sites";

async fn create(server: &Server, token: &str, body: Value) -> (u16, Value) {
    server.call(Some(token), "POST", SITES, &body).await.into_parts()
}

fn wrong_fields(body: &Value) -> Vec<&str> {
    let fields = body["details"]["fields"].as_array().unwrap();
    fields.iter().map(|field| field["field"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_site_lives_from_creation_to_history() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let (status, body) =
        create(&server, &operator.token, json!({"name": " 北京朝阳店 ", "address": "朝阳路 100 号"})).await;
    assert_eq!(status, 201);
    let site = &body["data"];
    assert_eq!(body["success"], true);
    assert_eq!(site["name"], "北京朝阳店");
    assert_eq!(site["description"], "");
    assert_eq!(site["is_deleted"], false);
    let path = format!("{SITES}/{}", site["site_id"].as_str().unwrap());

    let change = json!({"description": "二楼"});
    let (status, body) = server.call(Some(&operator.token), "PUT", &path, &change).await.into_parts();
    assert_eq!((status, &body["data"]["description"]), (200, &json!("二楼")));
    assert_eq!(body["data"]["name"], "北京朝阳店");

    let (status, body) = server.call(Some(&operator.token), "DELETE", &path, &Value::Null).await.into_parts();
    assert_eq!((status, body["success"].as_bool()), (200, Some(true)));
    let (_, body) = server.get(SITES, &operator.token).await;
    assert_eq!(body["data"]["sites"], json!([]));
    let (_, body) = server.get(&format!("{SITES}?include_deleted=true"), &operator.token).await;
    assert_eq!(body["data"]["sites"][0]["is_deleted"], true);

    for (method, body) in [("PUT", json!({"name": "新名字"})), ("DELETE", Value::Null)] {
        let (status, body) = server.call(Some(&operator.token), method, &path, &body).await.into_parts();
        assert_eq!((status, &body["error_code"]), (404, &json!("SITE_NOT_FOUND")));
    }

    let created = server.audited("site_create").await;
    assert_eq!((created.len(), created[0].target_resource_id.as_deref()), (1, path.rsplit('/').next()));
    let updated = server.audited("site_update").await;
    let outcomes: Vec<&str> = updated.iter().map(|row| row.outcome.as_str()).collect();
    assert_eq!(outcomes, ["success", "failed: SITE_NOT_FOUND"]);
    let details = &updated[0].operation_details;
    assert_eq!(
        (&details["before"]["description"], &details["after"]["description"]),
        (&json!(""), &json!("二楼"))
    );
    assert_eq!(server.audited("site_delete").await.len(), 2);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let cases = [
        (json!({}), vec!["name", "address"]),
        (json!({"name": "x", "address": "四个字符"}), vec!["name", "address"]),
        (
            json!({"name": "x".repeat(51), "address": "x".repeat(201), "description": "x".repeat(501)}),
            vec!["name", "address", "description"],
        ),
        (json!({"name": 5, "address": "朝阳路 100 号"}), vec!["name"]),
        (json!({"name": "店\u{0}店", "address": "朝阳路 100 号"}), vec!["name"]),
    ];
    for (body, expected) in cases {
        let (status, answer) = create(&server, &operator.token, body.clone()).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(wrong_fields(&answer), expected, "{body}");
    }
    let longest =
        json!({"name": "名".repeat(50), "address": "址".repeat(200), "description": "述".repeat(500)});
    assert_eq!(create(&server, &operator.token, longest).await.0, 201);
}

#[tokio::test]
async fn another_operators_site_is_not_found() {
    let server = start().await;
    let owner = operator(&server.app, "owner").await;
    let other = operator(&server.app, "other").await;
    let (_, body) =
        create(&server, &owner.token, json!({"name": "我的店", "address": "朝阳路 100 号"})).await;
    let id = body["data"]["site_id"].as_str().unwrap().to_owned();
    for id in [id.as_str(), "site_01h455vb4pex5vsknk084sn02q", "nonsense", "op_01h455vb4pex5vsknk084sn02q"] {
        let path = format!("{SITES}/{id}");
        for (method, body) in [("PUT", json!({"name": "你的店"})), ("DELETE", Value::Null)] {
            let (status, body) = server.call(Some(&other.token), method, &path, &body).await.into_parts();
            assert_eq!((status, &body["error_code"]), (404, &json!("SITE_NOT_FOUND")), "{id}");
        }
    }
    let (_, body) = server.get(SITES, &owner.token).await;
    assert_eq!(body["data"]["sites"][0]["name"], "我的店");
    let (_, body) = server.get(&format!("{SITES}?include_deleted=true"), &other.token).await;
    assert_eq!(body["data"]["sites"], json!([]));
}

#[tokio::test]
async fn the_role_is_checked_before_the_request() {
    let server = start().await;
    let finance = {
        let mut connection = server.app.database().acquire().await.unwrap();
        let new = NewStaff {
            role: StaffRole::Finance(FinanceRole::Auditor),
            username: "auditor",
            password_hash: "",
            name: "审计",
        };
        let id = staff::insert(&mut connection, &new, server.app.clock().now()).await;
        let id = id.unwrap().unwrap();
        let subject = base::ids::FinanceId::from_uuid(id).to_string();
        token(&mut connection, &server.app, subject, id, Role::Finance).await
    };
    let path = format!("{SITES}/nonsense");
    for (token, expected) in [(None, 401), (Some("no.token.here"), 401), (Some(finance.as_str()), 403)] {
        let answer = server.call(token, "PUT", &path, &json!({"name": 5})).await;
        assert_eq!(answer.status.as_u16(), expected);
    }
}

#[tokio::test]
async fn a_repeated_key_creates_one_site() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let post = async |name: &str| {
        let body = json!({"name": name, "address": "朝阳路 100 号"});
        let headers = [("Idempotency-Key", "k1")];
        server.call_with(Some(&operator.token), "POST", SITES, &body, &headers).await
    };
    let first = post("北京朝阳店").await;
    let again = post("北京朝阳店").await;
    assert_eq!(again.expect(201, ""), first.expect(201, ""));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    post("上海徐汇店").await.expect(409, "IDEMPOTENCY_CONFLICT");
    let listed = server.call(Some(&operator.token), "GET", SITES, &json!(null)).await;
    assert_eq!(listed.expect(200, "")["sites"].as_array().unwrap().len(), 1);
}
