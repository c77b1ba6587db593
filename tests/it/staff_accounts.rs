//! Staff accounts: how they are made, listed and changed.

use serde_json::{Value, json};

use crate::evidence::keys;
use crate::harness::{Answer, Server};
use crate::people::{Person, demo_server};

pub(crate) const ACCOUNTS: &str = "/v1/admin/accounts";
pub(crate) const PASSWORD: &str = "Deputy12345";

/// A body that is right.
pub(crate) fn account(kind: &str, username: &str, role: &str) -> Value {
    json!({
        "kind": kind, "username": username, "password": PASSWORD, "name": "新同事", "phone": "13912345678",
        "email": "staff@example.com", "role": role,
    })
}

pub(crate) async fn create(server: &Server, by: &Person, body: Value) -> String {
    let answer = by.post(server, ACCOUNTS, body).await;
    answer.expect(201, "")["account_id"].as_str().unwrap().to_owned()
}

pub(crate) async fn update(server: &Server, by: &Person, id: &str, body: Value) -> Answer {
    by.put(server, &format!("{ACCOUNTS}/{id}"), body).await
}

pub(crate) async fn reset(server: &Server, by: &Person, id: &str, password: &str) -> Answer {
    by.post(server, &format!("{ACCOUNTS}/{id}/password"), json!({"new_password": password})).await
}

pub(crate) async fn listed(server: &Server, by: &Person, username: &str) -> Value {
    let answer = by.get(server, &format!("{ACCOUNTS}?keyword={username}")).await;
    let items = answer.body["items"].as_array().unwrap();
    items.iter().find(|item| item["username"] == username).unwrap().clone()
}

pub(crate) async fn id_of(server: &Server, by: &Person, username: &str) -> String {
    listed(server, by, username).await["account_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_account_of_each_kind_is_made_and_can_sign_in() {
    let server = demo_server().await;
    let admin = server.admin().await;
    for (door, kind, role, prefix, held) in [
        ("admin", "admin", "operator", "admin_", Some(("can_manage_operators", "can_view_financial_data"))),
        ("finance", "finance", "auditor", "fin_", Some(("can_export_report", "can_review_refund"))),
        ("analyst", "analyst", "analyst", "ana_", None),
    ] {
        let username = format!("new_{kind}");
        let answer = admin.post(&server, ACCOUNTS, account(kind, &username, role)).await;
        let made = answer.expect(201, "");
        assert_eq!(
            keys(made),
            [
                "account_id",
                "created_at",
                "email",
                "is_active",
                "kind",
                "name",
                "permissions",
                "phone",
                "role",
                "updated_at",
                "username"
            ]
        );
        assert!(made["account_id"].as_str().unwrap().starts_with(prefix), "{made}");
        assert_eq!(
            (&made["kind"], &made["username"], &made["role"], &made["is_active"], &made["name"]),
            (&json!(kind), &json!(username), &json!(role), &json!(true), &json!("新同事"))
        );
        assert_eq!((&made["phone"], &made["email"]), (&json!("13912345678"), &json!("staff@example.com")));
        let permissions = made["permissions"].as_object().unwrap();
        match held {
            Some((yes, no)) => {
                assert_eq!((&permissions[yes], &permissions[no]), (&json!(true), &json!(false)));
            }
            None => assert!(permissions.is_empty()),
        }
        assert_eq!(&listed(&server, &admin, &username).await, made);
        let signed_in = server.sign_in(door, &username, PASSWORD).await;
        let own = &signed_in.data[kind];
        assert_eq!(own[format!("{kind}_id")], made["account_id"]);
        if held.is_some() {
            assert_eq!(own["permissions"], made["permissions"]);
        }
    }
}

#[tokio::test]
async fn overrides_change_single_permissions_of_the_preset() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut body = account("admin", "helper", "operator");
    body["permissions"] = json!({"can_view_financial_data": true, "can_reset_api_keys": false});
    let id = create(&server, &admin, body).await;
    let held = async || listed(&server, &admin, "helper").await["permissions"].clone();
    let full = held().await;
    assert_eq!(full["can_view_financial_data"], true);
    assert_eq!(full["can_reset_api_keys"], false);
    assert_eq!(full["can_manage_operators"], true);
    // What a form sends back, the whole object, changes nothing.
    let same = update(&server, &admin, &id, json!({"permissions": full, "role": "operator"})).await;
    assert_eq!(same.expect(200, "")["permissions"], full);
    // Other overrides take the place of those before.
    let other = update(&server, &admin, &id, json!({"permissions": {"can_send_notifications": false}})).await;
    let other = &other.expect(200, "")["permissions"];
    assert_eq!(other["can_view_financial_data"], false);
    assert_eq!(
        (&other["can_reset_api_keys"], &other["can_send_notifications"]),
        (&json!(true), &json!(false))
    );
    // Another role begins with its preset.
    let promoted = update(&server, &admin, &id, json!({"role": "admin"})).await;
    let promoted = &promoted.expect(200, "")["permissions"];
    assert_eq!(
        (&promoted["can_send_notifications"], &promoted["can_manage_admins"]),
        (&json!(true), &json!(false))
    );
    let both = json!({"role": "operator", "permissions": {"can_manage_operators": false}});
    let demoted = update(&server, &admin, &id, both).await;
    assert_eq!(demoted.expect(200, "")["permissions"]["can_manage_operators"], false);
    let renamed = update(&server, &admin, &id, json!({"name": "改名"})).await;
    assert_eq!(renamed.expect(200, "")["permissions"]["can_manage_operators"], false);
}

#[tokio::test]
async fn no_override_lowers_a_super_admin_or_lets_an_auditor_decide() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut body = account("admin", "chief", "super_admin");
    body["permissions"] = json!({"can_manage_admins": false});
    let chief = create(&server, &admin, body).await;
    assert_eq!(listed(&server, &admin, "chief").await["permissions"]["can_manage_admins"], true);
    // Nor does it wait for the day when the role changes.
    let lowered = update(&server, &admin, &chief, json!({"role": "admin"})).await;
    assert_eq!(lowered.expect(200, "")["permissions"]["can_reset_api_keys"], true);
    let auditor = id_of(&server, &admin, "auditor").await;
    let deciding = json!({"permissions": {"can_review_refund": true, "can_resolve_recharge": true}});
    let answer = update(&server, &admin, &auditor, deciding).await;
    assert_eq!(answer.expect(200, "")["permissions"]["can_review_refund"], false);
    let kept: Value =
        sqlx::query_scalar("SELECT permission_overrides FROM staff_accounts WHERE username = 'auditor'")
            .fetch_one(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(kept, json!({}));
}

#[tokio::test]
async fn a_wrong_account_names_its_fields() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let empty = admin.post(&server, ACCOUNTS, json!({})).await;
    empty.expect(400, "INVALID_PARAMS");
    assert_eq!(empty.fields(), ["kind", "username", "password", "name", "phone", "email"]);
    let good = account("admin", "helper", "operator");
    let analyst = account("analyst", "helper", "analyst");
    for (base, field, value, wrong) in [
        (&good, "kind", json!("operator"), "kind"),
        (&good, "username", json!("a b"), "username"),
        (&good, "password", json!("alllowercase1"), "password"),
        (&good, "name", json!(" x "), "name"),
        (&good, "phone", json!("1"), "phone"),
        (&good, "email", json!("x"), "email"),
        (&good, "role", json!(null), "role"),
        (&good, "role", json!("manager"), "role"),
        (&good, "role", json!("analyst"), "role"),
        (&analyst, "role", json!("admin"), "role"),
        (&good, "is_active", json!("yes"), "is_active"),
        (&good, "permissions", json!([]), "permissions"),
        (&good, "permissions", json!({"can_fly": true}), "permissions.can_fly"),
        (&good, "permissions", json!({"can_review_refund": true}), "permissions.can_review_refund"),
        (&good, "permissions", json!({"can_manage_admins": "yes"}), "permissions.can_manage_admins"),
        (&analyst, "permissions", json!({"can_export_report": true}), "permissions.can_export_report"),
    ] {
        let mut body = base.clone();
        body[field] = value;
        let answer = admin.post(&server, ACCOUNTS, body.clone()).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [wrong], "{body}");
    }
    let total = admin.get(&server, ACCOUNTS).await.body["total"].clone();
    assert_eq!(total, 5);
}

#[tokio::test]
async fn a_name_is_taken_once_at_each_door() {
    let server = demo_server().await;
    let admin = server.admin().await;
    create(&server, &admin, account("admin", "helper", "operator")).await;
    let again = account("admin", "HELPER", "admin");
    admin.post(&server, ACCOUNTS, again).await.expect(400, "USERNAME_EXISTS");
    create(&server, &admin, account("finance", "helper", "specialist")).await;
    let mut analyst = account("analyst", "helper", "");
    analyst.as_object_mut().unwrap().remove("role");
    create(&server, &admin, analyst).await;
    let headers = [("Idempotency-Key", "k1")];
    let body = account("admin", "second", "operator");
    let post = async || server.call_with(Some(&admin.token), "POST", ACCOUNTS, &body, &headers).await;
    let first = post().await;
    first.expect(201, "");
    let replayed = post().await;
    assert_eq!(replayed.expect(201, ""), first.expect(201, ""));
    assert_eq!(replayed.headers["idempotent-replayed"], "true");
}

#[tokio::test]
async fn accounts_are_listed_by_filter_without_secrets() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let id = create(&server, &admin, account("finance", "helper", "specialist")).await;
    update(&server, &admin, &id, json!({"is_active": false})).await.expect(200, "");
    for (query, expected) in [
        ("", &["helper", "analyst", "auditor", "finance", "support", "admin"][..]),
        ("?kind=admin", &["support", "admin"]),
        ("?kind=finance&is_active=true", &["auditor", "finance"]),
        ("?is_active=false", &["helper"]),
        ("?keyword=STAFF%40example", &["helper"]),
        ("?keyword=%25", &[]),
        ("?page=2&page_size=4", &["support", "admin"]),
    ] {
        let answer = admin.get(&server, &format!("{ACCOUNTS}{query}")).await;
        let items = answer.body["items"].as_array().unwrap();
        let mut names: Vec<_> = items.iter().map(|item| item["username"].as_str().unwrap()).collect();
        let mut expected = expected.to_vec();
        // The demo accounts were made in the same millisecond.
        names.sort_unstable();
        expected.sort_unstable();
        if !query.contains("page=") {
            assert_eq!(names, expected, "{query}");
        }
        assert_eq!(items.len(), expected.len(), "{query}");
        let text = answer.body.to_string();
        assert!(!text.contains("argon2") && !text.contains("password"), "{text}");
    }
    for query in ["?kind=operator", "?is_active=maybe", "?page=0", "?keyword=%00"] {
        admin.get(&server, &format!("{ACCOUNTS}{query}")).await.expect(400, "INVALID_PARAMS");
    }
    let own = listed(&server, &admin, "admin").await;
    assert_eq!(
        (&own["phone"], &own["email"], &own["role"]),
        (&Value::Null, &Value::Null, &json!("super_admin"))
    );
}

#[tokio::test]
async fn what_is_named_changes_and_kind_and_username_never() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let id = create(&server, &admin, account("finance", "helper", "specialist")).await;
    let before = listed(&server, &admin, "helper").await;
    let body = json!({"name": " 改名 ", "email": "new@example.com", "kind": "admin", "username": "other", "password": "x"});
    let after = update(&server, &admin, &id, body).await.expect(200, "").clone();
    assert_eq!((&after["name"], &after["email"]), (&json!("改名"), &json!("new@example.com")));
    for field in ["account_id", "kind", "username", "phone", "role", "permissions", "is_active", "created_at"]
    {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(listed(&server, &admin, "helper").await, after);
    server.sign_in("finance", "helper", PASSWORD).await;
    for (body, wrong) in [
        (json!({"name": "x"}), "name"),
        (json!({"phone": "1"}), "phone"),
        (json!({"email": "x"}), "email"),
        (json!({"role": "super_admin"}), "role"),
        (json!({"permissions": {"can_manage_admins": true}}), "permissions.can_manage_admins"),
        (json!({"is_active": 1}), "is_active"),
    ] {
        let answer = update(&server, &admin, &id, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [wrong]);
    }
    assert_eq!(listed(&server, &admin, "helper").await, after);
}

#[tokio::test]
async fn accounts_that_do_not_exist_are_not_found() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let known = id_of(&server, &admin, "finance").await;
    let wrong_kind = known.replace("fin_", "admin_");
    let operator = server.operator1().await.data["operator"]["operator_id"].as_str().unwrap().to_owned();
    for id in ["admin_01h455vb4pex5vsknk084sn02q", "nonsense", "fin_", &wrong_kind, &operator] {
        update(&server, &admin, id, json!({})).await.expect(404, "RESOURCE_NOT_FOUND");
        reset(&server, &admin, id, PASSWORD).await.expect(404, "RESOURCE_NOT_FOUND");
    }
}

#[tokio::test]
async fn the_log_says_what_became_of_an_account_and_no_secret() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let id = create(&server, &admin, account("finance", "helper", "manager")).await;
    let body = json!({"role": "specialist", "permissions": {"can_export_report": false}});
    update(&server, &admin, &id, body).await.expect(200, "");
    reset(&server, &admin, &id, "Another12345").await.expect(200, "");
    let made = server.audited("account_create").await;
    assert_eq!((made.len(), &made[0].target_resource_id), (1, &Some(id.clone())));
    assert_eq!(made[0].operation_details["username"], "helper");
    assert_eq!(made[0].operation_details["after"]["role"], "manager");
    let changed = server.audited("account_update").await;
    let (before, after) = (&changed[0].operation_details["before"], &changed[0].operation_details["after"]);
    assert_eq!(keys(before), ["email", "is_active", "name", "permissions", "phone", "role"]);
    assert_eq!((&before["role"], &after["role"]), (&json!("manager"), &json!("specialist")));
    assert_eq!(
        (&before["permissions"]["can_export_report"], &after["permissions"]["can_export_report"]),
        (&json!(true), &json!(false))
    );
    let reset = server.audited("account_password_reset").await;
    assert_eq!(reset[0].operation_details, json!({"username": "helper"}));
    let log = server.audit_text().await;
    for secret in [PASSWORD, "Another12345", "argon2"] {
        assert!(!log.contains(secret), "{log}");
    }
}
