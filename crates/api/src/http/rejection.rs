//! Problems as the contract's error envelope.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::problem::{ErrorCode, Language, Problem};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A problem on its way to the client: what handlers and extractors return.
#[derive(Clone, Debug)]
pub struct Rejection(pub Problem);

impl<P: Into<Problem>> From<P> for Rejection {
    fn from(problem: P) -> Self {
        Rejection(problem.into())
    }
}

impl IntoResponse for Rejection {
    /// Leaves the rendering to the outermost layer, which knows language and request id.
    fn into_response(self) -> Response {
        let mut response = status(self.0.code()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Rejection {
    /// The error envelope of the contract.
    #[must_use]
    pub fn render(&self, language: Language, request_id: &str) -> Response {
        let problem = &self.0;
        let general = problem.code().text();
        let body = Envelope {
            success: false,
            error_code: problem.code().as_str(),
            message: problem.text().unwrap_or(&general).in_language(language),
            details: details(problem, language),
            request_id,
        };
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (status(problem.code()), bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(seconds) = problem.retry_after_seconds() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if problem.code() == ErrorCode::Unauthorized {
            headers.insert(HeaderName::from_static("www-authenticate"), HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn details(problem: &Problem, language: Language) -> Option<Value> {
    if problem.fields().is_empty() {
        return problem.details().cloned();
    }
    let fields: Vec<Value> = problem
        .fields()
        .iter()
        .map(|error| json!({"field": error.field, "message": error.text.in_language(language)}))
        .collect();
    let mut details = problem.details().cloned().unwrap_or_else(|| json!({}));
    details["fields"] = Value::Array(fields);
    Some(details)
}

/// The status of a code; always the same.
#[must_use]
pub const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidParams
        | ErrorCode::InvalidSignature
        | ErrorCode::TimestampExpired
        | ErrorCode::InvalidSessionId
        | ErrorCode::PlayerCountOutOfRange
        | ErrorCode::UsernameExists => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthorized | ErrorCode::InvalidApiKey => StatusCode::UNAUTHORIZED,
        ErrorCode::InsufficientBalance => StatusCode::PAYMENT_REQUIRED,
        ErrorCode::PermissionDenied
        | ErrorCode::AppNotAuthorized
        | ErrorCode::AccountDeactivated
        | ErrorCode::AccountLocked => StatusCode::FORBIDDEN,
        ErrorCode::ResourceNotFound
        | ErrorCode::AppNotFound
        | ErrorCode::OperatorNotFound
        | ErrorCode::SiteNotFound
        | ErrorCode::RefundNotFound
        | ErrorCode::InvoiceNotFound
        | ErrorCode::ReportNotReady => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::SessionDuplicate | ErrorCode::IdempotencyConflict | ErrorCode::BalanceNotZero => {
            StatusCode::CONFLICT
        }
        ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::RateLimitExceeded => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::PaymentFailed => StatusCode::BAD_GATEWAY,
        ErrorCode::ServiceUnavailable | ErrorCode::PaymentUnavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// How every failure looks.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct Envelope<'a> {
    /// Always false.
    success: bool,
    /// Never changes; docs/ERRORS.md lists them.
    error_code: &'static str,
    /// For people, in the language of `Accept-Language`.
    message: &'a str,
    /// More about it; `fields` names each wrong field: `[{"field", "message"}]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    details: Option<Value>,
    /// Names the request in the server's log.
    request_id: &'a str,
}
