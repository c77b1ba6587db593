//! Platform certificates: `GET /v3/certificates`.

use std::collections::HashMap;

use jiff::Timestamp;
use pay_protocol::{Answer as Answered, Certificate, Doubt};
use serde::Deserialize;

use crate::api_v3_key::Encrypted;
use crate::client::Client;
use crate::codes::Call;
use crate::exchange::{judge, read_json};
use crate::platform_keys::{FetchedCertificate, canonical};
use crate::transport::{Answer, Request};
use crate::verification::{Seal, Unverified};

#[derive(Deserialize)]
struct CertificateList {
    data: Vec<ListedCertificate>,
}

#[derive(Deserialize)]
struct ListedCertificate {
    serial_no: String,
    effective_time: Timestamp,
    expire_time: Timestamp,
    encrypt_certificate: Encrypted,
}

type Certificates = HashMap<String, FetchedCertificate>;

impl Client {
    /// Fetches the platform certificates now and tells how many there are. Not needed in the course of things: a client
    /// that fetches certificates does so by itself. It shows at start whether the APIv3 key is right. Merchants who
    /// have only a public key are refused (`RESOURCE_NOT_EXISTS` or `NO_AUTH`).
    ///
    /// # Errors
    /// [`Doubt`], also when the question is refused.
    pub async fn refresh_certificates(&self) -> Answered<usize> {
        self.fetch_certificates().await
    }

    /// The answer is signed with one of the certificates that are in it, encrypted under the APIv3 key, which nobody
    /// but WeChat and the merchant has. So they are decrypted first, and then verify the answer that brought them.
    pub(crate) async fn fetch_certificates(&self) -> Answered<usize> {
        let answer = self.send(&Request::get("/v3/certificates".to_owned())).await?;
        let certificates =
            if answer.is_success() { self.open_certificates(&answer)? } else { HashMap::new() };
        let verified = self.verify_with(&certificates, &answer);
        judge(Call::Ask, answer, verified).into_answer()?;
        let count = certificates.len();
        self.platform_keys.replace_fetched(certificates, self.clock.now());
        Ok(count)
    }

    fn open_certificates(&self, answer: &Answer) -> Result<Certificates, Doubt> {
        let list: CertificateList = read_json(answer)?;
        list.data.iter().map(|listed| self.open_certificate(listed)).collect()
    }

    fn open_certificate(&self, listed: &ListedCertificate) -> Result<(String, FetchedCertificate), Doubt> {
        let unreadable = |what: &str| Doubt::Unreadable(what.to_owned());
        let pem = self
            .merchant
            .api_v3_key
            .open(&listed.encrypt_certificate)
            .ok_or_else(|| unreadable("a certificate is not encrypted under our APIv3 key"))?;
        let pem = String::from_utf8(pem).map_err(|error| unreadable(&error.to_string()))?;
        let certificate = Certificate::parse(&pem).map_err(|error| unreadable(&error.to_string()))?;
        let key = certificate.public_key().map_err(|error| unreadable(&error.to_string()))?;
        let serial = certificate.serial_hex();
        if serial != canonical(&listed.serial_no) {
            return Err(unreadable("a certificate has another serial number than it is listed with"));
        }
        let (effective, expires) = (listed.effective_time, listed.expire_time);
        Ok((serial, FetchedCertificate { key, effective, expires }))
    }

    fn verify_with(&self, certificates: &Certificates, answer: &Answer) -> Result<(), Unverified> {
        let seal = Seal::read(&answer.headers)?;
        let now = self.clock.now();
        seal.check_time(now)?;
        let fetched = certificates.get(&canonical(seal.serial())).filter(|found| found.is_in_force(now));
        let key = match fetched {
            Some(certificate) => certificate.key.clone(),
            None => self.platform_keys.find(seal.serial(), now).ok_or_else(|| seal.unknown_key())?,
        };
        seal.check(&key, &answer.body)
    }
}
