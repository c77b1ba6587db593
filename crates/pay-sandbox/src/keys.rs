//! The keys of both sides: the merchant's, which the clients need, and the providers', which only the sandbox has.
//!
//! They are generated once and kept by the caller as PEM, so that clients set up with them go on working after a restart.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::certificate::certificate;
use crate::crypto::Pair;

/// Platform certificates live five years.
const CERTIFICATE_LIFE: SignedDuration = SignedDuration::from_hours(5 * 365 * 24);

/// Why there are no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The library failed, for want of randomness for instance.
    #[error("the cryptographic library failed")]
    Library,
    /// Not the text that [`Keys::to_pem`] gave.
    #[error("the text is not five private keys and a certificate in PEM, after the lines of its dates")]
    NotKeys,
    /// One of the private keys is none of RSA.
    #[error("a private key is not RSA in PKCS#8")]
    NotRsa,
}

/// The keys of the merchant, of WeChat Pay and of Alipay. Cheap to clone. `Debug` shows none.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    pairs: [Pair; 5],
    certificate: Vec<u8>,
    effective: Timestamp,
    expires: Timestamp,
    api_v3_key: String,
    merchant_serial: String,
    certificate_serial: String,
    public_key_id: String,
}

impl Keys {
    /// New keys, with a certificate that is good from `now`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn generate(now: Timestamp) -> Result<Self, KeyError> {
        let pairs =
            [Pair::generate()?, Pair::generate()?, Pair::generate()?, Pair::generate()?, Pair::generate()?];
        let expires = now.checked_add(CERTIFICATE_LIFE).map_err(|_| KeyError::Library)?;
        let serial = serial_of(&pairs[1])?;
        let certificate = certificate(&pairs[1], &serial, now, expires)?;
        Self::new(pairs, certificate, now, expires)
    }

    fn new(
        pairs: [Pair; 5],
        certificate: Vec<u8>,
        effective: Timestamp,
        expires: Timestamp,
    ) -> Result<Self, KeyError> {
        // What is not a key is a digest of one, so that it need not be kept.
        let secret = digest(&SHA256, &pairs[0].private_der()?);
        let id = digest(&SHA256, &pairs[2].public_der()?);
        let digits: String = id.as_ref().iter().map(|byte| char::from(b'0' + byte % 10)).collect();
        Ok(Keys(Arc::new(Inner {
            api_v3_key: hex::encode(secret)[..32].to_owned(),
            merchant_serial: hex::encode_upper(serial_of(&pairs[0])?),
            certificate_serial: hex::encode_upper(serial_of(&pairs[1])?),
            public_key_id: format!("PUB_KEY_ID_01{digits}"),
            pairs,
            certificate,
            effective,
            expires,
        })))
    }

    /// All of it as text, to be kept as secret as any private key, for [`Keys::from_pem`].
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let mut text = format!("{}\n{}\n", self.0.effective, self.0.expires);
        for pair in &self.0.pairs {
            text.push_str(&pem("PRIVATE KEY", &pair.private_der()?));
        }
        text.push_str(&self.certificate_pem());
        Ok(text)
    }

    /// Reads what [`Keys::to_pem`] wrote.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotKeys`] or [`KeyError::NotRsa`].
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let mut lines = text.lines();
        let mut time = || lines.next().and_then(|line| line.parse().ok()).ok_or(KeyError::NotKeys);
        let (effective, expires) = (time()?, time()?);
        let pairs: Vec<Pair> = PrivatePkcs8KeyDer::pem_slice_iter(text.as_bytes())
            .map(|der| Pair::from_pkcs8(der.map_err(|_| KeyError::NotKeys)?.secret_pkcs8_der()))
            .collect::<Result<_, _>>()?;
        let pairs = pairs.try_into().map_err(|_| KeyError::NotKeys)?;
        let certificate = CertificateDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyError::NotKeys)?;
        Self::new(pairs, certificate.to_vec(), effective, expires)
    }

    /// For WeChat's client: `apiclient_key.pem`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn merchant_private_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PRIVATE KEY", &self.merchant().private_der()?))
    }

    /// For WeChat's client: the serial number of the merchant's certificate.
    #[must_use]
    pub fn merchant_serial(&self) -> &str {
        &self.0.merchant_serial
    }

    /// For WeChat's client: the APIv3 key.
    #[must_use]
    pub fn api_v3_key(&self) -> &str {
        &self.0.api_v3_key
    }

    /// For WeChat's client: the platform's certificate.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.0.certificate)
    }

    /// For WeChat's client: the id of the platform's public key.
    #[must_use]
    pub fn public_key_id(&self) -> &str {
        &self.0.public_key_id
    }

    /// For WeChat's client: the platform's public key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn public_key_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PUBLIC KEY", &self.platform().public_der()?))
    }

    /// For Alipay's client: the application's private key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn app_private_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PRIVATE KEY", &self.app().private_der()?))
    }

    /// For Alipay's client: Alipay's public key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn alipay_public_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PUBLIC KEY", &self.alipay().public_der()?))
    }

    pub(crate) fn merchant(&self) -> &Pair {
        &self.0.pairs[0]
    }

    /// The pair whose public half is in the certificate.
    pub(crate) fn certified(&self) -> &Pair {
        &self.0.pairs[1]
    }

    /// The pair whose public half has an id.
    pub(crate) fn platform(&self) -> &Pair {
        &self.0.pairs[2]
    }

    pub(crate) fn app(&self) -> &Pair {
        &self.0.pairs[3]
    }

    pub(crate) fn alipay(&self) -> &Pair {
        &self.0.pairs[4]
    }

    pub(crate) fn certificate_serial(&self) -> &str {
        &self.0.certificate_serial
    }

    /// From when until when the certificate is good.
    pub(crate) fn certificate_life(&self) -> (Timestamp, Timestamp) {
        (self.0.effective, self.0.expires)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// Twenty bytes that are the key's own. The first bit is cleared and the next set: a positive number of full length.
fn serial_of(pair: &Pair) -> Result<Vec<u8>, KeyError> {
    let mut serial = digest(&SHA1_FOR_LEGACY_USE_ONLY, &pair.public_der()?).as_ref().to_vec();
    serial[0] = serial[0] & 0x3f | 0x40;
    Ok(serial)
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(64) {
        text.extend(line.iter().copied().map(char::from));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
