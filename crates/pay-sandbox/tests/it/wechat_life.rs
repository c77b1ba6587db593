//! An order of WeChat's from its creation to the bill.

use jiff::civil::date;
use money::Fen;
use pay_protocol::{Doubt, Outcome};
use pay_sandbox::{Channel, PaymentResult};
use wechat_pay::bills::{BillLink, FundAccount, FundFlowBill, RequestedBill, TradeBill};
use wechat_pay::notices::Notice;
use wechat_pay::{OutRefundNo, PaidOrder, RefundRequest, RefundStatus, TradeState};

use crate::outcomes::{Succeeded as _, code};
use crate::world::{World, start, start_with, wechat_no};

fn refund(world: &World, number: &str, fen: i64, total: i64) -> RefundRequest {
    let order = PaidOrder::OutTradeNo(wechat_no("T00001"));
    let number = OutRefundNo::parse(number).unwrap();
    let request = RefundRequest::new(order, number, Fen::new(fen), Fen::new(total)).unwrap();
    request.with_notify_url(world.wechat_notify_url())
}

fn link(requested: RequestedBill) -> BillLink {
    match requested {
        RequestedBill::Link(link) => link,
        other => panic!("{other:?}"),
    }
}

async fn pay(world: &World, fen: i64) {
    let client = world.wechat();
    client.create_native_order(&world.wechat_order("T00001", fen)).await.done();
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessWithoutNotify).unwrap();
}

#[tokio::test]
async fn an_order_is_created_paid_noticed_queried_refunded_and_billed() {
    let world = start().await;
    let client = world.wechat();
    let order = world.wechat_order("T00001", 10_000).with_attach("operator 1").unwrap();
    let code = client.create_native_order(&order).await.done();
    assert!(code.as_str().starts_with("weixin://wxpay/bizpayurl?pr="), "{code:?}");
    let unpaid = client.query_order(&wechat_no("T00001")).await.done().unwrap();
    assert_eq!((unpaid.state, unpaid.paid), (TradeState::NotPay, None));

    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::Success).unwrap();
    let came = world.notice().await;
    let Notice::Payment(notice) = client.read_notice(&came.headers, &came.body).await.unwrap() else {
        panic!()
    };
    assert_eq!(notice.transaction.out_trade_no, "T00001");
    let noticed = notice.transaction.paid.unwrap();
    assert_eq!(noticed.total, Fen::new(10_000));
    let paid = client.query_order(&wechat_no("T00001")).await.done().unwrap();
    assert_eq!((paid.state, paid.paid.as_ref()), (TradeState::Success, Some(&noticed)));
    let id = wechat_pay::TransactionId::parse(&noticed.transaction_id).unwrap();
    assert_eq!(client.query_transaction(&id).await.done().unwrap().out_trade_no, "T00001");

    let first = client.create_refund(&refund(&world, "R1", 2_500, 10_000)).await.done();
    assert_eq!(first.status, RefundStatus::Processing);
    world.clock.advance(60);
    let came = world.notice().await;
    let Notice::Refund(notice) = client.read_notice(&came.headers, &came.body).await.unwrap() else {
        panic!()
    };
    assert_eq!((notice.out_refund_no.as_str(), notice.status), ("R1", RefundStatus::Success));
    assert_eq!(notice.amount.refund, Fen::new(2_500));
    client.create_refund(&refund(&world, "R2", 7_500, 10_000)).await.done();
    let found = client.query_refund(&OutRefundNo::parse("R1").unwrap()).await.done().unwrap();
    assert_eq!((found.status, found.refund_id), (RefundStatus::Success, first.refund_id));
    assert_eq!(client.query_order(&wechat_no("T00001")).await.done().unwrap().state, TradeState::Refund);
}

#[tokio::test]
async fn the_bills_of_a_day_can_be_had_from_ten_of_the_next() {
    let world = start().await;
    pay(&world, 10_000).await;
    let client = world.wechat();
    client.create_refund(&refund(&world, "R1", 2_500, 10_000)).await.done();
    let day = date(2026, 6, 1);
    assert_eq!(client.request_trade_bill(day, false).await, Ok(RequestedBill::None));
    world.clock.advance(25 * 3600);
    assert_eq!(client.request_trade_bill(day, false).await, Ok(RequestedBill::Creating));
    world.clock.advance(3600);
    for gzip in [false, true] {
        let bill = link(client.request_trade_bill(day, gzip).await.done());
        let rows = TradeBill::read(&client.download_bill(&bill).await.done()).unwrap().rows;
        let [paid, refunded] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!((paid.total, paid.fee.thousandths_of_fen()), (Fen::new(10_000), 60_000));
        assert_eq!(refunded.refund.as_ref().unwrap().amount, Fen::new(2_500));
        let bill = link(client.request_fund_flow_bill(day, FundAccount::Basic, gzip).await.done());
        let rows = FundFlowBill::read(&client.download_bill(&bill).await.done()).unwrap().rows;
        assert_eq!(rows.last().unwrap().balance, Fen::new(7_500));
    }
    let bill = link(client.request_trade_bill(day, false).await.done());
    world.clock.advance(300);
    assert_eq!(client.download_bill(&bill).await.unwrap_err(), Doubt::NoDownload(400));
    let empty = client.request_trade_bill(date(2026, 5, 1), false).await;
    assert_eq!(empty, Ok(RequestedBill::None));
}

#[tokio::test]
async fn a_refund_keeps_to_the_rules() {
    let world = start().await;
    let client = world.wechat();
    client.create_native_order(&world.wechat_order("T00001", 1_000)).await.done();
    assert_eq!(code(client.create_refund(&refund(&world, "R1", 1, 1_000)).await), "INVALID_REQUEST");
    world.sandbox.pay(Channel::Wechat, "T00001", PaymentResult::SuccessWithoutNotify).unwrap();
    assert_eq!(code(client.create_refund(&refund(&world, "R1", 1, 999)).await), "INVALID_REQUEST");
    let first = client.create_refund(&refund(&world, "R1", 400, 1_000)).await.done();
    assert_eq!(
        client.create_refund(&refund(&world, "R1", 400, 1_000)).await.done().refund_id,
        first.refund_id
    );
    assert_eq!(code(client.create_refund(&refund(&world, "R1", 401, 1_000)).await), "INVALID_REQUEST");
    let soon = client.create_refund(&refund(&world, "R2", 600, 1_000)).await;
    assert!(
        matches!(soon, Outcome::Unknown(Doubt::Undecided(refusal)) if refusal.code == "FREQUENCY_LIMITED")
    );
    world.clock.advance(60);
    assert_eq!(code(client.create_refund(&refund(&world, "R2", 601, 1_000)).await), "INVALID_REQUEST");
    client.create_refund(&refund(&world, "R2", 600, 1_000)).await.done();
    let unknown = client.query_refund(&OutRefundNo::parse("R3").unwrap()).await;
    assert_eq!(unknown, Ok(None));
}

#[tokio::test]
async fn an_order_has_at_most_fifty_refunds_and_none_after_a_year() {
    let world = start_with(|config| config.refund_spacing = jiff::SignedDuration::ZERO).await;
    pay(&world, 1_000).await;
    let client = world.wechat();
    for number in 1..=50 {
        client.create_refund(&refund(&world, &format!("R{number}"), 1, 1_000)).await.done();
    }
    assert_eq!(code(client.create_refund(&refund(&world, "R51", 1, 1_000)).await), "INVALID_REQUEST");

    let world = start().await;
    pay(&world, 1_000).await;
    let client = world.wechat();
    world.clock.advance(365 * 24 * 3600);
    client.create_refund(&refund(&world, "R1", 1, 1_000)).await.done();
    world.clock.advance(61);
    assert_eq!(code(client.create_refund(&refund(&world, "R2", 1, 1_000)).await), "INVALID_REQUEST");
}
