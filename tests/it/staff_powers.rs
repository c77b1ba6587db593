//! Who has power over staff accounts, what is in force at once, and who can never be removed.

use serde_json::{Value, json};
use sqlx::Executor;

use crate::harness::Server;
use crate::people::{Person, demo_server};
use crate::staff_accounts::{ACCOUNTS, PASSWORD, account, create, id_of, reset, update};

async fn active_super_admins(server: &Server) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM staff_accounts WHERE role = 'super_admin' AND is_active")
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap()
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
