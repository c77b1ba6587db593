//! The texts that are signed: parameters sorted by name and joined as `k=v` with `&`, values as they are.
//!
//! Requests and notifications differ in what is left out, which is the classic mistake: a request signs its `sign_type`,
//! a notification does not (docs of the open platform, "签名" and "异步验签").

use std::collections::BTreeMap;

/// Parameters by name. A `BTreeMap` iterates in the order of bytes, which is the order Alipay asks for.
pub type Parameters = BTreeMap<String, String>;

/// What a request signs: every parameter that is not empty, except `sign`; `sign_type` stays in.
#[must_use]
pub fn request_content(parameters: &Parameters) -> String {
    join(parameters.iter().filter(|(name, value)| name.as_str() != "sign" && !value.is_empty()))
}

/// What a notification signs: every parameter, already URL-decoded, except `sign`, `sign_type` and `alipay_cert_sn`.
#[must_use]
pub fn notification_content(parameters: &Parameters) -> String {
    join(parameters.iter().filter(|(name, _)| is_signed_in_notification(name)))
}

/// The same without empty values. Alipay's own libraries disagree on them (Java keeps them, PHP drops them).
pub(crate) fn notification_content_without_empty(parameters: &Parameters) -> String {
    join(parameters.iter().filter(|(name, value)| is_signed_in_notification(name) && !value.is_empty()))
}

fn is_signed_in_notification(name: &str) -> bool {
    !matches!(name, "sign" | "sign_type" | "alipay_cert_sn")
}

fn join<'a>(pairs: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let mut content = String::new();
    for (name, value) in pairs {
        if !content.is_empty() {
            content.push('&');
        }
        content.push_str(name);
        content.push('=');
        content.push_str(value);
    }
    content
}

/// Parameters as `application/x-www-form-urlencoded` in UTF-8.
pub(crate) fn form(parameters: &Parameters) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

#[cfg(test)]
mod tests;
