//! Requests against signatures that openssl made, and headers.

use std::net::IpAddr;

use jiff::Timestamp;
use money::Fen;
use wechat_pay::{NativeOrder, NotifyUrl, OutTradeNo};

use crate::gateway::{Gateway, Reply, Seen, Signer};
use crate::setting::{
    MERCHANT_SERIAL, NONCE, NOW, PUBLIC_KEY_ID, TestClock, data, notify_url, order_number, public_key_keys,
};

fn expected_authorization(vector: &str) -> String {
    format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"1900007291\",nonce_str=\"{NONCE}\",timestamp=\"{NOW}\",\
         serial_no=\"{MERCHANT_SERIAL}\",signature=\"{}\"",
        data(vector)
    )
}

fn header<'a>(seen: &'a Seen, name: &str) -> Option<&'a str> {
    seen.headers.get(name).map(|value| value.to_str().unwrap())
}

fn full_order() -> NativeOrder {
    let number = OutTradeNo::parse("T2025|06-01*1").unwrap();
    let expires: Timestamp = "2025-06-01T01:00:00Z".parse().unwrap();
    let address: IpAddr = "203.0.113.7".parse().unwrap();
    NativeOrder::new(number, "充值 100 元", Fen::new(10_000), notify_url())
        .unwrap()
        .with_time_expire(expires)
        .with_attach("operator 1")
        .unwrap()
        .with_goods_tag("SUMMER")
        .unwrap()
        .with_fapiao()
        .with_payer_client_ip(address)
}

#[tokio::test]
async fn a_post_is_signed_as_openssl_signs_it_over_the_bytes_that_are_sent() {
    let gateway = Gateway::start([Reply::ok(r#"{"code_url":"weixin://wxpay/bizpayurl?pr=1"}"#)]).await;
    let outcome = gateway.client().create_native_order(&full_order()).await;
    assert_eq!(outcome.succeeded().unwrap().as_str(), "weixin://wxpay/bizpayurl?pr=1");
    let seen = gateway.only();
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/v3/pay/transactions/native"));
    assert_eq!(seen.body, data("order.json"));
    assert_eq!(header(&seen, "authorization"), Some(expected_authorization("order.signature").as_str()));
    assert_eq!(header(&seen, "accept"), Some("application/json"));
    assert_eq!(header(&seen, "content-type"), Some("application/json"));
    assert_eq!(header(&seen, "user-agent"), Some("wechat-pay-tests/1"));
    assert_eq!(header(&seen, "wechatpay-serial"), None);
}

#[tokio::test]
async fn a_get_is_signed_with_its_query_and_an_empty_body() {
    let gateway = Gateway::start([Reply::error(404, "ORDER_NOT_EXIST")]).await;
    let number = OutTradeNo::parse("T2025|06-01*1").unwrap();
    assert_eq!(gateway.client().query_order(&number).await, Ok(None));
    let seen = gateway.only();
    assert_eq!(seen.target, "/v3/pay/transactions/out-trade-no/T2025%7C06-01*1?mchid=1900007291");
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("GET", ""));
    assert_eq!(header(&seen, "authorization"), Some(expected_authorization("query.signature").as_str()));
    assert_eq!(header(&seen, "accept"), Some("application/json"));
}

#[tokio::test]
async fn an_order_without_extras_sends_none() {
    let gateway = Gateway::start([Reply::ok(r#"{"code_url":"weixin://x"}"#)]).await;
    let order = NativeOrder::new(order_number(), "a", Fen::new(1), notify_url()).unwrap();
    assert!(gateway.client().create_native_order(&order).await.succeeded().is_some());
    assert_eq!(
        gateway.only().body,
        r#"{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"a","out_trade_no":"T2025060100001","notify_url":"https://pay.example.com/notices","amount":{"total":1,"currency":"CNY"}}"#
    );
}

#[tokio::test]
async fn who_has_a_public_key_asks_for_answers_signed_with_it() {
    let reply = Reply::ok(r#"{"code_url":"weixin://x"}"#).signed_by(Signer::PublicKey);
    let gateway = Gateway::start([reply]).await;
    let client = gateway.client_with(public_key_keys(), &TestClock::new());
    assert!(client.create_native_order(&full_order()).await.succeeded().is_some());
    assert_eq!(header(&gateway.only(), "wechatpay-serial"), Some(PUBLIC_KEY_ID));
}

#[test]
fn orders_that_wechat_would_not_take_name_the_field() {
    let new = |description: &str, total| {
        NativeOrder::new(order_number(), description, Fen::new(total), notify_url())
    };
    assert_eq!(new("", 1).unwrap_err().field, "description");
    assert_eq!(new("两\n行", 1).unwrap_err().field, "description");
    // 43 characters of 3 bytes are 129: WeChat counts bytes.
    assert_eq!(new(&"值".repeat(43), 1).unwrap_err().field, "description");
    assert_eq!(new("a", 0).unwrap_err().field, "amount.total");
    assert_eq!(new("a", -1).unwrap_err().field, "amount.total");
    let order = new(&"值".repeat(42), 1).unwrap();
    assert_eq!(order.clone().with_attach(&"a".repeat(129)).unwrap_err().field, "attach");
    assert!(order.clone().with_attach(&"a".repeat(128)).is_ok());
    assert_eq!(order.with_goods_tag(&"a".repeat(33)).unwrap_err().field, "goods_tag");
    assert_eq!(NotifyUrl::parse("https://pay.example.com/?a").unwrap_err().field, "notify_url");
}
