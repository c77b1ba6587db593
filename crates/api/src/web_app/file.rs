//! One file, in the forms it can be sent in.

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;

use crate::http::accept::Coding;

/// The build puts this much of a hash at the end of a name, after a hyphen.
const HASH_CHARS: usize = 8;

/// A file, what it is, and how long it may be kept.
#[derive(Clone, Debug)]
pub struct File {
    pub content_type: &'static str,
    pub cache_control: &'static str,
    hash: String,
    content: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl File {
    pub(super) fn new(path: &str, content: Bytes, brotli: Option<Bytes>, gzip: Option<Bytes>) -> Self {
        let cache_control =
            if is_named_by_content(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let hash = hex::encode(&digest(&SHA256, &content).as_ref()[..16]);
        File { content_type: content_type(path), cache_control, hash, content, brotli, gzip }
    }

    /// The codings it can be sent in beside the plain one, the smallest first.
    #[must_use]
    pub fn codings(&self) -> Vec<Coding> {
        let brotli = self.brotli.as_ref().map(|_| Coding::Brotli);
        brotli.into_iter().chain(self.gzip.as_ref().map(|_| Coding::Gzip)).collect()
    }

    /// The bytes in a coding, or the plain ones where there are none.
    #[must_use]
    pub fn content(&self, coding: Coding) -> Bytes {
        let coded = match coding {
            Coding::Brotli => &self.brotli,
            Coding::Gzip => &self.gzip,
            Coding::Identity => &None,
        };
        coded.as_ref().unwrap_or(&self.content).clone()
    }

    /// An entity tag; each coding has its own, because its bytes differ.
    #[must_use]
    pub fn etag(&self, coding: Coding) -> String {
        format!("\"{}-{}\"", self.hash, coding.as_str())
    }
}

/// Whether the content behind the name never changes.
fn is_named_by_content(path: &str) -> bool {
    let Some(name) = path.strip_prefix("/assets/") else { return false };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.len().checked_sub(HASH_CHARS + 1).is_some_and(|at| at > 0 && stem.as_bytes()[at] == b'-')
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_hash_is_that_of_its_content() {
        for path in ["/assets/index-B1xq9Zz_.js", "/assets/a-b-12345678.css", "/assets/x--a_b-c-d.woff2"] {
            assert!(is_named_by_content(path), "{path}");
        }
        for path in [
            "/index.html",
            "/assets/favicon.svg",
            "/assets/logo-small.svg",
            "/other/index-B1xq9Zz_.js",
            "/assets/-12345678.js",
        ] {
            assert!(!is_named_by_content(path), "{path}");
        }
    }
}
