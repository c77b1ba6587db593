use std::fmt;

use coinslot_client::SigningKey;
use secrecy::{ExposeSecret, SecretString};

use super::wall_clock::unix_ms;

/// An operator's API key, and what signs with it.
#[derive(Debug)]
pub struct Credentials {
    api_key: SecretString,
    signing_key: SigningKey,
}

impl Credentials {
    /// Of this key.
    #[must_use]
    pub fn new(api_key: SecretString) -> Self {
        let signing_key = SigningKey::new(api_key.expose_secret().as_bytes());
        Self { api_key, signing_key }
    }

    /// Signs a request with the time of now. `path` is path and query as they are sent.
    #[must_use]
    pub fn sign(&self, method: &str, path: &str, body: &[u8]) -> SignedHeaders<'_> {
        let timestamp_s = (unix_ms() / 1000) as i64;
        let signature = self.signing_key.sign(timestamp_s, method, path, body);
        SignedHeaders { api_key: &self.api_key, timestamp_s, signature }
    }
}

/// The headers that say who sends a request; displayed, each has the end of its line.
#[derive(Debug)]
pub struct SignedHeaders<'a> {
    api_key: &'a SecretString,
    timestamp_s: i64,
    signature: String,
}

impl fmt::Display for SignedHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api_key, timestamp_s, signature } = self;
        let api_key = api_key.expose_secret();
        write!(f, "X-Api-Key: {api_key}\r\nX-Timestamp: {timestamp_s}\r\nX-Signature: {signature}\r\n")
    }
}
