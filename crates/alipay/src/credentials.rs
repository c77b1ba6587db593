//! Who we are to Alipay, and how its signatures are known.

use std::fmt;

use crate::certificates::Certificates;
use crate::keys::{PrivateKey, PublicKey};

/// An application of the open platform with its keys.
pub struct Credentials {
    app_id: String,
    private_key: PrivateKey,
    trust: Trust,
}

enum Trust {
    Key(PublicKey),
    Certificates(Certificates),
}

impl Credentials {
    /// Public-key mode: the console shows Alipay's public key.
    #[must_use]
    pub fn with_key(app_id: impl Into<String>, private_key: PrivateKey, alipay_key: PublicKey) -> Self {
        Self { app_id: app_id.into(), private_key, trust: Trust::Key(alipay_key) }
    }

    /// Certificate mode: requests name our certificate and Alipay's root, answers name Alipay's certificate.
    #[must_use]
    pub fn with_certificates(
        app_id: impl Into<String>,
        private_key: PrivateKey,
        certificates: Certificates,
    ) -> Self {
        Self { app_id: app_id.into(), private_key, trust: Trust::Certificates(certificates) }
    }

    /// The `app_id`.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    pub(crate) fn private_key(&self) -> &PrivateKey {
        &self.private_key
    }

    pub(crate) fn alipay_key(&self) -> &PublicKey {
        match &self.trust {
            Trust::Key(key) => key,
            Trust::Certificates(certificates) => certificates.alipay_key(),
        }
    }

    pub(crate) fn certificates(&self) -> Option<&Certificates> {
        match &self.trust {
            Trust::Key(_) => None,
            Trust::Certificates(certificates) => Some(certificates),
        }
    }

    /// Whether an answer or notification that names this certificate can be verified with ours. One without a name is
    /// tried: its signature decides.
    pub(crate) fn accepts_certificate(&self, number: Option<&str>) -> bool {
        match (&self.trust, number) {
            (Trust::Certificates(certificates), Some(number)) => certificates.alipay_number() == number,
            _ => true,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}
