//! Key, time, signature and session id of headset calls: absent, doubled, malformed, or made over something else.

use base::ids::OperatorId;
use serde_json::json;
use uuid::Uuid;

use crate::harness::{self, AUTHORIZE, Server, Venue};
use crate::requests::{CONFIG, Call, PRE_AUTHORIZE, send_bytes};

async fn start() -> (Server, Venue) {
    let server = harness::start().await;
    let venue = server.venue(100_000).await;
    (server, venue)
}

#[tokio::test]
async fn a_key_that_is_not_one_known_value_is_401() {
    let (server, venue) = start().await;
    let other = server.venue(0).await;
    let key = venue.api_key.clone();
    let wrong = [
        String::new(),
        "x".to_owned(),
        key[..63].to_owned(),
        format!("{key}0"),
        key.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A"),
        "é".repeat(32),
        "f".repeat(64),
    ];
    for value in wrong {
        let mut call = Call::authorize(&server, &venue, 2);
        call.set("x-api-key", &value);
        call.send(&server).await.expect(401, "INVALID_API_KEY");
    }
    let mut absent = Call::authorize(&server, &venue, 2);
    absent.remove("x-api-key");
    absent.send(&server).await.expect(401, "INVALID_API_KEY");
    for second in [&key, &other.api_key] {
        let mut doubled = Call::authorize(&server, &venue, 2);
        doubled.add("x-api-key", second);
        doubled.send(&server).await.expect(401, "INVALID_API_KEY");
    }
    let mut not_text = Call::authorize(&server, &venue, 2);
    not_text.set("x-api-key", [0xff; 64]);
    not_text.send(&server).await.expect(401, "INVALID_API_KEY");
    assert_eq!(server.usage_count(&venue).await, 0);
}

#[tokio::test]
async fn a_timestamp_that_is_not_one_number_is_named() {
    let (server, venue) = start().await;
    for text in ["", "abc", "1e9", "0x10", "1700000000.5", "+1700000000", "１７"] {
        let mut call = Call::authorize(&server, &venue, 2);
        call.timestamp = String::new();
        if !text.is_empty() {
            call.set("x-timestamp", text);
        }
        let answer = call.send(&server).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.wrong_fields(), ["X-Timestamp"], "{text}");
    }
    let mut doubled = Call::authorize(&server, &venue, 2);
    let timestamp = doubled.timestamp.clone();
    doubled.add("x-timestamp", timestamp);
    doubled.send(&server).await.expect(400, "INVALID_PARAMS");
}

#[tokio::test]
async fn a_timestamp_may_be_five_minutes_off_and_no_more() {
    let (server, venue) = start().await;
    let now = server.app.clock().now().as_seconds();
    // A second or two may pass until the request is there, so the edges are left to limits that do not move.
    for (timestamp, is_good) in [
        (now - 295, true),
        (now + 300, true),
        (now - 301, false),
        (now + 310, false),
        (0, false),
        (-1, false),
        (now * 1_000, false),
        (i64::MAX, false),
        (i64::MIN, false),
    ] {
        let mut call = Call::authorize(&server, &venue, 2);
        call.timestamp = timestamp.to_string();
        let answer = call.send(&server).await;
        if is_good {
            answer.expect(200, "");
        } else {
            let details = answer.expect(400, "TIMESTAMP_EXPIRED");
            assert_eq!(details["request_time"], timestamp);
            assert_eq!(details["max_diff_seconds"], 300);
        }
    }
    // What 64 bits do not hold is a number too.
    for timestamp in ["99999999999999999999", "-99999999999999999999"] {
        let mut call = Call::authorize(&server, &venue, 2);
        call.timestamp = timestamp.to_owned();
        call.send(&server).await.expect(400, "TIMESTAMP_EXPIRED");
    }
}

#[tokio::test]
async fn a_signature_over_anything_else_is_refused() {
    let (server, venue) = start().await;
    let other = server.venue(0).await;
    let faults: [fn(&mut Call, &Venue); 9] = [
        |call, _| call.signed_method = Some("post"),
        |call, _| call.signed_method = Some("GET"),
        |call, _| call.signed_path = Some(format!("{AUTHORIZE}?")),
        |call, _| call.signed_path = Some(format!("{AUTHORIZE}/")),
        |call, _| call.signed_path = Some(PRE_AUTHORIZE.to_owned()),
        |call, _| call.signed_path = Some(format!("http://127.0.0.1{AUTHORIZE}")),
        |call, _| call.signed_body = Some(Vec::new()),
        |call, _| call.body.push(b' '),
        |call, other| call.signing_key = other.api_key.clone(),
    ];
    for (n, fault) in faults.into_iter().enumerate() {
        let mut call = Call::authorize(&server, &venue, 2);
        call.signed_body = Some(call.body.clone());
        fault(&mut call, &other);
        let answer = call.send(&server).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "INVALID_SIGNATURE"), "{n}");
    }
    let mut earlier = Call::authorize(&server, &venue, 2);
    earlier.signature = Some(earlier.sign());
    earlier.timestamp = (server.app.clock().now().as_seconds() - 7).to_string();
    earlier.send(&server).await.expect(400, "INVALID_SIGNATURE");
    assert_eq!(server.usage_count(&venue).await, 0);
}

#[tokio::test]
async fn only_the_standard_padded_base64_is_a_signature() {
    let (server, venue) = start().await;
    let mut call = Call::authorize(&server, &venue, 2);
    // A signature in which the alphabets differ.
    let good = loop {
        let signature = call.sign();
        if signature.contains(['+', '/']) {
            break signature;
        }
        call = Call::authorize(&server, &venue, 2);
    };
    let hex: String = good.bytes().map(|b| format!("{b:02x}")).collect();
    for wrong in [
        good.trim_end_matches('=').to_owned(),
        good.replace('+', "-").replace('/', "_"),
        format!("{good}="),
        format!("{good} {good}"),
        good[4..].to_owned(),
        hex,
        "====".to_owned(),
    ] {
        call.signature = Some(wrong.clone());
        let answer = call.send(&server).await;
        assert_eq!(answer.code(), "INVALID_SIGNATURE", "{wrong}");
    }
    call.signature = Some(String::new());
    call.send(&server).await.expect(400, "INVALID_SIGNATURE");
    call.signature = Some(good.clone());
    call.add("x-signature", &good);
    call.send(&server).await.expect(400, "INVALID_SIGNATURE");
    call.remove("x-signature");
    call.send(&server).await.expect(200, "");
}

#[tokio::test]
async fn the_query_is_signed_as_it_was_sent() {
    let (server, venue) = start().await;
    let now = server.app.clock().now();
    for query in ["?", "?a=1", "?a=%20&b=%E5%BA%97", "?a=%e5%ba%97+x&&", "?%zz"] {
        let path = format!("{CONFIG}{query}");
        let mut call = Call::get(&venue, &path, now);
        let raw = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {}\r\nX-Timestamp: {}\r\nX-Signature: {}\r\n\r\n",
            venue.api_key,
            call.timestamp,
            call.sign(),
        );
        let answer = send_bytes(&server, raw.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
        call.signed_path = Some(CONFIG.to_owned());
        call.send(&server).await.expect(400, "INVALID_SIGNATURE");
    }
    let authorize = Call::authorize(&server, &venue, 2);
    let mut with_query = authorize.clone();
    with_query.path = format!("{AUTHORIZE}?player_count=100");
    with_query.send(&server).await.expect(200, "");
}

#[tokio::test]
async fn a_session_id_that_is_not_one_of_the_operators_is_refused_with_its_reason() {
    let (server, venue) = start().await;
    let ms = server.app.clock().now().as_millis();
    let operator = venue.operator_id;
    let other = OperatorId::from_uuid(Uuid::from_u128(7));
    let nonce = "abcdefghijklmnop";
    for (session, reason) in [
        (String::new(), "malformed"),
        ("x".to_owned(), "malformed"),
        (format!("{operator}_{ms}_{nonce}x"), "malformed"),
        (format!("{operator}_{ms}_abcdefghijklmno-"), "malformed"),
        (format!("{operator}_{ms}0_{nonce}"), "malformed"),
        (format!("{operator}_{}_{nonce}", ms / 1_000), "malformed"),
        (format!("{operator}_{ms}_{nonce}_"), "malformed"),
        (format!("{operator}{ms}{nonce}"), "malformed"),
        (format!("site_{}_{ms}_{nonce}", &operator.to_string()[3..]), "malformed"),
        (format!("{}_{ms}_{nonce}", operator.to_string().to_uppercase()), "malformed"),
        (format!("{operator}_{ms}_ábcdefghijklmno"), "malformed"),
        (format!("{operator}_-{}_{nonce}", ms / 10), "malformed"),
        (format!("{other}_{ms}_{nonce}"), "operator_mismatch"),
        (format!("{operator}_{}_{nonce}", ms - 301_000), "expired"),
        (format!("{operator}_{}_{nonce}", ms + 330_000), "expired"),
        (format!("{operator}_0000000000000_{nonce}"), "expired"),
        (format!("{operator}_9999999999999_{nonce}"), "expired"),
    ] {
        let mut call = Call::authorize(&server, &venue, 2);
        call.set("x-session-id", &session);
        let answer = call.send(&server).await;
        assert_eq!(answer.expect(400, "INVALID_SESSION_ID"), &json!({"reason": reason}), "{session}");
    }
    let mut absent = Call::authorize(&server, &venue, 2);
    absent.remove("x-session-id");
    let answer = absent.send(&server).await;
    assert_eq!(answer.expect(400, "INVALID_SESSION_ID")["reason"], "missing");
    let mut doubled = Call::authorize(&server, &venue, 2);
    let second = doubled.session().to_owned();
    doubled.add("x-session-id", second);
    let answer = doubled.send(&server).await;
    assert_eq!(answer.expect(400, "INVALID_SESSION_ID")["reason"], "malformed");
    assert_eq!(server.usage_count(&venue).await, 0);
}
