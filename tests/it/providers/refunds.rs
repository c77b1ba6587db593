//! Refunds: whole, in parts, repeated, too much.

use jiff::SignedDuration;
use money::Fen;
use office::payments::providers::{OrderState, Outcome, PaymentMethod, RefundState};

use super::world::{World, done, for_both};

for_both! {
    async fn a_refund_is_made_and_the_order_stays_paid(world: World) {
        let (order, payment) = world.paid().await;
        let refund = world.refund(&order, &payment, 5_000);
        let accepted = done(world.provider().refund(&refund).await);
        // WeChat Pay takes a second; Alipay moves the money at once.
        match world.method {
            PaymentMethod::Wechat => assert!(matches!(accepted, RefundState::Processing { .. }), "{accepted:?}"),
            PaymentMethod::Alipay => assert!(matches!(accepted, RefundState::Completed { .. }), "{accepted:?}"),
        }
        world.advance(SignedDuration::from_secs(1));
        match done(world.provider().query_refund(&refund).await) {
            RefundState::Completed { provider_refund_id } => {
                assert_eq!(provider_refund_id.is_some(), world.method == PaymentMethod::Wechat);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(done(world.provider().query_order(order.id).await), OrderState::Paid(payment));
    }

    async fn a_repeated_number_makes_no_second_refund(world: World) {
        let (order, payment) = world.paid().await;
        let refund = world.refund(&order, &payment, 3_000);
        done(world.provider().refund(&refund).await);
        world.advance(SignedDuration::from_mins(2));
        let again = done(world.provider().refund(&refund).await);
        assert!(matches!(again, RefundState::Completed { .. }), "{again:?}");
        // Had it been made twice, there would not be so much left.
        let rest = world.refund(&order, &payment, 2_000);
        done(world.provider().refund(&rest).await);
        let more = world.refund(&order, &payment, 1);
        world.advance(SignedDuration::from_mins(2));
        assert!(matches!(world.provider().refund(&more).await, Outcome::Refused(_)));
    }

    async fn a_repeated_number_with_another_amount_is_refused(world: World) {
        let (order, payment) = world.paid().await;
        let mut refund = world.refund(&order, &payment, 3_000);
        done(world.provider().refund(&refund).await);
        refund.amount = Fen::new(2_999);
        assert!(matches!(world.provider().refund(&refund).await, Outcome::Refused(_)));
        assert!(matches!(world.provider().query_refund(&refund).await, Outcome::Unknown(_)));
    }

    async fn more_than_was_paid_is_refused(world: World) {
        let (order, payment) = world.paid().await;
        let refund = world.refund(&order, &payment, 5_001);
        assert!(matches!(world.provider().refund(&refund).await, Outcome::Refused(_)));
    }

    async fn a_refund_nobody_asked_for_is_absent(world: World) {
        let (order, payment) = world.paid().await;
        let refund = world.refund(&order, &payment, 5_000);
        assert_eq!(done(world.provider().query_refund(&refund).await), RefundState::Absent);
    }
}
