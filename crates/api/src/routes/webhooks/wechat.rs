//! `POST /v1/payments/wechat/notify`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use office::payments::providers::PaymentMethod;
use serde::Serialize;
use utoipa::ToSchema;

use super::receive::{Reply, receive};
use crate::app::App;

/// How WeChat Pay is told that a notification was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WechatFailure {
    /// Always `FAIL`.
    code: &'static str,
    message: &'static str,
}

/// A notification of WeChat Pay, APIv3. Repeats are harmless.
#[utoipa::path(
    post, path = "/v1/payments/wechat/notify", operation_id = "notify_wechat", tag = "payments",
    request_body(content = Object, content_type = "application/json", description = "As WeChat Pay sends it, signed in \
        the headers `Wechatpay-*`."),
    responses(
        (status = 204, description = "Taken."),
        (status = 400, body = WechatFailure, description = "Genuine, but unreadable or for another merchant."),
        (status = 401, body = WechatFailure, description = "Not signed by WeChat Pay, or too old."),
        (status = 413, body = WechatFailure, description = "Larger than 64 KiB."),
        (status = 500, body = WechatFailure, description = "It could not be dealt with now: send it again."),
    ),
)]
pub(crate) async fn notify_wechat(State(app): State<App>, headers: HeaderMap, body: Body) -> Response {
    let (status, message) = match receive(&app, PaymentMethod::Wechat, &headers, body).await {
        Reply::Taken => return StatusCode::NO_CONTENT.into_response(),
        Reply::NotOurs => (StatusCode::BAD_REQUEST, "not readable, or not ours"),
        Reply::NotGenuine => (StatusCode::UNAUTHORIZED, "the signature is wrong"),
        Reply::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too large"),
        Reply::Again => (StatusCode::INTERNAL_SERVER_ERROR, "not dealt with, try again"),
    };
    (status, Json(WechatFailure { code: "FAIL", message })).into_response()
}
