//! The bill of a day, and what can be wrong with one.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use money::Fen;
use pay_protocol::{Bill, BillRow, BillRowKind, DayBill, Doubt};
use pay_sandbox::{Difference, DifferenceKind, Fault};

use super::{Bench, for_both};
use crate::outcomes::Succeeded as _;

/// The day on which each bench starts, at 08:00.
const DAY: Date = date(2026, 6, 1);
/// To 10:00 of the next.
const READY: SignedDuration = SignedDuration::from_hours(26);

impl Bench {
    async fn bill(&self) -> Bill {
        match self.provider.bill(DAY).await.done() {
            DayBill::Ready(bill) => bill,
            other => panic!("{other:?}"),
        }
    }

    fn plant(&self, number: &str, kind: DifferenceKind) {
        let (channel, out_trade_no) = (self.channel, number.to_owned());
        self.world.sandbox.plant(Difference { channel, out_trade_no, kind });
    }
}

for_both! {
    async fn a_bill_has_the_payments_and_refunds_of_its_day(bench: Bench) {
        let payment = bench.paid("T00001").await;
        bench.created("T00002").await;
        bench.advance(SignedDuration::from_mins(5));
        let refund = bench.refund("T00001", &payment, "R1", 1_234);
        bench.provider.refund(&refund).await.done();
        bench.advance(READY);
        let paid = BillRow {
            kind: BillRowKind::Payment,
            out_trade_no: "T00001".to_owned(),
            transaction_id: payment.transaction_id,
            amount: payment.amount,
            out_refund_no: None,
            at: payment.paid_at,
        };
        let refunded = BillRow {
            kind: BillRowKind::Refund,
            amount: refund.amount,
            out_refund_no: Some("R1".to_owned()),
            at: payment.paid_at.checked_add(SignedDuration::from_mins(5)).unwrap(),
            ..paid.clone()
        };
        assert_eq!(bench.bill().await, Bill { rows: vec![paid, refunded], of_other_applications: vec![] });
    }

    async fn no_bill_is_an_empty_one_only_where_a_late_one_is_called_otherwise(bench: Bench) {
        bench.created("T00001").await;
        bench.advance(READY);
        let none = if bench.is_wechat() { DayBill::Ready(Bill::default()) } else { DayBill::Absent };
        assert_eq!(bench.provider.bill(DAY).await, Ok(none));
    }

    async fn a_late_bill_is_not_an_empty_one_and_comes(bench: Bench) {
        bench.paid("T00001").await;
        bench.advance(READY);
        bench.fault(Fault::BillLate);
        // Alipay has one word for "late" and "none".
        let late = if bench.is_wechat() { DayBill::NotReady } else { DayBill::Absent };
        assert_eq!(bench.provider.bill(DAY).await, Ok(late));
        bench.fault(Fault::QueryRefused);
        assert!(matches!(bench.provider.bill(DAY).await, Err(Doubt::Undecided(_))));
        bench.fault(Fault::None);
        assert_eq!(bench.bill().await.rows.len(), 1);
    }

    async fn planted_differences_are_in_the_bill(bench: Bench) {
        bench.paid("T00001").await;
        let payment = bench.paid("T00002").await;
        bench.plant("T00001", DifferenceKind::Missing);
        bench.plant("T00002", DifferenceKind::Amount(4_999));
        bench.plant("T00009", DifferenceKind::Extra(700, payment.paid_at));
        bench.advance(READY);
        let bill = bench.bill().await;
        let told: Vec<_> =
            bill.rows.iter().map(|row| (row.out_trade_no.as_str(), row.amount.get())).collect();
        assert_eq!(told, [("T00002", 4_999), ("T00009", 700)]);
    }

    async fn a_payment_that_was_taken_back_is_no_payment(bench: Bench) {
        bench.paid("T00001").await;
        bench.plant("T00001", DifferenceKind::Revoked);
        bench.advance(READY);
        let bill = bench.bill().await;
        let kind = match bench.is_wechat() {
            true => BillRowKind::Revocation,
            false => BillRowKind::Other("撤销".to_owned()),
        };
        let [row] = bill.rows.as_slice() else { panic!("{bill:?}") };
        assert_eq!((&row.kind, row.amount), (&kind, Fen::new(5_000)));
    }

    async fn rows_of_another_application_are_told_apart_where_the_bill_names_it(bench: Bench) {
        let payment = bench.paid("T00001").await;
        bench.plant("X00009", DifferenceKind::OtherApplication(700, payment.paid_at));
        bench.advance(READY);
        let bill = bench.bill().await;
        let numbers = |rows: &[BillRow]| rows.iter().map(|row| row.out_trade_no.clone()).collect::<Vec<_>>();
        match bench.is_wechat() {
            true => {
                assert_eq!(numbers(&bill.rows), ["T00001"]);
                assert_eq!(numbers(&bill.of_other_applications), ["X00009"]);
            }
            false => assert_eq!(numbers(&bill.rows), ["T00001", "X00009"]),
        }
    }
}
