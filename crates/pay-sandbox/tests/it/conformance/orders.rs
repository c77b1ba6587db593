//! Orders: made, repeated, paid, failed, closed.

use jiff::SignedDuration;
use money::Fen;
use pay_protocol::{OrderState, Outcome, Returned};
use pay_sandbox::PaymentResult;

use super::{Bench, for_both};
use crate::outcomes::Succeeded as _;

for_both! {
    async fn an_order_gives_a_code_and_repeating_it_another(bench: Bench) {
        let order = bench.order("T00001");
        let first = bench.provider.create_order(&order).await.done();
        let second = bench.provider.create_order(&order).await.done();
        assert!(bench.is_code(&first) && bench.is_code(&second) && first != second);
    }

    async fn the_same_number_with_other_values_is_refused(bench: Bench) {
        let mut order = bench.created("T00001").await;
        order.amount = Fen::new(5_001);
        let outcome = bench.provider.create_order(&order).await;
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }

    async fn an_order_nobody_made_is_absent(bench: Bench) {
        assert_eq!(bench.state("T00001").await, OrderState::Absent);
        assert_eq!(bench.provider.close_order("T00001").await.done(), OrderState::Absent);
    }

    async fn an_order_is_open_until_it_is_paid(bench: Bench) {
        let order = bench.created("T00001").await;
        // At Alipay there is no trade before somebody scans the code.
        let unscanned = if bench.is_wechat() { OrderState::Open } else { OrderState::Absent };
        assert_eq!(bench.state("T00001").await, unscanned);
        bench.world.sandbox.scan(bench.channel, "T00001");
        assert_eq!(bench.state("T00001").await, OrderState::Open);
        bench.pay("T00001", PaymentResult::SuccessWithoutNotify);
        let payment = bench.payment("T00001").await;
        assert_eq!((payment.amount, payment.paid_at), (order.amount, bench.world.clock.time()));
        assert_eq!(payment.returned, Returned::Nothing);
        assert!(!payment.transaction_id.is_empty());
    }

    async fn a_paid_order_stays_paid_whatever_is_asked(bench: Bench) {
        let paid = OrderState::Paid(bench.paid("T00001").await);
        assert_eq!(bench.provider.close_order("T00001").await.done(), paid);
        let repeated = bench.provider.create_order(&bench.order("T00001")).await;
        assert!(matches!(repeated, Outcome::Refused(_)), "{repeated:?}");
        bench.advance(SignedDuration::from_hours(1));
        assert_eq!(bench.state("T00001").await, paid);
    }

    async fn a_closed_order_stays_closed_and_cannot_be_paid(bench: Bench) {
        bench.created("T00001").await;
        bench.world.sandbox.scan(bench.channel, "T00001");
        assert_eq!(bench.provider.close_order("T00001").await.done(), OrderState::Closed);
        assert_eq!(bench.provider.close_order("T00001").await.done(), OrderState::Closed);
        assert_eq!(bench.state("T00001").await, OrderState::Closed);
        assert!(bench.world.sandbox.pay(bench.channel, "T00001", PaymentResult::Success).is_err());
    }

    async fn a_failed_payment_ends_the_order(bench: Bench) {
        bench.created("T00001").await;
        bench.pay("T00001", PaymentResult::Failed);
        // Alipay closes the trade and has no word for why.
        let ended = if bench.is_wechat() { OrderState::Failed } else { OrderState::Closed };
        assert_eq!(bench.state("T00001").await, ended);
    }

    async fn an_order_cannot_be_paid_after_its_time(bench: Bench) {
        bench.created("T00001").await;
        bench.advance(SignedDuration::from_mins(15));
        assert!(bench.world.sandbox.pay(bench.channel, "T00001", PaymentResult::Success).is_err());
    }

    async fn a_value_no_provider_takes_is_refused_before_it_is_sent(bench: Bench) {
        let mut order = bench.order("T00001");
        order.amount = Fen::ZERO;
        assert!(matches!(bench.provider.create_order(&order).await, Outcome::Refused(_)));
    }

    async fn money_that_went_back_at_once_is_told_with_the_payment(bench: Bench) {
        bench.created("T00001").await;
        bench.pay("T00001", PaymentResult::SuccessThenReturned);
        let payment = bench.payment("T00001").await;
        // WeChat's query does not say how much.
        let returned = if bench.is_wechat() { Returned::Something } else { Returned::Amount(Fen::new(5_000)) };
        assert_eq!((payment.amount, payment.returned), (Fen::new(5_000), returned));
    }
}

#[tokio::test]
async fn an_alipay_code_that_nobody_scanned_can_be_paid_after_the_order_was_closed() {
    let bench = Bench::alipay(pay_sandbox::AlipaySigner::PublicKey).await;
    bench.created("T00001").await;
    assert_eq!(bench.provider.close_order("T00001").await.done(), OrderState::Absent);
    bench.pay("T00001", PaymentResult::SuccessWithoutNotify);
    assert_eq!(bench.payment("T00001").await.amount, Fen::new(5_000));
}
