//! Finance approves a refund or rejects it.

use base::clock::UtcTime;
use base::ids::{OperatorId, RefundId};
use base::problem::Problem;
use books::ledger::{self, MovementCause, MovementOrder};
use money::Fen;
use platform::db::expect_one;
use platform::messages::tell;
use sqlx::PgConnection;

use super::{Refund, changed, lock, payout};
use crate::review::SYSTEM;

/// Takes the whole balance as it is now from the operator and owes it as a refund. A locked operator can be refunded.
///
/// # Errors
/// `REFUND_NOT_FOUND`; `INVALID_PARAMS` when it was decided before, or when the balance has been used up: the request
/// then stays pending, and can be rejected; the database's.
pub async fn approve(
    connection: &mut PgConnection,
    refund_id: RefundId,
    note: Option<&str>,
    by: &str,
    now: UtcTime,
) -> Result<Refund, Problem> {
    let (mut account, refund) = lock(connection, refund_id).await?;
    refund.status.require_pending()?;
    let amount = account.balance;
    if amount.is_zero() {
        return Err(Problem::not_allowed(
            "账户余额已为零，无可退金额；可驳回该申请",
            "The balance is zero by now; the request can be rejected",
        ));
    }
    let order = MovementOrder {
        reason: Some(refund.reason),
        created_by: Some(by.to_owned()),
        ..MovementOrder::new(MovementCause::Refund { refund_id }, amount)
    };
    ledger::post(connection, &mut account, order, now).await?;
    let updated = sqlx::query!(
        "UPDATE refunds SET status = 'approved', payout_status = 'processing', actual_fen = $3, note = $4,
             reviewed_by = $5, reviewed_at = $6
         WHERE operator_id = $1 AND id = $2 AND status = 'pending'",
        account.operator_id.uuid(),
        refund_id.uuid(),
        amount.get(),
        note,
        by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    payout::plan(connection, account.operator_id, refund_id, amount, now).await?;
    tell_approved(connection, account.operator_id, refund.requested, amount, now).await?;
    changed(connection, refund_id).await
}

/// Leaves the balance as it is.
///
/// # Errors
/// `REFUND_NOT_FOUND`; `INVALID_PARAMS` when it was decided before; the database's.
pub async fn reject(
    connection: &mut PgConnection,
    refund_id: RefundId,
    reason: &str,
    by: &str,
    now: UtcTime,
) -> Result<Refund, Problem> {
    let (account, refund) = lock(connection, refund_id).await?;
    refund.status.require_pending()?;
    let updated = sqlx::query!(
        "UPDATE refunds SET status = 'rejected', reject_reason = $3, reviewed_by = $4, reviewed_at = $5
         WHERE operator_id = $1 AND id = $2 AND status = 'pending'",
        account.operator_id.uuid(),
        refund_id.uuid(),
        reason,
        by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    let content = format!("您的退款申请未通过，原因：{reason}");
    tell(connection, account.operator_id, "退款申请未通过", content, now).await?;
    changed(connection, refund_id).await
}

/// Rejects what waits of an operator whose account is being closed. The caller holds the account's lock.
///
/// # Errors
/// The database's.
pub async fn reject_pending(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    reason: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE refunds SET status = 'rejected', reject_reason = $2, reviewed_by = $3, reviewed_at = $4
         WHERE operator_id = $1 AND status = 'pending'",
        operator_id.uuid(),
        reason,
        SYSTEM,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn tell_approved(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    requested: Fen,
    actual: Fen,
    now: UtcTime,
) -> sqlx::Result<()> {
    let content = if actual == requested {
        format!("您的退款申请已通过，退款金额 {actual} 元，款项正在退回。")
    } else {
        format!(
            "您的退款申请已通过。申请时余额 {requested} 元，审核时余额 {actual} 元，实际退款 {actual} 元，款项正在退回。"
        )
    };
    tell(connection, operator_id, "退款申请已通过", content, now).await
}
