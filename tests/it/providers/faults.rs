//! Providers that are away, out of order, or do what is asked without saying so.

use jiff::SignedDuration;
use office::payments::providers::{OrderState, Outcome, PaymentMethod, RefundState, RefusalReason};
use pay_sandbox::Fault;

use super::world::{World, done, for_both};

/// Whether the outcome is unknown because the provider is away.
#[track_caller]
fn is_away<T: std::fmt::Debug>(outcome: &Outcome<T>) -> bool {
    match outcome {
        Outcome::Unknown(doubt) => doubt.is_away,
        other => panic!("{other:?}"),
    }
}

for_both! {
    async fn a_provider_that_is_down_or_out_of_order_is_away_and_has_done_nothing(world: World) {
        let (paid, payment) = world.paid().await;
        let refund = world.refund(&paid, &payment, 100);
        for fault in [Fault::Down, Fault::ServerError] {
            world.sandbox().set_fault(world.channel(), fault);
            let order = world.new_order();
            assert!(is_away(&world.provider().create_order(&order).await), "{fault:?}");
            assert!(is_away(&world.provider().query_order(paid.id).await), "{fault:?}");
            assert!(is_away(&world.provider().close_order(paid.id).await), "{fault:?}");
            assert!(is_away(&world.provider().refund(&refund).await), "{fault:?}");
            assert!(is_away(&world.provider().query_refund(&refund).await), "{fault:?}");
            world.sandbox().set_fault(world.channel(), Fault::None);
            assert_eq!(done(world.provider().query_order(order.id).await), OrderState::Absent);
        }
        assert_eq!(done(world.provider().query_refund(&refund).await), RefundState::Absent);
    }

    async fn an_answer_that_never_comes_leaves_the_outcome_unknown_and_the_deed_done(world: World) {
        let (paid, payment) = world.paid().await;
        let order = world.new_order();
        let refund = world.refund(&paid, &payment, 100);
        world.sandbox().set_fault(world.channel(), Fault::TimeoutAfterSuccess);
        let (created, refunded) =
            tokio::join!(world.provider().create_order(&order), world.provider().refund(&refund));
        assert!(!is_away(&created) && !is_away(&refunded));
        world.sandbox().set_fault(world.channel(), Fault::None);
        world.scan(&order);
        assert_eq!(done(world.provider().query_order(order.id).await), OrderState::Open);
        assert!(world.is_code(&done(world.provider().create_order(&order).await)));
        assert_ne!(done(world.provider().query_refund(&refund).await), RefundState::Absent);
    }

    async fn a_refund_without_money_is_refused_for_that_and_made_once_there_is_some(world: World) {
        let (order, payment) = world.paid().await;
        let refund = world.refund(&order, &payment, 5_000);
        world.sandbox().set_fault(world.channel(), Fault::RefundNotEnough);
        match world.provider().refund(&refund).await {
            Outcome::Refused(refusal) => assert_eq!(refusal.reason, RefusalReason::NotEnoughMoney),
            other => panic!("{other:?}"),
        }
        assert_eq!(done(world.provider().query_refund(&refund).await), RefundState::Absent);
        world.sandbox().set_fault(world.channel(), Fault::None);
        done(world.provider().refund(&refund).await);
        assert_ne!(done(world.provider().query_refund(&refund).await), RefundState::Absent);
    }
}

#[tokio::test]
async fn a_refund_that_wechat_cannot_deliver_fails() {
    let world = World::start(PaymentMethod::Wechat).await;
    let (order, payment) = world.paid().await;
    let refund = world.refund(&order, &payment, 5_000);
    world.sandbox().set_fault(world.channel(), Fault::RefundAbnormal);
    assert!(matches!(done(world.provider().refund(&refund).await), RefundState::Processing { .. }));
    world.advance(SignedDuration::from_secs(1));
    assert!(matches!(done(world.provider().query_refund(&refund).await), RefundState::Failed { .. }));
}

#[tokio::test]
async fn a_refund_that_alipay_accepts_and_does_not_make_can_be_asked_for_again() {
    let world = World::start(PaymentMethod::Alipay).await;
    let (order, payment) = world.paid().await;
    let refund = world.refund(&order, &payment, 5_000);
    world.sandbox().set_fault(world.channel(), Fault::RefundAbnormal);
    assert!(matches!(done(world.provider().refund(&refund).await), RefundState::Processing { .. }));
    assert_eq!(done(world.provider().query_refund(&refund).await), RefundState::Absent);
    world.sandbox().set_fault(world.channel(), Fault::None);
    assert!(matches!(done(world.provider().refund(&refund).await), RefundState::Completed { .. }));
}
