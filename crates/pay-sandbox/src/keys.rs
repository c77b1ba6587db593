//! The keys of both sides: the merchant's, which the clients need, and the providers', which only the sandbox has.
//!
//! They are generated once and kept by the caller as PEM, so that clients set up with them go on working after a restart.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use jiff::{SignedDuration, Timestamp};
use md5::{Digest as _, Md5};
use num_bigint::BigUint;
use pem::{EncodeConfig, LineEnding, Pem};

use crate::certificate::Request;
use crate::crypto::Pair;

/// Platform certificates live five years.
const CERTIFICATE_LIFE: SignedDuration = SignedDuration::from_hours(5 * 365 * 24);

/// Who signs certificates at Alipay.
const ROOT: &str = "Alipay sandbox root";

/// Why there are no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The library failed, for want of randomness for instance.
    #[error("the cryptographic library failed")]
    Library,
    /// Not the text that [`Keys::to_pem`] gave.
    #[error("the text is not five private keys in PEM, after the lines of their dates")]
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
    certificate: String,
    app_certificate: String,
    alipay_certificate: String,
    alipay_root: String,
    /// How Alipay names the last three: application, its own, root.
    numbers: [String; 3],
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
        Self::new(pairs, now, expires)
    }

    /// Certificates follow from keys and dates, so they need not be kept. Alipay's authority has the key that is WeChat's
    /// elsewhere: nobody looks at it but to see who signed.
    fn new(pairs: [Pair; 5], effective: Timestamp, expires: Timestamp) -> Result<Self, KeyError> {
        let serials: Vec<Vec<u8>> = pairs.iter().map(serial_of).collect::<Result<_, _>>()?;
        let request =
            |name, index: usize| Request { name, serial: &serials[index], from: effective, until: expires };
        let root = request(ROOT, 2);
        let certificate = request("Tenpay.com sandbox", 1).self_signed(&pairs[1], false)?;
        let app_certificate = request("Sandbox merchant", 3).signed_by(&pairs[3], &root, &pairs[2])?;
        let alipay_certificate = request("Alipay sandbox", 4).signed_by(&pairs[4], &root, &pairs[2])?;
        let alipay_root = root.self_signed(&pairs[2], true)?;
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
            app_certificate,
            alipay_certificate,
            alipay_root,
            numbers: [3, 4, 2].map(|index: usize| certificate_number(&serials[index])),
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
            text.push_str(&pem("PRIVATE KEY", pair.private_der()?));
        }
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
        // Older texts end with a certificate.
        let blocks = pem::parse_many(text).map_err(|_| KeyError::NotKeys)?;
        let keys = blocks.iter().filter(|block| block.tag() == "PRIVATE KEY");
        let pairs: Vec<Pair> = keys.map(|key| Pair::from_pkcs8(key.contents())).collect::<Result<_, _>>()?;
        Self::new(pairs.try_into().map_err(|_| KeyError::NotKeys)?, effective, expires)
    }

    /// For WeChat's client: `apiclient_key.pem`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn merchant_private_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PRIVATE KEY", self.merchant().private_der()?))
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
    pub fn certificate_pem(&self) -> &str {
        &self.0.certificate
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
        Ok(pem("PUBLIC KEY", self.platform().public_der()?))
    }

    /// For Alipay's client: the application's private key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn app_private_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PRIVATE KEY", self.app().private_der()?))
    }

    /// For Alipay's client: Alipay's public key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`].
    pub fn alipay_public_pem(&self) -> Result<String, KeyError> {
        Ok(pem("PUBLIC KEY", self.alipay().public_der()?))
    }

    /// For Alipay's client in certificate mode: the application's certificate.
    #[must_use]
    pub fn app_certificate_pem(&self) -> &str {
        &self.0.app_certificate
    }

    /// For Alipay's client in certificate mode: Alipay's certificate and its chain, as the file has them.
    #[must_use]
    pub fn alipay_certificate_pem(&self) -> String {
        format!("{}{}", self.0.alipay_certificate, self.0.alipay_root)
    }

    /// For Alipay's client in certificate mode: Alipay's root.
    #[must_use]
    pub fn alipay_root_pem(&self) -> &str {
        &self.0.alipay_root
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

    /// How Alipay names the application's certificate.
    pub(crate) fn app_number(&self) -> &str {
        &self.0.numbers[0]
    }

    /// How Alipay names its own certificate.
    pub(crate) fn alipay_number(&self) -> &str {
        &self.0.numbers[1]
    }

    /// How Alipay names its root.
    pub(crate) fn root_number(&self) -> &str {
        &self.0.numbers[2]
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

/// `cert_sn`: MD5 of the issuer's name, last component first, and the serial number in decimal. The root is its own issuer.
fn certificate_number(serial: &[u8]) -> String {
    let named = format!("CN={ROOT},O=Sandbox,C=CN{}", BigUint::from_bytes_be(serial));
    hex::encode(Md5::digest(named.as_bytes()))
}

pub(crate) fn pem(label: &str, der: Vec<u8>) -> String {
    pem::encode_config(&Pem::new(label, der), EncodeConfig::new().set_line_ending(LineEnding::LF))
}
