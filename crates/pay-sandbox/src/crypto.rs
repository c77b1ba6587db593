//! RSA signatures, encryption under the APIv3 key, and randomness.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::keys::KeyError;

/// A key pair of 2048 bits.
pub(crate) struct Pair(RsaKeyPair);

impl Pair {
    pub(crate) fn generate() -> Result<Self, KeyError> {
        RsaKeyPair::generate(KeySize::Rsa2048).map(Pair).map_err(|_| KeyError::Library)
    }

    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        RsaKeyPair::from_pkcs8(der).map(Pair).map_err(|_| KeyError::NotRsa)
    }

    pub(crate) fn private_der(&self) -> Result<Vec<u8>, KeyError> {
        let der: Pkcs8V1Der<'_> = self.0.as_der().map_err(|_| KeyError::Library)?;
        Ok(der.as_ref().to_vec())
    }

    /// `SubjectPublicKeyInfo`, as PEM files of public keys have it.
    pub(crate) fn public_der(&self) -> Result<Vec<u8>, KeyError> {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().map_err(|_| KeyError::Library)?;
        Ok(der.as_ref().to_vec())
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let random = SystemRandom::new();
        self.0.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(|_| KeyError::Library)?;
        Ok(signature)
    }

    /// The signature in base64. Empty, and so wrong, if the library fails, which it has no reason to.
    pub(crate) fn sign_text(&self, message: &[u8]) -> String {
        self.sign(message).map(|signature| STANDARD.encode(signature)).unwrap_or_default()
    }

    /// Whether a signature in base64 is this pair's.
    pub(crate) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        let Ok(key) = self.public_der() else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(message, &signature).is_ok()
    }
}

/// A text as WeChat encrypts it: base64 of the ciphertext and the tag. `None` if the library fails.
pub(crate) fn encrypt(api_v3_key: &str, plain: &str, associated_data: &str) -> Option<Value> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, api_v3_key.as_bytes()).ok()?);
    let nonce_text = random_text(12);
    let nonce = Nonce::try_assume_unique_for_key(nonce_text.as_bytes()).ok()?;
    let mut bytes = plain.as_bytes().to_vec();
    key.seal_in_place_append_tag(nonce, Aad::from(associated_data.as_bytes()), &mut bytes).ok()?;
    Some(json!({
        "algorithm": "AEAD_AES_256_GCM", "nonce": nonce_text, "associated_data": associated_data,
        "ciphertext": STANDARD.encode(bytes),
    }))
}

fn random_from(alphabet: &[u8], length: usize) -> String {
    let mut bytes = vec![0_u8; length];
    // Without randomness the text is the same each time, which a simulator can live with.
    let _ = rand::fill(&mut bytes);
    bytes.iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect()
}

/// Letters and digits.
pub(crate) fn random_text(length: usize) -> String {
    random_from(b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", length)
}

/// Digits.
pub(crate) fn random_digits(length: usize) -> String {
    random_from(b"0123456789", length)
}
