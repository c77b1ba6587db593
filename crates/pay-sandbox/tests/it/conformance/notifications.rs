//! Notifications: genuine ones, and all kinds that are not.

use http::HeaderMap;
use money::Fen;
use pay_protocol::{Disbelief, Notification, OrderNotice, OrderState, RefundState, Returned};
use pay_sandbox::{Forgery, PaymentResult};

use super::{Bench, for_both};
use crate::outcomes::Succeeded as _;

impl Bench {
    /// What the adapter makes of a notice about a paid order, and what the genuine one says.
    async fn read(&self, forgery: Option<Forgery>) -> (Result<Notification, Disbelief>, Notification) {
        let payment = self.paid("T00001").await;
        let letter = self.world.sandbox.letter(self.channel, "T00001", forgery).unwrap();
        let read = self.provider.read_notification(&letter.headers, &letter.body).await;
        let (out_trade_no, state) = ("T00001".to_owned(), OrderState::Paid(payment));
        (read, Notification { order: Some(OrderNotice { out_trade_no, state }), refund: None })
    }

    async fn next(&self) -> Notification {
        let come = self.world.notice().await;
        self.provider.read_notification(&come.headers, &come.body).await.unwrap()
    }
}

for_both! {
    async fn a_genuine_notification_tells_of_the_payment(bench: Bench) {
        let (read, genuine) = bench.read(None).await;
        assert_eq!(read, Ok(genuine));
    }

    async fn a_forged_notification_is_not_believed(bench: Bench) {
        bench.paid("T00001").await;
        for forgery in
            [Forgery::SignTest, Forgery::WrongSignature, Forgery::UnknownKey, Forgery::TamperedAmount]
        {
            let letter = bench.world.sandbox.letter(bench.channel, "T00001", Some(forgery)).unwrap();
            let read = bench.provider.read_notification(&letter.headers, &letter.body).await;
            assert!(matches!(read, Err(Disbelief::NotGenuine(_))), "{forgery:?}: {read:?}");
        }
    }

    async fn a_notification_for_another_merchant_is_not_ours(bench: Bench) {
        let (read, _) = bench.read(Some(Forgery::OtherMerchant)).await;
        assert!(matches!(read, Err(Disbelief::NotOurs(_))), "{read:?}");
    }

    async fn an_old_signature_is_refused_where_it_has_a_time(bench: Bench) {
        let (read, genuine) = bench.read(Some(Forgery::Stale)).await;
        match bench.is_wechat() {
            true => assert!(matches!(read, Err(Disbelief::NotGenuine(_))), "{read:?}"),
            // Alipay repeats a notification for a day, and its signature has no time: it says the same again.
            false => assert_eq!(read, Ok(genuine)),
        }
    }

    async fn what_is_no_notification_at_all_is_not_believed(bench: Bench) {
        for body in [&b""[..], b"{}", b"sign=x&sign_type=RSA2", b"\xff\xfe"] {
            let read = bench.provider.read_notification(&HeaderMap::new(), body).await;
            assert!(matches!(read, Err(Disbelief::NotGenuine(_))), "{read:?}");
        }
    }

    async fn money_that_went_back_at_once_is_told_with_the_payment(bench: Bench) {
        bench.created("T00001").await;
        bench.pay("T00001", PaymentResult::SuccessThenReturned);
        let OrderState::Paid(payment) = bench.next().await.order.unwrap().state else { panic!() };
        let returned = if bench.is_wechat() { Returned::Something } else { Returned::Amount(Fen::new(5_000)) };
        assert_eq!((payment.amount, payment.returned), (Fen::new(5_000), returned));
    }

    async fn a_notification_of_a_refund_can_be_compared_with_it(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 4_000);
        bench.provider.refund(&refund).await.done();
        bench.advance(jiff::SignedDuration::from_secs(1));
        let notice = bench.next().await.refund.unwrap();
        assert!(matches!(notice.state, RefundState::Completed { .. }), "{notice:?}");
        assert_eq!(notice.check(&refund), Ok(()));
        let larger = bench.refund("T00001", &payment, "R1", 4_001);
        assert!(notice.check(&larger).is_err());
    }
}
