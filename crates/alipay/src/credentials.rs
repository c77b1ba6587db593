//! Who we are to Alipay, and how its signatures are known.

use std::fmt;

use pay_protocol::{PrivateKey, PublicKey};

use crate::certificates::Certificates;

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

    pub(crate) fn certificates(&self) -> Option<&Certificates> {
        match &self.trust {
            Trust::Key(_) => None,
            Trust::Certificates(certificates) => Some(certificates),
        }
    }

    /// Whether Alipay signed a content with the certificate that is named beside the signature. Without a name each is
    /// tried.
    pub(crate) fn verify(
        &self,
        content: &str,
        sign: &str,
        certificate: Option<&str>,
    ) -> Result<(), SignatureError> {
        let verifies = |key: &PublicKey| key.verifies(content.as_bytes(), sign);
        let is_genuine = match (&self.trust, certificate) {
            (Trust::Key(key), _) => verifies(key),
            (Trust::Certificates(known), Some(number)) => {
                verifies(known.alipay().get(number).ok_or(SignatureError::OtherCertificate)?)
            }
            (Trust::Certificates(known), None) => known.alipay().values().any(verifies),
        };
        if is_genuine { Ok(()) } else { Err(SignatureError::Wrong) }
    }
}

/// Why a signature is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    #[error("it was signed with another certificate")]
    OtherCertificate,
    #[error("the signature is wrong")]
    Wrong,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}
