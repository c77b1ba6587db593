//! What operators change about themselves.

use serde_json::{Value, json};

use crate::evidence::keys;
use crate::fixtures::operator;
use crate::harness::start;
use crate::people::Person;

const ME: &str = "/v1/operators/me";

#[tokio::test]
async fn operators_change_what_they_name_and_nothing_else() {
    let server = start().await;
    let (venue, other) = (operator(&server.app, "venue").await, operator(&server.app, "other").await);
    let (venue, other) = (Person::with(&venue.token), Person::with(&other.token));
    let before = venue.get(&server, ME).await.expect(200, "").clone();
    let body = json!({"name": " 新名字 ", "username": "hacked", "category": "vip", "balance": "9.00"});
    let changed = venue.put(&server, ME, body).await.expect(200, "").clone();
    assert_eq!(keys(&changed), keys(&before));
    assert_eq!(changed["name"], "新名字");
    assert!(changed["updated_at"].as_str() > before["updated_at"].as_str());
    for field in ["operator_id", "username", "phone", "email", "category", "balance", "created_at"] {
        assert_eq!(changed[field], before[field], "{field}");
    }
    let body = json!({"phone": "13912345678", "email": "new@example.com", "name": null});
    let changed = venue.put(&server, ME, body).await.expect(200, "").clone();
    assert_eq!(
        (&changed["name"], &changed["phone"], &changed["email"]),
        (&json!("新名字"), &json!("13912345678"), &json!("new@example.com"))
    );
    assert_eq!(venue.get(&server, ME).await.expect(200, ""), &changed);
    venue.put(&server, ME, json!({})).await.expect(200, "");
    assert_eq!(other.get(&server, ME).await.expect(200, "")["name"], "测试运营商");
}

#[tokio::test]
async fn a_change_of_profile_is_audited_with_before_and_after() {
    let server = start().await;
    let venue = operator(&server.app, "venue").await;
    let body = json!({"phone": "13912345678"});
    Person::with(&venue.token).put(&server, ME, body).await.expect(200, "");
    let rows = server.audited("operator_profile_update").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].outcome.as_str(), &rows[0].target_resource_id),
        ("success", &Some(venue.id.to_string()))
    );
    assert_eq!(
        rows[0].operation_details,
        json!({
            "before": {"name": "测试运营商", "phone": "13800138000", "email": "test@example.com"},
            "after": {"name": "测试运营商", "phone": "13912345678", "email": "test@example.com"},
        })
    );
}

#[tokio::test]
async fn a_wrong_profile_names_its_fields_and_changes_nothing() {
    let server = start().await;
    let venue = Person::with(&operator(&server.app, "venue").await.token);
    let before = venue.get(&server, ME).await.body;
    let body = json!({"name": " x ", "phone": "12345678901", "email": "nobody"});
    let answer = venue.put(&server, ME, body).await;
    answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.fields(), ["name", "phone", "email"]);
    for (body, field) in [
        (json!({"name": "好".repeat(51)}), "name"),
        (json!({"name": "两行\u{0}"}), "name"),
        (json!({"name": 5}), "name"),
        (json!({"email": ""}), "email"),
    ] {
        let answer = venue.put(&server, ME, body.clone()).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{body}");
    }
    venue.put(&server, ME, json!([])).await.expect(400, "INVALID_PARAMS");
    server.call(None, "PUT", ME, &json!({})).await.expect(401, "UNAUTHORIZED");
    assert_eq!(venue.get(&server, ME).await.body, before);
    assert_eq!(server.audited("operator_profile_update").await, []);
}

#[tokio::test]
async fn staff_have_no_profile_here() {
    let server = crate::people::demo_server().await;
    let admin = server.admin().await;
    admin.put(&server, ME, json!({"name": 5})).await.expect(403, "PERMISSION_DENIED");
    admin.get(&server, &format!("{ME}/app-catalog?page=0")).await.expect(403, "PERMISSION_DENIED");
    admin.get(&server, &format!("{ME}/app-requests?page=0")).await.expect(403, "PERMISSION_DENIED");
    admin.post(&server, &format!("{ME}/app-requests"), Value::Null).await.expect(403, "PERMISSION_DENIED");
}
