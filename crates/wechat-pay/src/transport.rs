//! Requests on their way: signed over exactly the bytes that are sent.

use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method};
use pay_protocol::Doubt;
use pay_protocol::http::{doubt, read, read_download};
use reqwest::{Response, Url};
use serde::Serialize;

use crate::client::Client;
use crate::verification::SIGNATURE_TYPE;

/// Answers other than bills are a few kilobytes.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// A request that has not been signed yet, because each attempt gets a signature of its own.
#[derive(Debug)]
pub(crate) struct Request {
    method: Method,
    /// Path and query, percent-encoded.
    target: String,
    body: Vec<u8>,
    /// The key that fields of the body are encrypted for.
    encrypted_for: Option<String>,
}

impl Request {
    pub(crate) fn get(target: String) -> Self {
        Request { method: Method::GET, target, body: Vec::new(), encrypted_for: None }
    }

    /// `None` if the body cannot be written as JSON.
    pub(crate) fn post(target: String, body: &impl Serialize) -> Option<Self> {
        let body = serde_json::to_vec(body).ok()?;
        Some(Request { method: Method::POST, target, body, encrypted_for: None })
    }

    pub(crate) fn encrypted_for(self, serial: Option<String>) -> Self {
        Request { encrypted_for: serial, ..self }
    }
}

/// An answer nobody has verified.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Client {
    /// Sends a POST once. A GET that fails on the way, or with a 5xx, is tried once more.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer, Doubt> {
        let first = self.send_to(&self.hosts.primary, request).await;
        let usable = first.as_ref().is_ok_and(|answer| answer.status < 500);
        if usable || request.method != Method::GET {
            return first;
        }
        let second = self.hosts.backup.as_ref().unwrap_or(&self.hosts.primary);
        self.send_to(second, request).await.or(first)
    }

    async fn send_to(&self, host: &Url, request: &Request) -> Result<Answer, Doubt> {
        let url = host.join(&request.target).map_err(|_| Doubt::NotSent)?;
        let response = self.send_signed(url, request, "application/json", self.time_limits.call).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read(response, MAX_ANSWER_BYTES).await?;
        Ok(Answer { status, headers, body })
    }

    /// Fetches a file. Its answer has no signature, and the caller compares its hash.
    pub(crate) async fn download(&self, url: Url, max_bytes: usize) -> Result<Vec<u8>, Doubt> {
        let request = Request::get(String::new());
        let response = self.send_signed(url, &request, "*/*", self.time_limits.download).await?;
        read_download(response, max_bytes).await
    }

    async fn send_signed(
        &self,
        url: Url,
        request: &Request,
        accept: &str,
        limit: Duration,
    ) -> Result<Response, Doubt> {
        let query = url.query().map_or(String::new(), |query| format!("?{query}"));
        let target = format!("{}{query}", url.path());
        let authorization =
            self.authorization(&request.method, &target, &request.body).ok_or(Doubt::NotSent)?;
        let mut builder = self
            .http
            .request(request.method.clone(), url)
            .timeout(limit)
            .header(ACCEPT, accept)
            .header(AUTHORIZATION, authorization);
        // Which key a body is encrypted for, and else which key the answer shall be signed with.
        if let Some(id) = request.encrypted_for.as_deref().or(self.platform_keys.public_key_id()) {
            builder = builder.header("Wechatpay-Serial", id);
        }
        if request.method == Method::POST {
            builder = builder.header(CONTENT_TYPE, "application/json").body(request.body.clone());
        }
        builder.send().await.map_err(|error| doubt(&error))
    }

    /// The `Authorization` header. `None` if there is no randomness or the key cannot sign.
    fn authorization(&self, method: &Method, target: &str, body: &[u8]) -> Option<String> {
        let (mchid, key) = (&self.merchant.mchid, &self.merchant.key);
        let (timestamp, nonce) = (self.clock.now().as_second(), self.nonces.next()?);
        let mut message = format!("{method}\n{target}\n{timestamp}\n{nonce}\n").into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        let (serial, signature) = (key.serial(), key.sign(&message)?);
        Some(format!(
            "{SIGNATURE_TYPE} mchid=\"{mchid}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",\
             serial_no=\"{serial}\",signature=\"{signature}\""
        ))
    }
}
