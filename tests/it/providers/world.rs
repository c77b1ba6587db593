//! A server with a clock that stands still, one provider of it, and what tests do with that.

use base::clock::{Clock, UtcTime};
use base::ids::OrderId;
use jiff::SignedDuration;
use money::Fen;
use office::payments::providers::{
    NewOrder, OrderState, Outcome, Payment, PaymentCode, PaymentMethod, Provider, RefundOrder, order_number,
};
use office::payments::sandbox::channel_of;
use pay_sandbox::{Channel, PaymentResult, Sandbox};
use uuid::Uuid;

use crate::cluster;
use crate::harness::{Server, start_at};

/// 2026-11-24 10:00 in Beijing.
const START: i64 = 1_795_485_600_000;

pub(super) struct World {
    pub(super) server: Server,
    pub(super) clock: Clock,
    pub(super) method: PaymentMethod,
}

/// Runs a test for both providers.
macro_rules! for_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident: World) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn try_with($world: World) $body

            #[tokio::test]
            async fn wechat() {
                Box::pin(try_with(World::start(office::payments::providers::PaymentMethod::Wechat).await)).await;
            }

            #[tokio::test]
            async fn alipay() {
                Box::pin(try_with(World::start(office::payments::providers::PaymentMethod::Alipay).await)).await;
            }
        }
    )+};
}
pub(super) use for_both;

impl World {
    pub(super) async fn start(method: PaymentMethod) -> Self {
        let database = cluster::database().await;
        let clock = Clock::fixed(START);
        let server = start_at(database.url(), clock.clone()).await;
        World { server, clock, method }
    }

    pub(super) fn provider(&self) -> &Provider {
        self.server.app.providers().of(self.method).unwrap()
    }

    pub(super) fn sandbox(&self) -> &Sandbox {
        self.server.sandbox()
    }

    pub(super) fn channel(&self) -> Channel {
        channel_of(self.method)
    }

    pub(super) fn now(&self) -> UtcTime {
        self.clock.now()
    }

    pub(super) fn advance(&self, by: SignedDuration) {
        self.clock.set(self.clock.now().plus(by).as_millis());
    }

    /// An order over 50.00 that can be paid for a quarter of an hour.
    pub(super) fn new_order(&self) -> NewOrder {
        NewOrder {
            id: OrderId::generate(self.now()),
            amount: Fen::new(5_000),
            description: "余额充值 50.00/A&B=C".to_owned(),
            expires_at: self.now().plus(SignedDuration::from_mins(15)),
        }
    }

    pub(super) async fn created(&self) -> NewOrder {
        let order = self.new_order();
        done(self.provider().create_order(&order).await);
        order
    }

    pub(super) fn pay(&self, order: &NewOrder, result: PaymentResult) {
        self.sandbox().pay(self.channel(), &order_number(order.id), result).unwrap();
    }

    /// A new order, paid; nobody is told.
    pub(super) async fn paid(&self) -> (NewOrder, Payment) {
        let order = self.created().await;
        self.pay(&order, PaymentResult::SuccessWithoutNotify);
        match self.provider().query_order(order.id).await.unwrap() {
            OrderState::Paid(payment) => (order, payment),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn refund(&self, order: &NewOrder, payment: &Payment, fen: i64) -> RefundOrder {
        RefundOrder {
            number: Uuid::new_v4(),
            order_id: order.id,
            transaction_id: payment.transaction_id.clone(),
            amount: Fen::new(fen),
            total: order.amount,
            reason: "门店停业，退还余额。".repeat(20),
            sent_before: false,
        }
    }

    /// What the code has to begin with.
    pub(super) fn is_code(&self, code: &PaymentCode) -> bool {
        let scheme = match self.method {
            PaymentMethod::Wechat => "weixin://wxpay/bizpayurl?pr=",
            PaymentMethod::Alipay => "https://qr.alipay.com/",
        };
        code.0.starts_with(scheme)
    }
}

#[track_caller]
pub(super) fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Succeeded(value) => value,
        other => panic!("{other:?}"),
    }
}
