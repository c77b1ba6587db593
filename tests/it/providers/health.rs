//! `/health` tells of the providers what the calls to them told.

use pay_sandbox::{Channel, Fault};
use serde_json::{Value, json};

use super::world::{World, for_both};
use crate::scratch::wait_for;

/// What `/health` says when it has come to this.
async fn health(world: &World, expected: &str) -> Value {
    wait_for(expected, async || {
        let (status, body) = world.server.visit("/health").await.into_parts();
        assert_eq!(status, 200);
        (body["status"] == expected).then_some(body)
    })
    .await
}

for_both! {
    async fn a_provider_that_is_broken_on_purpose_is_looked_at_at_once(world: World) {
        let (channel, name) = match world.channel() {
            Channel::Wechat => ("wechat", "wechat_pay"),
            Channel::Alipay => ("alipay", "alipay"),
        };
        let switch = format!("{}/sandbox/faults", world.server.base_url);
        let fault = json!({"channel": channel, "fault": "down"});
        let switched = world.server.client.post(switch).json(&fault).send().await.unwrap();
        assert_eq!(switched.status(), 200);
        let (_, body) = world.server.visit("/health").await.into_parts();
        assert_eq!(body["checks"][name]["last_failure_at"], json!(world.now()));
    }

    async fn a_provider_that_is_away_degrades_the_platform_until_it_answers_again(world: World) {
        let name = match world.channel() {
            Channel::Wechat => "wechat_pay",
            Channel::Alipay => "alipay",
        };
        let order = world.created().await;
        world.sandbox().set_fault(world.channel(), Fault::Down);
        let _ = world.provider().query_order(order.id).await;
        // A call of the platform's own that began before may end after this one; the next look tells.
        let body = health(&world, "degraded").await;
        assert_eq!(body["checks"][name]["status"], "degraded");
        assert_eq!(body["checks"][name]["last_failure_at"], json!(world.now()));
        world.sandbox().set_fault(world.channel(), Fault::None);
        world.provider().query_order(order.id).await.unwrap();
        let body = health(&world, "healthy").await;
        assert_eq!(body["checks"][name]["last_success_at"], json!(world.now()));
    }
}
