//! The administrator's operators, applications, grants and settings.

use jiff::SignedDuration;
use money::Fen;
use office::applications;
use serde_json::{Value, json};

use crate::harness::Server;
use crate::people::{Person, demo_server};

async fn operator_id(server: &Server, admin: &Person, username: &str) -> String {
    let answer = admin.get(server, &format!("/v1/admin/operators?keyword={username}")).await;
    answer.body["items"][0]["operator_id"].as_str().unwrap().to_owned()
}

async fn app_id(server: &Server, admin: &Person, name: &str) -> String {
    let answer = admin.get(server, "/v1/admin/applications").await;
    let items = answer.body["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["app_name"] == name).unwrap();
    item["app_id"].as_str().unwrap().to_owned()
}

fn names(answer: &crate::harness::Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn operators_are_listed_by_filter_and_order() {
    let server = demo_server().await;
    let admin = server.admin().await;
    for (query, expected) in [
        ("", &["operator2", "operator1"][..]),
        ("?sort_by=balance&sort_order=desc", &["operator1", "operator2"]),
        ("?sort_by=balance&sort_order=asc", &["operator2", "operator1"]),
        ("?sort_by=created_at&sort_order=asc&page_size=1", &["operator1"]),
        ("?sort_by=name&sort_order=asc&page=2&page_size=1", &["operator1"]),
        ("?category=trial", &["operator2"]),
        ("?category=vip", &[]),
        ("?keyword=OPERATOR1%40", &["operator1"]),
        ("?keyword=%25", &[]),
        ("?locked=true", &[]),
        ("?locked=false&keyword=%20operator2%20", &["operator2"]),
        ("?page=9", &[]),
    ] {
        let answer = admin.get(&server, &format!("/v1/admin/operators{query}")).await;
        assert_eq!(answer.status, 200, "{query} {}", answer.body);
        assert_eq!(names(&answer), expected, "{query}");
    }
    let far = admin.get(&server, "/v1/admin/operators?page=9").await;
    assert_eq!(far.body["total"], 2);
    for query in
        ["?category=gold", "?sort_by=phone", "?locked=maybe", "?page=0", "?page_size=101", "?keyword=%00"]
    {
        let answer = admin.get(&server, &format!("/v1/admin/operators{query}")).await;
        answer.expect(400, "INVALID_PARAMS");
    }
}

#[tokio::test]
async fn deactivated_operators_are_hidden_unless_asked_for() {
    let server = demo_server().await;
    let admin = server.admin().await;
    sqlx::query("UPDATE operators SET deactivated_at = now() WHERE username = 'operator2'")
        .execute(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!(names(&admin.get(&server, "/v1/admin/operators").await), ["operator1"]);
    let all = admin.get(&server, "/v1/admin/operators?include_deactivated=true").await;
    assert_eq!(names(&all), ["operator2", "operator1"]);
    assert_eq!(all.body["items"][0]["is_deactivated"], true);
}

#[tokio::test]
async fn support_staff_see_no_money_and_change_no_settings() {
    let server = demo_server().await;
    let (admin, support) = (server.admin().await, server.support().await);
    let seen = admin.get(&server, "/v1/admin/operators?keyword=operator1").await;
    assert_eq!(seen.body["items"][0]["balance"], "1000.00");
    let hidden = support.get(&server, "/v1/admin/operators?keyword=operator1").await;
    assert_eq!(hidden.body["items"][0].get("balance"), None);
    assert_eq!(hidden.body["items"][0].get("total_consumed"), None);
    let id = operator_id(&server, &admin, "operator1").await;
    let details = support.get(&server, &format!("/v1/admin/operators/{id}")).await;
    assert_eq!(details.expect(200, "").get("total_recharged"), None);
    support.get(&server, "/v1/admin/operators?sort_by=balance").await.expect(403, "PERMISSION_DENIED");
    support.get(&server, "/v1/admin/settings").await.expect(200, "");
    let wrong_and_forbidden = support.put(&server, "/v1/admin/settings", json!({"no_such": 1})).await;
    wrong_and_forbidden.expect(403, "PERMISSION_DENIED");
    let bad_id = support.put(&server, "/v1/admin/applications/nonsense", json!({})).await;
    bad_id.expect(403, "PERMISSION_DENIED");
}

#[tokio::test]
async fn an_initial_balance_is_an_adjustment_in_the_books() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut body = json!({
        "username": "vip_venue", "password": "Secret123", "name": "大客户", "phone": "13912345678",
        "email": "vip@example.com", "category": "vip", "initial_balance": "500.5",
    });
    let created = admin.post(&server, "/v1/admin/operators", body.clone()).await;
    let data = created.expect(201, "");
    assert_eq!((&data["balance"], &data["category"]), (&json!("500.50"), &json!("vip")));
    assert_eq!(data["api_key"].as_str().unwrap().len(), 64);
    admin.post(&server, "/v1/admin/operators", body.clone()).await.expect(400, "USERNAME_EXISTS");
    let id = data["operator_id"].as_str().unwrap();
    let details = admin.get(&server, &format!("/v1/admin/operators/{id}")).await;
    let details = details.expect(200, "");
    assert_eq!((&details["balance"], &details["total_recharged"]), (&json!("500.50"), &json!("0.00")));
    let kinds: Vec<String> =
        sqlx::query_scalar("SELECT kind FROM ledger_movements ORDER BY occurred_at DESC LIMIT 1")
            .fetch_all(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(kinds, ["adjustment"]);
    server.verify().await;

    body["username"] = json!("poor_venue");
    server.support().await.post(&server, "/v1/admin/operators", body).await.expect(403, "PERMISSION_DENIED");
}

#[tokio::test]
async fn a_new_price_is_kept_in_the_history_and_told_to_who_has_a_grant() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let id = app_id(&server, &admin, "太空探险").await;
    let path = format!("/v1/admin/applications/{id}/price");
    let changed = admin.put(&server, &path, json!({"unit_price": "15.5", "reason": "旺季"})).await;
    assert_eq!(
        changed.expect(200, ""),
        &json!({"app_id": id, "old_price": "10.00", "new_price": "15.50", "notified_operators_count": 1})
    );
    let same = admin.put(&server, &path, json!({"unit_price": "15.50"})).await;
    assert_eq!(same.expect(200, "")["notified_operators_count"], 0);
    admin.put(&server, &path, json!({"unit_price": "0"})).await.expect(400, "INVALID_PARAMS");
    admin.put(&server, &path, json!({"unit_price": 15})).await.expect(400, "INVALID_PARAMS");
    let prices = admin.get(&server, &format!("/v1/admin/applications/{id}/prices")).await;
    let prices = prices.expect(200, "")["prices"].as_array().unwrap().clone();
    let seen: Vec<_> = prices.iter().map(|price| (&price["unit_price"], &price["changed_by"])).collect();
    assert_eq!(seen, [(&json!("15.50"), &json!("admin")), (&json!("10.00"), &json!("demo"))]);
    let kinds: Vec<(String, String)> = sqlx::query_as("SELECT type, content FROM messages")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!(kinds.len(), 1);
    assert!(kinds[0].0 == "price_change" && kinds[0].1.contains("15.50"), "{kinds:?}");
    let unknown = "app_01h455vb4pex5vsknk084sn02q";
    admin
        .get(&server, &format!("/v1/admin/applications/{unknown}/prices"))
        .await
        .expect(404, "APP_NOT_FOUND");
    admin.get(&server, "/v1/admin/applications/xyz").await.expect(404, "APP_NOT_FOUND");
}

#[tokio::test]
async fn the_history_of_prices_ends_with_the_price_in_force_whoevers_clock_is_behind() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let id = app_id(&server, &admin, "太空探险").await;
    let now = server.app.clock().now();
    let mut owner = server.owner().await;
    // Whoever waits for the application's row has looked at the clock before.
    for (fen, milliseconds) in [(1_100, 50), (1_200, 50), (1_300, 20), (1_400, -9_000)] {
        let (price, at) = (Fen::new(fen), now.plus(SignedDuration::from_millis(milliseconds)));
        let app_id = id.parse().unwrap();
        applications::change_price(&mut owner, app_id, price, None, "admin", at).await.unwrap();
        let prices = admin.get(&server, &format!("/v1/admin/applications/{id}/prices")).await;
        assert_eq!(prices.expect(200, "")["prices"][0]["unit_price"], price.to_string());
        server.verify().await;
    }
}

#[tokio::test]
async fn applications_are_created_and_changed_within_their_rules() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let wrong = json!({"app_name": "x", "unit_price": "0.00", "min_players": 5, "max_players": 200});
    let answer = admin.post(&server, "/v1/admin/applications", wrong).await;
    answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.fields(), ["app_name", "unit_price", "max_players"]);
    let body = json!({"app_name": "深海寻宝", "unit_price": "8", "min_players": 1, "max_players": 4});
    let created = admin.post(&server, "/v1/admin/applications", body).await;
    let id = created.expect(201, "")["app_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/applications/{id}");
    admin.put(&server, &path, json!({"min_players": 5})).await.expect(400, "INVALID_PARAMS");
    let wrong = json!({"app_name": "x", "min_players": 0, "max_players": 101});
    let answer = admin.put(&server, &path, wrong).await;
    assert_eq!(answer.fields(), ["app_name", "min_players", "max_players"]);
    let changed = admin.put(&server, &path, json!({"min_players": 2, "is_active": false})).await;
    assert_eq!(changed.expect(200, "")["is_active"], false);
    let listed = admin.get(&server, "/v1/admin/applications?is_active=false").await;
    assert_eq!(listed.body["total"], 1);

    let operator = operator_id(&server, &admin, "operator2").await;
    let grant = json!({"operator_id": operator, "app_id": id});
    admin.post(&server, "/v1/admin/authorizations", grant).await.expect(400, "INVALID_PARAMS");
}

#[tokio::test]
async fn a_grant_lives_through_expiry_revocation_and_another_grant() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let operator = operator_id(&server, &admin, "operator2").await;
    let app = app_id(&server, &admin, "星际战争").await;
    let path = "/v1/admin/authorizations";
    let grant = json!({"operator_id": operator, "app_id": app, "note": "试用"});
    let given = admin.post(&server, path, grant.clone()).await;
    let first = given.expect(201, "").clone();
    assert_eq!((&first["status"], &first["expires_at"]), (&json!("active"), &Value::Null));
    assert_eq!(first["authorized_by"], "admin");
    admin.post(&server, path, grant.clone()).await.expect(400, "INVALID_PARAMS");

    let one = format!("{path}/{}", first["authorization_id"].as_str().unwrap());
    admin.put(&server, &one, json!({})).await.expect(400, "INVALID_PARAMS");
    let past = json!({"expires_at": "2020-01-01T00:00:00Z"});
    admin.put(&server, &one, past).await.expect(400, "INVALID_PARAMS");
    let dated = admin.put(&server, &one, json!({"expires_at": "2099-01-01T08:00:00+08:00"})).await;
    assert_eq!(dated.expect(200, "")["expires_at"], "2099-01-01T00:00:00.000Z");
    let forever = admin.put(&server, &one, json!({"expires_at": null})).await;
    assert_eq!(forever.expect(200, "")["expires_at"], Value::Null);
    admin.delete(&server, &one, json!({"reason": "合同结束"})).await.expect(200, "");
    admin.delete(&server, &one, Value::Null).await.expect(400, "INVALID_PARAMS");
    admin.put(&server, &one, json!({"expires_at": null})).await.expect(400, "INVALID_PARAMS");

    let second = admin.post(&server, path, grant).await;
    second.expect(201, "");
    for (query, total) in [("", 3), ("?status=revoked", 1), ("?status=active", 2), ("?status=expired", 0)] {
        let answer = admin.get(&server, &format!("{path}{query}")).await;
        assert_eq!(answer.body["total"], total, "{query}");
    }
    let filtered = admin.get(&server, &format!("{path}?operator_id={operator}&app_id={app}")).await;
    assert_eq!(filtered.body["total"], 2);
    admin.get(&server, &format!("{path}?operator_id=op_x")).await.expect(400, "INVALID_PARAMS");
}

#[tokio::test]
async fn grants_name_what_they_do_not_find() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let operator = operator_id(&server, &admin, "operator2").await;
    let app = app_id(&server, &admin, "太空探险").await;
    let path = "/v1/admin/authorizations";
    let unknown_operator = json!({"operator_id": "op_01h455vb4pex5vsknk084sn02q", "app_id": app});
    admin.post(&server, path, unknown_operator).await.expect(404, "OPERATOR_NOT_FOUND");
    let unknown_app = json!({"operator_id": operator, "app_id": "app_01h455vb4pex5vsknk084sn02q"});
    admin.post(&server, path, unknown_app).await.expect(404, "APP_NOT_FOUND");
    let malformed = admin.post(&server, path, json!({"operator_id": operator, "app_id": "x"})).await;
    malformed.expect(400, "INVALID_PARAMS");
    assert_eq!(malformed.fields(), ["app_id"]);
    let past = json!({"operator_id": operator, "app_id": app, "expires_at": "2020-01-01T00:00:00Z"});
    admin.post(&server, path, past).await.expect(400, "INVALID_PARAMS");
    let missing = format!("{path}/auth_01h455vb4pex5vsknk084sn02q");
    admin.delete(&server, &missing, Value::Null).await.expect(404, "RESOURCE_NOT_FOUND");
    admin.delete(&server, &format!("{path}/nonsense"), Value::Null).await.expect(404, "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn of_many_grants_at_once_one_is_given() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let operator = operator_id(&server, &admin, "operator2").await;
    let app = app_id(&server, &admin, "太空探险").await;
    let body = json!({"operator_id": operator, "app_id": app});
    let calls = (0..6).map(|_| admin.post(&server, "/v1/admin/authorizations", body.clone()));
    let answers = futures_util::future::join_all(calls).await;
    let given = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.code() == "INVALID_PARAMS").count();
    assert_eq!((given, refused), (1, 5), "{answers:?}");
}

#[tokio::test]
async fn settings_change_all_or_nothing_and_at_once() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let path = "/v1/admin/settings";
    let mixed = json!({"rate_limit_per_minute": 77, "no_such_setting": 1, "recharge_min": 10});
    let answer = admin.put(&server, path, mixed).await;
    answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.fields(), ["no_such_setting", "recharge_min"]);
    let crossed = admin.put(&server, path, json!({"recharge_min": "20000.00"})).await;
    crossed.expect(400, "INVALID_PARAMS");
    admin.put(&server, path, json!([1])).await.expect(400, "INVALID_PARAMS");
    let changed = admin.put(&server, path, json!({"rate_limit_per_minute": 77, "recharge_min": "5"})).await;
    let settings = changed.expect(200, "")["settings"].as_array().unwrap().clone();
    let setting = |key: &str| settings.iter().find(|item| item["key"] == key).unwrap();
    assert_eq!(setting("rate_limit_per_minute")["value"], 77);
    assert_eq!(setting("rate_limit_per_minute")["default"], 10);
    assert_eq!(setting("rate_limit_per_minute")["updated_by"], "admin");
    assert_eq!(setting("recharge_min")["value_type"], "decimal");
    assert_eq!(server.app.settings().rate_limit_per_minute, 77);
}

#[tokio::test]
async fn settings_are_kept_in_one_form_and_the_one_that_was_sent_is_named() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let path = "/v1/admin/settings";
    let sent = json!({"recharge_min": "5", "business_timezone": "asia/tokyo"});
    let changed = admin.put(&server, path, sent).await;
    let settings = changed.expect(200, "")["settings"].as_array().unwrap().clone();
    let value = |key: &str| settings.iter().find(|item| item["key"] == key).unwrap()["value"].clone();
    assert_eq!((value("recharge_min"), value("business_timezone")), (json!("5.00"), json!("Asia/Tokyo")));
    for wrong in [
        json!({"recharge_max": "4.99"}),
        json!({"recharge_min": "10000.01"}),
        json!({"recharge_min": "0"}),
        json!({"vip_tier_monthly_threshold": "1"}),
        json!({"business_timezone": "Etc/Unknown"}),
    ] {
        let answer = admin.put(&server, path, wrong.clone()).await;
        answer.expect(400, "INVALID_PARAMS");
        let keys: Vec<String> = wrong.as_object().unwrap().keys().cloned().collect();
        assert_eq!(answer.fields(), keys, "{wrong}");
    }
}
