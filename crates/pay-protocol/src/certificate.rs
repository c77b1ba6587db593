//! X.509 certificates, as far as the providers name keys by them.
//!
//! A chain is not verified, and dates are not looked at: a certificate is believed because it was configured, or because
//! it came encrypted under a key that only the provider and the merchant have.

use num_bigint::BigUint;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::spki::ObjectIdentifier;

use crate::keys::{KeyError, PublicKey};

/// 1.2.840.113549.1.1, under which PKCS #1 has its algorithms.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1");

/// What is read of a certificate.
#[derive(Debug)]
pub struct Certificate(x509_cert::Certificate);

impl Certificate {
    /// All the certificates of a PEM file, in its order.
    ///
    /// # Errors
    /// [`KeyError::NotCertificate`] when there is none, or one of them cannot be read.
    pub fn parse_all(pem: &str) -> Result<Vec<Self>, KeyError> {
        let read = |der: Result<CertificateDer<'_>, _>| {
            let der = der.map_err(|_| KeyError::NotCertificate)?;
            x509_cert::Certificate::from_der(&der).map(Self).map_err(|_| KeyError::NotCertificate)
        };
        let all: Vec<Self> =
            CertificateDer::pem_slice_iter(pem.trim().as_bytes()).map(read).collect::<Result<_, _>>()?;
        if all.is_empty() { Err(KeyError::NotCertificate) } else { Ok(all) }
    }

    /// The first certificate of a PEM file, whose chain may follow.
    ///
    /// # Errors
    /// As for [`Certificate::parse_all`].
    pub fn parse(pem: &str) -> Result<Self, KeyError> {
        Self::parse_all(pem)?.into_iter().next().ok_or(KeyError::NotCertificate)
    }

    /// Its key.
    ///
    /// # Errors
    /// [`KeyError::NotPublic`] when that is not RSA with 2048 bits or more.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        let key = self.0.tbs_certificate().subject_public_key_info().to_der();
        PublicKey::from_der(&key.map_err(|_| KeyError::NotCertificate)?)
    }

    /// The issuer's name in the form of RFC 2253: last component first.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.0.tbs_certificate().issuer().to_string()
    }

    /// The serial number in decimal, as Alipay writes it.
    #[must_use]
    pub fn serial_decimal(&self) -> String {
        self.serial().to_string()
    }

    /// The serial number in upper-case hexadecimal digits, two for each byte, as WeChat Pay writes it.
    #[must_use]
    pub fn serial_hex(&self) -> String {
        self.serial().to_bytes_be().iter().map(|byte| format!("{byte:02X}")).collect()
    }

    fn serial(&self) -> BigUint {
        BigUint::from_bytes_be(self.0.tbs_certificate().serial_number().as_bytes())
    }

    /// Whether its issuer signed it with RSA. Alipay's file of roots has some of the national algorithms too.
    #[must_use]
    pub fn is_signed_with_rsa(&self) -> bool {
        self.0.signature_algorithm().oid.parent() == Some(RSA)
    }

    /// Whether it may sign other certificates.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        let constraints = self.0.tbs_certificate().get_extension::<BasicConstraints>();
        constraints.is_ok_and(|found| found.is_some_and(|(_, constraints)| constraints.ca))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOTS: &str = include_str!("../../alipay/tests/keys/roots.crt");
    const HIGH_SERIAL: &str = include_str!("../../wechat-pay/tests/data/high_serial_certificate.pem");

    #[test]
    fn names_and_serial_numbers_are_what_openssl_says() {
        let roots = Certificate::parse_all(ROOTS).unwrap();
        let issuers: Vec<String> = roots.iter().map(Certificate::issuer).collect();
        let rest = "OU=Certification Authority,O=Test Financial,C=CN";
        let names = ["Test Root\\, R1", "Test Root EC", "测试 R2"];
        assert_eq!(issuers, names.map(|name| format!("CN={name},{rest}")));
        let signed: Vec<bool> = roots.iter().map(Certificate::is_signed_with_rsa).collect();
        assert_eq!(signed, [true, false, true]);
        assert!(roots.iter().all(Certificate::is_authority));
        let high = Certificate::parse(HIGH_SERIAL).unwrap();
        assert_eq!(high.serial_hex(), "F0000000000000000000000000000000000000A1");
        assert_eq!(high.serial_decimal(), "1370157784997721485815954530671515330927436759201");
        assert!(high.public_key().is_ok());
        assert_eq!(roots[1].public_key().unwrap_err(), KeyError::NotPublic);
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        for text in ["", "x", &ROOTS[..200], include_str!("../../alipay/tests/keys/app.public.pem")] {
            assert_eq!(Certificate::parse_all(text).unwrap_err(), KeyError::NotCertificate, "{text}");
        }
    }

    proptest! {
        #[test]
        fn damaged_certificates_do_no_harm(at in 0_usize..2048, byte: u8) {
            let mut der = CertificateDer::from_pem_slice(HIGH_SERIAL.as_bytes()).unwrap().to_vec();
            let at = at % der.len();
            der[at] = byte;
            for der in [&der[..], &der[..at]] {
                if let Ok(read) = x509_cert::Certificate::from_der(der).map(Certificate) {
                    let _ = (read.issuer(), read.serial_hex(), read.public_key(), read.is_authority());
                }
            }
        }
    }
}
