//! Notices: repeated until taken, twice, late, and not at all.

use http::StatusCode;
use pay_sandbox::{Channel, PaymentResult};
use wechat_pay::notices::Notice;

use crate::outcomes::Succeeded as _;
use crate::world::{World, alipay_order, start};

async fn create(world: &World, wechat: &str, alipay: &str) {
    world.wechat().create_native_order(&world.wechat_order(wechat, 100)).await.done();
    world.alipay().precreate(&alipay_order(alipay, 100), world.clock.time()).await.done();
}

/// The id of the next notice and the order it is about.
async fn wechat_notice(world: &World) -> (String, String) {
    let came = world.notice().await;
    match world.wechat().read_notice(&came.headers, &came.body).await.unwrap() {
        Notice::Payment(notice) => (notice.id, notice.transaction.out_trade_no),
        Notice::Refund(notice) => panic!("{notice:?}"),
    }
}

async fn alipay_notice(world: &World) -> (String, String) {
    let notice = world.alipay().read_notification(&world.notice().await.body).unwrap();
    (notice.notify_id.unwrap(), notice.out_trade_no)
}

#[tokio::test]
async fn a_refused_notice_comes_again_on_the_schedule_with_the_same_id() {
    let world = start().await;
    create(&world, "T00001", "T_1").await;
    world.refuse([StatusCode::INTERNAL_SERVER_ERROR, StatusCode::BAD_REQUEST]);
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::Success).unwrap();
    let first = wechat_notice(&world).await;
    world.clock.advance(15);
    let second = wechat_notice(&world).await;
    world.clock.advance(15);
    let third = wechat_notice(&world).await;
    assert!(first == second && second == third, "{first:?} {second:?} {third:?}");

    // Alipay wants the seven bytes, not any 200.
    world.refuse([StatusCode::OK]);
    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::Success).unwrap();
    let first = alipay_notice(&world).await;
    world.clock.advance(240);
    assert_eq!(first, alipay_notice(&world).await);
}

#[tokio::test]
async fn a_notice_that_is_never_taken_is_given_up_with_the_schedule() {
    let world = start().await;
    create(&world, "T00001", "T_1").await;
    world.refuse([StatusCode::INTERNAL_SERVER_ERROR; 16]);
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::Success).unwrap();
    for _ in 0..16 {
        world.notice().await;
        world.clock.advance(6 * 3600);
    }
    create(&world, "T00002", "T_2").await;
    world.sandbox.pay(Channel::Wechat, "T00002", PaymentResult::Success).unwrap();
    // Notices are sent one at a time: when this one comes, the fate of the other is settled.
    assert_eq!(wechat_notice(&world).await.1, "T00002");
    assert_eq!(world.sandbox.pending_notices(), 0);
}

#[tokio::test]
async fn a_duplicate_notice_comes_twice() {
    let world = start().await;
    create(&world, "T00001", "T_1").await;
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessDuplicateNotify).unwrap();
    let first = wechat_notice(&world).await;
    assert_eq!(first, wechat_notice(&world).await);
    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::SuccessDuplicateNotify).unwrap();
    let first = alipay_notice(&world).await;
    assert_eq!(first, alipay_notice(&world).await);
}

#[tokio::test]
async fn a_late_notice_comes_after_ten_seconds_and_others_before_it() {
    let world = start().await;
    create(&world, "T00001", "T_1").await;
    create(&world, "T00002", "T_2").await;
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessLateNotify).unwrap();
    world.sandbox.pay(Channel::Wechat, "T00002", PaymentResult::Success).unwrap();
    assert_eq!(wechat_notice(&world).await.1, "T00002");
    world.clock.advance(9);
    assert_eq!(world.sandbox.pending_notices(), 1);
    world.clock.advance(1);
    assert_eq!(wechat_notice(&world).await.1, "T00001");
}

#[tokio::test]
async fn a_payment_without_notice_has_none() {
    let world = start().await;
    create(&world, "T00001", "T_1").await;
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessWithoutNotify).unwrap();
    assert_eq!(world.sandbox.pending_notices(), 0);
    // Notices of the same moment come in the order of the payments, so this would be the second.
    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::Success).unwrap();
    assert_eq!(alipay_notice(&world).await.1, "T_1");
}
