//! What the providers sent, as it came, with what became of it.
//!
//! Everything that was believed is kept. What was not believed is kept as a sample: a forger must not fill the disk.

use base::clock::UtcTime;
use base::ids::{OrderId, PaymentNotificationId};
use http::HeaderMap;
use jiff::SignedDuration;
use serde_json::{Map, Value};
use sqlx::PgConnection;

use super::incidents::IncidentKind;
use super::order::OrderStatus;
use super::providers::{Disbelief, PaymentMethod};
use super::settle::Settled;

/// Of a day, so many that were not believed are kept.
const REFUSED_A_DAY: i64 = 200;
/// And of each so much of its body.
const REFUSED_BODY_BYTES: usize = 4_096;
/// Of each header.
const HEADER_BYTES: usize = 1_024;

/// What became of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationVerdict {
    Settled(Settled),
    /// About a refund of ours.
    Refund,
    /// Believed, and nothing the platform acts upon.
    Other,
    NotGenuine,
    NotOurs,
}

impl NotificationVerdict {
    #[must_use]
    pub const fn of(disbelief: &Disbelief) -> Self {
        match disbelief {
            Disbelief::NotGenuine(_) => Self::NotGenuine,
            Disbelief::NotOurs(_) => Self::NotOurs,
        }
    }

    /// As it is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settled(Settled::Credited { is_late: false }) => "credited",
            Self::Settled(Settled::Credited { is_late: true }) => "credited_late",
            Self::Settled(Settled::Repeated) => "duplicate",
            Self::Settled(Settled::Attributed) => "attributed",
            Self::Settled(Settled::Suspicious(kind)) => kind.into_str(),
            Self::Settled(Settled::Ended(OrderStatus::Failed)) => "failed",
            Self::Settled(Settled::Ended(_)) => "closed",
            Self::Refund => "refund",
            Self::Settled(Settled::Nothing) | Self::Other => "ignored",
            Self::NotGenuine => "not_genuine",
            Self::NotOurs => "not_ours",
        }
    }

    /// As it is counted: fewer kinds, and those that alerts are made of.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Self::Settled(Settled::Credited { .. } | Settled::Attributed) | Self::Refund => "success",
            Self::Settled(Settled::Repeated) => "duplicate",
            Self::Settled(Settled::Suspicious(IncidentKind::UnknownOrder)) => "unknown_order",
            Self::Settled(Settled::Suspicious(_)) => "mismatch",
            Self::Settled(Settled::Ended(_)) => "failed",
            Self::Settled(Settled::Nothing) | Self::Other => "ignored",
            Self::NotGenuine => "bad_signature",
            Self::NotOurs => "not_ours",
        }
    }
}

/// A notification as it came.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    pub payment_method: PaymentMethod,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// Keeps a notification that was believed.
///
/// # Errors
/// The database's.
pub async fn keep(
    connection: &mut PgConnection,
    received: Received<'_>,
    order_id: Option<OrderId>,
    verdict: NotificationVerdict,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO payment_notifications (id, payment_method, order_id, headers, body, verdict, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        PaymentNotificationId::generate(now).uuid(),
        received.payment_method.into_str(),
        order_id.map(OrderId::uuid),
        headers(received.headers),
        received.body,
        verdict.as_str(),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps a notification that was not believed, unless enough of them are kept of this day.
///
/// # Errors
/// The database's.
pub async fn keep_sample(
    connection: &mut PgConnection,
    received: Received<'_>,
    verdict: NotificationVerdict,
    now: UtcTime,
) -> sqlx::Result<()> {
    let body = &received.body[..received.body.len().min(REFUSED_BODY_BYTES)];
    sqlx::query!(
        "INSERT INTO payment_notifications (id, payment_method, headers, body, verdict, received_at)
         SELECT $1, $2, $3, $4, $5, $6
         WHERE (SELECT count(*) FROM payment_notifications
                WHERE verdict IN ('not_genuine', 'not_ours') AND received_at > $7) < $8",
        PaymentNotificationId::generate(now).uuid(),
        received.payment_method.into_str(),
        headers(received.headers),
        body,
        verdict.as_str(),
        now as _,
        now.plus(SignedDuration::from_hours(-24)) as _,
        REFUSED_A_DAY,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a signature is about, and who sent it. Others may hold secrets of whatever stands in front of us.
fn headers(headers: &HeaderMap) -> Value {
    let mut kept = Map::new();
    for (name, value) in headers {
        let name = name.as_str();
        if name.starts_with("wechatpay-") || ["content-type", "request-id", "user-agent"].contains(&name) {
            let bytes = &value.as_bytes()[..value.len().min(HEADER_BYTES)];
            // PostgreSQL's jsonb has no place for NUL; hyper lets none through.
            kept.insert(name.to_owned(), Value::from(String::from_utf8_lossy(bytes).into_owned()));
        }
    }
    Value::Object(kept)
}
