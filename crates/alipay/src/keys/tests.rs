use super::*;
use crate::test_keys::{APP_PKCS1, APP_PKCS8, APP_PUBLIC};

const CONTENT: &str = include_str!("../../tests/vectors/request.content");
const SIGN: &str = include_str!("../../tests/vectors/request.sign");

/// The base64 of PEM without its frame and line breaks, as Alipay's key tool saves it.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

#[test]
fn every_form_of_a_private_key_signs_like_openssl() {
    for text in [APP_PKCS8, APP_PKCS1, &bare(APP_PKCS8), &bare(APP_PKCS1), &format!("\n {APP_PKCS8}\n")] {
        let key = PrivateKey::parse(text).unwrap();
        assert_eq!(key.sign(CONTENT.as_bytes()).unwrap(), SIGN);
    }
}

#[test]
fn every_form_of_a_public_key_verifies_what_openssl_signed() {
    for text in [APP_PUBLIC, &bare(APP_PUBLIC)] {
        let key = PublicKey::parse(text).unwrap();
        assert!(key.verifies(CONTENT.as_bytes(), SIGN));
        assert!(!key.verifies(CONTENT.replace("50.00", "50.01").as_bytes(), SIGN));
        assert!(!key.verifies(CONTENT.as_bytes(), ""));
        assert!(!key.verifies(CONTENT.as_bytes(), "not base64!"));
        assert!(!key.verifies(CONTENT.as_bytes(), &SIGN[..SIGN.len() - 8]));
    }
}

#[test]
fn other_texts_are_no_keys() {
    let private = |text: &str| PrivateKey::parse(text).unwrap_err();
    assert_eq!(private(""), KeyError::Encoding);
    assert_eq!(private("%%%"), KeyError::Encoding);
    assert_eq!(private(APP_PUBLIC), KeyError::Encoding);
    assert_eq!(private(&bare(APP_PUBLIC)), KeyError::NotPrivate);
    assert_eq!(private(include_str!("../../tests/keys/ec.pkcs8.pem")), KeyError::NotPrivate);
    let public = |text: &str| PublicKey::parse(text).unwrap_err();
    assert_eq!(public(APP_PKCS8), KeyError::Encoding);
    assert_eq!(public(&bare(APP_PKCS8)), KeyError::NotPublic);
    assert_eq!(public("AAAA"), KeyError::NotPublic);
}

#[test]
fn keys_of_1024_bits_are_refused() {
    assert_eq!(
        PrivateKey::parse(include_str!("../../tests/keys/short.pkcs8.pem")).unwrap_err(),
        KeyError::NotPrivate
    );
    assert_eq!(
        PublicKey::parse(include_str!("../../tests/keys/short.public.pem")).unwrap_err(),
        KeyError::NotPublic
    );
}

#[test]
fn a_key_is_not_shown() {
    let shown = format!("{:?}", PrivateKey::parse(APP_PKCS8).unwrap());
    assert_eq!(shown, "PrivateKey(2048 bits)");
    assert_eq!(format!("{:?}", PublicKey::parse(APP_PUBLIC).unwrap()), "PublicKey");
    assert!(!format!("{:?}", crate::test_keys::credentials()).contains("Key("));
}
