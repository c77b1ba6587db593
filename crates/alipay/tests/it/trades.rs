//! What is sent, and what is made of signed answers.

use alipay::{
    Cancelled, Closed, NotificationError, OutRequestNo, OutTradeNo, Precreate, Precreated, Queried, Refund,
    RefundState, TradeNo, TradeRef, TradeStatus,
};
use money::Fen;
use pay_protocol::{Doubt, Outcome};
use serde_json::{Value, json};

use crate::gateway::{APP_ID, Gateway, Parameters, answer, now};

pub(crate) fn order() -> Precreate {
    Precreate::new(OutTradeNo::new("T_1").unwrap(), Fen::new(5_000), "充值 50 元 + “7 天” 100%").unwrap()
}

pub(crate) fn trade() -> TradeRef {
    TradeRef::OutTradeNo(OutTradeNo::new("T_1").unwrap())
}

pub(crate) fn refund() -> Refund {
    Refund::new(trade(), Fen::new(2_000), OutRequestNo::new("R_1").unwrap()).unwrap()
}

fn succeeded<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Succeeded(value) => value,
        other => panic!("{other:?}"),
    }
}

fn content(request: &Parameters) -> Value {
    serde_json::from_str(&request["biz_content"]).unwrap()
}

#[tokio::test]
async fn an_order_is_sent_signed_and_gives_a_code() {
    let gateway = Gateway::start([answer(
        r#"{"code":"10000","msg":"Success","out_trade_no":"T_1","qr_code":"https:\/\/qr.alipay.com\/b"}"#,
    )])
    .await;
    let client = gateway
        .client_with(|settings| settings.notify_url = Some("https://pay.example.com/n?x=1".to_owned()));
    let order = order()
        .with_body("七天")
        .unwrap()
        .with_passback_params("site=1&n=2")
        .unwrap()
        .with_time_expire("2026-03-01T01:30:00Z".parse().unwrap())
        .with_timeout_minutes(90)
        .unwrap()
        .with_code_timeout_minutes(120)
        .unwrap();
    let made = succeeded(client.precreate(&order, now()).await);
    assert_eq!(
        made,
        Precreated { out_trade_no: "T_1".to_owned(), qr_code: "https://qr.alipay.com/b".to_owned() }
    );
    let request = gateway.requests(1).await.remove(0);
    let without = |name: &str| !matches!(name, "sign" | "biz_content");
    let fields: Vec<(&str, &str)> = request
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| without(name))
        .collect();
    assert_eq!(
        fields,
        [
            ("app_id", APP_ID),
            ("charset", "utf-8"),
            ("format", "JSON"),
            ("method", "alipay.trade.precreate"),
            ("notify_url", "https://pay.example.com/n?x=1"),
            ("sign_type", "RSA2"),
            ("timestamp", "2026-03-01 08:00:00"),
            ("version", "1.0"),
        ]
    );
    assert_eq!(
        content(&request),
        json!({
            "out_trade_no": "T_1", "total_amount": "50.00", "subject": "充值 50 元 + “7 天” 100%",
            "product_code": "FACE_TO_FACE_PAYMENT", "body": "七天", "passback_params": "site%3D1%26n%3D2",
            "time_expire": "2026-03-01 09:30:00", "timeout_express": "90m", "qr_code_timeout_express": "120m",
        })
    );
}

#[tokio::test]
async fn before_the_scan_there_is_no_trade_and_nothing_to_close_or_cancel() {
    let gateway = Gateway::start([answer(
        r#"{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在"}"#,
    )])
    .await;
    let client = gateway.client();
    assert_eq!(client.query(&trade(), now()).await, Ok(Queried::NoTrade));
    assert_eq!(succeeded(client.close(&trade(), now()).await), Closed::NoTrade);
    assert_eq!(succeeded(client.cancel(&trade(), now()).await), Cancelled::Nothing);
    assert!(matches!(client.refund(&refund(), now()).await, Outcome::Refused(_)));
}

#[tokio::test]
async fn a_trade_is_read_with_its_amounts_and_times() {
    let gateway = Gateway::start([answer(
        r#"{"code":"10000","msg":"Success","trade_no":"2026","out_trade_no":"T_1","buyer_logon_id":"a**@b.com",
        "buyer_open_id":"o1","buyer_user_id":"","trade_status":"TRADE_SUCCESS","total_amount":"50.00","receipt_amount":"x",
        "point_amount":null,"send_pay_date":"2026-03-01 08:01:01",
        "fund_bill_list":"[{"}"#,
    )])
    .await;
    let by_number = TradeRef::TradeNo(TradeNo::new("2026").unwrap());
    let Ok(Queried::Trade(found)) = gateway.client().query(&by_number, now()).await else { panic!() };
    assert_eq!((found.status, found.total), (TradeStatus::Success, Fen::new(5_000)));
    assert_eq!(found.paid_at, Some("2026-03-01T00:01:01Z".parse().unwrap()));
    assert_eq!(content(&gateway.requests(1).await[0]), json!({"trade_no": "2026"}));
}

#[tokio::test]
async fn a_closed_trade_was_paid_if_it_has_a_time_of_payment() {
    let cases = [
        ("WAIT_BUYER_PAY", "", false, Some(0)),
        ("TRADE_SUCCESS", "2026-03-01 08:01:01", true, None),
        ("TRADE_FINISHED", "2026-03-01 08:01:01", true, None),
        ("TRADE_CLOSED", "", false, Some(0)),
        ("TRADE_CLOSED", "2026-03-01 08:01:01", true, Some(5_000)),
    ];
    for (status, paid_at, was_paid, refunded) in cases {
        let inner = format!(
            r#"{{"code":"10000","trade_no":"2026","out_trade_no":"T_1","trade_status":"{status}","total_amount":"50.00","send_pay_date":"{paid_at}"}}"#
        );
        let gateway = Gateway::start([answer(&inner)]).await;
        let Ok(Queried::Trade(found)) = gateway.client().query(&trade(), now()).await else { panic!() };
        assert_eq!(found.was_paid(), was_paid, "{status} {paid_at}");
        assert_eq!(found.refunded(), refunded.map(Fen::new), "{status} {paid_at}");
    }
}

#[tokio::test]
async fn closing_tells_whether_it_was_closed_before() {
    let gateway = Gateway::start([
        answer(r#"{"code":"10000","trade_no":"2026","out_trade_no":"T_1"}"#),
        answer(r#"{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_HAS_CLOSE"}"#),
        answer(r#"{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_HAS_SUCCESS"}"#),
    ])
    .await;
    let client = gateway.client();
    assert_eq!(succeeded(client.close(&trade(), now()).await), Closed::Now);
    assert_eq!(succeeded(client.close(&trade(), now()).await), Closed::Already);
    let Outcome::Refused(refusal) = client.close(&trade(), now()).await else { panic!() };
    assert_eq!(refusal.code, "ACQ.TRADE_HAS_SUCCESS");
}

#[tokio::test]
async fn a_cancellation_closes_refunds_or_asks_to_be_repeated() {
    let with = |rest: &str| answer(&format!(r#"{{"code":"10000","out_trade_no":"T_1"{rest}}}"#));
    let gateway = Gateway::start([
        with(r#","retry_flag":"N","action":"close""#),
        with(r#","retry_flag":"N","action":"refund""#),
        with(""),
        with(r#","retry_flag":"Y""#),
        with(r#","action":"other""#),
    ])
    .await;
    let client = gateway.client();
    assert_eq!(succeeded(client.cancel(&trade(), now()).await), Cancelled::Closed);
    assert_eq!(succeeded(client.cancel(&trade(), now()).await), Cancelled::Refunded);
    assert_eq!(succeeded(client.cancel(&trade(), now()).await), Cancelled::Nothing);
    assert!(matches!(client.cancel(&trade(), now()).await, Outcome::Unknown(Doubt::Undecided(_))));
    assert!(matches!(client.cancel(&trade(), now()).await, Outcome::Unknown(Doubt::Unreadable(_))));
}

#[tokio::test]
async fn a_refund_names_its_number_and_tells_whether_money_moved_now() {
    let with = |change: &str| {
        answer(&format!(
            r#"{{"code":"10000","trade_no":"2026","out_trade_no":"T_1",{change}"refund_fee":"30.00","send_back_fee":"20.00"}}"#
        ))
    };
    let gateway =
        Gateway::start([with(r#""fund_change":"Y","#), with(r#""fund_change":"N","#), with("")]).await;
    let client = gateway.client();
    let refund = refund().with_reason("余额退回").unwrap();
    let first = succeeded(client.refund(&refund, now()).await);
    assert!(first.moved_now);
    assert_eq!(first.refunded_total, Fen::new(3_000));
    let again = succeeded(client.refund(&refund, now()).await);
    assert!(!again.moved_now);
    assert!(matches!(client.refund(&refund, now()).await, Outcome::Unknown(Doubt::Unreadable(_))));
    assert_eq!(
        content(&gateway.requests(3).await[0]),
        json!({"out_trade_no": "T_1", "refund_amount": "20.00", "out_request_no": "R_1", "refund_reason": "余额退回"})
    );
}

#[tokio::test]
async fn a_client_reads_notifications_for_its_application_and_seller() {
    let body = include_bytes!("../vectors/notification.paid.form");
    let gateway = Gateway::start([]).await;
    let of_seller =
        |seller: &str| gateway.client_with(|settings| settings.seller_id = Some(seller.to_owned()));
    let read = of_seller("2088000000000001").read_notification(body).unwrap();
    assert_eq!((read.out_trade_no.as_str(), read.total, read.was_paid()), ("T_1", Fen::new(5_000), true));
    let other = of_seller("2088000000000002").read_notification(body);
    assert_eq!(other, Err(NotificationError::OtherSeller));
    assert_eq!(gateway.client().read_notification(body), Ok(read));
}

#[tokio::test]
async fn a_refund_without_a_status_was_not_made() {
    let with = |rest: &str| {
        answer(&format!(r#"{{"code":"10000","out_trade_no":"T_1","out_request_no":"R_1"{rest}}}"#))
    };
    let gateway = Gateway::start([
        with(r#","refund_status":"REFUND_SUCCESS","refund_amount":"20.00""#),
        with(r#","refund_amount":"20.00""#),
        with(r#","refund_status":"""#),
        with(r#","refund_status":"REFUND_PROCESSING""#),
    ])
    .await;
    let client = gateway.client();
    let number = OutRequestNo::new("R_1").unwrap();
    let trade = trade();
    let ask = || client.query_refund(&trade, &number, now());
    let (trade_no, out_trade_no) = (None, Some("T_1".to_owned()));
    let amount = Some(Fen::new(2_000));
    assert_eq!(ask().await, Ok(RefundState::Refunded { trade_no, out_trade_no, amount }));
    assert_eq!(ask().await, Ok(RefundState::NotRefunded));
    assert_eq!(ask().await, Ok(RefundState::NotRefunded));
    assert!(matches!(ask().await, Err(Doubt::Unreadable(_))));
    assert_eq!(
        content(&gateway.requests(4).await[0]),
        json!({"out_trade_no": "T_1", "out_request_no": "R_1"})
    );
}
