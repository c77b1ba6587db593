//! The platform's ids and times on their way to a provider and back.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use office::payments::providers::{
    BillRow, BillRowKind, DayBill, Notification, OrderState, PaymentMethod, RefundState, order_number,
};

use super::world::{World, done, for_both};

/// The day of all worlds.
const DAY: Date = date(2026, 11, 24);

for_both! {
    async fn what_was_paid_and_went_back_comes_back_under_our_ids(world: World) {
        let (order, payment) = world.paid().await;
        let letter = world.sandbox().letter(world.channel(), &order_number(order.id), None).unwrap();
        let told = world.provider().read_notification(&letter.headers, &letter.body).await;
        let state = OrderState::Paid(payment.clone());
        assert_eq!(told, Ok(Notification::Order { order_id: order.id, state }));
        let refund = world.refund(&order, &payment, 1_234);
        done(world.provider().refund(&refund).await);
        let letter = world.sandbox().letter(world.channel(), &order_number(order.id), None).unwrap();
        let told = world.provider().read_notification(&letter.headers, &letter.body).await.unwrap();
        // A notice of Alipay's is about the refund from now on.
        if let Notification::Refund { number, notice } = told {
            assert_eq!(number, refund.number);
            assert_eq!(notice.check(&refund.for_provider()), Ok(()));
        }
        world.advance(SignedDuration::from_hours(24));
        let state = world.provider().query_refund(&refund).await.unwrap();
        assert!(matches!(state, RefundState::Completed { .. }), "{state:?}");
        let paid = BillRow {
            kind: BillRowKind::Payment,
            order_id: Some(order.id),
            out_trade_no: order_number(order.id),
            transaction_id: payment.transaction_id,
            amount: order.amount,
            refund_number: None,
            at: payment.paid_at,
        };
        let refunded = BillRow {
            kind: BillRowKind::Refund,
            amount: refund.amount,
            refund_number: Some(refund.number),
            ..paid.clone()
        };
        assert_eq!(world.provider().bill(DAY).await, Ok(DayBill::Rows(vec![paid, refunded])));
    }

    async fn that_nothing_happened_is_believed_of_alipay_on_the_day_after_the_next(world: World) {
        world.created().await;
        assert_eq!(world.provider().bill(DAY).await, Ok(DayBill::NotReady));
        world.advance(SignedDuration::from_hours(24));
        let first = match world.method {
            PaymentMethod::Wechat => DayBill::Rows(vec![]),
            PaymentMethod::Alipay => DayBill::NotReady,
        };
        assert_eq!(world.provider().bill(DAY).await, Ok(first));
        world.advance(SignedDuration::from_hours(24));
        assert_eq!(world.provider().bill(DAY).await, Ok(DayBill::Rows(vec![])));
    }
}
