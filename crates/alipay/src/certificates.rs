//! Certificate mode: the numbers by which Alipay names certificates, and the keys in its own.
//!
//! A number (`cert_sn`) is the MD5, in hex, of the issuer's name in the form of RFC 2253 followed by the serial number in
//! decimal. The root file holds several certificates; the numbers of those signed with RSA are joined with `_`
//! (`AntCertificationUtil` of Alipay's own library).

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

use md5::{Digest as _, Md5};
use pay_protocol::{Certificate, KeyError, PublicKey};

/// The three files of certificate mode, read.
#[derive(Clone)]
pub struct Certificates {
    app_number: String,
    root_number: String,
    alipay: BTreeMap<String, PublicKey>,
}

impl Certificates {
    /// Reads our application's certificate (`appCertPublicKey….crt`), Alipay's (`alipayCertPublicKey_RSA2.crt`) and
    /// Alipay's roots (`alipayRootCert.crt`), each as PEM.
    ///
    /// Alipay's may be several, one file after the other: while it changes from one to the next, answers name either.
    /// Each file carries its chain, whose authorities sign certificates and no answers: they are passed over.
    ///
    /// Dates and chains are not checked: the files are configuration and are trusted as such.
    ///
    /// # Errors
    /// [`KeyError`] when a text is not a certificate, or one of Alipay's holds no RSA key of 2048 bits or more.
    pub fn parse(app: &str, alipay: &str, roots: &str) -> Result<Self, KeyError> {
        let signers = Certificate::parse_all(alipay)?.into_iter().enumerate();
        let signers = signers.filter(|(index, found)| *index == 0 || !found.is_authority());
        let alipay = signers.map(|(_, found)| Ok((number(&found), found.public_key()?)));
        Ok(Self {
            app_number: number(&Certificate::parse(app)?),
            root_number: root_number(roots)?,
            alipay: alipay.collect::<Result<_, KeyError>>()?,
        })
    }

    /// `app_cert_sn`, a parameter of every request.
    #[must_use]
    pub fn app_number(&self) -> &str {
        &self.app_number
    }

    /// `alipay_root_cert_sn`, a parameter of every request.
    #[must_use]
    pub fn root_number(&self) -> &str {
        &self.root_number
    }

    /// The certificates of Alipay, by the `alipay_cert_sn` that stands beside every signature.
    pub(crate) const fn alipay(&self) -> &BTreeMap<String, PublicKey> {
        &self.alipay
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates")
            .field("app", &self.app_number)
            .field("root", &self.root_number)
            .field("alipay", &self.alipay.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

fn root_number(pem: &str) -> Result<String, KeyError> {
    let roots = Certificate::parse_all(pem)?;
    let numbers: Vec<String> = roots.iter().filter(|root| root.is_signed_with_rsa()).map(number).collect();
    if numbers.is_empty() { Err(KeyError::NotCertificate) } else { Ok(numbers.join("_")) }
}

fn number(certificate: &Certificate) -> String {
    let named = format!("{}{}", certificate.issuer(), certificate.serial_decimal());
    Md5::digest(named.as_bytes()).iter().fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_keys::{ALIPAY_CERTIFICATE, ALIPAY_PKCS8, APP_CERTIFICATE, APP_PUBLIC, ROOTS};
    use pay_protocol::PrivateKey;

    const ALIPAY_NUMBER: &str = "a9cee8adacdfed3f095fc371c99db2de";
    const APP_NUMBER: &str = "13a0c229837d0f0b24d6be72c658d636";

    #[test]
    fn numbers_are_what_openssl_and_md5sum_say() {
        let certificates = Certificates::parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, ROOTS).unwrap();
        assert_eq!(certificates.app_number(), APP_NUMBER);
        // Behind Alipay's own there is its issuer.
        assert_eq!(certificates.alipay().keys().collect::<Vec<_>>(), [ALIPAY_NUMBER]);
        // Between the two there is a root that is not signed with RSA.
        assert_eq!(
            certificates.root_number(),
            "9bb369fd6322bcf6dde994a04ed5efa1_8b378a03c92ca5a990dc907e31e6be0f"
        );
    }

    #[test]
    fn while_alipay_changes_its_certificate_both_are_known() {
        let files = format!("{APP_CERTIFICATE}\n{ALIPAY_CERTIFICATE}");
        let certificates = Certificates::parse(APP_CERTIFICATE, &files, ROOTS).unwrap();
        assert_eq!(certificates.alipay().keys().collect::<Vec<_>>(), [APP_NUMBER, ALIPAY_NUMBER]);
        let sign = PrivateKey::parse(ALIPAY_PKCS8).unwrap().sign(b"x").unwrap();
        assert!(certificates.alipay()[ALIPAY_NUMBER].verifies(b"x", &sign));
        assert!(!certificates.alipay()[APP_NUMBER].verifies(b"x", &sign));
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        let parse =
            |app: &str, alipay: &str, roots: &str| Certificates::parse(app, alipay, roots).unwrap_err();
        assert_eq!(parse(APP_PUBLIC, ALIPAY_CERTIFICATE, ROOTS), KeyError::NotCertificate);
        assert_eq!(parse(APP_CERTIFICATE, "", ROOTS), KeyError::NotCertificate);
        assert_eq!(parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, ""), KeyError::NotCertificate);
        assert_eq!(parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, &ROOTS[..200]), KeyError::NotCertificate);
    }
}
