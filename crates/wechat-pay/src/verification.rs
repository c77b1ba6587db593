//! Whether WeChat said something (4012154180): the signature over time, nonce and body, in the headers.

use http::HeaderMap;
use jiff::Timestamp;
use pay_protocol::PublicKey;

/// How far the time of a signature may be from ours, in seconds; at this distance it is refused.
const TOLERANCE_SECONDS: i64 = 300;

/// Longer ones are not repeated in errors and logs: whoever sends a notice may write anything there.
const MAX_SERIAL_BYTES: usize = 64;

/// The only kind of signature there is; a missing header means the same.
pub(crate) const SIGNATURE_TYPE: &str = "WECHATPAY2-SHA256-RSA2048";

/// Why an answer or notice is not believed.
///
/// WeChat now and then sends wrong signatures on purpose, beginning with `WECHATPAY/SIGNTEST/`, to see that they are
/// refused. They end here like any other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// There is no signature, or not all of it.
    #[error("header {0} is missing")]
    MissingHeader(&'static str),
    /// There is something else in its place, or another kind of signature.
    #[error("header {0} is malformed")]
    MalformedHeader(&'static str),
    /// Too old, or from the future: a repetition, or a clock that is wrong.
    #[error("signed {seconds} s from now")]
    Stale {
        /// Its time less ours.
        seconds: i64,
    },
    /// A certificate or public key nobody gave us; as the header has it.
    #[error("signed with a key we do not have: {serial}")]
    UnknownKey {
        /// The header `Wechatpay-Serial`.
        serial: String,
    },
    /// Not the signature of this key under this body.
    #[error("wrong signature")]
    WrongSignature,
}

/// The headers that carry a signature.
#[derive(Debug)]
pub(crate) struct Seal {
    timestamp: i64,
    timestamp_text: String,
    nonce: String,
    signature: String,
    serial: String,
}

impl Seal {
    pub(crate) fn read(headers: &HeaderMap) -> Result<Seal, Unverified> {
        let timestamp_text = text(headers, "Wechatpay-Timestamp")?;
        let timestamp =
            timestamp_text.parse().map_err(|_| Unverified::MalformedHeader("Wechatpay-Timestamp"))?;
        if headers.contains_key("Wechatpay-Signature-Type")
            && text(headers, "Wechatpay-Signature-Type")? != SIGNATURE_TYPE
        {
            return Err(Unverified::MalformedHeader("Wechatpay-Signature-Type"));
        }
        let signature = text(headers, "Wechatpay-Signature")?.to_owned();
        let nonce = text(headers, "Wechatpay-Nonce")?.to_owned();
        let serial = text(headers, "Wechatpay-Serial")?.to_owned();
        if serial.len() > MAX_SERIAL_BYTES {
            return Err(Unverified::MalformedHeader("Wechatpay-Serial"));
        }
        Ok(Seal { timestamp, timestamp_text: timestamp_text.to_owned(), nonce, signature, serial })
    }

    /// Which key signed: the serial number of a platform certificate, or the id of a public key.
    pub(crate) fn serial(&self) -> &str {
        &self.serial
    }

    /// The refusal when that key is not ours.
    pub(crate) fn unknown_key(&self) -> Unverified {
        Unverified::UnknownKey { serial: self.serial.clone() }
    }

    /// Refuses a signature from 300 s ago or ahead.
    pub(crate) fn check_time(&self, now: Timestamp) -> Result<(), Unverified> {
        let seconds = self.timestamp.saturating_sub(now.as_second());
        if seconds.unsigned_abs() >= TOLERANCE_SECONDS.unsigned_abs() {
            return Err(Unverified::Stale { seconds });
        }
        Ok(())
    }

    /// Refuses a body that is not the one `key` signed.
    pub(crate) fn check(&self, key: &PublicKey, body: &[u8]) -> Result<(), Unverified> {
        let mut message = format!("{}\n{}\n", self.timestamp_text, self.nonce).into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        if key.verifies(&message, &self.signature) { Ok(()) } else { Err(Unverified::WrongSignature) }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Unverified> {
    let value = headers.get(name).ok_or(Unverified::MissingHeader(name))?;
    value.to_str().map_err(|_| Unverified::MalformedHeader(name))
}
