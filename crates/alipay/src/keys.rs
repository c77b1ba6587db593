//! RSA keys as merchants get them, and RSA2: RSASSA-PKCS1-v1_5 with SHA-256, as base64 text.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeyPair};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// RSA2 asks for 2048 bits at least.
const MIN_MODULUS_BYTES: usize = 2048 / 8;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text is not a key. Never tells anything of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither PEM of the right kind nor bare base64.
    #[error("the key is neither PEM of the expected kind nor base64")]
    Encoding,
    /// Base64 of something else than an RSA private key of 2048 bits or more in PKCS#8 or PKCS#1.
    #[error("the text is not an RSA private key of at least 2048 bits in PKCS#8 or PKCS#1")]
    NotPrivate,
    /// Base64 of something else than an RSA public key of 2048 bits or more.
    #[error("the text is not an RSA public key of at least 2048 bits")]
    NotPublic,
    /// Not an X.509 certificate with an RSA key, where one was expected.
    #[error("the text is not a certificate with an RSA key")]
    NotCertificate,
}

/// The cryptographic library could not sign: out of memory or of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be computed")]
pub struct SignError;

/// An RSA private key that signs requests (or, in a local gateway, answers).
pub struct PrivateKey(KeyPair);

impl PrivateKey {
    /// Reads PEM (`PRIVATE KEY` or `RSA PRIVATE KEY`) or the bare base64 that Alipay's key tool saves, in PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`KeyError`] when the text is something else, or the key shorter than 2048 bits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let der = Zeroizing::new(decode(text, &["PRIVATE KEY", "RSA PRIVATE KEY"])?);
        // The library refuses keys of less than 2048 bits.
        KeyPair::from_pkcs8(&der)
            .or_else(|_| KeyPair::from_der(&der))
            .map(Self)
            .map_err(|_| KeyError::NotPrivate)
    }

    /// The RSA2 signature of a message, as base64.
    ///
    /// # Errors
    /// [`SignError`] when the library fails, which it does for want of memory only.
    pub fn sign(&self, message: &[u8]) -> Result<String, SignError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| SignError)?;
        Ok(BASE64.encode(signature))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.0.public_modulus_len() * 8)
    }
}

/// The RSA public key of the other side.
#[derive(Clone)]
pub struct PublicKey(ParsedPublicKey);

impl PublicKey {
    /// Reads PEM (`PUBLIC KEY` or `RSA PUBLIC KEY`) or the bare base64 that the open platform's console shows.
    ///
    /// # Errors
    /// [`KeyError`] when the text is something else, or the key shorter than 2048 bits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_der(&decode(text, &["PUBLIC KEY", "RSA PUBLIC KEY"])?)
    }

    pub(crate) fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let long_enough =
            rsa::PublicKey::from_der(der).is_ok_and(|key| key.modulus_len() >= MIN_MODULUS_BYTES);
        if !long_enough {
            return Err(KeyError::NotPublic);
        }
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map(Self).map_err(|_| KeyError::NotPublic)
    }

    /// Whether `signature`, base64, is this key's RSA2 signature of the message. Text that is not base64 is no signature.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        BASE64.decode(signature).is_ok_and(|signature| self.0.verify_sig(message, &signature).is_ok())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey")
    }
}

/// The bytes of PEM with one of these labels, or of bare base64, in which line breaks are allowed.
pub(crate) fn decode(text: &str, labels: &[&str]) -> Result<Vec<u8>, KeyError> {
    let base64 = if text.contains("-----BEGIN") {
        labels.iter().find_map(|label| pem_body(text, label)).ok_or(KeyError::Encoding)?
    } else {
        text
    };
    let compact: Zeroizing<String> = Zeroizing::new(base64.split_ascii_whitespace().collect());
    if compact.is_empty() {
        return Err(KeyError::Encoding);
    }
    BASE64.decode(compact.as_bytes()).map_err(|_| KeyError::Encoding)
}

fn pem_body<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    rest.split_once(&format!("-----END {label}-----")).map(|(body, _)| body)
}

#[cfg(test)]
mod tests;
