//! HTTP, and which failures leave the outcome open.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};

use crate::outcome::Unknown;

/// Answers of the gateway are a few kilobytes; a query with many vouchers a few dozen.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// Shorter than servers keep idle connections, so that a request is seldom written into one that is being closed: that
/// would leave its outcome open.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: Client,
    gateway: Url,
}

impl Transport {
    /// Trusts the root certificates of the system. A gateway without TLS is a local one, which must work on a machine that
    /// has no root certificates; then nothing else is reached with TLS either.
    ///
    /// # Errors
    /// When the TLS library cannot be set up, for example for want of root certificates.
    pub(crate) fn new(gateway: Url, connect_timeout: Duration, timeout: Duration) -> reqwest::Result<Self> {
        let mut builder = Client::builder();
        if gateway.scheme() == "http" {
            builder = builder.tls_certs_only([]);
        }
        let http = builder
            .connect_timeout(connect_timeout)
            .timeout(timeout)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .user_agent(concat!("coinslot-alipay/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, gateway })
    }

    /// Sends a form to the gateway; the text of a 200 answer.
    pub(crate) async fn post(&self, form: String) -> Result<String, Unknown> {
        let request = self
            .http
            .post(self.gateway.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=utf-8")
            .body(form);
        let response = request.send().await.map_err(|error| unknown(&error))?;
        let bytes = read(response, MAX_ANSWER_BYTES).await?;
        String::from_utf8(bytes).map_err(|_| Unknown::Unreadable("it is not UTF-8".to_owned()))
    }

    /// Fetches a file of at most `max_bytes` within `timeout`.
    pub(crate) async fn get(
        &self,
        url: Url,
        max_bytes: usize,
        timeout: Duration,
    ) -> Result<Vec<u8>, Unknown> {
        let response = self.http.get(url).timeout(timeout).send().await.map_err(|error| unknown(&error))?;
        read(response, max_bytes).await
    }
}

async fn read(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, Unknown> {
    if response.status() != StatusCode::OK {
        return Err(Unknown::HttpStatus(response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unknown(&error))? {
        if bytes.len() + chunk.len() > max_bytes {
            return Err(Unknown::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What an error of the HTTP library means. Its text is dropped: it names addresses, which for bills are secrets.
fn unknown(error: &reqwest::Error) -> Unknown {
    if error.is_connect() {
        Unknown::NotConnected
    } else if error.is_timeout() {
        Unknown::TimedOut
    } else if error.is_builder() {
        Unknown::NotMade
    } else {
        Unknown::ConnectionBroken
    }
}
