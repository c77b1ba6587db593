//! Notices signed by openssl and encrypted by another library.

use http::{HeaderMap, HeaderValue};
use money::Fen;
use serde_json::{Value, json};
use wechat_pay::notices::{Notice, NoticeError, failure};
use wechat_pay::{PlatformKeys, RefundStatus, Unverified};

use crate::gateway::{Signer, encrypt, sign};
use crate::setting::{
    NOW, PUBLIC_KEY_ID, SERIAL_1, SERIAL_2, TestClock, certificate_keys, data, offline, public_key_keys,
};

fn headers(serial: &str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("wechatpay-serial", serial),
        ("wechatpay-timestamp", "1748736000"),
        ("wechatpay-nonce", "c5ac7061fccab6bf3e254dcf98995b8c"),
        ("wechatpay-signature", signature),
    ] {
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn payment() -> (HeaderMap, String) {
    let signature = data("payment_notice.platform_key_1.signature");
    (headers(SERIAL_1, &signature), data("payment_notice.json"))
}

async fn read(keys: PlatformKeys, headers: &HeaderMap, body: &str) -> Result<Notice, NoticeError> {
    offline(keys, &TestClock::new()).read_notice(headers, body.as_bytes()).await
}

async fn refused(headers: &HeaderMap, body: &str) -> NoticeError {
    read(certificate_keys(), headers, body).await.unwrap_err()
}

#[tokio::test]
async fn a_payment_notice_tells_the_payment() {
    let (headers, body) = payment();
    let Notice::Payment(notice) = read(certificate_keys(), &headers, &body).await.unwrap() else {
        panic!("a payment");
    };
    let transaction = notice.transaction;
    assert_eq!(
        (notice.id.as_str(), transaction.out_trade_no.as_str()),
        ("EV-2018022511223320873", "T2025060100001")
    );
    let paid = transaction.paid.unwrap();
    assert_eq!((paid.total, paid.at.to_string().as_str()), (Fen::new(10_000), "2025-05-31T23:59:56Z"));
}

#[tokio::test]
async fn a_refund_notice_tells_the_refund() {
    let headers = headers(SERIAL_1, &data("refund_notice.platform_key_1.signature"));
    let body = data("refund_notice.json");
    let Notice::Refund(notice) = read(certificate_keys(), &headers, &body).await.unwrap() else {
        panic!("a refund");
    };
    assert_eq!((notice.out_refund_no.as_str(), notice.status), ("R2025060100001", RefundStatus::Success));
    assert_eq!((notice.amount.refund, notice.amount.total), (Fen::new(2_500), Fen::new(10_000)));
}

#[tokio::test]
async fn a_notice_is_verified_in_public_key_mode_and_with_another_certificate() {
    let (_, body) = payment();
    let by_key = headers(PUBLIC_KEY_ID, &data("payment_notice.platform_key_1.signature"));
    assert!(read(public_key_keys(), &by_key, &body).await.is_ok());
    let second = certificate_keys().with_certificate(&data("platform_certificate_2.pem")).unwrap();
    let by_second = headers(SERIAL_2, &data("payment_notice.platform_key_2.signature"));
    assert!(read(second, &by_second, &body).await.is_ok());
}

#[tokio::test]
async fn a_serial_number_in_lower_case_names_the_same_certificate() {
    let (mut headers, body) = payment();
    headers.insert("wechatpay-serial", HeaderValue::from_str(&SERIAL_1.to_lowercase()).unwrap());
    assert!(read(certificate_keys(), &headers, &body).await.is_ok());
}

#[tokio::test]
async fn a_certificate_whose_number_begins_with_a_set_bit_has_the_number_openssl_shows() {
    let keys = PlatformKeys::new().with_certificate(&data("high_serial_certificate.pem")).unwrap();
    let serial = "F0000000000000000000000000000000000000A1";
    let headers = headers(serial, &data("payment_notice.platform_key_2.signature"));
    assert!(read(keys, &headers, &data("payment_notice.json")).await.is_ok());
}

#[tokio::test]
async fn a_wrong_serial_number_is_refused() {
    let (mut headers, body) = payment();
    headers.insert("wechatpay-serial", HeaderValue::from_static(SERIAL_2));
    let serial = SERIAL_2.to_owned();
    assert_eq!(refused(&headers, &body).await, Unverified::UnknownKey { serial }.into());
    let both = certificate_keys().with_certificate(&data("platform_certificate_2.pem")).unwrap();
    let outcome = read(both, &headers, &body).await.unwrap_err();
    assert_eq!(outcome, Unverified::WrongSignature.into(), "the key is the one the header names");
    headers.insert("wechatpay-serial", HeaderValue::from_str(&"A".repeat(65)).unwrap());
    assert_eq!(refused(&headers, &body).await, Unverified::MalformedHeader("Wechatpay-Serial").into());
}

#[tokio::test]
async fn a_stale_notice_is_refused() {
    let (headers, body) = payment();
    let clock = TestClock::new();
    let client = offline(certificate_keys(), &clock);
    clock.advance(299);
    assert!(client.read_notice(&headers, body.as_bytes()).await.is_ok());
    clock.advance(1);
    let outcome = client.read_notice(&headers, body.as_bytes()).await.unwrap_err();
    assert_eq!(outcome, Unverified::Stale { seconds: -300 }.into());
}

#[tokio::test]
async fn a_changed_body_or_header_is_refused() {
    let (headers, body) = payment();
    let wrong: NoticeError = Unverified::WrongSignature.into();
    assert_eq!(refused(&headers, &body.replace("TRANSACTION.SUCCESS", "REFUND.SUCCESS")).await, wrong);
    assert_eq!(refused(&headers, &format!("{body}\n")).await, wrong);
    assert_eq!(refused(&headers, "").await, wrong);
    for (name, value) in [("wechatpay-timestamp", "1748736001"), ("wechatpay-nonce", "other")] {
        let mut changed = headers.clone();
        changed.insert(name, HeaderValue::from_static(value));
        assert_eq!(refused(&changed, &body).await, wrong, "{name}");
    }
}

#[tokio::test]
async fn missing_and_malformed_headers_are_refused_by_name() {
    let (headers, body) = payment();
    for name in ["Wechatpay-Serial", "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature"] {
        let mut without = headers.clone();
        without.remove(name);
        assert_eq!(refused(&without, &body).await, Unverified::MissingHeader(name).into());
    }
    for (name, value) in
        [("Wechatpay-Timestamp", "soon"), ("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3")]
    {
        let mut changed = headers.clone();
        changed.insert(name, HeaderValue::from_static(value));
        assert_eq!(refused(&changed, &body).await, Unverified::MalformedHeader(name).into());
    }
    let mut changed = headers.clone();
    changed.insert("Wechatpay-Signature", HeaderValue::from_static("!"));
    assert_eq!(refused(&changed, &body).await, Unverified::WrongSignature.into());
}

#[tokio::test]
async fn probes_fail_like_any_wrong_signature() {
    let (mut headers, body) = payment();
    let signature = data("payment_notice.platform_key_1.signature");
    let prefix = "WECHATPAY/SIGNTEST/";
    let padded = format!("{prefix}{}", &signature[prefix.len()..]);
    for probe in [padded, format!("{prefix}{signature}")] {
        headers.insert("wechatpay-signature", HeaderValue::from_str(&probe).unwrap());
        let outcome = refused(&headers, &body).await;
        assert!(matches!(outcome, NoticeError::Unverified(_)), "{outcome:?}");
    }
}

/// A notice of WeChat's, changed before it was signed.
async fn signed(body: &str) -> NoticeError {
    let mut headers = HeaderMap::new();
    sign(&mut headers, Signer::Certificate1, NOW, body.as_bytes());
    refused(&headers, body).await
}

#[tokio::test]
async fn verified_notices_that_make_no_sense_are_refused_for_what_they_are() {
    let body = data("payment_notice.json");
    assert!(matches!(signed("{}").await, NoticeError::Malformed(_)));
    let other = body.replace("TRANSACTION.SUCCESS", "COUPON.USE");
    assert_eq!(signed(&other).await, NoticeError::OtherEvent("COUPON.USE".to_owned()));
    let crossed = body.replace("TRANSACTION.SUCCESS", "REFUND.SUCCESS");
    assert!(matches!(signed(&crossed).await, NoticeError::Malformed(_)));
    let nonce = body.replace("fdasflkja484", "fdasflkja485");
    assert_eq!(signed(&nonce).await, NoticeError::Undecipherable);
    let aad = body.replace(r#""associated_data": "transaction""#, r#""associated_data": "refund""#);
    assert_eq!(signed(&aad).await, NoticeError::Undecipherable);
    let closed = data("refund_notice.json").replace("REFUND.SUCCESS", "REFUND.CLOSED");
    assert!(matches!(signed(&closed).await, NoticeError::Malformed(_)), "the plaintext says SUCCESS");
}

/// What becomes of a notice with this plaintext.
async fn read_plain(event_type: &str, kind: &str, plain: &Value) -> Result<Notice, NoticeError> {
    let mut resource = encrypt(&plain.to_string(), kind);
    resource["original_type"] = json!(kind);
    let envelope = json!({
        "id": "EV-1", "create_time": "2025-06-01T08:00:00+08:00", "event_type": event_type,
        "resource_type": "encrypt-resource", "summary": "", "resource": resource,
    });
    let body = envelope.to_string();
    let mut headers = HeaderMap::new();
    sign(&mut headers, Signer::Certificate1, NOW, body.as_bytes());
    read(certificate_keys(), &headers, &body).await
}

#[tokio::test]
async fn a_refund_that_did_not_arrive_is_told_and_one_of_another_merchant_is_refused() {
    let mut plain = json!({
        "mchid": "1900007291", "out_trade_no": "T2025060100001", "transaction_id": "4200001",
        "out_refund_no": "R2025060100001", "refund_id": "5000001", "refund_status": "ABNORMAL",
        "success_time": "", "user_received_account": "支付用户零钱",
        "amount": {"total": 10000, "refund": 2500, "payer_total": 10000, "payer_refund": 2500},
    });
    for (event_type, word, status) in [
        ("REFUND.ABNORMAL", "ABNORMAL", RefundStatus::Abnormal),
        ("REFUND.CLOSED", "CLOSED", RefundStatus::Closed),
    ] {
        plain["refund_status"] = json!(word);
        let Notice::Refund(notice) = read_plain(event_type, "refund", &plain).await.unwrap() else {
            panic!("a refund");
        };
        assert_eq!(notice.status, status);
    }
    plain["mchid"] = json!("1900000001");
    let outcome = read_plain("REFUND.CLOSED", "refund", &plain).await;
    assert_eq!(outcome, Err(NoticeError::OfAnother("mchid")));
}

#[tokio::test]
async fn a_payment_notice_is_of_a_payment_to_this_merchant_whatever_was_returned_since() {
    let plain = json!({
        "appid": "wxd678efh567hg6787", "mchid": "1900007291", "out_trade_no": "T2025060100001",
        "transaction_id": "4200001", "trade_state": "SUCCESS", "success_time": "2025-06-01T08:00:00+08:00",
        "amount": {"total": 10000, "currency": "CNY"},
    });
    for state in ["SUCCESS", "REFUND"] {
        let mut plain = plain.clone();
        plain["trade_state"] = json!(state);
        plain["trade_state_desc"] = Value::Null;
        assert!(read_plain("TRANSACTION.SUCCESS", "transaction", &plain).await.is_ok(), "{state}");
    }
    for (field, value, expected) in [
        ("trade_state", "NOTPAY", None),
        ("mchid", "1900000001", Some("mchid")),
        ("appid", "wx0000000000000000", Some("appid")),
    ] {
        let mut changed = plain.clone();
        changed[field] = json!(value);
        let outcome = read_plain("TRANSACTION.SUCCESS", "transaction", &changed).await.unwrap_err();
        match expected {
            Some(field) => assert_eq!(outcome, NoticeError::OfAnother(field)),
            None => assert!(matches!(outcome, NoticeError::Malformed(_)), "{value}: {outcome:?}"),
        }
    }
}

#[test]
fn a_failure_says_so_in_wechats_words() {
    assert_eq!(failure("no \"order\""), r#"{"code":"FAIL","message":"no \"order\""}"#);
}
