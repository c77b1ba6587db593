//! The outermost layer: request id, panics, the error envelope, one log line and the request metrics, and an answer for
//! those who send more than anybody reads.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::problem::{ErrorCode, Language, Problem};
use futures_util::FutureExt;
use uuid::Uuid;

use super::rejection::Rejection;
use super::{guard_headers, unread};
use crate::app::App;

pub const REQUEST_ID_HEADER: &str = "x-request-id";

/// What the layers and extractors of one request tell each other and the log.
#[derive(Clone, Debug)]
pub struct RequestContext(Arc<ContextInner>);

#[derive(Debug)]
struct ContextInner {
    request_id: String,
    user_id: OnceLock<String>,
}

impl RequestContext {
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// Names the caller for the log line. The first caller stands.
    pub fn set_user_id(&self, user_id: impl ToString + Copy) {
        self.0.user_id.get_or_init(|| user_id.to_string());
    }
}

/// A sane request id is 1…64 of `[A-Za-z0-9._-]`; anything else is replaced by one of ours.
fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID_HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=64).contains(&id.len()))
        .filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)))
        .map_or_else(new_request_id, str::to_owned)
}

/// Unique, not secret: a random number per process and a count.
fn new_request_id() -> String {
    static PROCESS: LazyLock<u64> = LazyLock::new(|| Uuid::new_v4().as_u64_pair().0);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:016x}{:012x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Wraps the whole router.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let context = RequestContext(Arc::new(ContextInner {
        request_id: request_id(request.headers()),
        user_id: OnceLock::new(),
    }));
    let language = Language::from_accept_language(
        request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
    );
    let method = request.method().clone();
    let is_api = request.uri().path().starts_with("/v1/");
    // The pattern, never the raw path: a log line per id would be noise, a metric per id a leak.
    let operation = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(context.clone());
    request.extensions_mut().insert(language);
    let (request, unread) = unread::keep(request);

    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => Rejection(Problem::panicked(&*panic)).into_response(),
    };
    let rejection = response.extensions_mut().remove::<Rejection>();
    if let Some(rejection) = &rejection {
        let mut rendered = rejection.render(language, context.request_id());
        rendered.headers_mut().extend(response.headers().clone());
        rendered.headers_mut().remove(header::CONTENT_LENGTH);
        response = rendered;
    }
    if let Ok(id) = HeaderValue::from_str(context.request_id()) {
        response.headers_mut().insert(REQUEST_ID_HEADER, id);
    }
    guard_headers::add(response.headers_mut(), app.config(), is_api);
    let operation = operation.as_ref().map_or("unmatched", MatchedPath::as_str);
    record(
        &app,
        &method,
        operation,
        &context,
        &response,
        rejection.map(|rejection| rejection.0).as_ref(),
        started,
    );
    if let Some(unread) = unread {
        unread.discard().await;
    }
    response
}

fn record(
    app: &App,
    method: &Method,
    operation: &str,
    context: &RequestContext,
    response: &Response,
    problem: Option<&Problem>,
    started: Instant,
) {
    let latency_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    let error_code = problem.map(|p| p.code().as_str());
    if let Some(code) = error_code {
        app.metrics().api_error(operation, code);
    }
    let user_id = context.0.user_id.get().map(String::as_str);
    let trace_id = context.request_id();
    match problem.filter(|p| p.code() == ErrorCode::InternalError) {
        Some(p) => {
            let cause = p.cause();
            tracing::error!(trace_id, user_id, %method, operation, status, error_code, latency_us, cause, "request failed");
        }
        None => {
            let cause = problem.and_then(Problem::cause);
            tracing::info!(trace_id, user_id, %method, operation, status, error_code, latency_us, cause, "request");
        }
    }
}
