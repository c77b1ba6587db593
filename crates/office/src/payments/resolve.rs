//! Finance decides an abnormal order.

use base::clock::UtcTime;
use base::ids::OrderId;
use base::problem::{ErrorCode, Problem};
use platform::db::expect_one;
use sqlx::PgConnection;

use super::credit;
use super::list::{Order, changed};
use super::order::{self, Locked, OrderStatus, ResolvedOutcome};

/// Credits the order's amount, or ends the order without. What the provider says later still counts: a payment of an
/// order that was credited is noted, one of an order that was not is credited late.
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `INVALID_PARAMS` unless the order is abnormal; the database's.
pub async fn resolve(
    connection: &mut PgConnection,
    order_id: OrderId,
    outcome: ResolvedOutcome,
    reason: &str,
    by: &str,
    now: UtcTime,
) -> Result<Order, Problem> {
    let mut order = order::lock(connection, order_id).await?.ok_or(ErrorCode::ResourceNotFound)?;
    if order.status != OrderStatus::Abnormal {
        return Err(Problem::not_allowed("只能处理状态异常的订单", "Only an abnormal order can be resolved"));
    }
    match outcome {
        ResolvedOutcome::Success => credit::by_hand(connection, &mut order, reason, by, now).await?,
        ResolvedOutcome::Failed => fail(connection, &order, reason, by, now).await?,
    }
    changed(connection, order_id).await
}

async fn fail(
    connection: &mut PgConnection,
    order: &Locked,
    reason: &str,
    by: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE recharge_orders
         SET status = 'failed', resolved_outcome = $3, resolved_by = $4, resolve_reason = $5, resolved_at = $6,
             next_query_at = NULL, updated_at = $6
         WHERE operator_id = $1 AND id = $2 AND status = 'abnormal'",
        order.account.operator_id.uuid(),
        order.id.uuid(),
        ResolvedOutcome::Failed.into_str(),
        by,
        reason,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}
