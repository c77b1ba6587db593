//! A headset call whose parts can be spoilt one by one, and requests byte by byte.

use base::clock::UtcTime;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{AUTHORIZE, Answer, Server, Venue};

pub(crate) const PRE_AUTHORIZE: &str = "/v1/auth/game/pre-authorize";
pub(crate) const CONFIG: &str = "/v1/auth/game/config";

/// What the client signs and sends; right in every part until a test changes one.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    pub(crate) timestamp: String,
    /// What the signature is made over, where it is not what is sent.
    pub(crate) signed_method: Option<&'static str>,
    pub(crate) signed_path: Option<String>,
    pub(crate) signed_body: Option<Vec<u8>>,
    pub(crate) signing_key: String,
    /// Absent until [`Call::headers`] is asked for, then made from the parts above.
    pub(crate) signature: Option<String>,
    headers: HeaderMap,
}

impl Call {
    /// An authorization of a new session for `players`.
    pub(crate) fn authorize(server: &Server, venue: &Venue, players: i64) -> Self {
        Self::authorize_at(server.app.clock().now(), venue, players)
    }

    pub(crate) fn authorize_at(now: UtcTime, venue: &Venue, players: i64) -> Self {
        let mut call = Self::post(venue, AUTHORIZE, &venue.game(players), now);
        call.set("x-session-id", venue.session_at(now));
        call
    }

    pub(crate) fn post(venue: &Venue, path: &str, body: &Value, now: UtcTime) -> Self {
        let mut call = Self::new(venue, "POST", path, now);
        call.set("content-type", "application/json");
        call.body = body.to_string().into_bytes();
        call
    }

    pub(crate) fn get(venue: &Venue, path: &str, now: UtcTime) -> Self {
        Self::new(venue, "GET", path, now)
    }

    fn new(venue: &Venue, method: &'static str, path: &str, now: UtcTime) -> Self {
        let mut call = Call {
            method,
            path: path.to_owned(),
            body: Vec::new(),
            timestamp: now.as_seconds().to_string(),
            signed_method: None,
            signed_path: None,
            signed_body: None,
            signing_key: venue.api_key.clone(),
            signature: None,
            headers: HeaderMap::new(),
        };
        call.set("x-api-key", &venue.api_key);
        call
    }

    pub(crate) fn set(&mut self, name: &'static str, value: impl AsRef<[u8]>) -> &mut Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Sends the header a second time.
    pub(crate) fn add(&mut self, name: &'static str, value: impl AsRef<[u8]>) -> &mut Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    pub(crate) fn remove(&mut self, name: &'static str) -> &mut Self {
        self.headers.remove(name);
        self
    }

    pub(crate) fn session(&self) -> &str {
        self.headers["x-session-id"].to_str().unwrap()
    }

    /// Base64 of the HMAC over the parts as they are now.
    pub(crate) fn sign(&self) -> String {
        // A timestamp that is no number cannot be signed; the server must not get as far as the signature.
        coinslot_client::sign(
            self.signing_key.as_bytes(),
            self.timestamp.parse().unwrap_or(0),
            self.signed_method.unwrap_or(self.method),
            self.signed_path.as_ref().unwrap_or(&self.path),
            self.signed_body.as_ref().unwrap_or(&self.body),
        )
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        let signature = self.signature.clone().unwrap_or_else(|| self.sign());
        for (name, value) in [("x-timestamp", &self.timestamp), ("x-signature", &signature)] {
            // Empty stands for absent.
            if !value.is_empty() {
                headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
            }
        }
        headers
    }

    pub(crate) fn build(&self, client: &reqwest::Client, base_url: &str) -> reqwest::RequestBuilder {
        client
            .request(self.method.parse().unwrap(), format!("{base_url}{}", self.path))
            .headers(self.headers())
            .body(self.body.clone())
    }

    /// Sends it; every failure must come in the contract's envelope.
    pub(crate) async fn send(&self, server: &Server) -> Answer {
        let answer = server.send(self.build(&server.client, &server.base_url)).await;
        if !answer.status.is_success() {
            answer.assert_envelope();
        }
        answer
    }
}

impl Answer {
    /// A failure looks as the contract says, whatever failed.
    #[track_caller]
    pub(crate) fn assert_envelope(&self) {
        let body = self.body.as_object().unwrap_or_else(|| panic!("no JSON: {self:?}"));
        assert_eq!(self.headers["content-type"], "application/json");
        assert_eq!(body["success"], false, "{body:?}");
        assert!(!body["error_code"].as_str().unwrap().is_empty());
        assert!(!body["message"].as_str().unwrap().is_empty());
        assert_eq!(body["request_id"].as_str().unwrap(), self.headers["x-request-id"].to_str().unwrap());
        assert!(body.get("details").is_none_or(Value::is_object), "{body:?}");
        assert!(body.get("data").is_none());
    }

    /// The names in `details.fields`.
    #[track_caller]
    pub(crate) fn wrong_fields(&self) -> Vec<&str> {
        let fields = self.body["details"]["fields"].as_array();
        let fields = fields.map(Vec::as_slice).unwrap_or_default();
        for field in fields {
            assert!(!field["message"].as_str().unwrap().is_empty());
        }
        fields.iter().map(|field| field["field"].as_str().unwrap()).collect()
    }
}

/// Sends bytes as they are and returns whatever comes back until the server closes or the answer is complete.
pub(crate) async fn send_bytes(server: &Server, bytes: &[u8]) -> String {
    let address = server.base_url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut received = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        let read = stream.read(&mut chunk).await.unwrap_or(0);
        received.extend_from_slice(&chunk[..read]);
        if read == 0 || is_complete(&received) {
            return String::from_utf8(received).unwrap();
        }
    }
}

fn is_complete(received: &[u8]) -> bool {
    let text = String::from_utf8_lossy(received);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok());
    length.is_some_and(|length| body.len() >= length)
}
