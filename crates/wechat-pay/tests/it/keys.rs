//! Keys from text, and that nothing shows them.

use pay_protocol::KeyError::{Encoding, NotCertificate, NotPublic};
use secrecy::SecretString;
use wechat_pay::{ApiV3Key, KeyError, MerchantKey, PlatformKeys};

use crate::setting::{
    API_V3_KEY, MERCHANT_SERIAL, PUBLIC_KEY_ID, TestClock, certificate_keys, data, merchant, offline,
};

fn merchant_key(pem: &str, serial: &str) -> Result<MerchantKey, KeyError> {
    MerchantKey::from_pem(&SecretString::from(pem), serial)
}

#[test]
fn merchant_keys_are_rsa_in_pkcs8() {
    let good = data("merchant_key.pem");
    assert!(merchant_key(&good, MERCHANT_SERIAL).is_ok());
    for bad in ["secret", &data("merchant_public_key.pem"), &data("ec_key.pem")] {
        assert!(matches!(merchant_key(bad, MERCHANT_SERIAL), Err(KeyError::Rsa(_))), "{bad}");
    }
    for serial in ["", "XYZ", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C0"] {
        assert_eq!(merchant_key(&good, serial).unwrap_err(), KeyError::SerialNumber, "{serial}");
    }
}

#[test]
fn api_v3_keys_have_32_bytes() {
    let key = |text: &str| ApiV3Key::from_text(&SecretString::from(text));
    assert!(key(API_V3_KEY).is_ok());
    for bad in ["", "0123456789abcdef", "0123456789abcdef0123456789abcdef0"] {
        assert_eq!(key(bad).unwrap_err(), KeyError::ApiV3Length);
    }
}

#[test]
fn platform_keys_are_rsa_keys_with_a_proper_name() {
    let public = |id: &str, pem: &str| PlatformKeys::new().with_public_key(id, pem).map(|_| ());
    let pem = data("platform_public_key.pem");
    assert_eq!(public(PUBLIC_KEY_ID, &pem), Ok(()));
    assert_eq!(public("0119000072912025060100112400000001", &pem), Err(KeyError::PublicKeyId));
    assert_eq!(public("PUB_KEY_ID_1\r\nX: y", &pem), Err(KeyError::PublicKeyId));
    let certificate = data("platform_certificate_1.pem");
    assert_eq!(public(PUBLIC_KEY_ID, &certificate), Err(KeyError::Rsa(Encoding)));
    assert_eq!(public(PUBLIC_KEY_ID, &data("ec_public_key.pem")), Err(KeyError::Rsa(NotPublic)));
    let with = |pem: &str| PlatformKeys::new().with_certificate(pem).map(|_| ());
    assert_eq!(with(&certificate), Ok(()));
    assert_eq!(with(&pem), Err(KeyError::Rsa(NotCertificate)));
    let broken = certificate.replacen("MII", "MIJ", 1);
    assert_eq!(with(&broken), Err(KeyError::Rsa(NotCertificate)));
}

#[test]
fn nothing_shows_a_secret() {
    let shown = format!("{:?} {:?}", merchant(), offline(certificate_keys(), &TestClock::new()));
    assert!(!shown.contains(API_V3_KEY));
    assert!(shown.contains(MERCHANT_SERIAL), "what is no secret is shown: {shown}");
    // Bytes of the private exponent and primes would be there as text, hexadecimal or numbers.
    let pem = data("merchant_key.pem");
    for line in pem.lines().filter(|line| !line.starts_with('-')) {
        assert!(!shown.contains(line));
    }
    for field in ["pair", "private", "prime", "[48, 130", "0123456789abcdef"] {
        assert!(!shown.contains(field), "{field}: {shown}");
    }
    let error = merchant_key(API_V3_KEY, MERCHANT_SERIAL).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(API_V3_KEY));
}
