//! The one door for a channel's word about a part of a payout.

use base::clock::UtcTime;
use base::ids::{OrderId, PayoutId, RefundId};
use base::problem::Problem;
use books::ledger::{self, Account, MovementCause, MovementOrder};
use money::Fen;
use platform::db::expect_one;
use sqlx::PgConnection;

use super::part::PartStatus;
use super::{Progress, alert, write_status};
use crate::payments::providers::{PaymentMethod, RefundState};
use crate::refunds::lock;

struct Locked {
    order_id: OrderId,
    method: PaymentMethod,
    amount: Fen,
    status: PartStatus,
}

/// Notes what a channel says of a part; the entry is posted once, however often it is said. False for a part that does not
/// exist. `alert_email` may be empty.
///
/// # Errors
/// The database's; the ledger's.
pub async fn settle(
    connection: &mut PgConnection,
    payout_id: PayoutId,
    state: &RefundState,
    alert_email: &str,
    now: UtcTime,
) -> Result<bool, Problem> {
    let refund_id = sqlx::query_scalar!(
        r#"SELECT refund_id AS "id: RefundId" FROM refund_payouts WHERE id = $1 AND channel <> 'manual'"#,
        payout_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(refund_id) = refund_id else { return Ok(false) };
    let (mut account, _) = lock(connection, refund_id).await?;
    let part = lock_part(connection, payout_id).await?;
    let is_open = matches!(part.status, PartStatus::Pending | PartStatus::Processing);
    match state {
        RefundState::Absent => {}
        RefundState::Processing { provider_refund_id } if is_open => {
            write(connection, payout_id, PartStatus::Processing, provider_refund_id.as_deref(), None, now)
                .await?;
        }
        // The money is on its way: neither retry nor another way may send it again.
        RefundState::Abnormal { provider_refund_id } if is_open => {
            write(connection, payout_id, PartStatus::Processing, Some(provider_refund_id), None, now).await?;
        }
        RefundState::Completed { provider_refund_id }
            if is_open || is_outstanding(connection, &account, refund_id, &part).await? =>
        {
            write(connection, payout_id, PartStatus::Completed, provider_refund_id.as_deref(), None, now)
                .await?;
            ledger::post(connection, &mut account, movement(&part, refund_id), now).await?;
            write_status(connection, account.operator_id, refund_id, now).await?;
        }
        RefundState::Failed { text } if is_open => {
            write(connection, payout_id, PartStatus::Failed, None, Some(text), now).await?;
            write_status(connection, account.operator_id, refund_id, now).await?;
            alert(connection, alert_email, refund_id, part.amount, text, now).await?;
        }
        RefundState::Completed { .. } if part.status == PartStatus::Failed => {
            contradicted(connection, payout_id, refund_id, part.amount, alert_email, now).await?;
        }
        RefundState::Processing { .. }
        | RefundState::Abnormal { .. }
        | RefundState::Completed { .. }
        | RefundState::Failed { .. } => {}
    }
    Ok(true)
}

async fn lock_part(connection: &mut PgConnection, payout_id: PayoutId) -> sqlx::Result<Locked> {
    sqlx::query_as!(
        Locked,
        r#"SELECT order_id AS "order_id!: OrderId", channel AS "method: PaymentMethod", amount_fen AS "amount: Fen",
                  status AS "status: PartStatus"
           FROM refund_payouts WHERE id = $1 FOR UPDATE"#,
        payout_id.uuid(),
    )
    .fetch_one(connection)
    .await
}

async fn write(
    connection: &mut PgConnection,
    payout_id: PayoutId,
    status: PartStatus,
    provider_refund_id: Option<&str>,
    error: Option<&str>,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE refund_payouts
         SET status = $2, provider_refund_id = coalesce($3, provider_refund_id), last_error = $4, updated_at = $5
         WHERE id = $1 AND status <> 'completed'",
        payout_id.uuid(),
        status as _,
        provider_refund_id,
        error,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

/// Whether a part that the channel had refused was neither tried again nor paid by hand since. A refund that stuck at the
/// payer's account, for instance, can be sent on by hand on the provider's own platform.
async fn is_outstanding(
    connection: &mut PgConnection,
    account: &Account,
    refund_id: RefundId,
    part: &Locked,
) -> Result<bool, Problem> {
    if part.status != PartStatus::Failed {
        return Ok(false);
    }
    let progress = Progress::read(connection, account.operator_id, refund_id).await?;
    Ok(progress.outstanding()? >= part.amount)
}

fn movement(part: &Locked, refund_id: RefundId) -> MovementOrder {
    MovementOrder::new(
        MovementCause::Payout { method: part.method, order_id: part.order_id, refund_id },
        part.amount,
    )
}

/// A channel that took its refusal back: by now the money may have gone another way too, so a person decides.
async fn contradicted(
    connection: &mut PgConnection,
    payout_id: PayoutId,
    refund_id: RefundId,
    amount: Fen,
    alert_email: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    let text = "该笔打款曾被渠道拒绝，现又通知成功，请核对是否重复打款";
    tracing::error!(%payout_id, %refund_id, "a channel says that it paid a part it had refused");
    let noted = sqlx::query!(
        "UPDATE refund_payouts SET last_error = $2, updated_at = $3
         WHERE id = $1 AND status = 'failed' AND last_error IS DISTINCT FROM $2",
        payout_id.uuid(),
        text,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    // Notifications are repeated; the alert is not.
    if noted.rows_affected() == 1 {
        alert(connection, alert_email, refund_id, amount, text, now).await?;
    }
    Ok(())
}
