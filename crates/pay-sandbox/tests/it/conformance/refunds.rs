//! Refunds: whole, in parts, repeated, too much, stuck on their way.

use jiff::SignedDuration;
use money::Fen;
use pay_protocol::{AbnormalDestination, Doubt, OrderState, Outcome, RefundState, RefusalReason, Returned};
use pay_sandbox::{Fault, PaymentResult};

use super::{Bench, for_both};
use crate::outcomes::Succeeded as _;

fn is_completed(state: &RefundState) -> bool {
    matches!(state, RefundState::Completed { .. })
}

for_both! {
    async fn a_refund_is_made_and_the_order_stays_paid(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 5_000);
        let accepted = bench.provider.refund(&refund).await.done();
        // WeChat Pay takes a second; Alipay moves the money at once.
        match bench.is_wechat() {
            true => assert!(matches!(accepted, RefundState::Processing { .. }), "{accepted:?}"),
            false => assert!(is_completed(&accepted), "{accepted:?}"),
        }
        bench.advance(SignedDuration::from_secs(1));
        match bench.provider.query_refund(&refund).await.done() {
            RefundState::Completed { provider_refund_id } => {
                assert_eq!(provider_refund_id.is_some(), bench.is_wechat());
            }
            other => panic!("{other:?}"),
        }
        let returned = if bench.is_wechat() { Returned::Something } else { Returned::Amount(Fen::new(5_000)) };
        let after = OrderState::Paid(pay_protocol::Payment { returned, ..payment });
        assert_eq!(bench.state("T00001").await, after);
    }

    async fn a_repeated_number_makes_no_second_refund(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 3_000);
        bench.provider.refund(&refund).await.done();
        bench.advance(SignedDuration::from_mins(2));
        assert!(is_completed(&bench.provider.refund(&refund).await.done()));
        // Had it been made twice, there would not be so much left.
        bench.provider.refund(&bench.refund("T00001", &payment, "R2", 2_000)).await.done();
        bench.advance(SignedDuration::from_mins(2));
        let more = bench.provider.refund(&bench.refund("T00001", &payment, "R3", 1)).await;
        assert!(matches!(more, Outcome::Refused(_)), "{more:?}");
    }

    async fn a_repeated_number_with_another_amount_is_not_taken_for_the_same(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let mut refund = bench.refund("T00001", &payment, "R1", 3_000);
        bench.provider.refund(&refund).await.done();
        refund.amount = Fen::new(2_999);
        let repeated = bench.provider.refund(&refund).await;
        assert!(!matches!(repeated, Outcome::Succeeded(_)), "{repeated:?}");
        assert_eq!(bench.provider.query_refund(&refund).await, Err(Doubt::OfAnother("amount")));
    }

    async fn a_refund_of_another_order_or_payment_is_not_taken_for_ours(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 3_000);
        bench.provider.refund(&refund).await.done();
        let mut other = refund.clone();
        other.out_trade_no = "T00002".to_owned();
        assert_eq!(bench.provider.query_refund(&other).await, Err(Doubt::OfAnother("number of the order")));
        let mut other = refund;
        other.transaction_id.replace_range(..1, "9");
        assert!(bench.provider.query_refund(&other).await.is_err());
    }

    async fn more_than_was_paid_is_refused(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 5_001);
        assert!(matches!(bench.provider.refund(&refund).await, Outcome::Refused(_)));
    }

    async fn a_refused_repetition_is_doubt_because_the_first_call_may_have_paid(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let mut refund = bench.refund("T00001", &payment, "R1", 5_001);
        refund.sent_before = true;
        let repeated = bench.provider.refund(&refund).await;
        assert!(matches!(repeated, Outcome::Unknown(Doubt::Undecided(_))), "{repeated:?}");
        refund.amount = Fen::new(5_000);
        bench.fault(Fault::RefundNotEnough);
        let Outcome::Unknown(doubt) = bench.provider.refund(&refund).await else { panic!() };
        assert_eq!(doubt.refusal().unwrap().reason, RefusalReason::NotEnoughMoney);
    }

    async fn a_refund_nobody_asked_for_is_absent(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 5_000);
        assert_eq!(bench.provider.query_refund(&refund).await, Ok(RefundState::Absent));
    }

    async fn a_refund_without_money_is_refused_for_that_and_made_once_there_is_some(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 5_000);
        bench.fault(Fault::RefundNotEnough);
        match bench.provider.refund(&refund).await {
            Outcome::Refused(refusal) => assert_eq!(refusal.reason, RefusalReason::NotEnoughMoney),
            other => panic!("{other:?}"),
        }
        assert_eq!(bench.provider.query_refund(&refund).await, Ok(RefundState::Absent));
        bench.fault(Fault::None);
        bench.provider.refund(&refund).await.done();
        assert_ne!(bench.provider.query_refund(&refund).await, Ok(RefundState::Absent));
    }
}

#[tokio::test]
async fn a_refund_that_the_payers_account_cannot_take_is_on_its_way_until_it_is_sent_on() {
    let bench = Bench::wechat().await;
    let payment = bench.paid("T00001").await;
    let refund = bench.refund("T00001", &payment, "R1", 5_000);
    bench.fault(Fault::RefundAbnormal);
    let accepted = bench.provider.refund(&refund).await.done();
    assert!(matches!(accepted, RefundState::Processing { .. }), "{accepted:?}");
    bench.advance(SignedDuration::from_secs(1));
    let RefundState::Abnormal { provider_refund_id } = bench.provider.query_refund(&refund).await.done()
    else {
        panic!()
    };
    let told = bench.world.notice().await;
    let told = bench.provider.read_notification(&told.headers, &told.body).await.unwrap();
    assert!(matches!(told.refund.unwrap().state, RefundState::Abnormal { .. }));
    let card = AbnormalDestination::PayersBankCard {
        bank: "ICBC_DEBIT".to_owned(),
        account: "6222021234567890".to_owned(),
        name: "张三".to_owned(),
    };
    let send_on = || bench.provider.apply_abnormal_refund(&refund, &provider_refund_id, &card);
    assert!(matches!(send_on().await.done(), RefundState::Processing { .. }));
    bench.advance(SignedDuration::from_secs(1));
    assert!(is_completed(&bench.provider.query_refund(&refund).await.done()));
    let told = bench.world.notice().await;
    let told = bench.provider.read_notification(&told.headers, &told.body).await.unwrap();
    let notice = told.refund.unwrap();
    assert_eq!(notice.check(&refund), Ok(()));
    assert!(is_completed(&notice.state));
    assert!(matches!(send_on().await, Outcome::Refused(_)), "it is not abnormal any more");
}

#[tokio::test]
async fn a_refund_that_alipay_accepts_and_does_not_make_can_be_asked_for_again() {
    let bench = Bench::alipay(pay_sandbox::AlipaySigner::PublicKey).await;
    let payment = bench.paid("T00001").await;
    let refund = bench.refund("T00001", &payment, "R1", 5_000);
    bench.fault(Fault::RefundAbnormal);
    let accepted = bench.provider.refund(&refund).await.done();
    assert!(matches!(accepted, RefundState::Processing { .. }), "{accepted:?}");
    assert_eq!(bench.provider.query_refund(&refund).await, Ok(RefundState::Absent));
    let destination = AbnormalDestination::MerchantsBankAccount;
    let sent_on = bench.provider.apply_abnormal_refund(&refund, "1", &destination).await;
    assert!(matches!(sent_on, Outcome::Refused(_)));
    bench.fault(Fault::None);
    assert!(is_completed(&bench.provider.refund(&refund).await.done()));
}

#[tokio::test]
async fn a_refund_by_the_merchants_staff_is_told_with_its_order() {
    let bench = Bench::alipay(pay_sandbox::AlipaySigner::PublicKey).await;
    bench.created("T00001").await;
    bench.pay("T00001", PaymentResult::SuccessThenReturned);
    let told = bench.world.notice().await;
    let told = bench.provider.read_notification(&told.headers, &told.body).await.unwrap();
    assert!(told.refund.unwrap().out_refund_no.starts_with("STAFF"));
    let OrderState::Paid(payment) = told.order.unwrap().state else { panic!() };
    assert_eq!(payment.returned, Returned::Amount(payment.amount));
}
