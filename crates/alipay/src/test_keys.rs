//! The keys of the tests: two merchants' worth of secrets that protect nothing. See `tests/vectors/README.md`.

use pay_protocol::{PrivateKey, PublicKey};

use crate::Credentials;

pub(crate) const APP_PKCS8: &str = include_str!("../tests/keys/app.pkcs8.pem");
pub(crate) const APP_PUBLIC: &str = include_str!("../tests/keys/app.public.pem");
pub(crate) const ALIPAY_PKCS8: &str = include_str!("../tests/keys/alipay.pkcs8.pem");
pub(crate) const ALIPAY_PUBLIC: &str = include_str!("../tests/keys/alipay.public.pem");
pub(crate) const ROOTS: &str = include_str!("../tests/keys/roots.crt");
pub(crate) const APP_CERTIFICATE: &str = include_str!("../tests/keys/app.crt");
pub(crate) const ALIPAY_CERTIFICATE: &str = include_str!("../tests/keys/alipay.crt");

pub(crate) const APP_ID: &str = "2021000000000001";

pub(crate) fn credentials() -> Credentials {
    let private_key = PrivateKey::parse(APP_PKCS8).unwrap();
    Credentials::with_key(APP_ID, private_key, PublicKey::parse(ALIPAY_PUBLIC).unwrap())
}
