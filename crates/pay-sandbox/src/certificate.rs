//! Certificates: of WeChat's platform, and of certificate mode at Alipay.

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256,
    SerialNumber,
};

use crate::crypto::Pair;
use crate::keys::KeyError;

/// A certificate to be made, good from one time to the other. The same is made of the same each time.
pub(crate) struct Request<'a> {
    pub(crate) name: &'a str,
    pub(crate) serial: &'a [u8],
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Request<'_> {
    fn params(&self) -> CertificateParams {
        let time = |time: Timestamp| {
            let seconds = u64::try_from(time.as_second()).unwrap_or_default();
            rcgen::date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(seconds)
        };
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CountryName, "CN");
        params.distinguished_name.push(DnType::OrganizationName, "Sandbox");
        params.distinguished_name.push(DnType::CommonName, self.name);
        params.serial_number = Some(SerialNumber::from_slice(self.serial));
        (params.not_before, params.not_after) = (time(self.from), time(self.until));
        params
    }

    /// In PEM, signed by its own key; an authority may sign others.
    pub(crate) fn self_signed(&self, pair: &Pair, is_authority: bool) -> Result<String, KeyError> {
        let mut params = self.params();
        if is_authority {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let made = params.self_signed(&key(pair)?).map_err(|_| KeyError::Library)?;
        Ok(crate::keys::pem("CERTIFICATE", made.der().to_vec()))
    }

    /// In PEM, for one key, signed by the authority of this name and key.
    pub(crate) fn signed_by(
        &self,
        pair: &Pair,
        authority: &Request<'_>,
        by: &Pair,
    ) -> Result<String, KeyError> {
        let issuer = Issuer::new(authority.params(), key(by)?);
        let made = self.params().signed_by(&key(pair)?, &issuer).map_err(|_| KeyError::Library)?;
        Ok(crate::keys::pem("CERTIFICATE", made.der().to_vec()))
    }
}

fn key(pair: &Pair) -> Result<KeyPair, KeyError> {
    let der = pair.private_der()?.into();
    KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).map_err(|_| KeyError::Library)
}
