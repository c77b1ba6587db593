//! What finance does about a payout: pay the rest by hand, or have what a channel refused tried again.

use base::clock::UtcTime;
use base::ids::{OperatorId, RefundId};
use base::problem::Problem;
use books::ledger::{self, Account, MovementCause, MovementOrder};
use money::Fen;
use platform::db::expect_one;
use sqlx::PgConnection;

use super::{Progress, part, plan, write_status};
use crate::refunds::{Locked, PayoutStatus, Refund, changed, lock};

/// Records that what channels do not pay was paid by hand, with the proof of it: the part that has no top-up to return to,
/// and what channels refused. What is still on its way through a channel is not touched. The operator may be deactivated by
/// now.
///
/// # Errors
/// `REFUND_NOT_FOUND`; `INVALID_PARAMS` unless something of an approved refund is to be paid by hand; the database's.
pub async fn complete(
    connection: &mut PgConnection,
    refund_id: RefundId,
    reference: &str,
    by: &str,
    now: UtcTime,
) -> Result<Refund, Problem> {
    let (mut account, refund) = lock(connection, refund_id).await?;
    require_unfinished(&refund)?;
    let operator_id = account.operator_id;
    let outstanding = Progress::read(connection, operator_id, refund_id).await?.outstanding()?;
    if !outstanding.is_zero() {
        part::insert_by_hand(connection, operator_id, refund_id, outstanding, now).await?;
    }
    let amount = close_by_hand(connection, operator_id, refund_id, now).await?;
    post(connection, &mut account, refund_id, amount, reference, by, now).await?;
    let updated = sqlx::query!(
        "UPDATE refunds SET completion_reference = $3 WHERE operator_id = $1 AND id = $2",
        operator_id.uuid(),
        refund_id.uuid(),
        reference,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    write_status(connection, operator_id, refund_id, now).await?;
    changed(connection, refund_id).await
}

/// Has what channels refused tried again, as new parts. What cannot go through a channel any more is to be paid by hand.
///
/// # Errors
/// `REFUND_NOT_FOUND`; `INVALID_PARAMS` unless a channel has refused something of it; the database's.
pub async fn try_again(
    connection: &mut PgConnection,
    refund_id: RefundId,
    now: UtcTime,
) -> Result<Refund, Problem> {
    let (account, refund) = lock(connection, refund_id).await?;
    require_unfinished(&refund)?;
    let outstanding = Progress::read(connection, account.operator_id, refund_id).await?.outstanding()?;
    if outstanding.is_zero() {
        return Err(Problem::not_allowed("没有被渠道拒绝的打款", "No part of the payout was refused"));
    }
    plan(connection, account.operator_id, refund_id, outstanding, now).await?;
    write_status(connection, account.operator_id, refund_id, now).await?;
    changed(connection, refund_id).await
}

fn require_unfinished(refund: &Locked) -> Result<(), Problem> {
    match refund.payout_status {
        Some(PayoutStatus::Processing | PayoutStatus::Failed) => Ok(()),
        Some(PayoutStatus::Completed) => {
            Err(Problem::not_allowed("该退款已打款完成", "The refund is paid out already"))
        }
        None => Err(Problem::not_allowed("该退款不在打款处理中", "The refund is not being paid out")),
    }
}

/// Closes what is paid by hand and says how much it is.
async fn close_by_hand(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    refund_id: RefundId,
    now: UtcTime,
) -> Result<Fen, Problem> {
    let amount = sqlx::query_scalar!(
        r#"WITH paid AS (
               UPDATE refund_payouts SET status = 'completed', updated_at = $3
               WHERE operator_id = $1 AND refund_id = $2 AND channel = 'manual' AND status = 'processing'
               RETURNING amount_fen)
           SELECT sum(amount_fen)::bigint AS "amount: Fen" FROM paid"#,
        operator_id.uuid(),
        refund_id.uuid(),
        now as _,
    )
    .fetch_one(connection)
    .await?;
    amount.ok_or_else(|| {
        Problem::not_allowed(
            "款项正由支付渠道退回，无需线下打款",
            "The channels are paying all of it; nothing is to be paid by hand",
        )
    })
}

async fn post(
    connection: &mut PgConnection,
    account: &mut Account,
    refund_id: RefundId,
    amount: Fen,
    reference: &str,
    by: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    let order = MovementOrder {
        reason: Some(reference.to_owned()),
        created_by: Some(by.to_owned()),
        ..MovementOrder::new(MovementCause::PayoutByHand { refund_id }, amount)
    };
    ledger::post(connection, account, order, now).await.map(drop)
}
