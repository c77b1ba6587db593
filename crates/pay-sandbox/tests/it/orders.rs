//! Repeated, expired and closed orders, and requests that somebody else signed.

use std::sync::Arc;
use std::time::Duration;

use alipay::{Queried, TradeStatus};
use jiff::SignedDuration;
use pay_protocol::{Doubt, Outcome};
use pay_sandbox::{Channel, Keys, PayError, PaymentResult};
use wechat_pay::TradeState;

use crate::outcomes::{Succeeded as _, code};
use crate::world::{TestClock, alipay_order, alipay_ref, start, start_with, wechat_no};

#[tokio::test]
async fn the_same_order_again_gives_a_new_code_and_another_is_refused() {
    let world = start().await;
    let (wechat, alipay, now) = (world.wechat(), world.alipay(), world.clock.time());
    let first = wechat.create_native_order(&world.wechat_order("T00001", 100)).await.done();
    let second = wechat.create_native_order(&world.wechat_order("T00001", 100)).await.done();
    assert_ne!(first, second);
    let other = wechat.create_native_order(&world.wechat_order("T00001", 101)).await;
    assert_eq!(code(other), "OUT_TRADE_NO_USED");

    let first = alipay.precreate(&alipay_order("T_1", 100), now).await.done();
    let second = alipay.precreate(&alipay_order("T_1", 100), now).await.done();
    assert_ne!(first.qr_code, second.qr_code);
    let other = alipay.precreate(&alipay_order("T_1", 101), now).await;
    assert_eq!(code(other), "ACQ.CONTEXT_INCONSISTENT");

    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessWithoutNotify).unwrap();
    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::SuccessWithoutNotify).unwrap();
    let paid = wechat.create_native_order(&world.wechat_order("T00001", 100)).await;
    assert_eq!(code(paid), "ORDERPAID");
    assert_eq!(code(alipay.precreate(&alipay_order("T_1", 100), now).await), "ACQ.TRADE_HAS_SUCCESS");
}

#[tokio::test]
async fn an_order_cannot_be_paid_after_its_time_and_its_code_not_after_two_hours() {
    let world = start().await;
    let (wechat, alipay, now) = (world.wechat(), world.alipay(), world.clock.time());
    let end = now.checked_add(SignedDuration::from_mins(15)).unwrap();
    let order = world.wechat_order("T00001", 100).with_time_expire(end);
    wechat.create_native_order(&order).await.done();
    wechat.create_native_order(&world.wechat_order("T00002", 100)).await.done();
    alipay.precreate(&alipay_order("T_1", 100).with_time_expire(end), now).await.done();
    alipay.precreate(&alipay_order("T_2", 100), now).await.done();
    world.sandbox.scan(Channel::Alipay, "T_1");
    world.clock.advance(15 * 60);
    let pay = |channel, number| world.sandbox.pay(channel, number, PaymentResult::Success);
    assert_eq!(pay(Channel::Wechat, "T00001"), Err(PayError::NotPayable));
    assert_eq!(pay(Channel::Alipay, "T_1"), Err(PayError::NotPayable));
    // WeChat does not close an order whose time has come, Alipay does.
    assert_eq!(wechat.query_order(&wechat_no("T00001")).await.done().unwrap().state, TradeState::NotPay);
    let Queried::Trade(trade) = alipay.query(&alipay_ref("T_1"), world.clock.time()).await.done() else {
        panic!()
    };
    assert_eq!((trade.status, trade.was_paid()), (TradeStatus::Closed, false));

    world.clock.advance(105 * 60);
    assert_eq!(pay(Channel::Wechat, "T00002"), Err(PayError::NotPayable));
    assert_eq!(pay(Channel::Alipay, "T_2"), Err(PayError::NotPayable));
    wechat.create_native_order(&world.wechat_order("T00002", 100)).await.done();
    alipay.precreate(&alipay_order("T_2", 100), world.clock.time()).await.done();
    assert_eq!(pay(Channel::Wechat, "T00002"), Ok(()));
    assert_eq!(pay(Channel::Alipay, "T_2"), Ok(()));
}

#[tokio::test]
async fn of_a_payment_and_a_close_one_wins_and_the_query_says_which() {
    let world = start().await;
    let client = world.wechat();
    for number in ["T00001", "T00002", "T00003", "T00004"] {
        client.create_native_order(&world.wechat_order(number, 100)).await.done();
        let no = wechat_no(number);
        let path = format!("{}/pay", pay_sandbox::Sandbox::payment_path(Channel::Wechat, number));
        let body = r#"{"result":"success_without_notify"}"#;
        let (closed, (paid, _)) =
            tokio::join!(client.close_order(&no), world.post(&path, "application/json", body));
        let state = client.query_order(&no).await.done().unwrap().state;
        match closed {
            Outcome::Succeeded(()) => assert_eq!((paid, state), (409, TradeState::Closed)),
            refused => {
                assert_eq!(code(refused), "ORDERPAID");
                assert_eq!((paid, state), (200, TradeState::Success));
            }
        }
    }
}

#[tokio::test]
async fn a_payment_before_the_close_wins_and_a_close_before_the_payment_too() {
    let world = start().await;
    let client = world.wechat();
    client.create_native_order(&world.wechat_order("T00001", 100)).await.done();
    client.create_native_order(&world.wechat_order("T00002", 100)).await.done();
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessWithoutNotify).unwrap();
    assert_eq!(code(client.close_order(&wechat_no("T00001")).await), "ORDERPAID");
    assert_eq!(client.query_order(&wechat_no("T00001")).await.done().unwrap().state, TradeState::Success);
    client.close_order(&wechat_no("T00002")).await.done();
    let paid = world.sandbox.pay(Channel::Wechat, "T00002", PaymentResult::Success);
    assert_eq!(paid, Err(PayError::NotPayable));
    assert_eq!(client.query_order(&wechat_no("T00002")).await.done().unwrap().state, TradeState::Closed);
    assert_eq!(code(client.close_order(&wechat_no("T00002")).await), "ORDER_CLOSED");
    assert_eq!(client.query_order(&wechat_no("T00003")).await, Ok(None));
}

#[tokio::test]
async fn a_failed_payment_leaves_the_order_to_be_paid() {
    let world = start().await;
    let (wechat, alipay, now) = (world.wechat(), world.alipay(), world.clock.time());
    wechat.create_native_order(&world.wechat_order("T00001", 100)).await.done();
    alipay.precreate(&alipay_order("T_1", 100), now).await.done();
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::Failed).unwrap();
    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::Failed).unwrap();
    assert_eq!(wechat.query_order(&wechat_no("T00001")).await.done().unwrap().state, TradeState::NotPay);
    let Queried::Trade(trade) = alipay.query(&alipay_ref("T_1"), now).await.done() else { panic!() };
    assert_eq!(trade.status, TradeStatus::WaitBuyerPay);
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::Success).unwrap();
}

#[tokio::test]
async fn a_failed_payment_may_be_made_to_end_the_order() {
    let world = start_with(|config| config.failure_ends_order = true).await;
    let (wechat, alipay, now) = (world.wechat(), world.alipay(), world.clock.time());
    wechat.create_native_order(&world.wechat_order("T00001", 100)).await.done();
    alipay.precreate(&alipay_order("T_1", 100), now).await.done();
    for (channel, number) in [(Channel::Wechat, "T00001"), (Channel::Alipay, "T_1")] {
        world.sandbox.pay(channel, number, PaymentResult::Failed).unwrap();
        let again = world.sandbox.pay(channel, number, PaymentResult::Success);
        assert_eq!(again, Err(PayError::NotPayable));
    }
    assert_eq!(wechat.query_order(&wechat_no("T00001")).await.done().unwrap().state, TradeState::PayError);
    let notice = alipay.read_notification(&world.notice().await.body).unwrap();
    assert_eq!((notice.status, notice.was_paid()), (TradeStatus::Closed, false));
    wechat.close_order(&wechat_no("T00001")).await.done();
    assert_eq!(wechat.query_order(&wechat_no("T00001")).await.done().unwrap().state, TradeState::Closed);
}

#[tokio::test]
async fn requests_that_another_signed_are_refused() {
    let world = start().await;
    let stranger = Keys::generate(world.clock.time()).unwrap();
    let limit = Duration::from_secs(20);
    let wechat = world.wechat_with(world.public_key(), limit, &stranger);
    let refused = wechat.create_native_order(&world.wechat_order("T00001", 100)).await;
    let Outcome::Unknown(Doubt::Unverified { status: 401, reason }) = refused else { panic!("{refused:?}") };
    assert!(reason.ends_with("SIGN_ERROR"), "{reason}");
    assert_eq!(world.wechat().query_order(&wechat_no("T00001")).await, Ok(None));

    let alipay = world.alipay_with(limit, &stranger);
    let refused = alipay.precreate(&alipay_order("T_1", 100), world.clock.time()).await;
    assert_eq!(code(refused), "isv.invalid-signature");
}

#[tokio::test]
async fn requests_signed_more_than_five_minutes_ago_are_refused() {
    for (seconds, refused) in [(300, false), (301, true)] {
        let clock = TestClock::ahead(seconds);
        let world = start_with(|config| config.clock = Arc::new(clock)).await;
        let answer = world.wechat().create_native_order(&world.wechat_order("T00001", 100)).await;
        let reason = match answer {
            // At this distance the client does not believe the sandbox's clock either.
            Outcome::Unknown(Doubt::Unverified { reason, .. }) => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(reason.ends_with("SIGN_ERROR"), refused, "{reason}");
    }
}
