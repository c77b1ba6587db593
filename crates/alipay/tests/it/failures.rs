//! Everything that can go wrong on the way, and that none of it is taken for an answer.

use std::time::Duration;

use alipay::{Client, Doubt, OutRequestNo, Outcome, Settings, Unknown, Unverifiable};
use tokio::net::TcpListener;

use crate::gateway::{Gateway, Reaction, answer, credentials, now, sign};
use crate::trades::{order, refund, trade};

const PRECREATED: &str = r#"{"code":"10000","msg":"Success","out_trade_no":"T_1","qr_code":"q"}"#;
const TRADE: &str = r#"{"code":"10000","trade_no":"2026","out_trade_no":"T_1","trade_status":"TRADE_SUCCESS","total_amount":"50.00"}"#;

fn unknown<T: std::fmt::Debug>(outcome: Outcome<T>) -> Unknown {
    match outcome {
        Outcome::Unknown(unknown) => unknown,
        other => panic!("{other:?}"),
    }
}

fn raw(status: u16, body: &str) -> Reaction {
    Reaction::Raw(status, body.as_bytes().to_vec())
}

/// What becomes of an order when the gateway does this.
async fn after(reaction: Reaction) -> Unknown {
    let gateway = Gateway::start([reaction]).await;
    unknown(gateway.client().precreate(&order(), now()).await)
}

#[tokio::test]
async fn a_time_out_after_the_request_was_sent_is_unknown_and_not_repeated() {
    let gateway = Gateway::start([Reaction::Silent]).await;
    let client = gateway.client_with(|settings| settings.timeout = Duration::from_millis(500));
    let outcome = unknown(client.refund(&refund(), now()).await);
    assert_eq!(outcome, Unknown::TimedOut);
    assert!(!outcome.was_never_sent());
    gateway.requests(1).await;
}

#[tokio::test]
async fn a_broken_connection_is_unknown_and_only_queries_are_repeated() {
    for reaction in [Reaction::Closed, Reaction::Truncated, raw(503, "busy")] {
        let gateway = Gateway::start([reaction]).await;
        let client = gateway.client();
        let first = unknown(client.precreate(&order(), now()).await);
        assert!(matches!(first, Unknown::ConnectionBroken | Unknown::HttpStatus(503)), "{first:?}");
        unknown(client.close(&trade(), now()).await);
        unknown(client.cancel(&trade(), now()).await);
        unknown(client.refund(&refund(), now()).await);
        gateway.requests(4).await;
        unknown(client.query(&trade(), now()).await);
        unknown(client.query_refund(&trade(), &OutRequestNo::new("R_1").unwrap(), now()).await);
        gateway.requests(10).await;
    }
}

#[tokio::test]
async fn a_query_that_fails_twice_and_then_works_has_worked() {
    let busy = r#"{"code":"20000","msg":"Service Currently Unavailable","sub_code":"isp.unknow-error"}"#;
    let gateway = Gateway::start([Reaction::Closed, answer(busy), answer(TRADE)]).await;
    assert!(matches!(gateway.client().query(&trade(), now()).await, Outcome::Succeeded(_)));
    gateway.requests(3).await;
}

#[tokio::test]
async fn nobody_listening_means_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/gateway.do", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(credentials(), Settings::new(url)).unwrap();
    let outcome = unknown(client.precreate(&order(), now()).await);
    assert_eq!(outcome, Unknown::NotConnected);
    assert!(outcome.was_never_sent());
}

#[tokio::test]
async fn every_other_status_than_200_is_unknown() {
    for status in [201, 302, 400, 404, 429, 500, 502, 504] {
        assert_eq!(after(raw(status, PRECREATED)).await, Unknown::HttpStatus(status));
    }
}

#[tokio::test]
async fn what_is_not_signed_or_signed_wrongly_is_unknown() {
    let node = format!(r#""alipay_trade_precreate_response":{PRECREATED}"#);
    let claim = |unknown: Unknown| match unknown {
        Unknown::Unverifiable(Unverifiable::Unsigned(Some(claim))) => claim.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(claim(after(raw(200, &format!("{{{node}}}"))).await), "10000");
    assert_eq!(claim(after(raw(200, &format!(r#"{{"error_response":{PRECREATED}}}"#))).await), "10000");
    assert_eq!(
        claim(after(raw(200, r#"{"error_response":{"code":"40002","msg":"Invalid Arguments"}}"#)).await),
        "40002"
    );
    let wrong = format!(r#"{{{node},"sign":"{}"}}"#, sign("something else"));
    assert_eq!(after(raw(200, &wrong)).await, Unknown::Unverifiable(Unverifiable::Signature));
    for body in ["", "{}", "<html></html>", r#"{"sign":"x"}"#] {
        assert_eq!(after(raw(200, body)).await, Unknown::Unverifiable(Unverifiable::Envelope), "{body}");
    }
}

#[tokio::test]
async fn a_signed_error_response_refuses_but_never_succeeds() {
    let signed = |inner: &str| raw(200, &format!(r#"{{"error_response":{inner},"sign":"{}"}}"#, sign(inner)));
    assert!(matches!(after(signed(PRECREATED)).await, Unknown::Unreadable(_)));
    let gateway = Gateway::start([signed(
        r#"{"code":"40006","msg":"Insufficient Permissions","sub_code":"isv.insufficient-isv-permissions"}"#,
    )])
    .await;
    let Outcome::Refused(reason) = gateway.client().precreate(&order(), now()).await else { panic!() };
    assert_eq!(reason.to_string(), "40006 Insufficient Permissions, isv.insufficient-isv-permissions");
}

#[tokio::test]
async fn an_answer_to_another_method_or_about_another_order_is_unknown() {
    let query = format!(r#"{{"alipay_trade_query_response":{TRADE},"sign":"{}"}}"#, sign(TRADE));
    assert_eq!(after(raw(200, &query)).await, Unknown::Unverifiable(Unverifiable::Envelope));
    assert_eq!(after(answer(&PRECREATED.replace("T_1", "T_2"))).await, Unknown::OtherSubject);
    let other_trade = Gateway::start([answer(&TRADE.replace("T_1", "T_2"))]).await;
    assert_eq!(unknown(other_trade.client().query(&trade(), now()).await), Unknown::OtherSubject);
    let ended = Gateway::start([answer(r#"{"code":"10000","out_trade_no":"T_2"}"#)]).await;
    assert_eq!(unknown(ended.client().close(&trade(), now()).await), Unknown::OtherSubject);
    assert_eq!(unknown(ended.client().cancel(&trade(), now()).await), Unknown::OtherSubject);
    let other_refund =
        Gateway::start([answer(r#"{"code":"10000","out_trade_no":"T_2","out_request_no":"R_2","fund_change":"Y","refund_fee":"1.00"}"#)])
            .await;
    assert_eq!(unknown(other_refund.client().refund(&refund(), now()).await), Unknown::OtherSubject);
    let number = OutRequestNo::new("R_1").unwrap();
    let same_trade =
        Gateway::start([answer(r#"{"code":"10000","out_trade_no":"T_1","out_request_no":"R_2"}"#)]).await;
    assert_eq!(
        unknown(same_trade.client().query_refund(&trade(), &number, now()).await),
        Unknown::OtherSubject
    );
    let state = other_refund.client().query_refund(&trade(), &number, now()).await;
    assert_eq!(unknown(state), Unknown::OtherSubject);
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_unknown() {
    for inner in [
        r#"{"code":"10000"}"#,
        r#"{"code":10000,"out_trade_no":"T_1","qr_code":"q"}"#,
        r#"{"out_trade_no":"T_1","qr_code":"q"}"#,
        r#"{"code":"10000","out_trade_no":"T_1","qr_code":"\ud800"}"#,
        "null",
    ] {
        assert!(matches!(after(answer(inner)).await, Unknown::Unreadable(_)), "{inner}");
    }
    assert!(matches!(after(Reaction::Raw(200, vec![0xc3, 0x28])).await, Unknown::Unreadable(_)));
    assert_eq!(after(Reaction::Raw(200, vec![b' '; 2 << 20])).await, Unknown::TooLarge);
}

#[tokio::test]
async fn codes_that_leave_it_open_are_unknown_and_tell_why() {
    for (code, sub_code, doubt) in [
        ("10003", "", Doubt::InProgress),
        ("20000", "isp.unknow-error", Doubt::Unavailable),
        ("40004", "ACQ.SYSTEM_ERROR", Doubt::SystemError),
        ("40005", "isv.call-limited", Doubt::CallLimited),
        ("12345", "", Doubt::Unrecognised),
    ] {
        let inner = format!(r#"{{"code":"{code}","msg":"m","sub_code":"{sub_code}","sub_msg":"s"}}"#);
        let Unknown::Open { doubt: found, reason } = after(answer(&inner)).await else { panic!("{inner}") };
        assert_eq!((found, reason.code.as_str()), (doubt, code));
        assert_eq!(reason.sub_code.unwrap_or_default(), sub_code);
    }
}

#[tokio::test]
async fn a_call_that_was_limited_is_not_repeated_at_once() {
    let gateway = Gateway::start([answer(r#"{"code":"40005","msg":"Call Limited"}"#)]).await;
    unknown(gateway.client().query(&trade(), now()).await);
    gateway.requests(1).await;
}

#[test]
fn settings_that_cannot_be_right_are_named() {
    let problem = |gateway: &str, notify_url: Option<String>| {
        let settings = Settings { notify_url, ..Settings::new(gateway) };
        Client::new(credentials(), settings).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(problem("openapi.alipay.com", None), "gateway is not an http or https URL");
    assert_eq!(problem("file:///etc/passwd", None), "gateway is not an http or https URL");
    let gateway = alipay::PRODUCTION_GATEWAY;
    assert_eq!(problem(gateway, Some("/notify".to_owned())), "notify_url is not an http or https URL");
    let long = format!("https://a.example.com/{}", "x".repeat(256));
    assert_eq!(problem(gateway, Some(long)), "notify_url has more than 256 characters");
}

#[tokio::test]
async fn a_client_shows_no_secrets() {
    let gateway = Gateway::start([answer(PRECREATED)]).await;
    let shown = format!("{:?}", gateway.client());
    assert!(shown.contains("2021000000000001"));
    let key = include_str!("../keys/app.pkcs8.pem").lines().nth(1).unwrap();
    assert!(!shown.contains(&key[..16]) && !shown.contains("PRIVATE"), "{shown}");
}
