//! The merchant's private key, and what can be wrong with keys.

use std::fmt;

use pay_protocol::PrivateKey;
use secrecy::{ExposeSecret as _, SecretString};

/// A key or certificate that cannot be used. Tells what is wrong, never what the key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not an RSA key or certificate in PEM.
    #[error(transparent)]
    Rsa(#[from] pay_protocol::KeyError),
    /// As `openssl x509 -serial` shows it.
    #[error("the serial number of the merchant's certificate is not 1 to 40 hexadecimal digits")]
    SerialNumber,
    /// Too long or too short.
    #[error("the APIv3 key does not have 32 bytes")]
    ApiV3Length,
    /// Perhaps the number without its prefix.
    #[error("the id of the WeChat Pay public key does not begin with PUB_KEY_ID_")]
    PublicKeyId,
}

/// The merchant's private key and the serial number of the certificate that belongs to it.
#[derive(Clone)]
pub struct MerchantKey {
    serial: String,
    key: PrivateKey,
}

impl MerchantKey {
    /// From `apiclient_key.pem` and the serial number that the merchant platform shows for its certificate.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rsa`] or [`KeyError::SerialNumber`].
    pub fn from_pem(pem: &SecretString, certificate_serial: &str) -> Result<Self, KeyError> {
        if !is_serial(certificate_serial) {
            return Err(KeyError::SerialNumber);
        }
        let key = PrivateKey::parse(pem.expose_secret())?;
        Ok(MerchantKey { serial: certificate_serial.to_ascii_uppercase(), key })
    }

    /// The serial number of the merchant's certificate, in upper case.
    pub(crate) fn serial(&self) -> &str {
        &self.serial
    }

    /// The signature in base64. `None` if the library fails, which it has no reason to.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<String> {
        self.key.sign(message).ok()
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
