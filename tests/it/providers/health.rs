//! `/health` tells of the providers what the calls to them told.

use pay_sandbox::{Channel, Fault};
use serde_json::json;

use super::world::{World, done, for_both};

for_both! {
    async fn a_provider_that_is_away_degrades_the_platform_until_it_answers_again(world: World) {
        let name = match world.channel() {
            Channel::Wechat => "wechat_pay",
            Channel::Alipay => "alipay",
        };
        let order = world.created().await;
        world.sandbox().set_fault(world.channel(), Fault::Down);
        let _ = world.provider().query_order(order.id).await;
        let (status, body) = world.server.visit("/health").await.into_parts();
        assert_eq!((status, &body["status"]), (200, &json!("degraded")));
        assert_eq!(body["checks"][name]["status"], "degraded");
        assert_eq!(body["checks"][name]["last_failure_at"], json!(world.now()));
        world.sandbox().set_fault(world.channel(), Fault::None);
        done(world.provider().query_order(order.id).await);
        let (_, body) = world.server.visit("/health").await.into_parts();
        assert_eq!(body["status"], "healthy");
        assert_eq!(body["checks"][name]["last_success_at"], json!(world.now()));
    }
}
