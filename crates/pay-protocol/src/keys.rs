//! RSA keys as merchants get them, and RSASSA-PKCS1-v1_5 with SHA-256 as base64 text, which both providers sign with.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeyPair, OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivateKeyDer, SubjectPublicKeyInfoDer};
use zeroize::{Zeroize as _, Zeroizing};

/// Both providers ask for 2048 bits at least.
const MIN_MODULUS_BYTES: usize = 2048 / 8;

/// Alipay's key tool saves keys with padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text is not a key. Never tells anything of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither PEM of the right kind nor bare base64.
    #[error("the key is neither PEM of the expected kind nor base64")]
    Encoding,
    /// Something else than an RSA private key of 2048 bits or more in PKCS#8 or PKCS#1.
    #[error("the text is not an RSA private key of at least 2048 bits in PKCS#8 or PKCS#1")]
    NotPrivate,
    /// Something else than an RSA public key of 2048 bits or more.
    #[error("the text is not an RSA public key of at least 2048 bits")]
    NotPublic,
    /// Not an X.509 certificate, or none with such a key where one was expected.
    #[error("the text is not a certificate with an RSA key")]
    NotCertificate,
}

/// The cryptographic library could not sign or encrypt: out of memory or of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be computed")]
pub struct SignError;

/// An RSA private key that signs requests (or, in a gateway for tests, answers).
#[derive(Clone)]
pub struct PrivateKey(Arc<KeyPair>);

impl PrivateKey {
    /// Reads PEM (`PRIVATE KEY` or `RSA PRIVATE KEY`), or the bare base64 that Alipay's key tool saves, in PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`KeyError`] when the text is something else, or the key shorter than 2048 bits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let der = if is_pem(text) { private_pem(text)? } else { bare(text)? };
        // The library refuses keys of less than 2048 bits.
        KeyPair::from_pkcs8(&der)
            .or_else(|_| KeyPair::from_der(&der))
            .map(|pair| Self(Arc::new(pair)))
            .map_err(|_| KeyError::NotPrivate)
    }

    /// The signature of a message, as base64.
    ///
    /// # Errors
    /// [`SignError`] when the library fails, which it does for want of memory only.
    pub fn sign(&self, message: &[u8]) -> Result<String, SignError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map(|()| STANDARD.encode(signature)).map_err(|_| SignError)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.0.public_modulus_len() * 8)
    }
}

/// The RSA public key of the other side.
#[derive(Clone)]
pub struct PublicKey {
    der: Arc<[u8]>,
    key: ParsedPublicKey,
}

impl PublicKey {
    /// Reads PEM (`PUBLIC KEY`), or the bare base64 that Alipay's console shows.
    ///
    /// # Errors
    /// [`KeyError`] when the text is something else, or the key shorter than 2048 bits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if !is_pem(text) {
            return Self::from_der(&bare(text)?);
        }
        let der = SubjectPublicKeyInfoDer::from_pem_slice(text.trim().as_bytes());
        Self::from_der(&der.map_err(|_| KeyError::Encoding)?)
    }

    /// From a `SubjectPublicKeyInfo`.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let is_long_enough =
            rsa::PublicKey::from_der(der).is_ok_and(|key| key.modulus_len() >= MIN_MODULUS_BYTES);
        if !is_long_enough {
            return Err(KeyError::NotPublic);
        }
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map_err(|_| KeyError::NotPublic)?;
        Ok(Self { der: der.into(), key })
    }

    /// Whether `signature`, base64, is this key's under the message. Text that is not base64 is no signature.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        LENIENT.decode(signature).is_ok_and(|signature| self.key.verify_sig(message, &signature).is_ok())
    }

    /// A text that only the owner of the key can read: RSA-OAEP with SHA-1, as base64. WeChat Pay asks for it where a field
    /// names a person or an account.
    ///
    /// # Errors
    /// [`SignError`] when the text is too long for the key, or the library fails.
    pub fn encrypt(&self, text: &str) -> Result<String, SignError> {
        let key = PublicEncryptingKey::from_der(&self.der).map_err(|_| SignError)?;
        let key = OaepPublicEncryptingKey::new(key).map_err(|_| SignError)?;
        let mut ciphertext = vec![0; key.ciphertext_size()];
        let encrypted = key.encrypt(&OAEP_SHA1_MGF1SHA1, text.as_bytes(), &mut ciphertext, None);
        encrypted.map(|bytes| STANDARD.encode(bytes)).map_err(|_| SignError)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey")
    }
}

fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN")
}

fn private_pem(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut key = PrivateKeyDer::from_pem_slice(text.trim().as_bytes()).map_err(|_| KeyError::Encoding)?;
    let der = Zeroizing::new(key.secret_der().to_vec());
    key.zeroize();
    Ok(der)
}

/// Base64 in which line breaks are allowed.
fn bare(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let compact: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
    if compact.is_empty() {
        return Err(KeyError::Encoding);
    }
    LENIENT.decode(compact.as_bytes()).map(Zeroizing::new).map_err(|_| KeyError::Encoding)
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
