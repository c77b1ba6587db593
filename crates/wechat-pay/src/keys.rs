//! RSA: the merchant's private key, which signs requests, and WeChat's public keys, which verify what it says.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, RsaKeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use secrecy::zeroize::Zeroize as _;
use secrecy::{ExposeSecret as _, SecretString};

/// A key or certificate that cannot be used. Tells what is wrong, never what the key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// PEM with another label (`RSA PRIVATE KEY` is PKCS#1), or no PEM.
    #[error("the merchant's private key is not PEM with `BEGIN PRIVATE KEY` (PKCS#8)")]
    NotPkcs8Pem,
    /// Another algorithm, or too short.
    #[error("the merchant's private key is not an RSA key of at least 2048 bits")]
    NotRsa,
    /// As `openssl x509 -serial` shows it.
    #[error("the serial number of the merchant's certificate is not 1 to 40 hexadecimal digits")]
    SerialNumber,
    /// Too long or too short.
    #[error("the APIv3 key does not have 32 bytes")]
    ApiV3Length,
    /// Broken, or something else.
    #[error("the platform certificate is not an X.509 certificate in PEM")]
    Certificate,
    /// PEM with another label, or no PEM.
    #[error("the WeChat Pay public key is not PEM with `BEGIN PUBLIC KEY`")]
    PublicKeyPem,
    /// Perhaps the number without its prefix.
    #[error("the id of the WeChat Pay public key does not begin with PUB_KEY_ID_")]
    PublicKeyId,
    /// Another algorithm, or too short.
    #[error("WeChat's key is not an RSA key of at least 2048 bits")]
    PublicKeyNotRsa,
}

/// The merchant's private key and the serial number of the certificate that belongs to it.
#[derive(Clone)]
pub struct MerchantKey {
    serial: String,
    pair: Arc<RsaKeyPair>,
}

impl MerchantKey {
    /// From `apiclient_key.pem` and the serial number that the merchant platform shows for its certificate.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotPkcs8Pem`], [`KeyError::NotRsa`] or [`KeyError::SerialNumber`].
    pub fn from_pem(pem: &SecretString, certificate_serial: &str) -> Result<Self, KeyError> {
        if !is_serial(certificate_serial) {
            return Err(KeyError::SerialNumber);
        }
        let mut der = PrivatePkcs8KeyDer::from_pem_slice(pem.expose_secret().as_bytes())
            .map_err(|_| KeyError::NotPkcs8Pem)?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der());
        der.zeroize();
        let pair = pair.map_err(|_| KeyError::NotRsa)?;
        Ok(MerchantKey { serial: certificate_serial.to_ascii_uppercase(), pair: Arc::new(pair) })
    }

    /// The serial number of the merchant's certificate, in upper case.
    pub(crate) fn serial(&self) -> &str {
        &self.serial
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256, in base64. `None` if the library fails, which it has no reason to.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<String> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
        Some(STANDARD.encode(signature))
    }
}

impl fmt::Debug for MerchantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantKey").field("serial", &self.serial).finish_non_exhaustive()
    }
}

/// Serial numbers have 40 hexadecimal digits; fewer when they begin with zeros and somebody dropped them.
fn is_serial(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A key of WeChat's, whichever way it came.
#[derive(Clone, Debug)]
pub(crate) struct PlatformKey(SubjectPublicKeyInfoDer<'static>);

impl PlatformKey {
    pub(crate) fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let spki =
            SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).map_err(|_| KeyError::PublicKeyPem)?;
        PlatformKey(spki).checked()
    }

    /// The serial number (upper-case hexadecimal, as `Wechatpay-Serial` has it) and the key of a certificate.
    ///
    /// The chain is not verified: a certificate is believed because it was configured, or because it came encrypted
    /// under the APIv3 key. The parser is `webpki`, which TLS needs anyway; it takes X.509 v3, and these are.
    pub(crate) fn from_certificate(pem: &[u8]) -> Result<(String, Self), KeyError> {
        let der = CertificateDer::from_pem_slice(pem).map_err(|_| KeyError::Certificate)?;
        let certificate = webpki::EndEntityCert::try_from(&der).map_err(|_| KeyError::Certificate)?;
        let key = PlatformKey(certificate.subject_public_key_info()).checked()?;
        Ok((serial_text(certificate.serial()), key))
    }

    fn checked(self) -> Result<Self, KeyError> {
        self.unparsed().parse().map_err(|_| KeyError::PublicKeyNotRsa)?;
        Ok(self)
    }

    fn unparsed(&self) -> UnparsedPublicKey<&[u8]> {
        UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, self.0.as_ref())
    }

    /// Whether `signature` is this key's under `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.unparsed().verify(message, signature).is_ok()
    }
}

/// A number whose first bit is set is written with a zero byte before it, which is not part of the number.
fn serial_text(bytes: &[u8]) -> String {
    match bytes {
        [0, rest @ ..] if !rest.is_empty() => hex::encode_upper(rest),
        _ => hex::encode_upper(bytes),
    }
}
