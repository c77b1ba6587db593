//! A new order: written and committed, then made known to its provider, then shown with its code.
//!
//! Between the two transactions the order is `pending` and has no code. Whatever goes wrong there, its code was given to
//! nobody, so nobody can pay it; that the provider says the same is asked in the background (`reconcile`). A request with
//! the same `Idempotency-Key` takes up the order that its first attempt left behind in this state, and asks the provider
//! again with the same number.

use base::clock::UtcTime;
use base::ids::{OperatorId, OrderId};
use base::problem::Problem;
use jiff::SignedDuration;
use money::Fen;
use platform::settings::Settings;
use sqlx::PgConnection;

use super::list::{Order, changed};
use super::providers::{NewOrder, Outcome, PaymentCode, PaymentMethod, Provider};
use super::timetable::first_query;
use crate::operators;

/// What the payer reads.
pub(super) const DESCRIPTION: &str = "MR游戏运营平台账户充值";

/// A top-up that is asked for.
#[derive(Clone, Debug)]
pub struct NewRecharge {
    pub amount: Fen,
    pub payment_method: PaymentMethod,
    /// The `Idempotency-Key` of the request.
    pub key: Option<String>,
}

/// How the provider took an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    Code(PaymentCode),
    /// It will not.
    Refused(String),
    /// It is away, and was when it was asked again.
    Away(String),
    /// Nobody knows whether it has the order.
    Unknown(String),
}

/// Writes the order, or finds the one that an earlier attempt of the same request left without a code.
///
/// # Errors
/// `ACCOUNT_LOCKED`, `ACCOUNT_DEACTIVATED` when that came first; the database's.
pub async fn open(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    new: &NewRecharge,
    settings: &Settings,
    now: UtcTime,
) -> Result<Order, Problem> {
    operators::lock_active_account(connection, operator_id).await?;
    if let Some(key) = &new.key
        && let Some(order_id) = left_behind(connection, operator_id, new, key, now).await?
    {
        return changed(connection, order_id).await;
    }
    let id = OrderId::generate(now);
    let expires_at = now.plus(SignedDuration::from_mins(settings.payment_order_expire_minutes));
    sqlx::query!(
        "INSERT INTO recharge_orders (operator_id, id, amount_fen, payment_method, idempotency_key, next_query_at,
             created_at, expires_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
        operator_id.uuid(),
        id.uuid(),
        new.amount.get(),
        new.payment_method.into_str(),
        new.key,
        first_query(now, expires_at, settings.payment_query_after_seconds) as _,
        now as _,
        expires_at as _,
    )
    .execute(&mut *connection)
    .await?;
    changed(connection, id).await
}

async fn left_behind(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    new: &NewRecharge,
    key: &str,
    now: UtcTime,
) -> sqlx::Result<Option<OrderId>> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: OrderId" FROM recharge_orders
           WHERE operator_id = $1 AND idempotency_key = $2 AND status = 'pending' AND qr_code_url IS NULL
             AND amount_fen = $3 AND payment_method = $4 AND expires_at > $5
           ORDER BY id DESC LIMIT 1"#,
        operator_id.uuid(),
        key,
        new.amount.get(),
        new.payment_method.into_str(),
        now as _,
    )
    .fetch_optional(connection)
    .await
}

/// Makes the order known to its provider; when the outcome is unknown, once more with the same number. Holds no
/// transaction.
pub async fn offer(provider: &Provider, order: &Order) -> Offer {
    let new = NewOrder {
        id: order.id,
        amount: order.amount,
        description: DESCRIPTION.to_owned(),
        expires_at: order.expires_at,
    };
    let first = provider.create_order(&new).await;
    let outcome = match first {
        Outcome::Unknown(doubt) => {
            tracing::warn!(order_id = %order.id, %doubt, "asking again for a payment code");
            provider.create_order(&new).await
        }
        known => known,
    };
    match outcome {
        Outcome::Succeeded(code) => Offer::Code(code),
        Outcome::Refused(refusal) => Offer::Refused(refusal.text),
        Outcome::Unknown(doubt) if doubt.is_away() => Offer::Away(doubt.to_string()),
        Outcome::Unknown(doubt) => Offer::Unknown(doubt.to_string()),
    }
}

/// Keeps the code, to be shown to the payer. False when the order has ended meanwhile.
///
/// # Errors
/// The database's.
pub async fn keep_code(
    connection: &mut PgConnection,
    order: &Order,
    code: &PaymentCode,
    payment_url: Option<&str>,
    now: UtcTime,
) -> Result<bool, Problem> {
    let updated = sqlx::query!(
        "UPDATE recharge_orders SET qr_code_url = $3, payment_url = $4, updated_at = $5
         WHERE operator_id = $1 AND id = $2 AND status = 'pending'",
        order.operator_id.uuid(),
        order.id.uuid(),
        code.0,
        payment_url,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Ends an order whose code the provider did not give. It may have the order all the same, so that is asked for next.
///
/// # Errors
/// The database's.
pub async fn give_up(
    connection: &mut PgConnection,
    order: &Order,
    answer: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE recharge_orders SET status = 'failed', last_answer = $3, next_query_at = $4, updated_at = $4
         WHERE operator_id = $1 AND id = $2 AND status = 'pending' AND qr_code_url IS NULL",
        order.operator_id.uuid(),
        order.id.uuid(),
        answer,
        now as _,
    )
    .execute(connection)
    .await?;
    if updated.rows_affected() == 0 {
        tracing::info!(order_id = %order.id, "the order had ended before its provider refused it");
    }
    Ok(())
}
