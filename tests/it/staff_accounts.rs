//! Staff accounts: who makes and changes them, what is in force at once, and who can never be removed.

use serde_json::{Value, json};
use sqlx::Executor;

use crate::evidence::keys;
use crate::harness::{Answer, Server};
use crate::people::{Person, demo_server};

const ACCOUNTS: &str = "/v1/admin/accounts";
const PASSWORD: &str = "Deputy12345";

/// A body that is right.
fn account(kind: &str, username: &str, role: &str) -> Value {
    json!({
        "kind": kind, "username": username, "password": PASSWORD, "name": "新同事", "phone": "13912345678",
        "email": "staff@example.com", "role": role,
    })
}

async fn create(server: &Server, by: &Person, body: Value) -> String {
    let answer = by.post(server, ACCOUNTS, body).await;
    answer.expect(201, "")["account_id"].as_str().unwrap().to_owned()
}

async fn update(server: &Server, by: &Person, id: &str, body: Value) -> Answer {
    by.put(server, &format!("{ACCOUNTS}/{id}"), body).await
}

async fn reset(server: &Server, by: &Person, id: &str, password: &str) -> Answer {
    by.post(server, &format!("{ACCOUNTS}/{id}/password"), json!({"new_password": password})).await
}

async fn listed(server: &Server, by: &Person, username: &str) -> Value {
    let answer = by.get(server, &format!("{ACCOUNTS}?keyword={username}")).await;
    let items = answer.body["items"].as_array().unwrap();
    items.iter().find(|item| item["username"] == username).unwrap().clone()
}

async fn id_of(server: &Server, by: &Person, username: &str) -> String {
    listed(server, by, username).await["account_id"].as_str().unwrap().to_owned()
}

async fn active_super_admins(server: &Server) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM staff_accounts WHERE role = 'super_admin' AND is_active")
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap()
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
async fn a_permission_or_role_taken_away_is_gone_with_the_next_request_everywhere() {
    let server = demo_server().await;
    let twin = server.twin().await;
    let admin = server.admin().await;
    let id = create(&server, &admin, account("admin", "helper", "admin")).await;
    let helper = server.sign_in("admin", "helper", PASSWORD).await;
    let operator = server.operator1().await.data["operator"]["operator_id"].as_str().unwrap().to_owned();
    let operator = format!("/v1/admin/operators/{operator}");
    let may_change = async |server: &Server, status: u16, code: &str| {
        helper.put(server, &operator, json!({})).await.expect(status, code);
    };
    may_change(&twin, 200, "").await;
    update(&server, &admin, &id, json!({"permissions": {"can_manage_operators": false}}))
        .await
        .expect(200, "");
    may_change(&twin, 403, "PERMISSION_DENIED").await;
    may_change(&server, 403, "PERMISSION_DENIED").await;
    update(&server, &admin, &id, json!({"permissions": {}})).await.expect(200, "");
    may_change(&twin, 200, "").await;
    assert_eq!(helper.get(&twin, &operator).await.expect(200, "")["balance"], "1000.00");
    update(&server, &admin, &id, json!({"role": "operator"})).await.expect(200, "");
    assert_eq!(helper.get(&twin, &operator).await.expect(200, "").get("balance"), None);
}

#[tokio::test]
async fn the_tokens_of_a_deactivated_account_are_dead_at_once_and_stay_so() {
    let server = demo_server().await;
    let twin = server.twin().await;
    let admin = server.admin().await;
    let id = create(&server, &admin, account("admin", "helper", "admin")).await;
    let helper = server.sign_in("admin", "helper", PASSWORD).await;
    helper.get(&twin, "/v1/admin/operators").await;
    let answer = update(&server, &admin, &id, json!({"is_active": false})).await;
    assert_eq!(answer.expect(200, "")["is_active"], false);
    for server in [&twin, &server] {
        helper.get(server, "/v1/admin/settings").await.expect(401, "UNAUTHORIZED");
        server.try_sign_in("admin", "helper", PASSWORD).await.expect(403, "ACCOUNT_DEACTIVATED");
    }
    update(&server, &admin, &id, json!({"is_active": true})).await.expect(200, "");
    helper.get(&server, "/v1/admin/settings").await.expect(401, "UNAUTHORIZED");
    let again = server.sign_in("admin", "helper", PASSWORD).await;
    again.get(&server, "/v1/admin/settings").await.expect(200, "");
}

#[tokio::test]
async fn an_account_may_be_made_for_later() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut body = account("analyst", "later", "analyst");
    body["is_active"] = json!(false);
    create(&server, &admin, body).await;
    server.try_sign_in("analyst", "later", PASSWORD).await.expect(403, "ACCOUNT_DEACTIVATED");
}

#[tokio::test]
async fn another_password_kills_every_token_of_the_account() {
    let server = demo_server().await;
    let twin = server.twin().await;
    let admin = server.admin().await;
    let support = server.support().await;
    let second = twin.support().await;
    let id = id_of(&server, &admin, "support").await;
    for password in ["short1A", "alllowercase1", ""] {
        let answer = reset(&server, &admin, &id, password).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), ["new_password"]);
    }
    let path = format!("{ACCOUNTS}/{id}/password");
    let missing = admin.post(&server, &path, json!({"password": PASSWORD})).await;
    assert_eq!((missing.code(), missing.fields()), ("INVALID_PARAMS", vec!["new_password"]));
    support.get(&server, "/v1/admin/settings").await.expect(200, "");
    assert_eq!(reset(&server, &admin, &id, "Another12345").await.expect(200, ""), &json!({}));
    for (server, person) in [(&twin, &support), (&server, &second)] {
        person.get(server, "/v1/admin/settings").await.expect(401, "UNAUTHORIZED");
    }
    server.try_sign_in("admin", "support", "Support12345").await.expect(401, "UNAUTHORIZED");
    server.sign_in("admin", "support", "Another12345").await;
    admin.get(&server, ACCOUNTS).await;
    let own = id_of(&server, &admin, "admin").await;
    reset(&server, &admin, &own, "Another12345").await.expect(200, "");
    admin.get(&server, ACCOUNTS).await.expect(401, "UNAUTHORIZED");
    server.sign_in("admin", "admin", "Another12345").await;
}

#[tokio::test]
async fn nobody_else_gets_near_the_accounts() {
    let server = demo_server().await;
    let admin = server.admin().await;
    create(&server, &admin, account("admin", "helper", "admin")).await;
    let people = [
        server.sign_in("admin", "helper", PASSWORD).await,
        server.support().await,
        server.sign_in("finance", "finance", "Finance12345").await,
        server.sign_in("analyst", "analyst", "Analyst12345").await,
        server.operator1().await,
    ];
    let id = id_of(&server, &admin, "support").await;
    let calls = [
        ("GET", ACCOUNTS.to_owned()),
        ("POST", ACCOUNTS.to_owned()),
        ("PUT", format!("{ACCOUNTS}/{id}")),
        ("PUT", format!("{ACCOUNTS}/nonsense")),
        ("POST", format!("{ACCOUNTS}/{id}/password")),
    ];
    for (method, path) in &calls {
        for person in &people {
            let answer = server.call(Some(&person.token), method, path, &json!({"name": 5})).await;
            answer.expect(403, "PERMISSION_DENIED");
        }
        server.call(None, method, path, &Value::Null).await.expect(401, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn who_manages_accounts_without_being_super_admin_cannot_rise() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut body = account("admin", "deputy", "operator");
    body["permissions"] = json!({"can_manage_admins": true});
    let deputy_id = create(&server, &admin, body).await;
    let deputy = server.sign_in("admin", "deputy", PASSWORD).await;
    let chief = id_of(&server, &admin, "admin").await;
    let support = id_of(&server, &admin, "support").await;
    let finance = id_of(&server, &admin, "finance").await;
    let higher = create(&server, &admin, account("admin", "higher", "admin")).await;
    let before = admin.get(&server, ACCOUNTS).await.body;

    let with = |role: &str, permissions: Value| {
        let mut body = account("admin", "puppet", role);
        body["permissions"] = permissions;
        body
    };
    for body in [
        with("super_admin", json!({})),
        with("admin", json!({})),
        with("operator", json!({"can_manage_admins": true})),
        with("operator", json!({"can_manage_system_config": true})),
        account("finance", "puppet", "auditor"),
        account("analyst", "puppet", "analyst"),
    ] {
        deputy.post(&server, ACCOUNTS, body).await.expect(403, "PERMISSION_DENIED");
    }
    for (id, body) in [
        (&chief, json!({"name": "改名"})),
        (&chief, json!({"is_active": false})),
        (&chief, json!({"role": "operator"})),
        (&deputy_id, json!({"role": "super_admin"})),
        (&deputy_id, json!({"permissions": {"can_manage_admins": true, "can_view_financial_data": true}})),
        (&support, json!({"role": "super_admin"})),
        (&support, json!({"permissions": {"can_manage_admins": true}})),
        (&support, json!({"permissions": {"can_view_financial_data": true}})),
        (&higher, json!({"role": "operator"})),
        (&finance, json!({"role": "auditor"})),
    ] {
        update(&server, &deputy, id, body.clone()).await.expect(403, "PERMISSION_DENIED");
    }
    for id in [&chief, &deputy_id, &higher, &finance] {
        reset(&server, &deputy, id, "Stolen12345").await.expect(403, "PERMISSION_DENIED");
    }
    assert_eq!(admin.get(&server, ACCOUNTS).await.body, before);
    let refused = server.audited("account_update").await;
    assert_eq!(refused.len(), 10);
    assert!(refused.iter().all(|row| row.outcome == "failed: PERMISSION_DENIED"), "{refused:?}");

    // What they may do: accounts that can do no more than themselves.
    let puppet = create(&server, &deputy, with("operator", json!({"can_reset_api_keys": false}))).await;
    update(&server, &deputy, &puppet, json!({"permissions": {}})).await.expect(200, "");
    update(&server, &deputy, &support, json!({"is_active": false})).await.expect(200, "");
    reset(&server, &deputy, &puppet, "Another12345").await.expect(200, "");
}

#[tokio::test]
async fn the_last_active_super_admin_stays_one() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let own = id_of(&server, &admin, "admin").await;
    let mut asleep = account("admin", "asleep", "super_admin");
    asleep["is_active"] = json!(false);
    let asleep = create(&server, &admin, asleep).await;
    for (body, fields) in [
        (json!({"is_active": false}), &["is_active"][..]),
        (json!({"role": "admin"}), &["role"]),
        (json!({"role": "operator", "is_active": false}), &["role", "is_active"]),
    ] {
        let answer = update(&server, &admin, &own, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), fields);
    }
    update(&server, &admin, &own, json!({"name": "改名", "is_active": true})).await.expect(200, "");
    update(&server, &admin, &asleep, json!({"role": "admin"})).await.expect(200, "");
    update(&server, &admin, &asleep, json!({"role": "super_admin", "is_active": true})).await.expect(200, "");
    let demoted = update(&server, &admin, &own, json!({"role": "operator"})).await;
    assert_eq!(demoted.expect(200, "")["role"], "operator");
    admin.get(&server, ACCOUNTS).await.expect(403, "PERMISSION_DENIED");
    assert_eq!(active_super_admins(&server).await, 1);
}

#[tokio::test]
async fn two_super_admins_who_deactivate_each_other_at_once_do_not_both_succeed() {
    let server = demo_server().await;
    let twin = server.twin().await;
    let first = server.admin().await;
    let first_id = id_of(&server, &first, "admin").await;
    let second_id = create(&server, &first, account("admin", "second", "super_admin")).await;
    let second = server.sign_in("admin", "second", PASSWORD).await;
    for (one, other) in [
        (json!({"is_active": false}), json!({"is_active": false})),
        (json!({"role": "admin"}), json!({"is_active": false})),
    ] {
        let (first, second) = (first.token.as_str(), second.token.as_str());
        // Both have been let in and wait before either decides.
        let mut blocker = server.owner().await;
        blocker.execute("BEGIN").await.unwrap();
        blocker.execute("SELECT 1 FROM staff_accounts FOR UPDATE").await.unwrap();
        let release = async {
            server.until_waiting(2).await;
            blocker.execute("COMMIT").await.unwrap();
        };
        let (first, second) = (Person::with(first), Person::with(second));
        let (one, other, ()) = tokio::join!(
            update(&server, &first, &second_id, one),
            update(&twin, &second, &first_id, other),
            release
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400], "{one:?} {other:?}");
        assert_eq!(active_super_admins(&server).await, 1);
        let restore = "UPDATE staff_accounts SET is_active = true, role = 'super_admin' WHERE role <> 'operator' AND kind = 'admin'";
        server.owner().await.execute(restore).await.unwrap();
        server.owner().await.execute("UPDATE access_tokens SET revoked_at = NULL").await.unwrap();
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
