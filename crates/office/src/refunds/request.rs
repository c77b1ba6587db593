//! An operator asks for its balance.

use base::clock::UtcTime;
use base::ids::{OperatorId, RefundId};
use base::problem::Problem;
use sqlx::PgConnection;

use super::{Refund, changed};
use crate::operators;

/// Asks for the balance as it is now. The money stays usable until finance decides.
///
/// # Errors
/// `INVALID_PARAMS` when there is no balance or a request is pending; `ACCOUNT_LOCKED`, `ACCOUNT_DEACTIVATED` when that
/// came first; the database's.
pub async fn request(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    reason: &str,
    now: UtcTime,
) -> Result<Refund, Problem> {
    let account = operators::lock_active_account(connection, operator_id).await?;
    if has_pending(connection, operator_id).await? {
        return Err(Problem::not_allowed("已有待处理的退款申请", "A refund is pending already"));
    }
    if account.balance.is_zero() {
        return Err(Problem::not_allowed("账户没有可退余额", "There is no balance to refund"));
    }
    let id = RefundId::generate(now);
    sqlx::query!(
        "INSERT INTO refunds (operator_id, id, requested_fen, reason, created_at) VALUES ($1, $2, $3, $4, $5)",
        operator_id.uuid(),
        id.uuid(),
        account.balance.get(),
        reason,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    changed(connection, id).await
}

/// Read under the account's lock, which every request takes.
async fn has_pending(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM refunds WHERE operator_id = $1 AND status = 'pending') AS "exists!""#,
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await
}
