//! The payment sandbox's pages and switches, which there are only where it stands in for the providers. They are its own;
//! here their refusals get the platform's shape.

use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use base::problem::{ErrorCode, Problem, Text};
use office::payments;
use office::payments::providers::{PaymentMethod, order_of_number};
use pay_sandbox::{Channel, PaymentResult, Played};
use serde::Deserialize;

use crate::app::App;
use crate::http::rejection::Rejection;

/// Where faults are set.
const FAULTS: &str = "/sandbox/faults";
/// Refusals are short.
const MAX_REFUSAL_BYTES: usize = 64 << 10;

#[derive(Deserialize)]
struct Refused {
    message: String,
}

/// The console, if there is a sandbox.
pub fn console(app: &App) -> Option<Router> {
    let console = app.providers().sandbox()?.console();
    let not_allowed = || async { Rejection::from(ErrorCode::MethodNotAllowed) };
    let console = console.method_not_allowed_fallback(not_allowed);
    let console = console.layer(from_fn_with_state(app.clone(), back_in_the_shop));
    let console = console.layer(from_fn_with_state(app.clone(), look_again));
    Some(console.layer(from_fn(in_our_shape)))
}

/// A provider that was broken or mended is asked at once, so that `/health` says so.
async fn look_again(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_switch = request.uri().path() == FAULTS;
    let response = next.run(request).await;
    if is_switch && response.status().is_success() {
        for provider in PaymentMethod::ALL.into_iter().filter_map(|method| app.providers().of(method)) {
            provider.probe(Duration::ZERO).await;
        }
    }
    response
}

/// A payer whose payment failed goes back to the shop, which asks what became of it.
async fn back_in_the_shop(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let failed =
        response.extensions().get::<Played>().filter(|played| played.result == PaymentResult::Failed);
    if let Some(Played { channel, out_trade_no, .. }) = failed
        && let Some(order_id) = order_of_number(out_trade_no)
    {
        let method = match channel {
            Channel::Wechat => PaymentMethod::Wechat,
            Channel::Alipay => PaymentMethod::Alipay,
        };
        payments::ask_at_once(app.cashier(), order_id, method).await;
    }
    response
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
        Ok(Refused { message }) => {
            Rejection(problem.with_text(Text::owned(message.clone(), message))).into_response()
        }
        Err(_) => Rejection(problem).into_response(),
    }
}
