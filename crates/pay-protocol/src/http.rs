//! HTTP to a provider: addresses that are safe to send money's words to, and failures as doubts.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response, Url};

use crate::outcome::Doubt;

/// Shorter than servers keep idle connections, so that a request is seldom written into one that is being closed: that
/// would leave its outcome open.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// An address that requests may go to: `https`, or `http` on this machine.
///
/// `None` for anything else, and for addresses with a user, a password or a fragment. Signed requests do not hide what
/// they say, so TLS is what keeps orders and refunds between the two sides.
#[must_use]
pub fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let safe = match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(&url),
        _ => false,
    };
    (plain && safe).then_some(url)
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// A client that sends each request once and to nobody else: no redirects, because a signature is for one address; no
/// proxies from the environment, which is not ours to read; no retries, because when an act is repeated is the caller's
/// business.
///
/// TLS trusts the certificates of the system. If none of `addresses` speaks TLS they are on this machine, which may have no
/// certificates; then nothing else is reached with TLS either.
pub fn client<'a>(addresses: impl IntoIterator<Item = &'a Url>, connect_timeout: Duration) -> ClientBuilder {
    let mut builder = Client::builder();
    if addresses.into_iter().all(|address| address.scheme() == "http") {
        builder = builder.tls_certs_only([]);
    }
    builder
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
}

/// The body of an answer, of at most `max_bytes`.
///
/// # Errors
/// [`Doubt::TooLarge`], and those of [`doubt`].
pub async fn read(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, Doubt> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| doubt(&error))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(Doubt::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The body of a download, of at most `max_bytes`.
///
/// # Errors
/// [`Doubt::NoDownload`] for another status than 200, and those of [`read`].
pub async fn read_download(response: Response, max_bytes: usize) -> Result<Vec<u8>, Doubt> {
    match response.status().as_u16() {
        200 => read(response, max_bytes).await,
        status => Err(Doubt::NoDownload(status)),
    }
}

/// What an error of the HTTP library means. Only a failure to connect is sure to have been before anything was sent. Its
/// text is dropped: it names addresses, which for bills are secrets.
#[must_use]
pub fn doubt(error: &reqwest::Error) -> Doubt {
    if error.is_connect() || error.is_builder() {
        Doubt::NotSent
    } else if error.is_timeout() {
        Doubt::TimedOut
    } else {
        Doubt::Broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        for good in
            ["https://api.mch.weixin.qq.com", "http://127.0.0.1:80/x", "http://[::1]:80", "http://localhost"]
        {
            assert!(address(good).is_some(), "{good}");
        }
        let bad = [
            "http://api.mch.weixin.qq.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1",
            "https://user@a",
            "https://:secret@a",
            "https://a/#b",
            "api.mch.weixin.qq.com",
            "",
        ];
        for bad in bad {
            assert!(address(bad).is_none(), "{bad}");
        }
    }
}
