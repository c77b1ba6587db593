//! The bill of a day, and what can be wrong with one.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use office::payments::providers::{BillRow, BillRowKind, DayBill, order_number};
use pay_sandbox::{Difference, DifferenceKind};

use super::world::{World, done, for_both};

/// The day of all worlds.
const DAY: Date = date(2026, 11, 24);

impl World {
    /// The rows of the day, asked for at 10:00 of the next.
    async fn rows(&self) -> Vec<BillRow> {
        match done(self.provider().bill(DAY).await) {
            DayBill::Rows(rows) => rows,
            DayBill::NotReady => panic!("the bill is ready"),
        }
    }
}

for_both! {
    async fn a_bill_has_the_payments_and_refunds_of_its_day(world: World) {
        let (order, payment) = world.paid().await;
        world.created().await;
        world.advance(SignedDuration::from_mins(5));
        let refund = world.refund(&order, &payment, 1_234);
        done(world.provider().refund(&refund).await);
        assert_eq!(done(world.provider().bill(DAY).await), DayBill::NotReady);
        world.advance(SignedDuration::from_mins(24 * 60 - 6));
        assert_eq!(done(world.provider().bill(DAY).await), DayBill::NotReady);
        world.advance(SignedDuration::from_mins(1));
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
            at: payment.paid_at.plus(SignedDuration::from_mins(5)),
            ..paid.clone()
        };
        assert_eq!(world.rows().await, [paid, refunded]);
    }

    async fn a_day_without_payments_has_no_rows(world: World) {
        world.created().await;
        world.advance(SignedDuration::from_hours(48));
        assert_eq!(world.rows().await, []);
    }

    async fn planted_differences_are_in_the_bill(world: World) {
        let (missing, _) = world.paid().await;
        let (changed, payment) = world.paid().await;
        let plant = |out_trade_no: &str, kind| {
            let (channel, out_trade_no) = (world.channel(), out_trade_no.to_owned());
            world.sandbox().plant(Difference { channel, out_trade_no, kind });
        };
        plant(&order_number(missing.id), DifferenceKind::Missing);
        plant(&order_number(changed.id), DifferenceKind::Amount(4_999));
        plant("T00001", DifferenceKind::Extra(700, payment.paid_at.timestamp()));
        world.advance(SignedDuration::from_hours(24));
        let rows = world.rows().await;
        let told: Vec<_> =
            rows.iter().map(|row| (row.out_trade_no.as_str(), row.order_id, row.amount.get())).collect();
        let number = order_number(changed.id);
        assert_eq!(told, [(number.as_str(), Some(changed.id), 4_999), ("T00001", None, 700)]);
    }
}
