//! HTTP, and which failures leave the outcome open.

use std::time::Duration;

use pay_protocol::Doubt;
use pay_protocol::http::{doubt, read, read_download};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};

/// Answers of the gateway are a few kilobytes; a query with many vouchers a few dozen.
const MAX_ANSWER_BYTES: usize = 1 << 20;

#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: Client,
    gateway: Url,
}

impl Transport {
    /// # Errors
    /// When the TLS library cannot be set up, for example for want of root certificates.
    pub(crate) fn new(gateway: Url, connect_timeout: Duration, timeout: Duration) -> reqwest::Result<Self> {
        let http = pay_protocol::http::client([&gateway], connect_timeout)
            .timeout(timeout)
            .user_agent(concat!("coinslot-alipay/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, gateway })
    }

    /// Sends a form to the gateway; the text of a 200 answer.
    pub(crate) async fn post(&self, form: String) -> Result<String, Doubt> {
        let request = self
            .http
            .post(self.gateway.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=utf-8")
            .body(form);
        let response = request.send().await.map_err(|error| doubt(&error))?;
        // The gateway answers refusals with 200 too.
        let status = response.status().as_u16();
        if status != 200 {
            return Err(Doubt::Unverified { status, reason: "it is no answer of the gateway".to_owned() });
        }
        let bytes = read(response, MAX_ANSWER_BYTES).await?;
        String::from_utf8(bytes).map_err(|_| Doubt::Unreadable("it is not UTF-8".to_owned()))
    }

    /// Fetches a file of at most `max_bytes` within `timeout`.
    pub(crate) async fn get(&self, url: Url, max_bytes: usize, timeout: Duration) -> Result<Vec<u8>, Doubt> {
        let response = self.http.get(url).timeout(timeout).send().await.map_err(|error| doubt(&error))?;
        read_download(response, max_bytes).await
    }
}
