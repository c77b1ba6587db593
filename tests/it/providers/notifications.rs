//! Notifications: genuine ones, and all kinds that are not.

use axum::http::HeaderMap;
use office::payments::providers::{Disbelief, Notification, OrderState, PaymentMethod, order_number};
use pay_sandbox::Forgery;

use super::world::{World, for_both};

impl World {
    /// What the adapter makes of a notice about a paid order.
    async fn read(&self, forgery: Option<Forgery>) -> (Result<Notification, Disbelief>, Notification) {
        let (order, payment) = self.paid().await;
        let letter = self.sandbox().letter(self.channel(), &order_number(order.id), forgery).unwrap();
        let read = self.provider().read_notification(&letter.headers, &letter.body).await;
        (read, Notification::Order { order_id: order.id, state: OrderState::Paid(payment) })
    }
}

for_both! {
    async fn a_genuine_notification_tells_of_the_payment(world: World) {
        let (read, genuine) = world.read(None).await;
        assert_eq!(read, Ok(genuine));
    }

    async fn a_forged_notification_is_not_believed(world: World) {
        for forgery in
            [Forgery::SignTest, Forgery::WrongSignature, Forgery::UnknownKey, Forgery::TamperedAmount]
        {
            let (read, _) = world.read(Some(forgery)).await;
            assert!(matches!(read, Err(Disbelief::NotGenuine(_))), "{forgery:?}: {read:?}");
        }
    }

    async fn a_notification_for_another_merchant_is_not_ours(world: World) {
        let (read, _) = world.read(Some(Forgery::OtherMerchant)).await;
        assert!(matches!(read, Err(Disbelief::NotOurs(_))), "{read:?}");
    }

    async fn an_old_signature_is_refused_where_it_has_a_time(world: World) {
        let (read, genuine) = world.read(Some(Forgery::Stale)).await;
        match world.method {
            PaymentMethod::Wechat => assert!(matches!(read, Err(Disbelief::NotGenuine(_))), "{read:?}"),
            // Alipay repeats a notification for a day, and its signature has no time: it says the same again.
            PaymentMethod::Alipay => assert_eq!(read, Ok(genuine)),
        }
    }

    async fn what_is_no_notification_at_all_is_not_believed(world: World) {
        for body in [&b""[..], b"{}", b"sign=x&sign_type=RSA2", b"\xff\xfe"] {
            let read = world.provider().read_notification(&HeaderMap::new(), body).await;
            assert!(matches!(read, Err(Disbelief::NotGenuine(_))), "{read:?}");
        }
    }
}
