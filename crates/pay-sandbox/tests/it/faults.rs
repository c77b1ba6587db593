//! Faults, as the clients see them.

use std::time::Duration;

use alipay::Queried;
use money::Fen;
use pay_protocol::{Doubt, Outcome};
use pay_sandbox::{Channel, Fault, PaymentResult, Sandbox};
use wechat_pay::{OutRefundNo, PaidOrder, RefundRequest, TradeState};

use crate::outcomes::Succeeded as _;
use crate::world::{alipay_order, alipay_ref, start, wechat_no};

/// Less than the sandbox holds a connection by far.
const IMPATIENT: Duration = Duration::from_millis(700);

#[tokio::test]
async fn an_act_that_timed_out_was_done_and_the_query_says_so() {
    let world = start().await;
    let wechat = world.wechat_with(world.public_key(), IMPATIENT, &world.keys);
    world.sandbox.set_fault(Channel::Wechat, Fault::TimeoutAfterSuccess);
    let order = world.wechat_order("T00001", 1_000);
    assert_eq!(wechat.create_native_order(&order).await, Outcome::Unknown(Doubt::TimedOut));
    assert_eq!(
        world.wechat().query_order(&wechat_no("T00001")).await.done().unwrap().state,
        TradeState::NotPay
    );
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessWithoutNotify).unwrap();
    let number = OutRefundNo::parse("R1").unwrap();
    let paid = PaidOrder::OutTradeNo(wechat_no("T00001"));
    let refund = RefundRequest::new(paid, number.clone(), Fen::new(1_000), Fen::new(1_000)).unwrap();
    assert_eq!(wechat.create_refund(&refund).await, Outcome::Unknown(Doubt::TimedOut));
    assert_eq!(world.wechat().query_refund(&number).await.done().unwrap().amount.refund, Fen::new(1_000));

    let alipay = world.alipay_with(IMPATIENT, &world.keys);
    world.alipay().precreate(&alipay_order("T_1", 1_000), world.clock.time()).await.done();
    world.sandbox.scan(Channel::Alipay, "T_1");
    world.sandbox.set_fault(Channel::Alipay, Fault::TimeoutAfterSuccess);
    let closed = alipay.close(&alipay_ref("T_1"), world.clock.time()).await;
    assert_eq!(closed, Outcome::Unknown(Doubt::TimedOut));
    let Queried::Trade(trade) = world.alipay().query(&alipay_ref("T_1"), world.clock.time()).await.done()
    else {
        panic!()
    };
    assert_eq!(trade.status, alipay::TradeStatus::Closed);
}

#[tokio::test]
async fn a_provider_that_is_down_or_in_error_does_nothing() {
    let world = start().await;
    let (wechat, alipay, now) = (world.wechat(), world.alipay(), world.clock.time());
    for (name, fault) in [("down", Fault::Down), ("server_error", Fault::ServerError)] {
        for channel in ["wechat", "alipay"] {
            let body = format!(r#"{{"channel":"{channel}","fault":"{name}"}}"#);
            assert_eq!(world.post("/sandbox/faults", "application/json", &body).await.0, 200);
        }
        let created = wechat.create_native_order(&world.wechat_order("T00001", 100)).await;
        let precreated = alipay.precreate(&alipay_order("T_1", 100), now).await;
        for doubt in [created.into_answer().unwrap_err(), precreated.into_answer().unwrap_err()] {
            match fault {
                Fault::Down => assert!(matches!(doubt, Doubt::Unverified { status: 502, .. }), "{doubt:?}"),
                _ => assert!(matches!(doubt, Doubt::OutOfOrder(_)), "{doubt:?}"),
            }
        }
    }
    for channel in [Channel::Wechat, Channel::Alipay] {
        world.sandbox.set_fault(channel, Fault::None);
    }
    assert_eq!(wechat.query_order(&wechat_no("T00001")).await, Ok(None));
    let path = Sandbox::payment_path(Channel::Alipay, "T_1");
    assert_eq!(world.get(&path).await.0, 404);
    assert_eq!(world.post("/sandbox/faults", "application/json", "{}").await.0, 400);
}
