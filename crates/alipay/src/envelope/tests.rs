use super::*;
use crate::Certificates;
use crate::test_keys::{
    ALIPAY_CERTIFICATE, ALIPAY_PKCS8, APP_CERTIFICATE, APP_ID, APP_PKCS8, ROOTS, credentials,
};
use pay_protocol::PrivateKey;
use proptest::prelude::*;
use serde_json::Value;

const INNER: &str = include_str!("../../tests/vectors/answer.inner");
const RESPONSE_FIRST: &str = include_str!("../../tests/vectors/answer.response-first.json");
const SIGN_FIRST: &str = include_str!("../../tests/vectors/answer.sign-first.json");
const NODE: &str = "alipay_trade_precreate_response";

fn verify(answer: &str) -> Result<Verified<'_>, Unverified> {
    Envelope::open(answer, NODE).expect("an envelope").verify(&credentials())
}

fn unverified(answer: &str) -> Unverified {
    verify(answer).unwrap_err()
}

#[test]
fn what_openssl_signed_is_found_and_verified_wherever_it_stands() {
    for answer in [RESPONSE_FIRST, SIGN_FIRST] {
        let verified = verify(answer).unwrap();
        assert_eq!(verified.text, INNER);
        assert!(!verified.is_error);
    }
}

#[test]
fn the_same_object_written_differently_is_not_what_was_signed() {
    let rewritten: Value = serde_json::from_str(INNER).unwrap();
    let cases = [
        RESPONSE_FIRST.replace(INNER, &rewritten.to_string()),
        RESPONSE_FIRST.replace(r"\/", "/"),
        RESPONSE_FIRST.replace(r"\u5145", "充"),
        RESPONSE_FIRST.replace("{ \"code\"", "{\"code\""),
        RESPONSE_FIRST.replace("T_1", "T_2"),
    ];
    for answer in cases {
        assert_eq!(unverified(&answer), Unverified::Signature(SignatureError::Wrong), "{answer}");
    }
}

#[test]
fn without_a_signature_nothing_is_believed() {
    for sign in ["", r#","sign":"""#, r#","sign":null"#] {
        let answer = format!(r#"{{"{NODE}":{INNER}{sign}}}"#);
        let Unverified::Unsigned(claim) = unverified(&answer) else { panic!("{answer}") };
        assert!(claim.starts_with("Alipay: 10000"), "{claim}");
    }
    let answer =
        r#"{"error_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-signature"}}"#;
    let Unverified::Unsigned(claim) = unverified(answer) else { panic!() };
    assert_eq!(claim, "Alipay: 40002 Invalid Arguments, isv.invalid-signature");
    assert_eq!(unverified(r#"{"error_response":"no"}"#), Unverified::Unsigned("nothing".to_owned()));
}

#[test]
fn a_signature_of_another_key_is_wrong() {
    let sign = PrivateKey::parse(APP_PKCS8).unwrap().sign(INNER.as_bytes()).unwrap();
    assert_eq!(
        unverified(&format!(r#"{{"{NODE}":{INNER},"sign":"{sign}"}}"#)),
        Unverified::Signature(SignatureError::Wrong)
    );
}

#[test]
fn a_signed_error_response_is_marked_as_an_error() {
    let sign = PrivateKey::parse(ALIPAY_PKCS8).unwrap().sign(INNER.as_bytes()).unwrap();
    let answer = format!(r#"{{"error_response":{INNER},"sign":"{sign}"}}"#);
    assert!(verify(&answer).unwrap().is_error);
}

#[test]
fn what_is_no_envelope_is_refused() {
    let cases = [
        String::new(),
        "<html>busy</html>".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        r#"{"sign":"x"}"#.to_owned(),
        r#"{"alipay_trade_query_response":{},"sign":"x"}"#.to_owned(),
        format!(r#"{{"{NODE}":{{}},"{NODE}":{{}},"sign":"x"}}"#),
        format!(r#"{{"{NODE}":{{}},"error_response":{{}},"sign":"x"}}"#),
        format!(r#"{{"{NODE}":{{}},"sign":"x","sign":"y"}}"#),
        format!(r#"{{"{NODE}":{{}},"sign":1}}"#),
        RESPONSE_FIRST[..RESPONSE_FIRST.len() - 1].to_owned(),
        format!("{RESPONSE_FIRST}x"),
    ];
    for answer in cases {
        assert!(Envelope::open(&answer, NODE).is_none(), "{answer}");
    }
}

#[test]
fn in_certificate_mode_another_certificate_is_not_trusted() {
    let certificates = Certificates::parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, ROOTS).unwrap();
    let ours = certificates.alipay().keys().next().unwrap().clone();
    let credentials =
        Credentials::with_certificates(APP_ID, PrivateKey::parse(APP_PKCS8).unwrap(), certificates);
    let verify = |number: &str| {
        let end = format!(r#","alipay_cert_sn":"{number}"}}"#);
        let answer = format!("{}{end}", &RESPONSE_FIRST[..RESPONSE_FIRST.len() - 1]);
        Envelope::open(&answer, NODE).unwrap().verify(&credentials).map(|verified| verified.text.to_owned())
    };
    assert_eq!(verify(&ours).unwrap(), INNER);
    assert_eq!(verify("0123").unwrap_err(), Unverified::Signature(SignatureError::OtherCertificate));
}

/// White space as JSON allows it.
fn space() -> impl Strategy<Value = String> {
    "[ \t\r\n]{0,3}"
}

/// A JSON string in quotes, with escapes and with braces, quotes and names that could mislead a search.
fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[^\"\\\\\\x00-\\x1f]{0,8}",
        Just(r"\/".to_owned()),
        Just(r#"\""#.to_owned()),
        Just(r"\\".to_owned()),
        Just(r"\u5145".to_owned()),
        Just(r"\ud83d\ude00".to_owned()),
        Just(r"\n".to_owned()),
        Just("}".to_owned()),
        Just("{[".to_owned()),
        Just(r#"\"sign\":\""#.to_owned()),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// The text of any JSON value, with white space anywhere.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        string(),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?",
        Just("true".to_owned()),
        Just("null".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let item = (space(), inner.clone(), space()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let list = proptest::collection::vec(item, 0..4).prop_map(|items| format!("[{}]", items.join(",")));
        prop_oneof![list, object(inner)]
    })
}

fn object(value: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    let member = (space(), string(), space(), space(), value, space())
        .prop_map(|(a, name, b, c, value, d)| format!("{a}{name}{b}:{c}{value}{d}"));
    proptest::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(",")))
}

proptest! {
    #[test]
    fn any_inner_object_is_found_exactly(
        inner in object(json().boxed()),
        spaces in proptest::collection::vec(space(), 8),
        sign_first: bool,
    ) {
        let node = format!("{}\"{NODE}\"{}:{}{inner}{}", spaces[0], spaces[1], spaces[2], spaces[3]);
        let sign = format!("{}\"sign\"{}:{}\"c2ln\"{}", spaces[4], spaces[5], spaces[6], spaces[7]);
        let answer = if sign_first { format!("{{{sign},{node}}}") } else { format!("{{{node},{sign}}}") };
        let envelope = Envelope::open(&answer, NODE).expect("an envelope");
        prop_assert_eq!(envelope.text, inner);
        prop_assert_eq!(envelope.sign.as_deref(), Some("c2ln"));
    }

    #[test]
    fn any_text_is_refused_or_a_slice(answer in "\\PC{0,60}") {
        if let Some(envelope) = Envelope::open(&answer, NODE) {
            prop_assert!(answer.contains(envelope.text));
        }
    }
}
