//! Queries and closing.

use money::Fen;
use pay_protocol::{Doubt, Outcome};
use serde_json::{Value, json};
use wechat_pay::{TradeState, TransactionId};

use crate::gateway::{Gateway, Reply, Signer};
use crate::setting::order_number;

fn paid() -> Value {
    json!({
        "appid": "wxd678efh567hg6787", "mchid": "1900007291", "out_trade_no": "T2025060100001",
        "transaction_id": "1217752501201407033233368018", "trade_type": "NATIVE", "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功", "bank_type": "CMC", "attach": "", "success_time": "2025-06-01T08:00:00+08:00",
        "payer": {"openid": "o1"}, "promotion_detail": [],
        "amount": {"total": 10000, "payer_total": 9900, "currency": "CNY", "payer_currency": "CNY"},
    })
}

#[tokio::test]
async fn a_paid_order_tells_the_payment() {
    let gateway = Gateway::start([Reply::ok(paid().to_string())]).await;
    let found = gateway.client().query_order(&order_number()).await.unwrap().unwrap();
    assert_eq!(found.state, TradeState::Success);
    let payment = found.paid.unwrap();
    assert_eq!(payment.total, Fen::new(10_000));
    assert_eq!(payment.transaction_id, "1217752501201407033233368018");
    assert_eq!(payment.at.to_string(), "2025-06-01T00:00:00Z");
}

#[tokio::test]
async fn an_unpaid_order_has_no_payment_and_a_refunded_one_has() {
    let unpaid = json!({
        "appid": "wxd678efh567hg6787", "mchid": "1900007291", "out_trade_no": "T2025060100001",
        "trade_state": "NOTPAY", "trade_state_desc": "订单未支付", "success_time": "",
    });
    let mut refunded = paid();
    refunded["trade_state"] = json!("REFUND");
    let gateway = Gateway::start([Reply::ok(unpaid.to_string()), Reply::ok(refunded.to_string())]).await;
    let client = gateway.client();
    let found = client.query_order(&order_number()).await.unwrap().unwrap();
    assert_eq!((found.state, found.paid), (TradeState::NotPay, None));
    let found = client.query_order(&order_number()).await.unwrap().unwrap();
    assert!(found.state.was_paid() && found.paid.is_some());
}

#[tokio::test]
async fn what_nobody_needs_may_be_null_or_of_another_shape() {
    let mut body = paid();
    for field in ["trade_state_desc", "attach", "payer", "bank_type", "promotion_detail", "scene_info"] {
        body[field] = Value::Null;
    }
    body["trade_type"] = json!({"of": "tomorrow"});
    body["amount"]["payer_total"] = json!("99.00");
    let gateway = Gateway::start([Reply::ok(body.to_string())]).await;
    let found = gateway.client().query_order(&order_number()).await.unwrap().unwrap();
    assert_eq!(found.paid.unwrap().total, Fen::new(10_000));
}

#[tokio::test]
async fn an_order_that_is_not_there_is_an_answer_and_a_refused_question_is_none() {
    let gateway = Gateway::start([Reply::error(404, "ORDER_NOT_EXIST")]).await;
    assert_eq!(gateway.client().query_order(&order_number()).await, Ok(None));
    for (status, code) in [
        (403, "NO_AUTH"),
        (400, "PARAM_ERROR"),
        (400, "INVALID_REQUEST"),
        (400, "APPID_MCHID_NOT_MATCH"),
        (400, "MCH_NOT_EXISTS"),
        (404, "RESOURCE_NOT_EXISTS"),
    ] {
        let gateway = Gateway::start([Reply::error(status, code)]).await;
        let doubt = gateway.client().query_order(&order_number()).await.unwrap_err();
        assert!(matches!(&doubt, Doubt::Undecided(refusal) if refusal.code == code), "{doubt:?}");
    }
}

#[tokio::test]
async fn each_state_is_read_and_only_two_are_paid() {
    for state in ["SUCCESS", "REFUND", "NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR"] {
        let mut body = paid();
        body["trade_state"] = json!(state);
        let gateway = Gateway::start([Reply::ok(body.to_string())]).await;
        let found = gateway.client().query_order(&order_number()).await.unwrap().unwrap();
        assert_eq!(found.paid.is_some(), matches!(state, "SUCCESS" | "REFUND"), "{state}");
    }
}

#[tokio::test]
async fn a_payment_is_found_by_wechats_number() {
    let gateway = Gateway::start([Reply::ok(paid().to_string()), Reply::ok(paid().to_string())]).await;
    let client = gateway.client();
    let id = TransactionId::parse("1217752501201407033233368018").unwrap();
    assert!(client.query_transaction(&id).await.unwrap().is_some());
    assert_eq!(
        gateway.only().target,
        "/v3/pay/transactions/id/1217752501201407033233368018?mchid=1900007291"
    );
    let other = TransactionId::parse("4200000000").unwrap();
    assert_eq!(client.query_transaction(&other).await, Err(Doubt::OfAnother("transaction_id")));
}

#[tokio::test]
async fn a_signed_answer_about_something_else_is_not_believed() {
    for (pointer, value, field) in [
        ("/mchid", "1900000001", "mchid"),
        ("/appid", "wx0000000000000000", "appid"),
        ("/out_trade_no", "T2025060100002", "out_trade_no"),
        ("/amount/currency", "USD", "amount.currency"),
    ] {
        let mut body = paid();
        *body.pointer_mut(pointer).unwrap() = json!(value);
        let gateway = Gateway::start([Reply::ok(body.to_string())]).await;
        let outcome = gateway.client().query_order(&order_number()).await;
        assert_eq!(outcome, Err(Doubt::OfAnother(field)));
    }
}

#[tokio::test]
async fn a_payment_without_its_facts_is_not_understood() {
    for field in ["transaction_id", "success_time", "amount"] {
        let mut body = paid();
        body.as_object_mut().unwrap().remove(field);
        let gateway = Gateway::start([Reply::ok(body.to_string())]).await;
        let outcome = gateway.client().query_order(&order_number()).await;
        assert!(matches!(outcome, Err(Doubt::Unreadable(_))), "{field}: {outcome:?}");
    }
    let mut body = paid();
    body["amount"]["total"] = json!(0);
    let gateway = Gateway::start([Reply::ok(body.to_string())]).await;
    let outcome = gateway.client().query_order(&order_number()).await;
    assert!(matches!(outcome, Err(Doubt::Unreadable(_))), "nothing was paid: {outcome:?}");
}

#[tokio::test]
async fn closing_is_204_with_a_signature_over_nothing() {
    let gateway = Gateway::start([Reply::new(204, ""), Reply::new(204, "").signed_by(Signer::Nobody)]).await;
    let client = gateway.client();
    assert_eq!(client.close_order(&order_number()).await, Outcome::Succeeded(()));
    let seen = gateway.only();
    assert_eq!(seen.target, "/v3/pay/transactions/out-trade-no/T2025060100001/close");
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("POST", r#"{"mchid":"1900007291"}"#));
    let unsigned = client.close_order(&order_number()).await;
    assert!(matches!(unsigned, Outcome::Unknown(Doubt::Unverified { status: 204, .. })), "{unsigned:?}");
}

#[tokio::test]
async fn a_closed_order_refuses_to_be_closed_again() {
    let gateway = Gateway::start([Reply::error(400, "ORDER_CLOSED")]).await;
    let Outcome::Refused(refusal) = gateway.client().close_order(&order_number()).await else {
        panic!("refused");
    };
    assert_eq!((&*refusal.code, &*refusal.text), ("ORDER_CLOSED", "WeChat Pay: 400 ORDER_CLOSED: because"));
}
