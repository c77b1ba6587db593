//! The client: who we are, the keys of both sides, and the connections.

use std::fmt;

use http::HeaderMap;
use pay_protocol::{Clock, PublicKey};

use crate::config::{Config, ConfigError, Hosts, Merchant, TimeLimits};
use crate::platform_keys::PlatformKeys;
use crate::sources::Nonces;
use crate::verification::{Seal, Unverified};

/// A merchant's access to WeChat Pay. Make one and share it: it keeps connections and fetched certificates.
///
/// A POST is sent once, whatever becomes of it: orders and refunds may be repeated with the same number, but when is
/// the caller's business. A GET that gets no answer, or a 5xx, is tried once more, at the backup host if there is one.
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) merchant: Merchant,
    pub(crate) platform_keys: PlatformKeys,
    pub(crate) hosts: Hosts,
    pub(crate) time_limits: TimeLimits,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) nonces: Box<dyn Nonces>,
}

impl Client {
    /// Sets the client up. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Http`] when the system has no trusted certificates, for instance.
    pub fn new(
        config: Config,
        clock: impl Clock + 'static,
        nonces: impl Nonces + 'static,
    ) -> Result<Self, ConfigError> {
        let http = pay_protocol::http::client(config.hosts.all(), config.time_limits.connect);
        let http = http.user_agent(config.user_agent).build().map_err(ConfigError::Http)?;
        Ok(Client {
            http,
            merchant: config.merchant,
            platform_keys: config.platform_keys,
            hosts: config.hosts,
            time_limits: config.time_limits,
            clock: Box::new(clock),
            nonces: Box::new(nonces),
        })
    }

    /// Whether WeChat said this, just now. May fetch platform certificates to find out.
    pub(crate) async fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Unverified> {
        let seal = Seal::read(headers)?;
        let now = self.clock.now();
        seal.check_time(now)?;
        let key = self.key_of(seal.serial()).await;
        seal.check(&key.ok_or_else(|| seal.unknown_key())?, body)
    }

    async fn key_of(&self, serial: &str) -> Option<PublicKey> {
        let now = self.clock.now();
        let keys = &self.platform_keys;
        if let Some(key) = keys.find_configured(serial) {
            return Some(key);
        }
        let found = keys.find(serial, now);
        let is_certificate = !serial.starts_with("PUB_KEY_ID_");
        let wanted = found.is_none() || keys.are_due(now);
        if wanted
            && is_certificate
            && let Some(_turn) = keys.turn_to_fetch(now).await
        {
            // Whatever comes of it: either the key is there afterwards or it is not.
            let _ = self.fetch_certificates().await;
        }
        keys.find(serial, now)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("merchant", &self.merchant)
            .field("platform_keys", &self.platform_keys)
            .field("hosts", &self.hosts)
            .field("time_limits", &self.time_limits)
            .finish_non_exhaustive()
    }
}
