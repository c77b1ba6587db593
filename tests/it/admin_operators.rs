//! What administrators change about an operator: contact, category, API key; and its sites.

use base::ids::OperatorId;
use serde_json::{Value, json};

use crate::evidence::keys;
use crate::fixtures::{operator, site};
use crate::harness::{Server, Venue};
use crate::people::{Person, demo_server};
use crate::requests::Call;

const UNKNOWN: &str = "/v1/admin/operators/op_01h455vb4pex5vsknk084sn02q";

fn path(id: OperatorId) -> String {
    format!("/v1/admin/operators/{id}")
}

/// Every change with a body that is right.
fn changes(operator: &str) -> [(&'static str, String, Value); 4] {
    let reason = "门店电脑被盗，需要更换密钥";
    [
        ("PUT", operator.to_owned(), json!({"name": "新名字"})),
        ("PUT", format!("{operator}/category"), json!({"category": "vip"})),
        ("GET", format!("{operator}/api-key"), Value::Null),
        ("POST", format!("{operator}/api-key/reset"), json!({"reason": reason})),
    ]
}

#[tokio::test]
async fn contact_data_is_changed_and_the_details_answered() {
    let server = demo_server().await;
    let (admin, support) = (server.admin().await, server.support().await);
    let venue = operator(&server.app, "venue").await;
    let before = admin.get(&server, &path(venue.id)).await.expect(200, "").clone();
    let body =
        json!({"name": " 新名字 ", "email": "new@example.com", "username": "hacked", "balance": "5.00"});
    let after = admin.put(&server, &path(venue.id), body).await.expect(200, "").clone();
    assert_eq!(keys(&after), keys(&before));
    assert_eq!((&after["name"], &after["email"]), (&json!("新名字"), &json!("new@example.com")));
    assert_eq!((&after["username"], &after["balance"]), (&json!("venue"), &json!("0.00")));
    assert_eq!(admin.get(&server, &path(venue.id)).await.expect(200, ""), &after);
    let rows = server.audited("operator_update").await;
    assert_eq!(rows[0].target_resource_id, Some(venue.id.to_string()));
    assert_eq!(
        rows[0].operation_details,
        json!({
            "before": {"name": "测试运营商", "phone": "13800138000", "email": "test@example.com"},
            "after": {"name": "新名字", "phone": "13800138000", "email": "new@example.com"},
        })
    );

    let seen = support.put(&server, &path(venue.id), json!({"phone": "13912345678"})).await;
    let seen = seen.expect(200, "");
    assert_eq!(seen["phone"], "13912345678");
    for money in ["balance", "total_consumed", "total_recharged", "total_refunded"] {
        assert_eq!(seen.get(money), None, "{money}");
    }
}

#[tokio::test]
async fn wrong_contact_data_names_its_fields() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let venue = operator(&server.app, "venue").await;
    let answer = admin.put(&server, &path(venue.id), json!({"name": "x", "phone": "1", "email": "x"})).await;
    answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.fields(), ["name", "phone", "email"]);
    let answer = admin.put(&server, &path(venue.id), json!({"phone": 13_800_138_000_i64})).await;
    assert_eq!((answer.code(), answer.fields()), ("INVALID_PARAMS", vec!["phone"]));
}

#[tokio::test]
async fn the_category_is_set_and_audited() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let venue = operator(&server.app, "venue").await;
    let category = format!("{}/category", path(venue.id));
    let body = json!({"category": "vip", "reason": " 年度大客户 "});
    assert_eq!(admin.put(&server, &category, body).await.expect(200, ""), &json!({}));
    assert_eq!(admin.get(&server, &path(venue.id)).await.expect(200, "")["category"], "vip");
    let profile = Person::with(&venue.token).get(&server, "/v1/operators/me").await;
    assert_eq!(profile.expect(200, "")["category"], "vip");
    let rows = server.audited("operator_category_change").await;
    assert_eq!(
        rows[0].operation_details,
        json!({"reason": "年度大客户", "before": {"category": "normal"}, "after": {"category": "vip"}})
    );
    for (body, field) in [
        (json!({}), "category"),
        (json!({"category": "gold"}), "category"),
        (json!({"category": null}), "category"),
        (json!({"category": "trial", "reason": "好".repeat(201)}), "reason"),
    ] {
        let answer = admin.put(&server, &category, body.clone()).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{body}");
    }
    server.support().await.put(&server, &category, json!({"category": "trial"})).await.expect(200, "");
}

#[tokio::test]
async fn a_key_is_shown_to_who_may_see_it_and_never_without_a_trace() {
    let server = demo_server().await;
    let support = server.support().await;
    let venue = operator(&server.app, "venue").await;
    let api_key = format!("{}/api-key", path(venue.id));
    let shown = support.get(&server, &api_key).await.expect(200, "").clone();
    assert_eq!(keys(&shown), ["api_key", "generated_at"]);
    assert_eq!(shown["api_key"], venue.api_key);
    let rows = server.audited("api_key_view").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].actor_name.as_str(), &rows[0].target_resource_id),
        ("客服", &Some(venue.id.to_string()))
    );
    assert!(!server.audit_text().await.contains(&venue.api_key));

    let refuse =
        "ALTER TABLE audit_log ADD CONSTRAINT unwritable CHECK (operation_type <> 'api_key_view') NOT VALID";
    sqlx::query(refuse).execute(&mut server.owner().await).await.unwrap();
    let answer = support.get(&server, &api_key).await;
    answer.expect(500, "INTERNAL_ERROR");
    assert!(!answer.body.to_string().contains(&venue.api_key));
}

#[tokio::test]
async fn a_reset_key_is_dead_at_once_on_an_instance_that_knew_it() {
    let server = demo_server().await;
    let twin = server.twin().await;
    let admin = server.admin().await;
    let venue = server.venue(100_000).await;
    for server in [&server, &twin] {
        Call::authorize(server, &venue, 2).send(server).await.expect(200, "");
    }
    let reset = format!("{}/api-key/reset", path(venue.operator_id));
    let reason = "门店电脑被盗，需要更换密钥";
    let answer = admin.post(&server, &reset, json!({"reason": reason})).await;
    let fresh = answer.expect(200, "").clone();
    assert_eq!(keys(&fresh), ["api_key", "generated_at"]);
    let fresh = Venue { api_key: fresh["api_key"].as_str().unwrap().to_owned(), ..venue.clone() };
    for server in [&twin, &server] {
        Call::authorize(server, &venue, 2).send(server).await.expect(401, "INVALID_API_KEY");
        Call::authorize(server, &fresh, 2).send(server).await.expect(200, "");
    }
    let shown = admin.get(&server, &format!("{}/api-key", path(venue.operator_id))).await;
    assert_eq!(shown.expect(200, ""), answer.expect(200, ""));
    let rows = server.audited("api_key_reset").await;
    assert_eq!(rows[0].operation_details, json!({"reason": reason}));
    let log = server.audit_text().await;
    assert!(!log.contains(&venue.api_key) && !log.contains(&fresh.api_key));
    for body in [json!({}), json!({"reason": "  九个字不够长的  "}), json!({"reason": "长".repeat(201)})]
    {
        let answer = admin.post(&server, &reset, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), ["reason"]);
    }
    Call::authorize(&twin, &fresh, 2).send(&twin).await.expect(200, "");
}

#[tokio::test]
async fn sites_are_listed_as_the_operator_sees_them() {
    let server = demo_server().await;
    let support = server.support().await;
    let venue = operator(&server.app, "venue").await;
    site(&server.app, venue.id, "北京朝阳店").await;
    let closed = site(&server.app, venue.id, "上海徐汇店").await;
    let own = Person::with(&venue.token);
    own.delete(&server, &format!("/v1/operators/me/sites/{closed}"), Value::Null).await.expect(200, "");
    for query in ["", "?include_deleted=false", "?include_deleted=true"] {
        let sites = format!("{}/sites{query}", path(venue.id));
        let seen = support.get(&server, &sites).await;
        let own = own.get(&server, &format!("/v1/operators/me/sites{query}")).await;
        assert_eq!(seen.expect(200, ""), own.expect(200, ""));
    }
    let open = support.get(&server, &format!("{}/sites", path(venue.id))).await;
    let open = open.expect(200, "")["sites"].as_array().unwrap().clone();
    assert_eq!(open.len(), 1);
    assert_eq!(
        keys(&open[0]),
        ["address", "created_at", "description", "is_deleted", "name", "site_id", "updated_at"]
    );
    let wrong = support.get(&server, &format!("{}/sites?include_deleted=maybe", path(venue.id))).await;
    wrong.expect(400, "INVALID_PARAMS");
    support.get(&server, &format!("{UNKNOWN}/sites")).await.expect(404, "OPERATOR_NOT_FOUND");
    support.get(&server, "/v1/admin/operators/op_x/sites").await.expect(404, "OPERATOR_NOT_FOUND");
    own.get(&server, &format!("{}/sites", path(venue.id))).await.expect(403, "PERMISSION_DENIED");
}

#[tokio::test]
async fn operators_that_do_not_exist_are_not_found() {
    let server = demo_server().await;
    let admin = server.admin().await;
    for operator in [UNKNOWN, "/v1/admin/operators/nonsense"] {
        for (method, path, body) in changes(operator) {
            let answer = server.call(Some(&admin.token), method, &path, &body).await;
            answer.expect(404, "OPERATOR_NOT_FOUND");
        }
    }
}

#[tokio::test]
async fn a_deactivated_operator_is_not_changed() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let venue = server.venue(0).await;
    server.set_state(&venue, "deactivated").await;
    let before = admin.get(&server, &path(venue.operator_id)).await.body;
    for (method, path, body) in changes(&path(venue.operator_id)) {
        let (status, code) = if method == "GET" { (200, "") } else { (400, "INVALID_PARAMS") };
        server.call(Some(&admin.token), method, &path, &body).await.expect(status, code);
    }
    assert_eq!(admin.get(&server, &path(venue.operator_id)).await.body, before);
    let rows = server.audited("operator_update").await;
    assert_eq!(rows[0].outcome, "failed: INVALID_PARAMS");
}

#[tokio::test]
async fn nobody_changes_an_operator_without_the_permission() {
    let server = demo_server().await;
    let (admin, support) = (server.admin().await, server.support().await);
    let venue = operator(&server.app, "venue").await;
    let finance = server.sign_in("finance", "finance", "Finance12345").await;
    let before = admin.get(&server, &path(venue.id)).await.body;
    let none = json!({"can_manage_operators": false, "can_reset_api_keys": false});
    server.override_permissions("support", none).await;
    for (method, path, _) in changes(&path(venue.id)) {
        for token in [&support.token, &finance.token, &venue.token] {
            // The role comes before the body.
            let answer = server.call(Some(token), method, &path, &json!({"name": 5})).await;
            answer.expect(403, "PERMISSION_DENIED");
        }
        server.call(None, method, &path, &Value::Null).await.expect(401, "UNAUTHORIZED");
    }
    assert_eq!(admin.get(&server, &path(venue.id)).await.body, before);
    read_only(&server, &support, venue.id).await;
}

async fn read_only(server: &Server, support: &Person, id: OperatorId) {
    support.get(server, &path(id)).await.expect(200, "");
    support.get(server, &format!("{}/sites", path(id))).await.expect(200, "");
}
