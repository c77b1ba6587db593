//! Everything that can go wrong on the way, and that none of it is taken for an answer.

use std::time::Duration;

use alipay::{Client, OutRequestNo, Settings};
use pay_protocol::{Doubt, Outcome};
use tokio::net::TcpListener;

use crate::gateway::{Gateway, Reaction, answer, credentials, now, sign};
use crate::trades::{order, refund, trade};

const PRECREATED: &str = r#"{"code":"10000","msg":"Success","out_trade_no":"T_1","qr_code":"q"}"#;
const TRADE: &str = r#"{"code":"10000","trade_no":"2026","out_trade_no":"T_1","trade_status":"TRADE_SUCCESS","total_amount":"50.00"}"#;

#[track_caller]
fn unknown<T: std::fmt::Debug>(outcome: Outcome<T>) -> Doubt {
    match outcome {
        Outcome::Unknown(doubt) => doubt,
        other => panic!("{other:?}"),
    }
}

fn raw(status: u16, body: &str) -> Reaction {
    Reaction::Raw(status, body.as_bytes().to_vec())
}

/// What becomes of an order when the gateway does this.
async fn after(reaction: Reaction) -> Doubt {
    let gateway = Gateway::start([reaction]).await;
    unknown(gateway.client().precreate(&order(), now()).await)
}

#[tokio::test]
async fn a_time_out_after_the_request_was_sent_is_unknown_and_not_repeated() {
    let gateway = Gateway::start([Reaction::Silent]).await;
    let client = gateway.client_with(|settings| settings.timeout = Duration::from_millis(500));
    let outcome = unknown(client.refund(&refund(), now()).await);
    assert_eq!(outcome, Doubt::TimedOut);
    gateway.requests(1).await;
}

#[tokio::test]
async fn a_broken_connection_is_unknown_and_only_queries_are_repeated() {
    for reaction in [Reaction::Closed, Reaction::Truncated, raw(503, "busy")] {
        let gateway = Gateway::start([reaction]).await;
        let client = gateway.client();
        let first = unknown(client.precreate(&order(), now()).await);
        assert!(matches!(first, Doubt::Broken | Doubt::Unverified { status: 503, .. }), "{first:?}");
        unknown(client.close(&trade(), now()).await);
        unknown(client.cancel(&trade(), now()).await);
        unknown(client.refund(&refund(), now()).await);
        gateway.requests(4).await;
        client.query(&trade(), now()).await.unwrap_err();
        client.query_refund(&trade(), &OutRequestNo::new("R_1").unwrap(), now()).await.unwrap_err();
        gateway.requests(10).await;
    }
}

#[tokio::test]
async fn a_query_that_fails_twice_and_then_works_has_worked() {
    let busy = r#"{"code":"20000","msg":"Service Currently Unavailable","sub_code":"isp.unknow-error"}"#;
    let gateway = Gateway::start([Reaction::Closed, answer(busy), answer(TRADE)]).await;
    assert!(gateway.client().query(&trade(), now()).await.is_ok());
    gateway.requests(3).await;
}

#[tokio::test]
async fn nobody_listening_means_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/gateway.do", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(credentials(), Settings::new(url)).unwrap();
    let outcome = unknown(client.precreate(&order(), now()).await);
    assert_eq!(outcome, Doubt::NotSent);
}

#[tokio::test]
async fn every_other_status_than_200_is_unknown() {
    for status in [201, 302, 400, 404, 429, 500, 502, 504] {
        let doubt = after(raw(status, PRECREATED)).await;
        assert!(matches!(doubt, Doubt::Unverified { status: found, .. } if found == status), "{doubt:?}");
    }
}

#[tokio::test]
async fn what_is_not_signed_or_signed_wrongly_is_unknown() {
    let node = format!(r#""alipay_trade_precreate_response":{PRECREATED}"#);
    let reason = |doubt: Doubt| match doubt {
        Doubt::Unverified { status: 200, reason } => reason,
        other => panic!("{other:?}"),
    };
    let unsigned = "it is not signed, and claims Alipay: ";
    for (body, claim) in [
        (format!("{{{node}}}"), "10000 Success"),
        (format!(r#"{{"error_response":{PRECREATED}}}"#), "10000 Success"),
        (r#"{"error_response":{"code":"40002","msg":"no"}}"#.to_owned(), "40002 no"),
    ] {
        assert_eq!(reason(after(raw(200, &body)).await), format!("{unsigned}{claim}"));
    }
    let wrong = format!(r#"{{{node},"sign":"{}"}}"#, sign("something else"));
    assert_eq!(reason(after(raw(200, &wrong)).await), "the signature is wrong");
    for body in ["", "{}", "<html></html>", r#"{"sign":"x"}"#] {
        assert_eq!(reason(after(raw(200, body)).await), "it is not an envelope of this method", "{body}");
    }
}

#[tokio::test]
async fn a_signed_error_response_refuses_but_never_succeeds() {
    let signed = |inner: &str| raw(200, &format!(r#"{{"error_response":{inner},"sign":"{}"}}"#, sign(inner)));
    assert!(matches!(after(signed(PRECREATED)).await, Doubt::Unreadable(_)));
    let gateway = Gateway::start([signed(
        r#"{"code":"40006","msg":"Insufficient Permissions","sub_code":"isv.insufficient-isv-permissions"}"#,
    )])
    .await;
    let Outcome::Refused(refusal) = gateway.client().precreate(&order(), now()).await else { panic!() };
    assert_eq!(
        refusal.to_string(),
        "Alipay: 40006 Insufficient Permissions, isv.insufficient-isv-permissions"
    );
}

#[tokio::test]
async fn an_answer_to_another_method_or_about_another_order_is_unknown() {
    let query = format!(r#"{{"alipay_trade_query_response":{TRADE},"sign":"{}"}}"#, sign(TRADE));
    assert!(matches!(after(raw(200, &query)).await, Doubt::Unverified { .. }));
    let of_another = Doubt::OfAnother;
    assert_eq!(after(answer(&PRECREATED.replace("T_1", "T_2"))).await, of_another("out_trade_no"));
    let other_trade = Gateway::start([answer(&TRADE.replace("T_1", "T_2"))]).await;
    assert_eq!(other_trade.client().query(&trade(), now()).await, Err(of_another("trade")));
    let ended = Gateway::start([answer(r#"{"code":"10000","out_trade_no":"T_2"}"#)]).await;
    assert_eq!(unknown(ended.client().close(&trade(), now()).await), of_another("trade"));
    assert_eq!(unknown(ended.client().cancel(&trade(), now()).await), of_another("trade"));
    let inner = r#"{"code":"10000","out_trade_no":"T_2","out_request_no":"R_1","fund_change":"Y","refund_fee":"20.00"}"#;
    let other_refund = Gateway::start([answer(inner)]).await;
    assert_eq!(unknown(other_refund.client().refund(&refund(), now()).await), of_another("trade"));
    let number = OutRequestNo::new("R_1").unwrap();
    let state = other_refund.client().query_refund(&trade(), &number, now()).await;
    assert_eq!(state, Err(of_another("trade")));
    let same_trade =
        Gateway::start([answer(r#"{"code":"10000","out_trade_no":"T_1","out_request_no":"R_2"}"#)]).await;
    let state = same_trade.client().query_refund(&trade(), &number, now()).await;
    assert_eq!(state, Err(of_another("out_request_no")));
    let less = Gateway::start([answer(&inner.replace("T_2", "T_1").replace("20.00", "19.99"))]).await;
    assert_eq!(unknown(less.client().refund(&refund(), now()).await), of_another("amount"));
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
        assert!(matches!(after(answer(inner)).await, Doubt::Unreadable(_)), "{inner}");
    }
    assert!(matches!(after(Reaction::Raw(200, vec![0xc3, 0x28])).await, Doubt::Unreadable(_)));
    assert_eq!(after(Reaction::Raw(200, vec![b' '; 2 << 20])).await, Doubt::TooLarge);
}

#[tokio::test]
async fn codes_that_leave_it_open_are_unknown_and_tell_why() {
    for (code, sub_code, is_away) in [
        ("10003", "", false),
        ("20000", "isp.unknow-error", true),
        ("40004", "ACQ.SYSTEM_ERROR", true),
        ("40004", "", false),
        ("40005", "isv.call-limited", false),
        ("12345", "", false),
    ] {
        let inner = format!(r#"{{"code":"{code}","msg":"m","sub_code":"{sub_code}","sub_msg":"s"}}"#);
        let doubt = after(answer(&inner)).await;
        assert_eq!(doubt.is_away(), is_away, "{inner}");
        assert_eq!(doubt.refusal().unwrap().code, if sub_code.is_empty() { code } else { sub_code });
    }
}

#[tokio::test]
async fn a_refused_question_is_no_answer() {
    for (code, sub_code) in [
        ("20001", "aop.invalid-auth-token"),
        ("40001", "isv.missing-parameter"),
        ("40002", "isv.invalid-parameter"),
        ("40003", ""),
        ("40006", "isv.insufficient-isv-permissions"),
        ("40004", "ACQ.TRADE_NOT_EXIST"),
        ("40004", "ACQ.INVALID_PARAMETER"),
        ("40004", ""),
    ] {
        let inner = format!(r#"{{"code":"{code}","msg":"m","sub_code":"{sub_code}"}}"#);
        let gateway = Gateway::start([answer(&inner)]).await;
        let number = OutRequestNo::new("R_1").unwrap();
        let doubt = gateway.client().query_refund(&trade(), &number, now()).await.unwrap_err();
        assert!(matches!(doubt, Doubt::Undecided(_)), "{code} {sub_code}: {doubt:?}");
        let order = gateway.client().query(&trade(), now()).await;
        assert_eq!(order.is_ok(), sub_code == "ACQ.TRADE_NOT_EXIST", "{code} {sub_code}");
    }
}

#[tokio::test]
async fn a_call_that_was_limited_is_not_repeated_at_once() {
    let gateway = Gateway::start([answer(r#"{"code":"40005","msg":"Call Limited"}"#)]).await;
    gateway.client().query(&trade(), now()).await.unwrap_err();
    gateway.requests(1).await;
}

#[test]
fn settings_that_cannot_be_right_are_named() {
    let problem = |gateway: &str, notify_url: Option<String>| {
        let settings = Settings { notify_url, ..Settings::new(gateway) };
        Client::new(credentials(), settings).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(
        problem("openapi.alipay.com", None),
        "gateway is not an https URL (http on this machine alone)"
    );
    assert_eq!(
        problem("http://openapi.alipay.com/gateway.do", None),
        "gateway is not an https URL (http on this machine alone)"
    );
    assert_eq!(
        problem("file:///etc/passwd", None),
        "gateway is not an https URL (http on this machine alone)"
    );
    let gateway = alipay::PRODUCTION_GATEWAY;
    assert_eq!(
        problem(gateway, Some("/notify".to_owned())),
        "notify_url is not an https URL (http on this machine alone)"
    );
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
