//! A trade of Alipay's from the code to the bill.

use alipay::{
    Bill, BillKind, BillLink, Cancelled, Closed, Notification, OutRequestNo, Queried, Refund, RefundState,
    Trade, TradeStatus,
};
use jiff::civil::date;
use money::Fen;
use pay_protocol::Doubt;
use pay_sandbox::{Channel, PaymentResult};

use crate::outcomes::{Succeeded as _, code};
use crate::world::{World, alipay_order, alipay_ref, start};

async fn queried(world: &World) -> Option<Trade> {
    match world.alipay().query(&alipay_ref("T_1"), world.clock.time()).await.done() {
        Queried::NoTrade => None,
        Queried::Trade(trade) => Some(trade),
    }
}

async fn noticed(world: &World) -> Notification {
    world.alipay().read_notification(&world.notice().await.body).unwrap()
}

fn request_no(text: &str) -> OutRequestNo {
    OutRequestNo::new(text).unwrap()
}

fn refund(fen: i64, number: &str) -> Refund {
    Refund::new(alipay_ref("T_1"), Fen::new(fen), request_no(number)).unwrap()
}

async fn create(world: &World, fen: i64) {
    world.alipay().precreate(&alipay_order("T_1", fen), world.clock.time()).await.done();
}

#[tokio::test]
async fn a_trade_is_scanned_paid_noticed_queried_refunded_and_billed() {
    let world = start().await;
    let (client, trade) = (world.alipay(), alipay_ref("T_1"));
    let order = alipay_order("T_1", 10_000);
    let code = client.precreate(&order, world.clock.time()).await.done();
    assert!(code.qr_code.starts_with("https://qr.alipay.com/"), "{code:?}");
    assert_eq!(queried(&world).await, None);
    world.sandbox.scan(Channel::Alipay, "T_1");
    assert_eq!(queried(&world).await.unwrap().status, TradeStatus::WaitBuyerPay);

    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::Success).unwrap();
    let notice = noticed(&world).await;
    assert_eq!((notice.status, notice.total), (TradeStatus::Success, Fen::new(10_000)));
    let paid = queried(&world).await.unwrap();
    assert_eq!(
        (paid.status, paid.paid_at, &paid.trade_no),
        (TradeStatus::Success, notice.paid_at, &notice.trade_no)
    );

    let now = world.clock.time();
    let first = client.refund(&refund(2_500, "R_1"), now).await.done();
    assert_eq!((first.moved_now, first.refunded_total), (true, Fen::new(2_500)));
    let part = noticed(&world).await;
    assert_eq!((part.status, part.refunded()), (TradeStatus::Success, Fen::new(2_500)));
    let again = client.refund(&refund(2_500, "R_1"), now).await.done();
    assert_eq!((again.moved_now, again.refunded_total), (false, Fen::new(2_500)));
    client.refund(&refund(7_500, "R_2"), now).await.done();
    let whole = noticed(&world).await;
    assert_eq!(
        (whole.status, whole.was_paid(), whole.refunded()),
        (TradeStatus::Closed, true, Fen::new(10_000))
    );
    assert!(queried(&world).await.unwrap().was_paid());
    let state = client.query_refund(&trade, &request_no("R_1"), now).await.done();
    assert!(matches!(state, RefundState::Refunded { amount: Some(fen), .. } if fen == Fen::new(2_500)));
    assert_eq!(client.query_refund(&trade, &request_no("R_9"), now).await.done(), RefundState::NotRefunded);

    let day = date(2026, 6, 1);
    assert!(matches!(client.bill_link(day, now).await.done(), BillLink::NoBill));
    world.clock.advance(26 * 3600);
    let BillLink::Url(url) = client.bill_link(day, world.clock.time()).await.done() else { panic!() };
    let bill = Bill::read(&client.download_bill(&url).await.done()).unwrap();
    let kinds: Vec<_> =
        bill.rows.iter().map(|row| (row.kind.clone(), row.amount.get(), row.fee.get())).collect();
    let (trade, refund) = (BillKind::Trade, BillKind::Refund);
    assert_eq!(kinds, [(trade, 10_000, -60), (refund.clone(), -2_500, 15), (refund, -7_500, 45)]);
    world.clock.advance(30);
    assert_eq!(client.download_bill(&url).await, Err(Doubt::NoDownload(403)));
}

#[tokio::test]
async fn a_refund_keeps_to_the_rules() {
    let world = start().await;
    let client = world.alipay();
    create(&world, 1_000).await;
    assert_eq!(code(client.refund(&refund(1, "R_1"), world.clock.time()).await), "ACQ.TRADE_NOT_EXIST");
    world.sandbox.scan(Channel::Alipay, "T_1");
    let unpaid = client.refund(&refund(1, "R_1"), world.clock.time()).await;
    assert_eq!(code(unpaid), "ACQ.REASON_TRADE_STATUS_INVALID");
    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::SuccessWithoutNotify).unwrap();
    client.refund(&refund(400, "R_1"), world.clock.time()).await.done();
    let other = client.refund(&refund(401, "R_1"), world.clock.time()).await.into_answer().unwrap_err();
    assert_eq!(other.refusal().unwrap().code, "ACQ.DISCORDANT_REPEAT_REQUEST");
    let more = client.refund(&refund(601, "R_2"), world.clock.time()).await;
    assert_eq!(code(more), "ACQ.REASON_TRADE_REFUND_FEE_ERR");
    world.clock.advance(366 * 24 * 3600);
    let late = client.refund(&refund(1, "R_2"), world.clock.time()).await;
    assert_eq!(code(late), "ACQ.TRADE_HAS_FINISHED");
    assert_eq!(queried(&world).await.unwrap().status, TradeStatus::Finished);
}

#[tokio::test]
async fn an_unpaid_trade_is_closed_and_a_paid_one_is_not() {
    let world = start().await;
    let (client, trade) = (world.alipay(), alipay_ref("T_1"));
    create(&world, 1_000).await;
    assert_eq!(client.close(&trade, world.clock.time()).await.done(), Closed::NoTrade);
    world.sandbox.scan(Channel::Alipay, "T_1");
    assert_eq!(client.close(&trade, world.clock.time()).await.done(), Closed::Now);
    let notice = noticed(&world).await;
    assert_eq!((notice.status, notice.was_paid()), (TradeStatus::Closed, false));
    assert_eq!(client.close(&trade, world.clock.time()).await.done(), Closed::Already);
    assert!(world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::Success).is_err());

    let world = start().await;
    let client = world.alipay();
    create(&world, 1_000).await;
    world.sandbox.pay(Channel::Alipay, "T_1", PaymentResult::SuccessWithoutNotify).unwrap();
    let paid = client.close(&trade, world.clock.time()).await;
    assert_eq!(code(paid), "ACQ.REASON_TRADE_STATUS_INVALID");
    assert_eq!(client.cancel(&trade, world.clock.time()).await.done(), Cancelled::Refunded);
    assert_eq!(client.cancel(&trade, world.clock.time()).await.done(), Cancelled::Nothing);
    assert_eq!(queried(&world).await.unwrap().refunded(), Some(Fen::new(1_000)));
}
