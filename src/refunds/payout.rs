//! Paying out what was approved. Until there are payouts through the providers, all of it is paid by hand.

use money::Fen;
use sqlx::PgConnection;

use super::{PayoutStatus, Refund, changed, lock};
use crate::clock::UtcTime;
use crate::ids::{OperatorId, RefundId};
use crate::ledger::{self, Account, BookAccount, MovementKind, MovementOrder};
use crate::problem::Problem;
use crate::review::{expect_one, refused};

/// Notes what is to be paid by hand.
pub(super) async fn plan(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    refund_id: RefundId,
    amount: Fen,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO refund_payouts (operator_id, id, refund_id, channel, amount_fen, status, created_at, updated_at)
         VALUES ($1, $2, $3, 'manual', $4, 'processing', $5, $5)",
        operator_id.uuid(),
        RefundId::generate(now).uuid(),
        refund_id.uuid(),
        amount.get(),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that the money was paid by hand, with the proof of it. The operator may be deactivated by now.
///
/// # Errors
/// `REFUND_NOT_FOUND`; `INVALID_PARAMS` unless the refund is approved and its payout is under way; the database's.
pub async fn complete(
    connection: &mut PgConnection,
    refund_id: RefundId,
    reference: &str,
    by: &str,
    now: UtcTime,
) -> Result<Refund, Problem> {
    let (mut account, refund) = lock(connection, refund_id).await?;
    match refund.payout_status {
        Some(PayoutStatus::Processing) => {}
        Some(PayoutStatus::Completed) => {
            return Err(refused("该退款已打款完成", "The refund is paid out already"));
        }
        Some(PayoutStatus::Failed) | None => {
            return Err(refused("该退款不在打款处理中", "The refund is not being paid out"));
        }
    }
    let amount = complete_by_hand(connection, account.operator_id, refund_id, now).await?;
    post(connection, &mut account, refund_id, amount, reference, by, now).await?;
    let updated = sqlx::query!(
        "UPDATE refunds SET payout_status = 'completed', completion_reference = $3
         WHERE operator_id = $1 AND id = $2 AND status = 'approved' AND payout_status = 'processing'",
        account.operator_id.uuid(),
        refund_id.uuid(),
        reference,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    changed(connection, refund_id).await
}

/// Closes what is paid by hand and says how much it is.
async fn complete_by_hand(
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
    amount.ok_or_else(|| Problem::internal("a refund is being paid out, but nothing of it by hand"))
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
        kind: MovementKind::Payout,
        debit: BookAccount::RefundPayable,
        credit: BookAccount::ClearingManual,
        amount,
        payment_method: Some("manual"),
        order_id: None,
        refund_id: Some(refund_id),
        reason: Some(reference.to_owned()),
        created_by: Some(by.to_owned()),
    };
    ledger::post(connection, account, order, now).await.map(drop)
}
