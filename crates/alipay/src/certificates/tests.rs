use super::*;
use crate::PrivateKey;
use crate::test_keys::{ALIPAY_CERTIFICATE, ALIPAY_PKCS8, APP_CERTIFICATE, APP_PUBLIC, ROOTS};
use proptest::prelude::*;

#[test]
fn numbers_are_what_openssl_and_md5sum_say() {
    let certificates = Certificates::parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, ROOTS).unwrap();
    assert_eq!(certificates.app_number(), "13a0c229837d0f0b24d6be72c658d636");
    assert_eq!(certificates.alipay_number(), "a9cee8adacdfed3f095fc371c99db2de");
    // Between the two there is a root that is not signed with RSA.
    assert_eq!(
        certificates.root_number(),
        "9bb369fd6322bcf6dde994a04ed5efa1_8b378a03c92ca5a990dc907e31e6be0f"
    );
}

#[test]
fn the_key_is_that_of_the_certificate() {
    let certificates = Certificates::parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, ROOTS).unwrap();
    let sign = PrivateKey::parse(ALIPAY_PKCS8).unwrap().sign(b"x").unwrap();
    assert!(certificates.alipay_key().verifies(b"x", &sign));
}

#[test]
fn what_is_no_certificate_is_refused() {
    let parse = |app: &str, alipay: &str, roots: &str| Certificates::parse(app, alipay, roots).unwrap_err();
    assert_eq!(parse(APP_PUBLIC, ALIPAY_CERTIFICATE, ROOTS), KeyError::NotCertificate);
    assert_eq!(parse(APP_CERTIFICATE, "", ROOTS), KeyError::NotCertificate);
    assert_eq!(parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, ""), KeyError::NotCertificate);
    assert_eq!(parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, &ROOTS[..200]), KeyError::NotCertificate);
}

#[test]
fn serial_numbers_are_decimal() {
    assert_eq!(decimal(&[]), "0");
    assert_eq!(decimal(&[0, 0]), "0");
    assert_eq!(decimal(&[1, 0]), "256");
    assert_eq!(decimal(&u128::MAX.to_be_bytes()), u128::MAX.to_string());
}

proptest! {
    #[test]
    fn decimal_is_exact(number: u128) {
        prop_assert_eq!(decimal(&number.to_be_bytes()), number.to_string());
    }

    #[test]
    fn damaged_certificates_do_no_harm(at in 0_usize..1024, byte: u8) {
        let mut der = first_der(APP_CERTIFICATE).unwrap();
        let at = at % der.len();
        der[at] = byte;
        let _ = read_certificate(&der);
        let _ = read_certificate(&der[..at]);
    }
}
