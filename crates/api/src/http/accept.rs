//! What a client says it can read (RFC 9110, 12.5).

use axum::http::header::{ACCEPT, ACCEPT_ENCODING};
use axum::http::{HeaderMap, HeaderName};

/// The form that bytes travel in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Coding::Brotli => "br",
            Coding::Gzip => "gzip",
            Coding::Identity => "identity",
        }
    }

    /// The coding that the client likes best, the first of equal ones. Whoever refuses everything gets the plain bytes.
    #[must_use]
    pub fn negotiate(headers: &HeaderMap, available: &[Coding]) -> Self {
        let weight = |coding: Coding| {
            let named = weight_of(headers, &ACCEPT_ENCODING, coding.as_str());
            named.or_else(|| weight_of(headers, &ACCEPT_ENCODING, "*")).unwrap_or(0.0)
        };
        // Unless it is named, the plain form is what is left when nothing else is accepted.
        let plain = weight_of(headers, &ACCEPT_ENCODING, Coding::Identity.as_str()).unwrap_or(0.0);
        let mut preferred = (0.0, Coding::Identity);
        for coding in available {
            if weight(*coding) > preferred.0 {
                preferred = (weight(*coding), *coding);
            }
        }
        if plain > preferred.0 { Coding::Identity } else { preferred.1 }
    }
}

/// Whether the client asks for HTML by its name: a browser that opens a page does, a program that takes anything does not.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    weight_of(headers, &ACCEPT, "text/html").is_some_and(|weight| weight > 0.0)
}

/// The weight a header gives to an item, 1 when it says none; a weight that is no number refuses the item.
fn weight_of(headers: &HeaderMap, header: &HeaderName, item: &str) -> Option<f32> {
    let lines = headers.get_all(header).iter().filter_map(|line| line.to_str().ok());
    let mut items = lines.flat_map(|line| line.split(','));
    items.find_map(|text| {
        let mut parts = text.split(';').map(str::trim);
        if !parts.next()?.eq_ignore_ascii_case(item) {
            return None;
        }
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some(weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Coding::{Brotli, Gzip, Identity};

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, axum::http::HeaderValue::from_static(value))])
    }

    #[test]
    fn the_coding_is_the_one_the_client_likes_best() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip", Gzip),
            ("GZIP", Gzip),
            ("br;q=0.5, gzip;q=0.8", Gzip),
            ("br;q=0, gzip", Gzip),
            ("br; q=0.000 , gzip;q=0", Identity),
            ("br;q=nonsense", Identity),
            ("*", Brotli),
            ("br;q=0, *;q=0.1", Gzip),
            ("*;q=0", Identity),
            ("identity, br;q=0.5", Identity),
            ("identity;q=0.5, br", Brotli),
            ("identity;q=0, gzip;q=0.1", Gzip),
            ("brr, gzipped", Identity),
            ("", Identity),
        ] {
            let headers = headers(ACCEPT_ENCODING, accepted);
            assert_eq!(Coding::negotiate(&headers, &[Brotli, Gzip]), expected, "{accepted}");
            assert_eq!(Coding::negotiate(&headers, &[]), Identity, "{accepted}");
        }
        assert_eq!(Coding::negotiate(&HeaderMap::new(), &[Brotli, Gzip]), Identity);
    }

    #[test]
    fn html_must_be_asked_for_by_name() {
        for (accepted, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json, text/HTML;charset=utf-8;q=0.1", true),
            ("text/html;q=0", false),
            ("*/*", false),
            ("application/json", false),
            ("", false),
        ] {
            assert_eq!(wants_html(&headers(ACCEPT, accepted)), expected, "{accepted}");
        }
    }
}
