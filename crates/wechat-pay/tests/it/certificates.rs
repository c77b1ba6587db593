//! Platform certificates: fetched when needed, several at once, kept, refreshed, not asked for too often.

use http::HeaderMap;
use pay_protocol::Doubt;
use serde_json::json;
use wechat_pay::notices::NoticeError;
use wechat_pay::{Client, PlatformKeys, Unverified};

use crate::gateway::{Gateway, Reply, Signer, encrypt, sign};
use crate::setting::{NOW, SERIAL_1, SERIAL_2, TestClock, data, order_number};

const UNPAID: &str = r#"{"appid":"wxd678efh567hg6787","mchid":"1900007291","out_trade_no":"T2025060100001","trade_state":"NOTPAY"}"#;

fn fetching() -> PlatformKeys {
    PlatformKeys::new().fetching_certificates()
}

/// The list of the vectors: both certificates, encrypted by another library.
fn both() -> Reply {
    Reply::ok(data("certificates.json"))
}

/// A list of our own.
fn list(entries: &[(&str, &str, &str, &str)]) -> String {
    let entry = |(serial, file, effective, expires): &(&str, &str, &str, &str)| {
        json!({
            "serial_no": serial, "effective_time": effective, "expire_time": expires,
            "encrypt_certificate": encrypt(&data(file), "certificate"),
        })
    };
    json!({ "data": entries.iter().map(entry).collect::<Vec<_>>() }).to_string()
}

async fn is_answered(client: &Client) -> bool {
    client.query_order(&order_number()).await.is_ok()
}

fn fetches(gateway: &Gateway) -> usize {
    gateway.seen().iter().filter(|seen| seen.target == "/v3/certificates").count()
}

#[tokio::test]
async fn certificates_are_fetched_when_first_needed_and_all_of_them_kept() {
    let replies = [Reply::ok(UNPAID), both(), Reply::ok(UNPAID).signed_by(Signer::Certificate2)];
    let gateway = Gateway::start(replies).await;
    let client = gateway.client_with(fetching(), &TestClock::new());
    assert!(is_answered(&client).await);
    assert!(is_answered(&client).await);
    assert_eq!((fetches(&gateway), gateway.seen().len()), (1, 3));
}

#[tokio::test]
async fn the_answer_may_be_signed_by_any_certificate_in_it_and_by_no_other() {
    for signer in [Signer::Certificate1, Signer::Certificate2] {
        let gateway = Gateway::start([both().signed_by(signer)]).await;
        let client = gateway.client_with(fetching(), &TestClock::new());
        assert_eq!(client.refresh_certificates().await, Ok(2));
    }
    for reply in [both().tampered(), both().signed_by(Signer::Nobody), both().signed_at(NOW - 300)] {
        let gateway = Gateway::start([reply]).await;
        let client = gateway.client_with(fetching(), &TestClock::new());
        let outcome = client.refresh_certificates().await;
        assert!(matches!(outcome, Err(Doubt::Unverified { .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn after_a_rotation_the_new_certificate_is_fetched_and_the_old_one_forgotten() {
    let only =
        |serial, file| list(&[(serial, file, "2024-06-01T08:00:00+08:00", "2029-06-01T08:00:00+08:00")]);
    let first = only(SERIAL_1, "platform_certificate_1.pem");
    let second = only(SERIAL_2, "platform_certificate_2.pem");
    let gateway = Gateway::start([Reply::ok(first)]).await;
    let clock = TestClock::new();
    let client = gateway.client_with(fetching(), &clock);
    assert_eq!(client.refresh_certificates().await, Ok(1));
    gateway.then(Reply::ok(UNPAID).signed_by(Signer::Certificate2));
    gateway.then(Reply::ok(second).signed_by(Signer::Certificate2));
    assert!(is_answered(&client).await);
    gateway.then(Reply::ok(UNPAID));
    assert!(!is_answered(&client).await, "certificate 1 is gone");
}

#[tokio::test]
async fn certificates_are_fetched_again_after_twelve_hours_and_kept_if_that_fails() {
    let gateway = Gateway::start([both(), Reply::ok(UNPAID)]).await;
    let clock = TestClock::new();
    let client = gateway.client_with(fetching(), &clock);
    assert_eq!(client.refresh_certificates().await, Ok(2));
    assert!(is_answered(&client).await);
    assert_eq!(fetches(&gateway), 1, "still fresh");
    clock.advance(12 * 3600);
    gateway.then(Reply::ok(UNPAID).signed_at(clock.seconds()));
    gateway.then(Reply::error(429, "FREQUENCY_LIMITED").signed_at(clock.seconds()));
    assert!(is_answered(&client).await, "with the certificate it had");
    assert_eq!(fetches(&gateway), 2);
}

#[tokio::test]
async fn unknown_serial_numbers_do_not_make_us_ask_again_and_again() {
    let gateway = Gateway::start([]).await;
    let clock = TestClock::new();
    let client = gateway.client_with(fetching(), &clock);
    let queried = async |signer| {
        gateway.then(Reply::ok(UNPAID).signed_by(signer).signed_at(clock.seconds()));
        gateway.then(Reply::error(403, "NO_AUTH").signed_at(clock.seconds()));
        assert!(!is_answered(&client).await);
    };
    queried(Signer::Certificate2).await;
    assert_eq!(fetches(&gateway), 1);
    gateway.then(Reply::ok(UNPAID).signed_by(Signer::Certificate2));
    assert!(!is_answered(&client).await);
    assert_eq!(fetches(&gateway), 1, "not within ten seconds");
    clock.advance(10);
    queried(Signer::Certificate2).await;
    assert_eq!(fetches(&gateway), 2);
    clock.advance(10);
    gateway.then(Reply::ok(UNPAID).signed_by(Signer::PublicKey).signed_at(clock.seconds()));
    assert!(!is_answered(&client).await);
    assert_eq!(fetches(&gateway), 2, "no certificate has the id of a public key");
}

#[tokio::test]
async fn a_certificate_counts_between_its_times() {
    for (effective, expires, in_force) in [
        ("2025-06-01T08:00:00+08:00", "2025-06-01T08:00:01+08:00", true),
        ("2025-06-01T08:00:01+08:00", "2029-06-01T08:00:00+08:00", false),
        ("2024-06-01T08:00:00+08:00", "2025-06-01T08:00:00+08:00", false),
    ] {
        let body = list(&[(SERIAL_1, "platform_certificate_1.pem", effective, expires)]);
        let gateway = Gateway::start([Reply::ok(body)]).await;
        let client = gateway.client_with(fetching(), &TestClock::new());
        let outcome = client.refresh_certificates().await;
        assert_eq!(matches!(outcome, Ok(1)), in_force, "{outcome:?}");
    }
}

#[tokio::test]
async fn a_certificate_listed_under_another_serial_number_is_refused() {
    let times = ("2024-06-01T08:00:00+08:00", "2029-06-01T08:00:00+08:00");
    let body = list(&[(SERIAL_2, "platform_certificate_1.pem", times.0, times.1)]);
    let gateway = Gateway::start([Reply::ok(body)]).await;
    let client = gateway.client_with(fetching(), &TestClock::new());
    let outcome = client.refresh_certificates().await;
    assert!(matches!(outcome, Err(Doubt::Unreadable(_))), "{outcome:?}");
}

#[tokio::test]
async fn who_does_not_fetch_certificates_never_asks_for_them() {
    let gateway = Gateway::start([Reply::ok(UNPAID).signed_by(Signer::Certificate2)]).await;
    let outcome = gateway.client().query_order(&order_number()).await;
    let Err(Doubt::Unverified { reason, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(reason, Unverified::UnknownKey { serial: SERIAL_2.to_owned() }.to_string());
    assert_eq!(fetches(&gateway), 0);
}

#[tokio::test]
async fn callers_that_need_certificates_at_once_share_one_fetch() {
    let gateway = Gateway::start([both()]).await;
    let client = gateway.client_with(fetching(), &TestClock::new());
    let body = b"{}";
    let mut headers = HeaderMap::new();
    sign(&mut headers, Signer::Certificate1, NOW, body);
    let read = || client.read_notice(&headers, body);
    let (first, second, third) = tokio::join!(read(), read(), read());
    for outcome in [first, second, third] {
        assert!(matches!(outcome, Err(NoticeError::Malformed(_))), "verified, then empty: {outcome:?}");
    }
    assert_eq!(fetches(&gateway), 1);
}
