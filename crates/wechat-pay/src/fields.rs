//! What WeChat takes in a field, checked before anything is sent.

use http::Uri;
use serde::Serialize;

/// A field that WeChat would refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {rule}")]
pub struct InvalidField {
    /// The field as WeChat calls it.
    pub field: &'static str,
    /// What it has to be, as the end of a sentence that begins with the field.
    pub rule: &'static str,
}

/// Refuses `field` unless it is as it has to be.
pub(crate) fn require(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidField> {
    if holds { Ok(()) } else { Err(InvalidField { field, rule }) }
}

/// Whether a text has between 1 and `max` bytes and no control characters. WeChat counts bytes of UTF-8, not characters.
pub(crate) fn is_text(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// Where WeChat sends its notices (4012791877): https, at most 255 bytes, no query string, reachable from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct NotifyUrl(String);

impl NotifyUrl {
    /// For WeChat itself.
    ///
    /// # Errors
    ///
    /// Names `notify_url` and what is wrong with it. Whether it can be reached is not looked at.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        Self::with_schemes(text, &["https"])
    }

    /// For a gateway on this machine or in this network: plain http is good enough.
    ///
    /// # Errors
    ///
    /// As for [`NotifyUrl::parse`].
    pub fn parse_local(text: &str) -> Result<Self, InvalidField> {
        Self::with_schemes(text, &["https", "http"])
    }

    fn with_schemes(text: &str, schemes: &[&str]) -> Result<Self, InvalidField> {
        const FIELD: &str = "notify_url";
        require(is_text(text, 255), FIELD, "must have 1 to 255 bytes")?;
        require(!text.contains('?'), FIELD, "must not have a query string")?;
        require(!text.contains('#'), FIELD, "must not have a fragment")?;
        let uri: Uri =
            text.parse().map_err(|_| InvalidField { field: FIELD, rule: "must be an absolute URL" })?;
        require(uri.host().is_some_and(|host| !host.is_empty()), FIELD, "must be an absolute URL")?;
        let known = uri.scheme_str().is_some_and(|scheme| schemes.contains(&scheme));
        require(known, FIELD, "must be an https URL")?;
        Ok(NotifyUrl(text.to_owned()))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notify_url_is_https_without_query() {
        assert!(NotifyUrl::parse("https://pay.example.com/v1/notices").is_ok());
        let long = format!("https://pay.example.com/{}", "a".repeat(232));
        let cases = [
            ("https://pay.example.com/v1?a=b", "must not have a query string"),
            ("https://pay.example.com/v1?", "must not have a query string"),
            ("https://pay.example.com/v1#a", "must not have a fragment"),
            ("http://pay.example.com/v1", "must be an https URL"),
            ("ftp://pay.example.com/v1", "must be an https URL"),
            ("/v1/notices", "must be an absolute URL"),
            ("https:///v1", "must be an absolute URL"),
            ("", "must have 1 to 255 bytes"),
            (long.as_str(), "must have 1 to 255 bytes"),
        ];
        for (text, rule) in cases {
            let expected = InvalidField { field: "notify_url", rule };
            assert_eq!(NotifyUrl::parse(text), Err(expected), "{text}");
        }
        assert!(NotifyUrl::parse(&long[..255]).is_ok());
    }

    #[test]
    fn a_local_gateway_may_be_told_a_plain_address() {
        assert!(NotifyUrl::parse_local("http://127.0.0.1:8080/notices").is_ok());
        assert!(NotifyUrl::parse_local("http://127.0.0.1:8080/notices?x=1").is_err());
    }
}
