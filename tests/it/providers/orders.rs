//! Orders: made, repeated, paid, failed, closed.

use jiff::SignedDuration;
use money::Fen;
use office::payments::providers::{OrderState, Outcome, PaymentMethod};
use pay_sandbox::PaymentResult;

use super::world::{World, done, for_both};

for_both! {
    async fn an_order_gives_a_code_and_repeating_it_another(world: World) {
        let order = world.new_order();
        let first = done(world.provider().create_order(&order).await);
        let second = done(world.provider().create_order(&order).await);
        assert!(world.is_code(&first) && world.is_code(&second) && first != second);
    }

    async fn the_same_number_with_other_values_is_refused(world: World) {
        let mut order = world.created().await;
        order.amount = Fen::new(5_001);
        let outcome = world.provider().create_order(&order).await;
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }

    async fn an_order_nobody_made_is_absent(world: World) {
        let order = world.new_order();
        assert_eq!(done(world.provider().query_order(order.id).await), OrderState::Absent);
        assert_eq!(done(world.provider().close_order(order.id).await), OrderState::Absent);
    }

    async fn an_order_is_open_until_it_is_paid(world: World) {
        let order = world.created().await;
        // At Alipay there is no trade before somebody scans the code.
        let unscanned = match world.method {
            PaymentMethod::Wechat => OrderState::Open,
            PaymentMethod::Alipay => OrderState::Absent,
        };
        assert_eq!(done(world.provider().query_order(order.id).await), unscanned);
        world.scan(&order);
        assert_eq!(done(world.provider().query_order(order.id).await), OrderState::Open);
        world.pay(&order, PaymentResult::SuccessWithoutNotify);
        let OrderState::Paid(payment) = done(world.provider().query_order(order.id).await) else {
            panic!("paid")
        };
        assert_eq!((payment.amount, payment.paid_at), (order.amount, world.now()));
        assert!(!payment.transaction_id.is_empty());
    }

    async fn a_paid_order_stays_paid_whatever_is_asked(world: World) {
        let (order, payment) = world.paid().await;
        let paid = OrderState::Paid(payment);
        assert_eq!(done(world.provider().close_order(order.id).await), paid);
        let repeated = world.provider().create_order(&order).await;
        assert!(matches!(repeated, Outcome::Refused(_)), "{repeated:?}");
        world.advance(SignedDuration::from_hours(1));
        assert_eq!(done(world.provider().query_order(order.id).await), paid);
    }

    async fn a_closed_order_stays_closed_and_cannot_be_paid(world: World) {
        let order = world.created().await;
        world.scan(&order);
        assert_eq!(done(world.provider().close_order(order.id).await), OrderState::Closed);
        assert_eq!(done(world.provider().close_order(order.id).await), OrderState::Closed);
        assert_eq!(done(world.provider().query_order(order.id).await), OrderState::Closed);
        let number = office::payments::providers::order_number(order.id);
        assert!(world.sandbox().pay(world.channel(), &number, PaymentResult::Success).is_err());
    }

    async fn a_failed_payment_ends_the_order(world: World) {
        let order = world.created().await;
        world.pay(&order, PaymentResult::Failed);
        // Alipay closes the trade and has no word for why.
        let ended = match world.method {
            PaymentMethod::Wechat => OrderState::Failed,
            PaymentMethod::Alipay => OrderState::Closed,
        };
        assert_eq!(done(world.provider().query_order(order.id).await), ended);
    }

    async fn an_order_cannot_be_paid_after_its_time(world: World) {
        let order = world.created().await;
        let number = office::payments::providers::order_number(order.id);
        world.advance(SignedDuration::from_mins(15));
        assert!(world.sandbox().pay(world.channel(), &number, PaymentResult::Success).is_err());
    }

    async fn a_value_no_provider_takes_is_refused_before_it_is_sent(world: World) {
        let mut order = world.new_order();
        order.amount = Fen::ZERO;
        assert!(matches!(world.provider().create_order(&order).await, Outcome::Refused(_)));
    }
}

#[tokio::test]
async fn an_alipay_code_that_nobody_scanned_can_be_paid_after_the_order_was_closed() {
    let world = World::start(PaymentMethod::Alipay).await;
    let order = world.created().await;
    assert_eq!(done(world.provider().close_order(order.id).await), OrderState::Absent);
    world.pay(&order, PaymentResult::SuccessWithoutNotify);
    assert!(matches!(done(world.provider().query_order(order.id).await), OrderState::Paid(_)));
}
