//! The envelope of a synchronous answer, and the exact text inside it that is signed.
//!
//! `{"alipay_trade_query_response":{…},"sign":"…","alipay_cert_sn":"…"}`: the signature is over the characters of the
//! inner object as they were sent. To read the object and write it again would change white space, escapes or order, so
//! serde_json's `RawValue` is used, which is a slice of the text that was received.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::credentials::{Credentials, SignatureError};
use crate::verdict::Judged;

/// The node that failures of the gateway itself come in, sometimes without a signature.
const ERROR_NODE: &str = "error_response";

/// An answer whose signature was not looked at yet.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    /// The exact text of the inner object.
    pub(crate) text: &'a str,
    is_error: bool,
    sign: Option<String>,
    certificate: Option<String>,
}

/// Why an answer is not Alipay's word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unverified {
    /// There is no signature, as with some `error_response`s. What it claims is for the log only.
    #[error("it is not signed, and claims {0}")]
    Unsigned(String),
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// An inner object that Alipay signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verified<'a> {
    pub(crate) text: &'a str,
    /// It came as `error_response`, so it is no success whatever it says.
    pub(crate) is_error: bool,
}

impl<'a> Envelope<'a> {
    /// Finds the inner object, named `node` or `error_response`, in the text of an answer.
    ///
    /// `None` when the text is not such an envelope: no JSON object, a name twice, both nodes or none.
    pub(crate) fn open(answer: &'a str, node: &str) -> Option<Self> {
        let Members(members) = serde_json::from_str(answer).ok()?;
        let find = |wanted: &str| members.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
        let text_of = |wanted: &str| match find(wanted) {
            Some(value) => serde_json::from_str::<Option<String>>(value.get()).ok(),
            None => Some(None),
        };
        let (value, is_error) = match (find(node), find(ERROR_NODE)) {
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
            _ => return None,
        };
        let sign = text_of("sign")?.filter(|sign| !sign.is_empty());
        Some(Self { text: value.get(), is_error, sign, certificate: text_of("alipay_cert_sn")? })
    }

    /// The inner object, if Alipay signed exactly this text.
    pub(crate) fn verify(self, credentials: &Credentials) -> Result<Verified<'a>, Unverified> {
        let Some(sign) = &self.sign else {
            let claim = serde_json::from_str(self.text).ok().map(|judged: Judged| judged.refusal().text);
            return Err(Unverified::Unsigned(claim.unwrap_or_else(|| "nothing".to_owned())));
        };
        credentials.verify(self.text, sign, self.certificate.as_deref())?;
        Ok(Verified { text: self.text, is_error: self.is_error })
    }
}

/// The members of a JSON object in their order, with the exact text of each value. A name that comes twice is an error:
/// whoever reads the first and whoever reads the second would see different answers.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members: Vec<(String, &RawValue)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom("a name comes twice"));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod tests;
