//! `GET /openapi.json` and `GET /docs`, which shows it without the internet.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::problem::{ErrorCode, Problem};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::Config;

use crate::app::App;
use crate::http::guard_headers;
use crate::http::rejection::Rejection;

const DOCUMENT_PATH: &str = "/openapi.json";

/// The page sets styles in its elements, holds pictures as `data:` URLs, and calls the API to try it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; \
    frame-ancestors 'none'";

/// The document and the page that shows it.
pub fn documentation(document: &OpenApi) -> Router<App> {
    // Written out once: it does not change while the process lives.
    let json = document.to_json().map(Bytes::from).map_err(|error| Rejection(Problem::internal(error)));
    let serve_document = move || async move { json.map(|json| ([(CONTENT_TYPE, "application/json")], json)) };
    // Settings that the page would otherwise take from a server on the internet are turned off.
    let config = Arc::new(Config::from(DOCUMENT_PATH).validator_url("none").persist_authorization(true));
    let page_config = Arc::clone(&config);
    let show_page = move || async move { page(&page_config) };
    Router::new()
        .route(DOCUMENT_PATH, get(serve_document))
        .route("/docs", get(show_page.clone()))
        .route("/docs/", get(show_page))
        .route("/docs/{*file}", get(move |Path(path): Path<String>| async move { file(&path, &config) }))
}

/// The page itself, at a path without the slash that its links are relative to.
fn page(config: &Arc<Config<'static>>) -> Result<Response, Rejection> {
    let index = utoipa_swagger_ui::serve("index.html", Arc::clone(config)).map_err(Problem::internal)?;
    let index = index.ok_or(ErrorCode::ResourceNotFound)?;
    let html = String::from_utf8_lossy(&index.bytes).replacen("<head>", "<head><base href=\"/docs/\">", 1);
    let content_type = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    Ok((guard_headers::of_page(POLICY), content_type, html).into_response())
}

fn file(path: &str, config: &Arc<Config<'static>>) -> Result<Response, Rejection> {
    let file = utoipa_swagger_ui::serve(path, Arc::clone(config)).map_err(Problem::internal)?;
    let file = file.ok_or(ErrorCode::ResourceNotFound)?;
    Ok(([(CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response())
}
