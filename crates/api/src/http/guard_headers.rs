//! Headers that keep browsers from doing more with an answer than it is for.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::app::Config;

/// A browser that has come by HTTPS once comes by nothing else for a year.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What every answer carries. Answers of `/v1` hold the data of somebody and are kept nowhere.
pub fn add(headers: &mut HeaderMap, config: &Config, is_api: bool) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_api {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if config.public_url.as_ref().is_some_and(|url| url.scheme() == "https") {
        headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
}

/// What a page for people carries: its policy, and nothing to other sites.
#[must_use]
pub fn of_page(policy: &'static str) -> [(HeaderName, &'static str); 4] {
    [
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ]
}

/// What no page of ours uses. The clipboard is left to copy buttons.
const PERMISSIONS: &str =
    "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()";
