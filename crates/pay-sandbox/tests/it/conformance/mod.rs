//! What every provider has to do, whichever it is: one suite for both adapters, against the sandbox.

mod bills;
mod doubt;
mod notifications;
mod orders;
mod refunds;

use std::time::Duration;

use jiff::SignedDuration;
use money::Fen;
use pay_protocol::{NewOrder, OrderState, Payment, PaymentCode, PaymentProvider, RefundOrder};
use pay_sandbox::{Channel, Fault, PaymentResult};

use crate::outcomes::Succeeded as _;
use crate::world::{World, start_with};

/// A provider of the sandbox, and what tests do with it.
struct Bench {
    world: World,
    channel: Channel,
    provider: Box<dyn PaymentProvider>,
}

/// Runs a test for both providers, and for Alipay in both of its modes.
macro_rules! for_both {
    ($($(#[$doc:meta])* async fn $name:ident($bench:ident: Bench) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn try_with($bench: Bench) $body

            #[tokio::test]
            async fn wechat() {
                Box::pin(try_with(Bench::wechat().await)).await;
            }

            #[tokio::test]
            async fn alipay() {
                Box::pin(try_with(Bench::alipay(pay_sandbox::AlipaySigner::PublicKey).await)).await;
            }

            #[tokio::test]
            async fn alipay_with_certificates() {
                Box::pin(try_with(Bench::alipay(pay_sandbox::AlipaySigner::Certificate).await)).await;
            }
        }
    )+};
}
use for_both;

impl Bench {
    async fn wechat() -> Self {
        let world = start_with(|config| config.failure_ends_order = true).await;
        let limit = Duration::from_secs(2);
        let client = world.wechat_with(world.public_key(), limit, &world.keys);
        let provider = wechat_pay::Wechat::new(client, world.wechat_notify_url());
        Bench { provider: Box::new(provider), channel: Channel::Wechat, world }
    }

    async fn alipay(signer: pay_sandbox::AlipaySigner) -> Self {
        let world = start_with(|config| {
            config.failure_ends_order = true;
            config.alipay_signer = signer;
        })
        .await;
        let client = world.alipay_with(Duration::from_secs(2), &world.keys);
        let provider = alipay::Alipay::new(client, world.clock.clone());
        Bench { provider: Box::new(provider), channel: Channel::Alipay, world }
    }

    fn is_wechat(&self) -> bool {
        self.channel == Channel::Wechat
    }

    fn advance(&self, by: SignedDuration) {
        self.world.clock.advance(by.as_secs());
    }

    fn fault(&self, fault: Fault) {
        self.world.sandbox.set_fault(self.channel, fault);
    }

    /// An order over 50.00 that can be paid for a quarter of an hour.
    fn order(&self, number: &str) -> NewOrder {
        NewOrder {
            out_trade_no: number.to_owned(),
            amount: Fen::new(5_000),
            description: "余额充值 50.00/A&B=C".to_owned(),
            expires_at: self.world.clock.time().checked_add(SignedDuration::from_mins(15)).unwrap(),
        }
    }

    async fn created(&self, number: &str) -> NewOrder {
        let order = self.order(number);
        self.provider.create_order(&order).await.done();
        order
    }

    fn pay(&self, number: &str, result: PaymentResult) {
        self.world.sandbox.pay(self.channel, number, result).unwrap();
    }

    /// A new order, paid; nobody is told.
    async fn paid(&self, number: &str) -> Payment {
        self.created(number).await;
        self.pay(number, PaymentResult::SuccessWithoutNotify);
        self.payment(number).await
    }

    async fn state(&self, number: &str) -> OrderState {
        self.provider.query_order(number).await.done()
    }

    async fn payment(&self, number: &str) -> Payment {
        match self.state(number).await {
            OrderState::Paid(payment) => payment,
            other => panic!("{other:?}"),
        }
    }

    fn refund(&self, number: &str, payment: &Payment, refund: &str, fen: i64) -> RefundOrder {
        RefundOrder {
            out_refund_no: refund.to_owned(),
            out_trade_no: number.to_owned(),
            transaction_id: payment.transaction_id.clone(),
            amount: Fen::new(fen),
            total: payment.amount,
            reason: "门店停业，退还余额。".repeat(20),
            sent_before: false,
        }
    }

    /// What the code has to begin with.
    fn is_code(&self, code: &PaymentCode) -> bool {
        let scheme = if self.is_wechat() { "weixin://wxpay/bizpayurl?pr=" } else { "https://qr.alipay.com/" };
        code.0.starts_with(scheme)
    }
}
