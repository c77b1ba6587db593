//! A notification from its first byte to its verdict, whichever provider sent it.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use base::ids::{OrderId, PayoutId};
use base::problem::{ErrorCode, Problem};
use office::payments::providers::{Disbelief, Notification, PaymentMethod};
use office::payments::{self, NotificationVerdict, ProviderReport, Received, Source};
use office::refunds;
use sqlx::PgConnection;

use crate::app::App;

/// Larger than any notification there is.
const BODY_LIMIT_BYTES: usize = 64 * 1024;
/// The providers wait for five seconds.
const ANSWER_WITHIN: Duration = Duration::from_millis(4_500);

/// What the provider is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It is dealt with; there is no need to send it again.
    Taken,
    /// It is not from the provider.
    NotGenuine,
    /// It is from the provider and cannot be read, or is for somebody else: our configuration may be wrong.
    NotOurs,
    TooLarge,
    /// It could not be dealt with now: send it again.
    Again,
}

/// Deals with a notification, and counts it.
pub(super) async fn receive(app: &App, method: PaymentMethod, headers: &HeaderMap, body: Body) -> Reply {
    let dealt_with = tokio::time::timeout(ANSWER_WITHIN, deal_with(app, method, headers, body)).await;
    let (reply, status) = match dealt_with {
        Ok(Ok((reply, status))) => (reply, status),
        Ok(Err(problem)) => {
            tracing::error!(method = method.into_str(), cause = problem.cause(), "a notification failed");
            (Reply::Again, "error")
        }
        Err(_) => {
            tracing::error!(method = method.into_str(), "a notification was not dealt with in time");
            (Reply::Again, "error")
        }
    };
    let labels = [("channel", method.into_str()), ("status", status)];
    app.metrics().counter("mr_payment_callback_total", &labels).increment(1);
    reply
}

async fn deal_with(
    app: &App,
    method: PaymentMethod,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Reply, &'static str), Problem> {
    let Ok(body) = to_bytes(body, BODY_LIMIT_BYTES).await else {
        return Ok((Reply::TooLarge, "too_large"));
    };
    let provider = app.providers().of(method).ok_or(ErrorCode::PaymentUnavailable)?;
    let received = Received { payment_method: method, headers, body: &body };
    match provider.read_notification(headers, &body).await {
        Ok(notification) => take(app, received, notification).await,
        Err(disbelief) => disbelieve(app, received, &disbelief).await,
    }
}

/// Acts upon it and keeps it, in one transaction: the provider is told that it is taken after the commit.
async fn take(
    app: &App,
    received: Received<'_>,
    notification: Notification,
) -> Result<(Reply, &'static str), Problem> {
    let now = app.clock().now();
    let mut transaction = app.database().begin().await?;
    let (order_id, verdict) = act_upon(app, &mut transaction, received.payment_method, &notification).await?;
    payments::keep(&mut transaction, received, order_id, verdict, now).await?;
    transaction.commit().await?;
    tracing::info!(
        method = received.payment_method.into_str(),
        order_id = order_id.map(tracing::field::display),
        verdict = verdict.as_str(),
        "a notification"
    );
    Ok((Reply::Taken, verdict.status()))
}

async fn act_upon(
    app: &App,
    connection: &mut PgConnection,
    method: PaymentMethod,
    notification: &Notification,
) -> Result<(Option<OrderId>, NotificationVerdict), Problem> {
    match notification {
        Notification::Order { order_id, state } => {
            let word = ProviderReport {
                order_id: *order_id,
                payment_method: method,
                state,
                source: Source::Notification,
            };
            let settings = app.settings();
            let settled =
                payments::settle(connection, word, &settings.alert_email, app.clock().now()).await?;
            Ok((Some(*order_id), NotificationVerdict::Settled(settled)))
        }
        Notification::Refund { number, notice } => {
            let id = PayoutId::from_uuid(*number);
            let (settings, now) = (app.settings(), app.clock().now());
            let is_ours = refunds::settle(connection, id, &notice.state, &settings.alert_email, now).await?;
            Ok((None, if is_ours { NotificationVerdict::Refund } else { NotificationVerdict::Other }))
        }
        Notification::Other => Ok((None, NotificationVerdict::Other)),
    }
}

/// Keeps a sample of it. That this is not possible is no reason to answer otherwise.
async fn disbelieve(
    app: &App,
    received: Received<'_>,
    disbelief: &Disbelief,
) -> Result<(Reply, &'static str), Problem> {
    let method = received.payment_method.into_str();
    tracing::warn!(method, %disbelief, "a notification is not believed");
    let verdict = NotificationVerdict::of(disbelief);
    let kept = async {
        let mut connection = app.database().acquire().await?;
        payments::keep_sample(&mut connection, received, verdict, app.clock().now()).await?;
        Ok::<(), Problem>(())
    };
    if let Err(problem) = kept.await {
        tracing::warn!(cause = problem.cause(), "a notification that is not believed was not kept");
    }
    let reply = match disbelief {
        Disbelief::NotGenuine(_) => Reply::NotGenuine,
        Disbelief::NotOurs(_) => Reply::NotOurs,
    };
    Ok((reply, verdict.status()))
}
