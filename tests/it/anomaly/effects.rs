//! What the watch does to whom, whatever the rule.

use serde_json::{Value, json};

use super::*;
use crate::people::demo_server;
use crate::requests::{CONFIG, Call, PRE_AUTHORIZE};
use crate::scratch::wait_for;

#[tokio::test]
async fn an_ipv6_network_of_64_bits_is_one_address() {
    let (server, operators) = start(7).await;
    for (number, operator_id) in operators.iter().enumerate() {
        let ip = format!("2001:db8:1:{}::{number}", usize::from(number == 6));
        fail(&server, *operator_id, &ip, 4).await;
    }
    assert_eq!(look_now(&server, Rule::Failures).await, 6);
    assert_eq!(locked(&server).await, operators[..6]);
    assert_eq!(look_now(&server, Rule::ManyKeys).await, 0);
    assert_eq!(count_events(&server, "ip_many_keys").await, 1);
    let evidence: Value =
        sqlx::query_scalar("SELECT evidence FROM security_events WHERE kind = 'ip_failures'")
            .fetch_one(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(
        evidence,
        json!({"address": "2001:db8:1::/64", "failures": 24, "limit": 20, "window_seconds": 300})
    );
}

#[tokio::test]
async fn two_instances_act_once() {
    let (server, operators) = start(3).await;
    let twin = server.twin().await;
    for operator_id in &operators {
        fail(&server, *operator_id, IP, 21).await;
    }
    let (one, other) = tokio::join!(look_now(&server, Rule::Failures), look_now(&twin, Rule::Failures));
    assert_eq!(one + other, 3);
    assert_eq!(locked(&server).await, operators);
    assert_eq!((count_events(&server, "ip_failures").await, count_events(&server, "locked").await), (1, 3));
    assert_eq!(mails(&server).await.len(), 1);
}

#[tokio::test]
async fn a_lock_by_the_watch_is_one_by_an_administrator_and_audited_as_the_systems() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let person = server.operator1().await;
    let id = person.data["operator"]["operator_id"].as_str().unwrap().to_owned();
    fail(&server, id.parse().unwrap(), IP, 21).await;
    assert_eq!(look_now(&server, Rule::Failures).await, 1);
    person.get(&server, "/v1/operators/me").await.expect(401, "UNAUTHORIZED");
    server.try_sign_in("operators", "operator1", "Operator12345").await.expect(403, "ACCOUNT_LOCKED");
    let details = admin.get(&server, &format!("/v1/admin/operators/{id}")).await;
    let reason = "ip_failures：203.0.113.7 在 300 秒内鉴权失败 21 次";
    assert_eq!(details.expect(200, "")["locked_reason"], reason);
    let log = admin.get(&server, "/v1/admin/audit-logs?operation_type=operator_lock").await;
    let entry = &log.body["items"][0];
    assert_eq!((&entry["actor_type"], &entry["actor_id"]), (&json!("system"), &Value::Null));
    assert_eq!((&entry["target_resource_id"], &entry["outcome"]), (&json!(id), &json!("success")));
    assert_eq!(
        entry["operation_details"],
        json!({
            "address": IP, "failures": 21, "limit": 20, "window_seconds": 300, "reason": reason,
            "rule": "ip_failures",
        })
    );
    let body = json!({"reason": "核实无误"});
    admin.post(&server, &format!("/v1/admin/operators/{id}/unlock"), body).await.expect(200, "");
    server.operator1().await;
}

/// Calls from loopback with the default settings but for the limits, in the background of a real server.
#[tokio::test]
async fn the_watch_runs_by_itself_and_reads_what_the_calls_left() {
    let server = harness::start().await;
    let (thief, honest) = (server.venue(10_000).await, server.venue(10_000).await);
    server.authorize(&honest, &honest.session(), 2).await.expect(200, "");
    let time = server.app.clock().now();
    let mut calls = vec![
        Call::authorize(&server, &thief, 2),
        Call::post(&thief, PRE_AUTHORIZE, &thief.game(2), time),
        Call::get(&thief, CONFIG, time),
        Call::post(&thief, "/v1/auth/game/sessions/x/end", &json!({"duration_seconds": 1}), time),
    ];
    for call in &mut calls {
        call.signature = Some("x".to_owned());
        call.send(&server).await.expect(400, "INVALID_SIGNATURE");
    }
    let mut unknown = Call::authorize(&server, &honest, 2);
    unknown.set("x-api-key", "0".repeat(64));
    for _ in 0..17 {
        unknown.send(&server).await.expect(401, "INVALID_API_KEY");
    }
    server.set("anomaly_ip_failures", json!(20)).await;
    wait_for("the account is locked", async || (locked(&server).await == [thief.operator_id]).then_some(()))
        .await;
    server.authorize(&thief, &thief.session(), 2).await.expect(403, "ACCOUNT_LOCKED");
    server.authorize(&honest, &honest.session(), 2).await.expect(200, "");
    server.verify().await;
}
