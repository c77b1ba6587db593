//! The payment sandbox's pages and switches, which there are only where it stands in for the providers. They are its own;
//! here their refusals get the platform's shape.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::problem::{ErrorCode, Problem, Text};

/// Refusals are short.
const MAX_REFUSAL_BYTES: usize = 64 << 10;

#[derive(Deserialize)]
struct Refused {
    message: String,
}

/// The console, if there is a sandbox.
pub fn console(app: &App) -> Option<Router> {
    let console = app.providers().sandbox()?.console();
    let not_allowed = || async { Problem::from(ErrorCode::MethodNotAllowed) };
    Some(console.method_not_allowed_fallback(not_allowed).layer(from_fn(in_our_shape)))
}

/// Refusals in JSON become problems; pages stay as they are.
async fn in_our_shape(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_json = content_type.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !(status.is_client_error() || status.is_server_error()) || !is_json {
        return response;
    }
    let code = match status {
        StatusCode::NOT_FOUND => ErrorCode::ResourceNotFound,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::ServiceUnavailable,
        _ => ErrorCode::InvalidParams,
    };
    let problem = Problem::from(code);
    let body = to_bytes(response.into_body(), MAX_REFUSAL_BYTES).await.unwrap_or_default();
    match serde_json::from_slice::<Refused>(&body) {
        Ok(Refused { message }) => problem.with_text(Text::owned(message.clone(), message)).into_response(),
        Err(_) => problem.into_response(),
    }
}
