//! Registration, sign-in, tokens and passwords.

use base::problem::Problem;
use office::staff::bootstrap::ensure_super_admin;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::harness::{self, Server};
use crate::people::{Person, demo_server};

fn newcomer(username: &str) -> Value {
    json!({
        "username": username, "password": "Secret123", "name": "新场馆", "phone": "13912345678",
        "email": "new@example.com",
    })
}

#[tokio::test]
async fn a_registered_operator_can_sign_in_and_out() {
    let server = harness::start().await;
    let path = "/v1/auth/operators/register";
    let answer = server.call(None, "POST", path, &newcomer("New_Venue")).await;
    let data = answer.expect(201, "");
    assert_eq!(
        (&data["category"], &data["balance"], &data["username"]),
        (&json!("trial"), &json!("0.00"), &json!("New_Venue"))
    );
    assert_eq!(data["api_key"].as_str().unwrap().len(), 64);

    let again = server.call(None, "POST", path, &newcomer("new_venue")).await;
    again.expect(400, "USERNAME_EXISTS");

    let person = server.sign_in("operators", "NEW_VENUE", "Secret123").await;
    assert_eq!(person.data["token_type"], "Bearer");
    assert_eq!(person.data["expires_in"], 30 * 86_400);
    assert_eq!(person.data["operator"]["operator_id"], data["operator_id"]);
    assert_eq!(person.data["operator"]["category"], "trial");
    person.post(&server, "/v1/auth/operators/logout", Value::Null).await.expect(200, "");
    let dead = person.post(&server, "/v1/auth/operators/logout", Value::Null).await;
    dead.expect(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn every_wrong_field_of_a_registration_is_named() {
    let server = harness::start().await;
    let body =
        json!({"username": "a b", "password": "short", "name": "x", "phone": "12345678901", "email": "none"});
    let answer = server.call(None, "POST", "/v1/auth/operators/register", &body).await;
    answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.fields(), ["username", "password", "name", "phone", "email"]);
}

#[tokio::test]
async fn of_many_registrations_of_one_name_one_wins() {
    let server = harness::start().await;
    let names = ["Racer", "racer", "RACER", "rAcer", "raCer", "racEr"];
    let bodies: Vec<Value> = names.iter().map(|name| newcomer(name)).collect();
    let calls = bodies.iter().map(|body| server.call(None, "POST", "/v1/auth/operators/register", body));
    let answers = futures_util::future::join_all(calls).await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    let lost = answers.iter().filter(|answer| answer.code() == "USERNAME_EXISTS").count();
    assert_eq!((won, lost), (1, 5), "{answers:?}");
}

#[tokio::test]
async fn wrong_names_and_wrong_passwords_look_alike() {
    let server = demo_server().await;
    let mut messages = Vec::new();
    for (door, username, password) in [
        ("operators", "operator1", "Wrong12345"),
        ("operators", "nobody", "Operator12345"),
        ("operators", "no such\u{0}name", "x"),
        ("admin", "operator1", "Operator12345"),
        ("operators", "admin", "Admin12345"),
        ("finance", "admin", "Admin12345"),
        ("analyst", "", ""),
    ] {
        let answer = server.try_sign_in(door, username, password).await;
        answer.expect(401, "UNAUTHORIZED");
        messages.push(answer.body["message"].clone());
    }
    assert!(messages.iter().all(|message| *message == messages[0]), "{messages:?}");
}

#[tokio::test]
async fn every_door_shows_who_came_in() {
    let server = demo_server().await;
    let admin = server.admin().await;
    assert_eq!(admin.data["admin"]["role"], "super_admin");
    assert_eq!(admin.data["admin"]["permissions"]["can_manage_system_config"], true);
    let support = server.support().await;
    assert_eq!(support.data["admin"]["role"], "operator");
    assert_eq!(support.data["admin"]["permissions"]["can_view_financial_data"], false);
    let auditor = server.sign_in("finance", "auditor", "Auditor12345").await;
    assert_eq!(auditor.data["finance"]["role"], "auditor");
    assert_eq!(auditor.data["finance"]["permissions"]["can_review_refund"], false);
    assert!(auditor.data["finance"]["finance_id"].as_str().unwrap().starts_with("fin_"));
    let analyst = server.sign_in("analyst", "analyst", "Analyst12345").await;
    assert_eq!(analyst.data["analyst"]["username"], "analyst");
    for person in [admin, support, auditor, analyst] {
        let wrong_door = person.post(&server, "/v1/auth/operators/logout", Value::Null).await;
        wrong_door.expect(403, "PERMISSION_DENIED");
        person.post(&server, "/v1/auth/logout", Value::Null).await.expect(200, "");
        person.post(&server, "/v1/auth/logout", Value::Null).await.expect(401, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn a_password_change_ends_every_other_token() {
    let server = demo_server().await;
    let (here, elsewhere) = (server.operator1().await, server.operator1().await);
    let change = |old: &str, new: &str| json!({"old_password": old, "new_password": new});
    let path = "/v1/auth/password";
    here.post(&server, path, change("Wrong12345", "Better12345")).await.expect(401, "UNAUTHORIZED");
    let weak = here.post(&server, path, change("Operator12345", "weak")).await;
    weak.expect(400, "INVALID_PARAMS");
    here.post(&server, path, change("Operator12345", "Better12345")).await.expect(200, "");
    elsewhere.post(&server, "/v1/auth/logout", Value::Null).await.expect(401, "UNAUTHORIZED");
    server.try_sign_in("operators", "operator1", "Operator12345").await.expect(401, "UNAUTHORIZED");
    server.sign_in("operators", "operator1", "Better12345").await;
    here.post(&server, "/v1/auth/logout", Value::Null).await.expect(200, "");
}

#[tokio::test]
async fn a_lock_ends_tokens_and_is_told_only_to_who_knows_the_password() {
    let server = demo_server().await;
    let (admin, operator) = (server.admin().await, server.operator1().await);
    let id = operator.data["operator"]["operator_id"].as_str().unwrap().to_owned();
    let twin = server.twin().await;
    let reason = json!({"reason": "异常操作"});
    admin.post(&server, &format!("/v1/admin/operators/{id}/lock"), reason.clone()).await.expect(200, "");
    operator.post(&twin, "/v1/auth/logout", Value::Null).await.expect(401, "UNAUTHORIZED");
    server.try_sign_in("operators", "operator1", "Operator12345").await.expect(403, "ACCOUNT_LOCKED");
    server.try_sign_in("operators", "operator1", "Wrong12345").await.expect(401, "UNAUTHORIZED");
    let details = admin.get(&server, &format!("/v1/admin/operators/{id}")).await;
    assert_eq!(details.expect(200, "")["locked_reason"], "异常操作");

    admin.post(&server, &format!("/v1/admin/operators/{id}/unlock"), reason).await.expect(200, "");
    operator.post(&server, "/v1/auth/logout", Value::Null).await.expect(401, "UNAUTHORIZED");
    server.operator1().await;
    let kinds: Vec<String> = sqlx::query_scalar("SELECT kind FROM security_events ORDER BY id")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!(kinds, ["locked", "unlocked"]);
}

#[tokio::test]
async fn forged_expired_and_foreign_tokens_are_refused() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let (head, signature) = admin.token.rsplit_once('.').unwrap();
    let tampered = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for token in ["", "nonsense", &tampered, "a.b.c"] {
        let person = Person { token: token.to_owned(), data: Value::Null };
        person.get(&server, "/v1/admin/operators").await.expect(401, "UNAUTHORIZED");
    }
    sqlx::query("UPDATE access_tokens SET expires_at = now() - interval '1 second'")
        .execute(&mut server.owner().await)
        .await
        .unwrap();
    admin.get(&server, "/v1/admin/operators").await.expect(401, "UNAUTHORIZED");
    let operator = server.operator1().await;
    operator.get(&server, "/v1/admin/operators").await.expect(403, "PERMISSION_DENIED");
}

#[tokio::test]
async fn attempts_at_one_name_are_throttled_whatever_the_password() {
    let server = demo_server().await;
    server.set("login_attempts_per_minute", json!(3)).await;
    for _ in 0..3 {
        server.try_sign_in("operators", "operator1", "Wrong12345").await.expect(401, "UNAUTHORIZED");
    }
    for _ in 0..2 {
        let answer = server.try_sign_in("operators", "operator1", "Operator12345").await;
        let details = answer.expect(429, "RATE_LIMIT_EXCEEDED");
        assert_eq!((&details["limit"], &details["window_seconds"]), (&json!(3), &json!(60)));
        assert_eq!(answer.headers["retry-after"].to_str().unwrap(), details["retry_after"].to_string());
    }
    let events: Vec<String> = sqlx::query_scalar("SELECT kind FROM security_events")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!(events, ["login_throttled"]);
}

#[tokio::test]
async fn right_passwords_use_up_no_attempts_and_wrong_ones_between_them_do() {
    let server = demo_server().await;
    server.set("login_attempts_per_minute", json!(2)).await;
    let right = async || server.try_sign_in("operators", "operator1", "Operator12345").await;
    let wrong = async || server.try_sign_in("operators", "operator1", "Wrong12345").await;
    for _ in 0..5 {
        right().await.expect(200, "");
    }
    wrong().await.expect(401, "UNAUTHORIZED");
    right().await.expect(200, "");
    wrong().await.expect(401, "UNAUTHORIZED");
    wrong().await.expect(429, "RATE_LIMIT_EXCEEDED");
    right().await.expect(429, "RATE_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn the_address_limit_comes_before_everything_and_spares_signed_in_calls() {
    let server = demo_server().await;
    let admin = server.admin().await;
    server.set("ip_rate_limit_per_minute", json!(4)).await;
    sqlx::query("DELETE FROM rate_windows").execute(&mut server.owner().await).await.unwrap();
    let fresh = server.twin().await;
    for path in ["/v1/operators/me", "/v1/no/such/thing", "/v1/auth/operators/login", "/v1/admin/settings"] {
        let answer = fresh.call(None, "GET", path, &Value::Null).await;
        assert_ne!(answer.status, 429, "{path}");
    }
    let text = fresh.client.post(format!("{}/v1/auth/admin/login", fresh.base_url)).body("x");
    let limited = fresh.send(text).await;
    assert_eq!(limited.expect(429, "RATE_LIMIT_EXCEEDED")["limit"], 4);
    assert!(limited.headers.contains_key("retry-after"));
    for _ in 0..10 {
        admin.get(&fresh, "/v1/admin/settings").await.expect(200, "");
    }
    let health = fresh.call(None, "GET", "/health/live", &Value::Null).await;
    assert_ne!(health.status, 429);
}

#[tokio::test]
async fn a_busy_account_is_limited_by_itself() {
    let server = demo_server().await;
    let (admin, support) = (server.admin().await, server.support().await);
    server.set("web_rate_limit_per_minute", json!(5)).await;
    for _ in 0..5 {
        admin.get(&server, "/v1/admin/settings").await.expect(200, "");
    }
    let answer = admin.get(&server, "/v1/admin/settings").await;
    assert_eq!(answer.expect(429, "RATE_LIMIT_EXCEEDED")["limit"], 5);
    support.get(&server, "/v1/admin/settings").await.expect(200, "");
}

#[tokio::test]
async fn what_an_account_may_not_do_counts_too() {
    let server = demo_server().await;
    let operator = server.operator1().await;
    server.set("web_rate_limit_per_minute", json!(5)).await;
    for _ in 0..5 {
        operator.get(&server, "/v1/admin/settings").await.expect(403, "PERMISSION_DENIED");
    }
    operator.get(&server, "/v1/admin/settings").await.expect(429, "RATE_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn without_demo_there_is_one_super_admin_with_a_generated_password() {
    let server = harness::start().await;
    let (first, second) = tokio::join!(first_super_admin(&server), first_super_admin(&server));
    let passwords: Vec<_> = [first.unwrap(), second.unwrap()].into_iter().flatten().collect();
    assert_eq!(passwords.len(), 1);
    let admin = server.sign_in("admin", "admin", passwords[0].expose_secret()).await;
    assert_eq!(admin.data["admin"]["role"], "super_admin");
    assert!(first_super_admin(&server).await.unwrap().is_none());
}

#[tokio::test]
async fn demo_data_is_added_once_by_any_number_of_instances() {
    let server = harness::start().await;
    let (first, second) =
        tokio::join!(coinslot::demo::insert(&server.app), coinslot::demo::insert(&server.app));
    first.unwrap();
    second.unwrap();
    coinslot::demo::insert(&server.app).await.unwrap();
    let counts: (i64, i64, i64, i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM operators), (SELECT count(*) FROM staff_accounts),
                (SELECT count(*) FROM applications), (SELECT count(*) FROM sites), (SELECT count(*) FROM grants),
                (SELECT balance_fen FROM operator_accounts JOIN operators ON id = operator_id WHERE username = 'operator1')",
    )
    .fetch_one(&mut server.owner().await)
    .await
    .unwrap();
    assert_eq!(counts, (2, 5, 2, 3, 1, 100_000));
    server.verify().await;
}

async fn first_super_admin(server: &Server) -> Result<Option<SecretString>, Problem> {
    let app = &server.app;
    ensure_super_admin(app.database(), app.passwords(), app.clock().now()).await
}
