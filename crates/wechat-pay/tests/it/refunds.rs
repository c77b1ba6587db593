//! Refunds and their query.

use money::Fen;
use pay_protocol::{AbnormalDestination, Doubt, Outcome, RefusalReason};
use serde_json::{Value, json};
use wechat_pay::{OutTradeNo, PaidOrder, PlatformKeys, RefundRequest, RefundStatus, TransactionId};

use crate::gateway::{Gateway, Reply, decrypted};
use crate::setting::{SERIAL_1, TestClock, notify_url, order_number, refund_number};

fn answer() -> Value {
    json!({
        "refund_id": "50000000382019052709732678859", "out_refund_no": "R2025060100001",
        "transaction_id": "1217752501201407033233368018", "out_trade_no": "T2025060100001",
        "channel": "ORIGINAL", "user_received_account": "招商银行信用卡0403",
        "create_time": "2025-06-01T08:00:00+08:00", "status": "PROCESSING", "funds_account": "AVAILABLE",
        "amount": {"total": 10000, "refund": 2500, "from": [], "payer_total": 9900, "payer_refund": 2475,
                   "settlement_refund": 2500, "settlement_total": 10000, "discount_refund": 25, "currency": "CNY"},
        "promotion_detail": [],
    })
}

fn request() -> RefundRequest {
    let order = PaidOrder::OutTradeNo(order_number());
    RefundRequest::new(order, refund_number(), Fen::new(2_500), Fen::new(10_000)).unwrap()
}

#[tokio::test]
async fn a_refund_is_accepted_with_all_its_amounts() {
    let gateway = Gateway::start([Reply::ok(answer().to_string())]).await;
    let full = request().with_reason("少玩一场").unwrap().with_notify_url(notify_url());
    let refund = gateway.client().create_refund(&full).await.succeeded().unwrap();
    assert_eq!(refund.status, RefundStatus::Processing);
    assert_eq!((refund.amount.refund, refund.amount.total), (Fen::new(2_500), Fen::new(10_000)));
    let seen = gateway.only();
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/v3/refund/domestic/refunds"));
    assert_eq!(
        seen.body,
        r#"{"out_trade_no":"T2025060100001","out_refund_no":"R2025060100001","reason":"少玩一场","notify_url":"https://pay.example.com/notices","amount":{"refund":2500,"total":10000,"currency":"CNY"}}"#
    );
}

#[tokio::test]
async fn a_refund_may_name_the_payment_by_wechats_number() {
    let gateway = Gateway::start([Reply::ok(answer().to_string())]).await;
    let id = PaidOrder::TransactionId(TransactionId::parse("1217752501201407033233368018").unwrap());
    let request = RefundRequest::new(id, refund_number(), Fen::new(2_500), Fen::new(10_000)).unwrap();
    assert!(gateway.client().create_refund(&request).await.succeeded().is_some());
    assert_eq!(
        gateway.only().body,
        r#"{"transaction_id":"1217752501201407033233368018","out_refund_no":"R2025060100001","amount":{"refund":2500,"total":10000,"currency":"CNY"}}"#
    );
}

#[tokio::test]
async fn a_refund_is_found_by_our_number() {
    let mut body = answer();
    body["status"] = json!("SUCCESS");
    body["success_time"] = Value::Null;
    body["channel"] = json!("A_CHANNEL_OF_TOMORROW");
    let gateway = Gateway::start([Reply::ok(body.to_string())]).await;
    let refund = gateway.client().query_refund(&refund_number()).await.unwrap().unwrap();
    assert_eq!(refund.status, RefundStatus::Success);
    assert_eq!(gateway.only().target, "/v3/refund/domestic/refunds/R2025060100001");
}

#[tokio::test]
async fn an_answer_about_another_refund_is_not_believed() {
    for (pointer, value, field) in [
        ("/out_refund_no", json!("R2025060100002"), "out_refund_no"),
        ("/out_trade_no", json!("T2025060100002"), "order"),
        ("/amount/refund", json!(2_501), "amount"),
        ("/amount/total", json!(9_999), "amount"),
    ] {
        let mut body = answer();
        *body.pointer_mut(pointer).unwrap() = value;
        let gateway = Gateway::start([Reply::ok(body.to_string())]).await;
        let outcome = gateway.client().create_refund(&request()).await;
        assert_eq!(outcome, Outcome::Unknown(Doubt::OfAnother(field)));
    }
}

#[tokio::test]
async fn too_little_money_is_a_refusal_and_a_fault_of_wechats_is_not() {
    let gateway = Gateway::start([Reply::error(403, "NOT_ENOUGH"), Reply::error(500, "SYSTEM_ERROR")]).await;
    let client = gateway.client();
    let Outcome::Refused(refusal) = client.create_refund(&request()).await else { panic!("refused") };
    assert_eq!(refusal.reason, RefusalReason::NotEnoughMoney);
    let outcome = client.create_refund(&request()).await;
    assert!(matches!(outcome, Outcome::Unknown(Doubt::OutOfOrder(_))), "{outcome:?}");
    assert_eq!(gateway.seen().len(), 2, "a POST is sent once");
}

#[tokio::test]
async fn a_refund_that_is_not_there_is_an_answer_and_a_refused_question_is_none() {
    let gateway = Gateway::start([Reply::error(404, "RESOURCE_NOT_EXISTS")]).await;
    assert_eq!(gateway.client().query_refund(&refund_number()).await, Ok(None));
    for (status, code) in [
        (403, "NO_AUTH"),
        (400, "PARAM_ERROR"),
        (400, "INVALID_REQUEST"),
        (400, "APPID_MCHID_NOT_MATCH"),
        (400, "MCH_NOT_EXISTS"),
        (404, "ORDER_NOT_EXIST"),
    ] {
        let gateway = Gateway::start([Reply::error(status, code)]).await;
        let doubt = gateway.client().query_refund(&refund_number()).await.unwrap_err();
        assert!(matches!(&doubt, Doubt::Undecided(refusal) if refusal.code == code), "{doubt:?}");
    }
}

#[tokio::test]
async fn an_abnormal_refund_is_sent_on_to_the_account_we_settle_with() {
    let gateway = Gateway::start([Reply::ok(answer().to_string())]).await;
    let destination = AbnormalDestination::MerchantsBankAccount;
    let sent = gateway.client().apply_abnormal_refund("5000001", &refund_number(), &destination).await;
    assert_eq!(sent.succeeded().unwrap().status, RefundStatus::Processing);
    let seen = gateway.only();
    assert_eq!(seen.target, "/v3/refund/domestic/refunds/5000001/apply-abnormal-refund");
    assert_eq!(seen.body, r#"{"out_refund_no":"R2025060100001","type":"MERCHANT_BANK_CARD"}"#);
}

#[tokio::test]
async fn the_card_of_a_payer_is_encrypted_for_the_key_that_the_header_names() {
    let card = AbnormalDestination::PayersBankCard {
        bank: "ICBC_DEBIT".to_owned(),
        account: "6222021234567890".to_owned(),
        name: "张三".to_owned(),
    };
    let gateway = Gateway::start([Reply::ok(answer().to_string())]).await;
    let sent = gateway.client().apply_abnormal_refund("5000001", &refund_number(), &card).await;
    assert!(sent.succeeded().is_some());
    let seen = gateway.only();
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!((&body["type"], &body["bank_type"]), (&json!("USER_BANK_CARD"), &json!("ICBC_DEBIT")));
    assert_eq!(seen.headers["wechatpay-serial"], SERIAL_1);
    assert_eq!(decrypted(&body["bank_account"]), "6222021234567890");
    assert_eq!(decrypted(&body["real_name"]), "张三");
    let keyless = gateway.client_with(PlatformKeys::new(), &TestClock::new());
    let outcome = keyless.apply_abnormal_refund("5000001", &refund_number(), &card).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::NotSent));
    assert_eq!(gateway.seen().len(), 1);
}

#[test]
fn refunds_that_wechat_would_not_take_name_the_field() {
    let new = |refund, total| {
        let order = PaidOrder::OutTradeNo(OutTradeNo::parse("T00001").unwrap());
        RefundRequest::new(order, refund_number(), Fen::new(refund), Fen::new(total))
    };
    assert_eq!(new(0, 100).unwrap_err().field, "amount.refund");
    assert_eq!(new(101, 100).unwrap_err().field, "amount.refund");
    let whole = new(100, 100).unwrap();
    assert_eq!(whole.clone().with_reason("").unwrap_err().field, "reason");
    assert_eq!(whole.clone().with_reason(&"退".repeat(27)).unwrap_err().field, "reason");
    assert!(whole.with_reason(&"退".repeat(26)).is_ok());
}
