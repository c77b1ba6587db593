//! The sandbox's console, as it is reached through the platform.

use office::key_rotation::rotate;
use office::payments::providers::{NewOrder, OrderState, Outcome, PaymentMethod, RefundState};
use office::payments::sandbox::keys;
use platform::security::crypt::Cipher;
use secrecy::SecretString;
use serde_json::json;

use super::world::{World, done, for_both};
use crate::harness::{Answer, MASTER_KEY, Server, cipher, start_at};

/// Another master key.
const OTHER_KEY: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

for_both! {
    async fn the_payer_is_played_on_the_page_of_the_order(world: World) {
        let order = world.created().await;
        let page = world.server.app.providers().payment_url(world.method, order.id).unwrap().to_string();
        assert!(page.starts_with(&world.server.base_url), "{page}");
        let shown = world.server.client.get(&page).send().await.unwrap();
        assert_eq!(shown.status(), 200);
        assert!(shown.headers().contains_key("x-request-id"));
        assert!(shown.text().await.unwrap().contains("¥50.00"));
        let pay = |result: &str| {
            world.server.client.post(format!("{page}/pay")).json(&json!({ "result": result }))
        };
        let answer = world.server.send(pay("success_without_notify")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        assert!(matches!(world.provider().query_order(order.id).await.unwrap(), OrderState::Paid(_)));
        world.server.send(pay("success")).await.expect(400, "INVALID_PARAMS");
    }

    async fn its_refusals_have_the_shape_of_ours(world: World) {
        let server = &world.server;
        let post = |path: &str| server.client.post(format!("{}{path}", server.base_url));
        let faults = post("/sandbox/faults");
        server.send(faults.json(&json!({"channel": "cash", "fault": "none"}))).await.expect(400, "INVALID_PARAMS");
        let absent = server.app.providers().payment_url(world.method, world.new_order().id).unwrap();
        let pay = server.client.post(format!("{absent}/pay")).json(&json!({"result": "success"}));
        server.send(pay).await.expect(404, "RESOURCE_NOT_FOUND");
        let get = server.client.get(format!("{}/sandbox/faults", server.base_url));
        server.send(get).await.expect(405, "METHOD_NOT_ALLOWED");
    }
}

impl World {
    async fn play(&self, server: &Server, order: &NewOrder) -> Answer {
        let page = server.app.providers().payment_url(self.method, order.id).unwrap();
        let body = json!({"result": "success_without_notify"});
        server.send(server.client.post(format!("{page}/pay")).json(&body)).await
    }
}

for_both! {
    async fn what_one_instance_knows_all_know(world: World) {
        let twin = start_at(&world.server.database_url, world.clock.clone()).await;
        let order = world.created().await;
        assert_eq!(world.play(&twin, &order).await.status, 200);
        let OrderState::Paid(payment) = world.provider().query_order(order.id).await.unwrap() else {
            panic!("paid through the other instance")
        };
        let refund = world.refund(&order, &payment, 100);
        let provider = twin.app.providers().of(world.method).unwrap();
        done(provider.refund(&refund).await);
        assert_ne!(world.provider().query_refund(&refund).await.unwrap(), RefundState::Absent);
        let fault = json!({"channel": world.method, "fault": "down"});
        let faults = twin.client.post(format!("{}/sandbox/faults", twin.base_url)).json(&fault);
        assert_eq!(twin.send(faults).await.status, 200);
        assert!(world.provider().query_order(order.id).await.is_err());
    }

    async fn a_new_instance_knows_what_the_last_one_answered(world: World) {
        let order = world.created().await;
        assert_eq!(world.play(&world.server, &order).await.status, 200);
        // Not stopped: whatever it still has to do, it has answered already.
        let next = start_at(&world.server.database_url, world.clock.clone()).await;
        let provider = next.app.providers().of(world.method).unwrap();
        assert!(matches!(provider.query_order(order.id).await.unwrap(), OrderState::Paid(_)));
        let repeated = provider.create_order(&order).await;
        assert!(matches!(repeated, Outcome::Refused(_)), "{repeated:?}");
        // An order that is open can be repeated although the server listens on another port.
        let open = world.created().await;
        assert!(world.is_code(&done(provider.create_order(&open).await)));
    }
}

#[tokio::test]
async fn all_instances_on_a_database_have_the_same_keys() {
    let world = World::start(PaymentMethod::Wechat).await;
    let mut connection = world.server.owner().await;
    let load = async |connection: &mut sqlx::PgConnection| {
        keys::load(connection, &cipher(), world.now()).await.unwrap().to_pem().unwrap()
    };
    let kept = load(&mut connection).await;
    assert_eq!(load(&mut connection).await, kept);
    world.server.change(sqlx::query("DELETE FROM sandbox_keys")).await;
    assert_ne!(load(&mut connection).await, kept);
}

#[tokio::test]
async fn the_keys_are_sealed_again_with_the_other_secrets() {
    let world = World::start(PaymentMethod::Wechat).await;
    let mut connection = world.server.owner().await;
    let (old, new) = (SecretString::from(MASTER_KEY), SecretString::from(OTHER_KEY));
    let kept = keys::load(&mut connection, &cipher(), world.now()).await.unwrap().to_pem().unwrap();
    let both = Cipher::new(&new, Some(&old)).unwrap();
    assert_eq!(rotate(&mut connection, &both).await.unwrap(), 1);
    assert_eq!(rotate(&mut connection, &both).await.unwrap(), 0);
    let only = Cipher::new(&new, None).unwrap();
    let after = keys::load(&mut connection, &only, world.now()).await.unwrap().to_pem().unwrap();
    assert_eq!(after, kept);
    assert!(keys::load(&mut connection, &cipher(), world.now()).await.is_err());
}
