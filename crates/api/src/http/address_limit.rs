//! The limit per client address: unauthenticated `/v1` calls, before anything else is looked at.
//!
//! Left out are signed-in calls (counted by account), provider notifications, and headset calls, which do not go through
//! the layer: their own extractor calls [`check`] first.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::problem::Problem;
use platform::security::shared_limit::LimitKey;

use super::caller::presented_token;
use super::client_ip::ClientIp;
use super::rejection::Rejection;
use crate::app::App;

/// Counts one call of this address.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED` with `Retry-After`; the database's.
pub async fn check(app: &App, ip: IpAddr) -> Result<(), Problem> {
    let limit = app.settings().ip_rate_limit_per_minute;
    app.admission().admit(LimitKey::address(ip), limit).await
}

/// What a call has to do with the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallKind {
    Uncounted,
    /// Counted unless it carries a token of ours.
    Web,
    /// Counted whatever it carries: nobody is signed in here yet.
    SigningIn,
}

fn classify(path: &str) -> CallKind {
    let Some(rest) = path.strip_prefix("/v1/") else {
        return CallKind::Uncounted;
    };
    if rest == "payments/wechat/notify" || rest == "payments/alipay/notify" {
        return CallKind::Uncounted;
    }
    let is_signing_in =
        rest.starts_with("auth/") && (rest.ends_with("/login") || rest.ends_with("/register"));
    if is_signing_in { CallKind::SigningIn } else { CallKind::Web }
}

/// The layer around all routes. A token that was revoked counts too, but only the caller's extractor can see that.
pub async fn layer(State(app): State<App>, ClientIp(ip): ClientIp, request: Request, next: Next) -> Response {
    let is_counted = match classify(request.uri().path()) {
        CallKind::Uncounted => false,
        CallKind::SigningIn => true,
        CallKind::Web => presented_token(&app, request.headers()).is_none(),
    };
    if is_counted && let Err(problem) = check(&app, ip).await {
        return Rejection(problem).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unauthenticated_v1_calls_are_counted() {
        for (path, expected) in [
            ("/v1/auth/operators/login", CallKind::SigningIn),
            ("/v1/auth/finance/login", CallKind::SigningIn),
            ("/v1/auth/operators/register", CallKind::SigningIn),
            ("/v1/auth/logout", CallKind::Web),
            ("/v1/operators/me", CallKind::Web),
            ("/v1/no/such/route", CallKind::Web),
            ("/v1/auth/game/no/such/call", CallKind::Web),
            ("/v1/payments/paypal/notify", CallKind::Web),
            ("/v1/payments/wechat/notify", CallKind::Uncounted),
            ("/v1/payments/alipay/notify", CallKind::Uncounted),
            ("/health", CallKind::Uncounted),
            ("/metrics", CallKind::Uncounted),
            ("/", CallKind::Uncounted),
        ] {
            assert_eq!(classify(path), expected, "{path}");
        }
    }
}
