use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};

/// An API key prepared for signing.
///
/// Preparing hashes the key twice, which costs about as much as signing a request: a server or a
/// client that handles many requests keeps this instead of the key.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

impl SigningKey {
    /// Prepares the bytes of an API key as it was issued (64 ASCII characters, not decoded).
    pub fn new(api_key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, api_key))
    }

    /// The value of `X-Signature`: Base64 (standard alphabet, padded, 44 characters) of
    /// HMAC-SHA256 over `{timestamp}\n{METHOD}\n{path and query as sent}\n{raw body}`.
    ///
    /// `timestamp_s` is the value of `X-Timestamp`, `method` is in upper case, and a request
    /// without a body signs the empty one.
    pub fn sign(&self, timestamp_s: i64, method: &str, path_and_query: &str, body: &[u8]) -> String {
        STANDARD.encode(self.tag(timestamp_s, method, path_and_query, body))
    }

    /// Whether `signature` is what [`SigningKey::sign`] gives for the same parts. The comparison
    /// takes the same time wherever the first difference is.
    pub fn verify(
        &self,
        timestamp_s: i64,
        method: &str,
        path_and_query: &str,
        body: &[u8],
        signature: &str,
    ) -> bool {
        let Ok(claimed) = STANDARD.decode(signature) else {
            return false;
        };
        let expected = self.tag(timestamp_s, method, path_and_query, body);
        aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_ref(), &claimed).is_ok()
    }

    fn tag(&self, timestamp_s: i64, method: &str, path_and_query: &str, body: &[u8]) -> hmac::Tag {
        let head = format!("{timestamp_s}\n{method}\n{path_and_query}\n");
        let mut context = hmac::Context::with_key(&self.0);
        context.update(head.as_bytes());
        context.update(body);
        context.sign()
    }
}

/// Never shows the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(…)")
    }
}

/// [`SigningKey::sign`] for a single request.
pub fn sign(api_key: &[u8], timestamp_s: i64, method: &str, path_and_query: &str, body: &[u8]) -> String {
    SigningKey::new(api_key).sign(timestamp_s, method, path_and_query, body)
}

/// [`SigningKey::verify`] for a single request.
pub fn verify(
    api_key: &[u8],
    timestamp_s: i64,
    method: &str,
    path_and_query: &str,
    body: &[u8],
    signature: &str,
) -> bool {
    SigningKey::new(api_key).verify(timestamp_s, method, path_and_query, body, signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    const API_KEY: [u8; 64] = [b'k'; 64];
    const TIMESTAMP_S: i64 = 1_736_944_200;
    const PATH: &str = "/v1/auth/game/authorize";
    const BODY: &[u8] = br#"{"app_id":"app_01h455vb4pex5vsknk084sn02q","site_id":"site_01h455vb4pex5vsknk084sn02q","player_count":5}"#;

    // Both vectors were computed without this code, the first one twice: with
    // `openssl dgst -sha256 -hmac` and with Python's hmac module.
    const POST_SIGNATURE: &str = "mxgk06PdnJCvgXpTwtXoKK3fkiG8yheRTCMHloWcA1E=";
    const GET_SIGNATURE: &str = "VnRR1YYBm8pBQL9yWO2e0rc8SZhjcehiqzkO1fVjC74=";

    #[test]
    fn signature_of_a_request_with_a_body_matches_the_vector() {
        assert_eq!(sign(&API_KEY, TIMESTAMP_S, "POST", PATH, BODY), POST_SIGNATURE);
        assert!(verify(&API_KEY, TIMESTAMP_S, "POST", PATH, BODY, POST_SIGNATURE));
    }

    #[test]
    fn query_is_signed_and_an_absent_body_is_the_empty_one() {
        let path = "/v1/auth/game/config?lang=en";
        assert_eq!(sign(&API_KEY, TIMESTAMP_S, "GET", path, b""), GET_SIGNATURE);
    }

    #[test]
    fn any_changed_part_is_refused() {
        let key = SigningKey::new(&API_KEY);
        assert!(key.verify(TIMESTAMP_S, "POST", PATH, BODY, POST_SIGNATURE));
        assert!(!key.verify(TIMESTAMP_S + 1, "POST", PATH, BODY, POST_SIGNATURE));
        assert!(!key.verify(TIMESTAMP_S, "PUT", PATH, BODY, POST_SIGNATURE));
        assert!(!key.verify(TIMESTAMP_S, "POST", "/v1/auth/game/authorize?", BODY, POST_SIGNATURE));
        assert!(!key.verify(TIMESTAMP_S, "POST", PATH, b"{}", POST_SIGNATURE));
        assert!(!verify(b"another key", TIMESTAMP_S, "POST", PATH, BODY, POST_SIGNATURE));
    }

    #[test]
    fn malformed_signatures_are_refused() {
        let key = SigningKey::new(&API_KEY);
        for signature in
            ["", "=", "not base64!", "mxgk06PdnJCvgXpTwtXoKK3fkiG8yheRTCMHloWcA1E", &"A".repeat(400)]
        {
            assert!(!key.verify(TIMESTAMP_S, "POST", PATH, BODY, signature), "{signature}");
        }
    }

    #[test]
    fn debug_output_hides_the_key() {
        assert_eq!(format!("{:?}", SigningKey::new(&API_KEY)), "SigningKey(…)");
    }
}
