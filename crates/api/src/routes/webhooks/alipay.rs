//! `POST /v1/payments/alipay/notify`.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use office::payments::providers::PaymentMethod;

use super::receive::{Reply, receive};
use crate::app::App;

/// A notification of Alipay. Repeats are harmless. Anything but `success` is sent again.
#[utoipa::path(
    post, path = "/v1/payments/alipay/notify", operation_id = "notify_alipay", tag = "payments",
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "As Alipay sends \
        it, signed with RSA2."),
    responses(
        (status = 200, body = String, content_type = "text/plain", description = "`success`: taken. `failure`: not \
            signed by Alipay, not ours, too large, or not dealt with now."),
    ),
)]
pub(crate) async fn notify_alipay(State(app): State<App>, headers: HeaderMap, body: Body) -> &'static str {
    match receive(&app, PaymentMethod::Alipay, &headers, body).await {
        Reply::Taken => "success",
        Reply::NotGenuine | Reply::NotOurs | Reply::TooLarge | Reply::Again => "failure",
    }
}
