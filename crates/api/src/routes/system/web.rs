//! The web app: its files, its page at every path of the portals, and its not-found page for people elsewhere.
//!
//! This is what is left when no route takes a request, so it also answers for everything that does not exist.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base::problem::ErrorCode;

use crate::app::App;
use crate::http::accept::{Coding, wants_html};
use crate::http::guard_headers;
use crate::http::rejection::Rejection;
use crate::web_app::File;

/// Everything comes from here. Styles are the exception, because the component library writes them into the page; documents
/// are shown from `blob:` URLs, because they are fetched with a token.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-src 'self' blob:; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The first part of the paths that the web app knows; it tells itself what is below.
const PORTALS: [&str; 6] = ["", "login", "operator", "admin", "finance", "analyst"];

/// Answers whatever no route takes.
pub async fn serve(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let web_app = &app.config().web_app;
    let path = uri.path();
    if is_api(path) {
        return Rejection::from(ErrorCode::ResourceNotFound).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return match web_app.file(path).is_some() || is_of_portal(path) {
            true => ([(ALLOW, "GET,HEAD")], Rejection::from(ErrorCode::MethodNotAllowed)).into_response(),
            false => Rejection::from(ErrorCode::ResourceNotFound).into_response(),
        };
    }
    let (file, status) = match web_app.file(path) {
        Some(file) => (file, StatusCode::OK),
        None if is_of_portal(path) => (web_app.index(), StatusCode::OK),
        None if wants_html(&headers) => (web_app.index(), StatusCode::NOT_FOUND),
        None => return Rejection::from(ErrorCode::ResourceNotFound).into_response(),
    };
    let mut response = send(file, status, &headers);
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

fn is_api(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/")
}

fn is_of_portal(path: &str) -> bool {
    path.split('/').nth(1).is_some_and(|first| PORTALS.contains(&first)) && !path.starts_with("//")
}

/// A file in the form the client likes best, or the news that it has it already.
fn send(file: &File, status: StatusCode, headers: &HeaderMap) -> Response {
    let coding = Coding::negotiate(headers, &file.codings());
    let etag = file.etag(coding);
    // Only at paths that are nothing does the answer depend on what the client wants to read.
    let vary = if status == StatusCode::OK { "Accept-Encoding" } else { "Accept, Accept-Encoding" };
    let common = [(CACHE_CONTROL, file.cache_control), (VARY, vary), (ETAG, etag.as_str())];
    let page_headers = guard_headers::of_page(POLICY);
    if status == StatusCode::OK && is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, common, page_headers).into_response();
    }
    let content: Bytes = file.content(coding);
    let length = [(CONTENT_TYPE, file.content_type.to_owned()), (CONTENT_LENGTH, content.len().to_string())];
    let mut response = (status, common, page_headers, length, content).into_response();
    if coding != Coding::Identity {
        let coding = HeaderValue::from_static(coding.as_str());
        response.headers_mut().insert(CONTENT_ENCODING, coding);
    }
    response
}

/// Whether the client has these bytes (RFC 9110, 13.1.2: compared weakly, as proxies weaken the tags of what they pass on).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portals_are_known_by_the_whole_first_part_of_a_path() {
        for path in ["/", "/login", "/login/", "/operator", "/admin/operators/op_1", "/analyst/"] {
            assert!(is_of_portal(path), "{path}");
        }
        for path in
            ["//", "//evil.example", "/operators", "/adminx", "/Login", "/register", "/v1", "/docs/x", "*"]
        {
            assert!(!is_of_portal(path), "{path}");
        }
    }
}
