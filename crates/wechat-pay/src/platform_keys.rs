//! The keys that WeChat signs with, found by the `Wechatpay-Serial` header.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use pay_protocol::{Certificate, PublicKey};
use tokio::sync::{Mutex, MutexGuard};

use crate::keys::KeyError;

/// Fetched certificates are fetched anew after this time, as WeChat asks, so that a rotation is seen in time.
const FETCH_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(12);

/// Whoever sends us serial numbers we do not know makes us ask WeChat at most this often.
const FETCH_PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// WeChat's keys: configured ones, fetched ones, or both, while a merchant moves from certificates to a public key.
#[derive(Debug, Default)]
pub struct PlatformKeys {
    configured: HashMap<String, PublicKey>,
    public_key_id: Option<String>,
    fetches: bool,
    fetched: RwLock<Fetched>,
    /// When certificates were last asked for. Held while they are, so that one caller asks for all.
    asked_at: Mutex<Option<Timestamp>>,
}

#[derive(Debug, Default)]
struct Fetched {
    certificates: HashMap<String, FetchedCertificate>,
    at: Option<Timestamp>,
}

/// A platform certificate from WeChat, with the times between which it is in force.
#[derive(Clone, Debug)]
pub(crate) struct FetchedCertificate {
    pub(crate) key: PublicKey,
    pub(crate) effective: Timestamp,
    pub(crate) expires: Timestamp,
}

impl PlatformKeys {
    /// No keys: nothing would be believed.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A WeChat Pay public key and its id, `PUB_KEY_ID_…`, as the merchant platform shows them. Requests will ask for
    /// answers signed with the first one added. New merchants have only this kind.
    ///
    /// # Errors
    ///
    /// [`KeyError::PublicKeyId`] or [`KeyError::Rsa`].
    pub fn with_public_key(mut self, id: &str, pem: &str) -> Result<Self, KeyError> {
        let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !id.starts_with("PUB_KEY_ID_") || !plain {
            return Err(KeyError::PublicKeyId);
        }
        self.configured.insert(id.to_owned(), PublicKey::parse(pem)?);
        self.public_key_id.get_or_insert_with(|| id.to_owned());
        Ok(self)
    }

    /// A platform certificate that was downloaded by hand. When it expires is not looked at: whoever configures it
    /// replaces it in time.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rsa`].
    pub fn with_certificate(mut self, pem: &str) -> Result<Self, KeyError> {
        let certificate = Certificate::parse(pem)?;
        self.configured.insert(certificate.serial_hex(), certificate.public_key()?);
        Ok(self)
    }

    /// Fetches platform certificates from WeChat when one is needed, and twice a day.
    #[must_use]
    pub fn fetching_certificates(mut self) -> Self {
        self.fetches = true;
        self
    }

    /// The public key that answers shall be signed with, if there is one.
    pub(crate) fn public_key_id(&self) -> Option<&str> {
        self.public_key_id.as_deref()
    }

    /// A key that fields can be encrypted for now, with its serial number or id: WeChat has to be told which was used.
    pub(crate) fn for_encryption(&self, now: Timestamp) -> Option<(String, PublicKey)> {
        let named = |(serial, key): (&String, &PublicKey)| (serial.clone(), key.clone());
        if let Some(id) = &self.public_key_id {
            return self.configured.get_key_value(id).map(named);
        }
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        let in_force = fetched.certificates.iter().filter(|(_, certificate)| certificate.is_in_force(now));
        let latest = in_force.max_by_key(|(_, certificate)| certificate.effective);
        latest
            .map(|(serial, found)| (serial.clone(), found.key.clone()))
            .or_else(|| self.configured.iter().next().map(named))
    }

    /// The configured key of this serial number or id.
    pub(crate) fn find_configured(&self, serial: &str) -> Option<PublicKey> {
        self.configured.get(serial).or_else(|| self.configured.get(&canonical(serial))).cloned()
    }

    /// The key of this serial number, configured or fetched, if we have it and it is in force.
    pub(crate) fn find(&self, serial: &str, now: Timestamp) -> Option<PublicKey> {
        if let Some(key) = self.find_configured(serial) {
            return Some(key);
        }
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        let certificate = fetched.certificates.get(&canonical(serial))?;
        certificate.is_in_force(now).then(|| certificate.key.clone())
    }

    /// Whether fetched certificates are old enough to be fetched again.
    pub(crate) fn are_due(&self, now: Timestamp) -> bool {
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        self.fetches && fetched.at.is_none_or(|at| now.duration_since(at) >= FETCH_AGAIN_AFTER)
    }

    /// The turn to fetch certificates, or `None` if they are not to be fetched, or were asked for just now.
    pub(crate) async fn turn_to_fetch(&self, now: Timestamp) -> Option<MutexGuard<'_, Option<Timestamp>>> {
        if !self.fetches {
            return None;
        }
        let mut asked_at = self.asked_at.lock().await;
        if asked_at.is_some_and(|at| now.duration_since(at) < FETCH_PAUSE) {
            return None;
        }
        *asked_at = Some(now);
        Some(asked_at)
    }

    /// Puts fetched certificates in the place of those fetched before: WeChat sends all that are in force.
    pub(crate) fn replace_fetched(&self, certificates: HashMap<String, FetchedCertificate>, now: Timestamp) {
        let mut fetched = self.fetched.write().unwrap_or_else(PoisonError::into_inner);
        *fetched = Fetched { certificates, at: Some(now) };
    }
}

impl FetchedCertificate {
    pub(crate) fn is_in_force(&self, now: Timestamp) -> bool {
        self.effective <= now && now < self.expires
    }
}

/// Serial numbers of certificates are compared in upper case.
pub(crate) fn canonical(serial: &str) -> String {
    serial.to_ascii_uppercase()
}
