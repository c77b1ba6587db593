//! Putting the money of an order on its operator's balance, once, by a payment or by hand. Operators that are locked or
//! gone are credited like others: it is their money.

use base::clock::UtcTime;
use base::ids::OrderId;
use base::problem::Problem;
use books::ledger::{self, MovementCause, MovementOrder};
use money::Fen;
use platform::db::expect_one;
use sqlx::PgConnection;

use super::order::{Locked, ResolvedOutcome};
use super::providers::{Payment, PaymentMethod};

/// Credits what a provider received.
pub(super) async fn by_payment(
    connection: &mut PgConnection,
    order: &mut Locked,
    payment: &Payment,
    is_late: bool,
    now: UtcTime,
) -> Result<(), Problem> {
    post(connection, order, None, now).await?;
    let updated = sqlx::query!(
        "UPDATE recharge_orders
         SET status = 'success', provider_transaction_id = $3, paid_at = $4, paid_late = $5, next_query_at = NULL,
             updated_at = $6
         WHERE operator_id = $1 AND id = $2 AND status <> 'success'",
        order.account.operator_id.uuid(),
        order.id.uuid(),
        payment.transaction_id,
        payment.paid_at as _,
        is_late,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

/// Credits what finance says was received.
pub(super) async fn by_hand(
    connection: &mut PgConnection,
    order: &mut Locked,
    reason: &str,
    by: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    post(connection, order, Some((reason, by)), now).await?;
    let updated = sqlx::query!(
        "UPDATE recharge_orders
         SET status = 'success', paid_at = $3, resolved_outcome = $4, resolved_by = $5, resolve_reason = $6,
             resolved_at = $3, next_query_at = NULL, updated_at = $3
         WHERE operator_id = $1 AND id = $2 AND status = 'abnormal'",
        order.account.operator_id.uuid(),
        order.id.uuid(),
        now as _,
        ResolvedOutcome::Success.into_str(),
        by,
        reason,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

/// Notes the payment behind an order that was credited by hand. The day it was paid is the provider's from now on, so that
/// the order stands in the right bill.
pub(super) async fn attribute(
    connection: &mut PgConnection,
    order: &Locked,
    payment: &Payment,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE recharge_orders SET provider_transaction_id = $3, paid_at = $4, updated_at = $5
         WHERE operator_id = $1 AND id = $2 AND status = 'success' AND provider_transaction_id IS NULL",
        order.account.operator_id.uuid(),
        order.id.uuid(),
        payment.transaction_id,
        payment.paid_at as _,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

async fn post(
    connection: &mut PgConnection,
    order: &mut Locked,
    by_hand: Option<(&str, &str)>,
    now: UtcTime,
) -> Result<(), Problem> {
    let movement = MovementOrder {
        reason: by_hand.map(|(reason, _)| reason.to_owned()),
        created_by: by_hand.map(|(_, by)| by.to_owned()),
        ..movement(order.id, order.payment_method, order.amount)
    };
    ledger::post(connection, &mut order.account, movement, now).await?;
    Ok(())
}

/// The entry of an order's money, as it came from the provider.
pub(super) fn movement(order_id: OrderId, payment_method: PaymentMethod, amount: Fen) -> MovementOrder {
    MovementOrder::new(MovementCause::Recharge { method: payment_method, order_id }, amount)
}
