//! The APIv3 key, under which WeChat encrypts certificates and the contents of notices (AEAD_AES_256_GCM).

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::keys::KeyError;

/// The merchant's APIv3 key: 32 bytes of ASCII, chosen on the merchant platform.
#[derive(Clone)]
pub struct ApiV3Key(Arc<LessSafeKey>);

impl ApiV3Key {
    /// From the text as the merchant platform took it.
    ///
    /// # Errors
    ///
    /// [`KeyError::ApiV3Length`].
    pub fn from_text(text: &SecretString) -> Result<Self, KeyError> {
        let key = UnboundKey::new(&AES_256_GCM, text.expose_secret().as_bytes())
            .map_err(|_| KeyError::ApiV3Length)?;
        Ok(ApiV3Key(Arc::new(LessSafeKey::new(key))))
    }

    /// The plaintext, or `None` if anything about it is not as it was when WeChat encrypted it under this key.
    pub(crate) fn open(&self, resource: &Encrypted) -> Option<Vec<u8>> {
        if resource.algorithm != "AEAD_AES_256_GCM" {
            return None;
        }
        let nonce = Nonce::try_assume_unique_for_key(resource.nonce.as_bytes()).ok()?;
        let mut bytes = STANDARD.decode(&resource.ciphertext).ok()?;
        let aad = Aad::from(resource.associated_data.as_deref().unwrap_or("").as_bytes());
        let length = self.0.open_in_place(nonce, aad, &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV3Key(..)")
    }
}

/// An encrypted part of an answer or notice: base64 of the ciphertext with the tag of 16 bytes behind it.
#[derive(Debug, Deserialize)]
pub(crate) struct Encrypted {
    pub(crate) algorithm: String,
    pub(crate) nonce: String,
    pub(crate) associated_data: Option<String>,
    pub(crate) ciphertext: String,
    /// What the plaintext is; only notices say it.
    pub(crate) original_type: Option<String>,
}

#[cfg(test)]
#[path = "api_v3_key_tests.rs"]
mod tests;
