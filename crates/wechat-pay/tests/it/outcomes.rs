//! What is unknown, what is tried again, and what is believed.

use std::sync::Arc;
use std::time::Duration;

use money::Fen;
use pay_protocol::{Doubt, Outcome};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpSocket};
use wechat_pay::{CodeUrl, Hosts, NativeOrder, PlatformKeys, TimeLimits, Unverified};

use crate::gateway::{Gateway, Reply, Signer};
use crate::setting::{
    NOW, PUBLIC_KEY_ID, SERIAL_2, TestClock, certificate_keys, client, client_with, notify_url, order_number,
    public_key_keys,
};

const CODE: &str = r#"{"code_url":"weixin://x"}"#;
const UNPAID: &str = r#"{"appid":"wxd678efh567hg6787","mchid":"1900007291","out_trade_no":"T2025060100001","trade_state":"NOTPAY"}"#;

fn order() -> NativeOrder {
    NativeOrder::new(order_number(), "a", Fen::new(1), notify_url()).unwrap()
}

async fn create(reply: Reply, keys: PlatformKeys) -> Outcome<CodeUrl> {
    let gateway = Gateway::start([reply]).await;
    let outcome = gateway.client_with(keys, &TestClock::new()).create_native_order(&order()).await;
    assert_eq!(gateway.seen().len(), 1, "a POST is sent once");
    outcome
}

async fn why_unverified(reply: Reply) -> String {
    match create(reply, certificate_keys()).await {
        Outcome::Unknown(Doubt::Unverified { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_answer_whose_signature_does_not_verify_is_never_believed() {
    assert_eq!(why_unverified(Reply::ok(CODE).tampered()).await, Unverified::WrongSignature.to_string());
    let missing = Unverified::MissingHeader("Wechatpay-Timestamp").to_string();
    assert_eq!(why_unverified(Reply::ok(CODE).signed_by(Signer::Nobody)).await, missing);
    let serial = SERIAL_2.to_owned();
    assert_eq!(
        why_unverified(Reply::ok(CODE).signed_by(Signer::Certificate2)).await,
        Unverified::UnknownKey { serial }.to_string()
    );
    let serial = PUBLIC_KEY_ID.to_owned();
    assert_eq!(
        why_unverified(Reply::ok(CODE).signed_by(Signer::PublicKey)).await,
        Unverified::UnknownKey { serial }.to_string()
    );
}

#[tokio::test]
async fn a_refusal_without_a_signature_is_unknown_and_its_code_is_kept_for_the_log() {
    let outcome = create(Reply::error(401, "SIGN_ERROR").signed_by(Signer::Nobody), certificate_keys()).await;
    let Outcome::Unknown(Doubt::Unverified { status, reason }) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(status == 401 && reason.ends_with("; it claims SIGN_ERROR"), "{reason}");
}

#[tokio::test]
async fn answers_are_good_for_less_than_300_seconds_either_way() {
    for offset in [-299, 299] {
        let outcome = create(Reply::ok(CODE).signed_at(NOW + offset), certificate_keys()).await;
        assert!(matches!(outcome, Outcome::Succeeded(_)), "{offset}: {outcome:?}");
    }
    for offset in [-300, 300] {
        let reason = why_unverified(Reply::ok(CODE).signed_at(NOW + offset)).await;
        assert_eq!(reason, Unverified::Stale { seconds: offset }.to_string());
    }
}

#[tokio::test]
async fn the_key_is_chosen_by_the_header() {
    let both = || {
        let keys = public_key_keys();
        keys.with_certificate(&crate::setting::data("platform_certificate_2.pem")).unwrap()
    };
    for signer in [Signer::PublicKey, Signer::Certificate2] {
        let outcome = create(Reply::ok(CODE).signed_by(signer), both()).await;
        assert!(matches!(outcome, Outcome::Succeeded(_)), "{signer:?}: {outcome:?}");
    }
    let outcome = create(Reply::ok(CODE).signed_by(Signer::Certificate1), both()).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_signed_answer_that_cannot_be_read_is_unknown() {
    for body in ["", "{}", "not json", r#"{"code_url":""}"#, r#"{"code_url":5}"#] {
        let outcome = create(Reply::ok(body), certificate_keys()).await;
        assert!(matches!(outcome, Outcome::Unknown(Doubt::Unreadable(_))), "{body}: {outcome:?}");
    }
    let outcome = create(Reply::new(400, "not json"), certificate_keys()).await;
    assert!(matches!(outcome, Outcome::Unknown(Doubt::Undecided(_))), "{outcome:?}");
    let outcome = create(Reply::new(302, ""), certificate_keys()).await;
    assert!(matches!(outcome, Outcome::Unknown(Doubt::Undecided(_))), "{outcome:?}");
    let outcome = create(Reply::ok(vec![b' '; (1 << 20) + 1]), certificate_keys()).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::TooLarge));
}

#[tokio::test]
async fn no_answer_after_the_request_was_sent_is_unknown() {
    let gateway = Gateway::start([Reply::never()]).await;
    let call = Duration::from_secs(2);
    let limits = TimeLimits { connect: Duration::from_secs(5), call, download: call };
    let hosts = Hosts::new(&gateway.address, None).unwrap();
    let client = client_with(hosts, certificate_keys(), &TestClock::new(), limits);
    let outcome = client.create_native_order(&order()).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::TimedOut));
    assert_eq!(gateway.only().target, "/v3/pay/transactions/native", "it arrived, once");
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_is_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hosts = Hosts::new(&format!("http://{}", listener.local_addr().unwrap()), None).unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 4096];
        stream.read(&mut buffer).await.unwrap()
    });
    let client = client(hosts, certificate_keys(), &TestClock::new());
    let outcome = client.create_native_order(&order()).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::Broken));
    assert!(server.await.unwrap() > 0);
}

/// An address where nobody listens, nor can while the socket is held.
fn closed_address() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    (socket, address)
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent_and_only_a_get_goes_to_the_backup() {
    let backup = Gateway::start([Reply::ok(UNPAID)]).await;
    let (_held, closed) = closed_address();
    let hosts = Hosts::new(&closed, Some(&backup.address)).unwrap();
    let client = client(hosts, certificate_keys(), &TestClock::new());
    let outcome = client.create_native_order(&order()).await;
    assert_eq!(outcome, Outcome::Unknown(Doubt::NotSent));
    assert!(backup.seen().is_empty());
    assert!(client.query_order(&order_number()).await.unwrap().is_some());
    assert_eq!(backup.seen().len(), 1);
}

#[tokio::test]
async fn a_get_is_tried_again_once_after_a_5xx() {
    let gateway = Gateway::start([Reply::error(500, "SYSTEM_ERROR"), Reply::ok(UNPAID)]).await;
    assert!(gateway.client().query_order(&order_number()).await.unwrap().is_some());
    let gateway = Gateway::start([Reply::error(500, "SYSTEM_ERROR"), Reply::error(502, "")]).await;
    let outcome = gateway.client().query_order(&order_number()).await;
    assert!(matches!(outcome, Err(Doubt::OutOfOrder(_))), "{outcome:?}");
    assert_eq!(gateway.seen().len(), 2);
}

#[tokio::test]
async fn too_often_is_unknown_and_not_tried_again_at_once() {
    let gateway = Gateway::start([Reply::error(429, "FREQUENCY_LIMITED"), Reply::ok(UNPAID)]).await;
    let outcome = gateway.client().query_order(&order_number()).await;
    assert!(matches!(outcome, Err(Doubt::Undecided(_))), "{outcome:?}");
    assert_eq!(gateway.seen().len(), 1);
}

#[test]
fn addresses_of_hosts_are_origins() {
    assert!(Hosts::official().is_ok());
    for bad in [
        "",
        "api.mch.weixin.qq.com",
        "ftp://a",
        "https://a/b",
        "https://a/?b",
        "https://u:p@a",
        "https://a/#b",
        "http://api.mch.weixin.qq.com",
    ] {
        assert!(Hosts::new(bad, None).is_err(), "{bad}");
        assert!(Hosts::new("https://a", Some(bad)).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_client_is_shared_between_tasks() {
    let gateway = Gateway::start([Reply::ok(UNPAID), Reply::ok(UNPAID)]).await;
    let shared = Arc::new(gateway.client());
    let ask = || {
        let client = Arc::clone(&shared);
        tokio::spawn(async move { client.query_order(&order_number()).await })
    };
    for task in [ask(), ask()] {
        assert!(task.await.unwrap().is_ok());
    }
}
