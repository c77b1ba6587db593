//! Certificate mode: the numbers by which Alipay names certificates, and the key in its own.
//!
//! A number (`cert_sn`) is the MD5, in hex, of the issuer's name in the form of RFC 2253 followed by the serial number in
//! decimal. The root file holds several certificates; the numbers of those signed with RSA are joined with `_`
//! (`AntCertificationUtil` of Alipay's own library).

use std::fmt;
use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use crate::der::{Certificate, read_certificate};
use crate::keys::{KeyError, PublicKey, decode};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The three files of certificate mode, read.
#[derive(Clone)]
pub struct Certificates {
    app_number: String,
    root_number: String,
    alipay_number: String,
    alipay_key: PublicKey,
}

impl Certificates {
    /// Reads our application's certificate (`appCertPublicKey….crt`), Alipay's (`alipayCertPublicKey_RSA2.crt`) and
    /// Alipay's roots (`alipayRootCert.crt`), each as PEM.
    ///
    /// Dates and chains are not checked: the files are configuration and are trusted as such.
    ///
    /// # Errors
    /// [`KeyError`] when a text is not a certificate, or Alipay's holds no RSA key of 2048 bits or more.
    pub fn parse(app: &str, alipay: &str, roots: &str) -> Result<Self, KeyError> {
        let alipay_der = first_der(alipay)?;
        let alipay = read_certificate(&alipay_der).ok_or(KeyError::NotCertificate)?;
        let app_der = first_der(app)?;
        let app = read_certificate(&app_der).ok_or(KeyError::NotCertificate)?;
        Ok(Self {
            app_number: number(&app),
            root_number: root_number(roots)?,
            alipay_number: number(&alipay),
            alipay_key: PublicKey::from_der(alipay.public_key)?,
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

    /// `alipay_cert_sn`, beside every signature of Alipay.
    #[must_use]
    pub fn alipay_number(&self) -> &str {
        &self.alipay_number
    }

    pub(crate) fn alipay_key(&self) -> &PublicKey {
        &self.alipay_key
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates")
            .field("app", &self.app_number)
            .field("root", &self.root_number)
            .field("alipay", &self.alipay_number)
            .finish_non_exhaustive()
    }
}

/// The first certificate of a file: Alipay's own file carries its chain behind it.
fn first_der(pem: &str) -> Result<Vec<u8>, KeyError> {
    decode(pem, &["CERTIFICATE"]).map_err(|_| KeyError::NotCertificate)
}

fn root_number(pem: &str) -> Result<String, KeyError> {
    let mut numbers = Vec::new();
    for part in pem.split(BEGIN).skip(1) {
        let (body, _) = part.split_once(END).ok_or(KeyError::NotCertificate)?;
        let der = decode(body, &[]).map_err(|_| KeyError::NotCertificate)?;
        // Roots of the national algorithms are in the file too; their names need not be readable here.
        if let Some(root) = read_certificate(&der).filter(|root| root.signed_with_rsa) {
            numbers.push(number(&root));
        }
    }
    if numbers.is_empty() { Err(KeyError::NotCertificate) } else { Ok(numbers.join("_")) }
}

fn number(certificate: &Certificate<'_>) -> String {
    let named = format!("{}{}", certificate.issuer, decimal(certificate.serial));
    Md5::digest(named.as_bytes()).iter().fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A big-endian number in decimal. Serial numbers have up to 20 bytes, more than any integer type.
fn decimal(bytes: &[u8]) -> String {
    let mut digits: Vec<u8> = vec![0];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let value = u32::from(*digit) * 256 + carry;
            *digit = u8::try_from(value % 10).unwrap_or_default();
            carry = value / 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap_or_default());
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
}

#[cfg(test)]
mod tests;
