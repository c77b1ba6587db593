//! Profile, balance, grants and the API key of an operator.

use base::clock::UtcTime;
use jiff::SignedDuration;
use platform::security::api_key;
use serde_json::{Value, json};

use crate::fixtures::{PASSWORD, adjust, application, grant, operator};
use crate::harness::start;

fn sorted_keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn profile_and_balance_say_what_the_books_say() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let (status, body) = server.get("/v1/operators/me/balance", &operator.token).await;
    assert_eq!(status, 200);
    assert_eq!(
        body["data"],
        json!({"balance": "0.00", "total_recharged": "0.00", "total_consumed": "0.00", "total_refunded": "0.00",
               "last_transaction_at": null})
    );
    let at = UtcTime::from_millis(1_736_944_200_000).unwrap();
    adjust(&server.app, operator.id, 100_050, at).await;
    let (_, body) = server.get("/v1/operators/me/balance", &operator.token).await;
    assert_eq!(body["data"]["balance"], "1000.50");
    assert_eq!(body["data"]["last_transaction_at"], "2025-01-15T12:30:00.000Z");
    let (status, body) = server.get("/v1/operators/me", &operator.token).await;
    assert_eq!((status, &body["data"]["balance"]), (200, &json!("1000.50")));
    assert_eq!(body["data"]["operator_id"], operator.id.to_string());
    assert_eq!(
        sorted_keys(&body["data"]),
        [
            "balance",
            "category",
            "created_at",
            "email",
            "name",
            "operator_id",
            "phone",
            "updated_at",
            "username"
        ]
    );
}

#[tokio::test]
async fn only_grants_in_force_are_listed() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let other = crate::fixtures::operator(&server.app, "other").await;
    let now = server.app.clock().now();
    let forever = application(&server.app, "太空探险", 1_000).await;
    let until_tomorrow = application(&server.app, "星际战争", 1_200).await;
    let expired = application(&server.app, "过期", 1_200).await;
    let revoked = application(&server.app, "撤销", 1_200).await;
    let not_ours = application(&server.app, "别人", 1_200).await;
    let tomorrow = now.plus(SignedDuration::from_hours(24));
    grant(&server.app, operator.id, forever, None).await;
    grant(&server.app, operator.id, until_tomorrow, Some(tomorrow)).await;
    grant(&server.app, operator.id, expired, Some(now)).await;
    grant(&server.app, operator.id, revoked, None).await;
    grant(&server.app, other.id, not_ours, None).await;
    let mut connection = server.app.database().acquire().await.unwrap();
    sqlx::query!("UPDATE grants SET revoked_at = now() WHERE app_id = $1", revoked.uuid())
        .execute(&mut *connection)
        .await
        .unwrap();
    // Off the shelf, but granted before.
    sqlx::query!("UPDATE applications SET is_active = false WHERE id = $1", forever.uuid())
        .execute(&mut *connection)
        .await
        .unwrap();
    let (status, body) = server.get("/v1/operators/me/authorized-apps", &operator.token).await;
    assert_eq!(status, 200);
    let apps = body["data"]["applications"].as_array().unwrap();
    let names: Vec<_> = apps.iter().map(|app| app["app_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["太空探险", "星际战争"]);
    assert_eq!(apps[0]["expires_at"], json!(null));
    assert_eq!(apps[1]["expires_at"], tomorrow.to_string());
    assert_eq!((&apps[0]["unit_price"], &apps[0]["min_players"]), (&json!("10.00"), &json!(2)));
}

#[tokio::test]
async fn a_new_api_key_needs_the_password_and_kills_the_old_one() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let path = "/v1/operators/me/api-key/regenerate";
    let call = async |body: Value| server.call(Some(&operator.token), "POST", path, &body).await.into_parts();
    let (status, body) = call(json!({"password": "Wrong12345"})).await;
    assert_eq!((status, &body["error_code"]), (401, &json!("UNAUTHORIZED")));
    assert_eq!(call(json!({})).await.0, 400);
    let (status, body) = call(json!({"password": PASSWORD})).await;
    assert_eq!(status, 200);
    let key = body["data"]["api_key"].as_str().unwrap();
    assert_eq!(key.len(), 64);
    assert!(body["data"]["generated_at"].as_str().unwrap().ends_with('Z'));
    let mut connection = server.app.database().acquire().await.unwrap();
    let cipher = server.app.cipher();
    assert!(api_key::find(&mut connection, cipher, &operator.api_key).await.unwrap().is_none());
    let found = api_key::find(&mut connection, cipher, key).await.unwrap().unwrap();
    assert_eq!((found.operator_id, found.generation), (operator.id, 2));
}
