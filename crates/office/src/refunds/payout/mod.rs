//! Paying out what was approved.
//!
//! A payout has parts. Each goes back to the top-up it came from, newest first, as far as the channel's rules allow
//! ([`split`]); what has no top-up to return to is paid by hand. The parts are written, each with a job, in the transaction
//! that approves the refund; the channel hears of them afterwards, always under the same number, so repeating does no harm
//! ([`send`]). Whatever it says goes through one door, which posts the entry once ([`settle`]).
//!
//! A part that a channel refuses for good is `failed`, and so is the payout then: finance has it tried again, or pays it by
//! hand. As long as a channel has not said so, a part is never given up, because the money may have gone.

mod by_hand;
mod part;
mod plan;
mod send;
mod settle;
mod split;

pub use by_hand::{complete, try_again};
pub use part::{Part, PartStatus, parts};
pub(super) use plan::plan;
pub use send::{KIND, Sender};
pub use settle::settle;

use money::Fen;
use sqlx::PgConnection;

use super::PayoutStatus;
use base::clock::UtcTime;
use base::ids::{OperatorId, RefundId};
use base::problem::Problem;
use platform::db::expect_one;
use platform::email;
use platform::messages::tell;

/// How much of a refund is paid out, and how much of it is on its way.
struct Progress {
    actual: Fen,
    completed: Fen,
    /// To be paid, by a channel or by hand.
    under_way: Fen,
}

impl Progress {
    /// Of a refund whose account the caller has locked.
    async fn read(
        connection: &mut PgConnection,
        operator_id: OperatorId,
        refund_id: RefundId,
    ) -> sqlx::Result<Self> {
        sqlx::query_as!(
            Progress,
            r#"SELECT r.actual_fen AS "actual!: Fen",
                      coalesce(sum(p.amount_fen) FILTER (WHERE p.status = 'completed'), 0)::bigint AS "completed!: Fen",
                      coalesce(sum(p.amount_fen) FILTER (WHERE p.status IN ('pending', 'processing')), 0)::bigint
                          AS "under_way!: Fen"
               FROM refunds r
               LEFT JOIN refund_payouts p ON p.operator_id = r.operator_id AND p.refund_id = r.id
               WHERE r.operator_id = $1 AND r.id = $2
               GROUP BY r.actual_fen"#,
            operator_id.uuid(),
            refund_id.uuid(),
        )
        .fetch_one(connection)
        .await
    }

    /// What was refused and neither tried again nor paid by hand.
    fn outstanding(&self) -> Result<Fen, Problem> {
        let rest = self.actual.checked_sub(self.completed).and_then(|rest| rest.checked_sub(self.under_way));
        let rest = rest.filter(|rest| !rest.is_negative());
        rest.ok_or_else(|| Problem::internal("the parts of a payout are more than the refund"))
    }

    fn status(&self) -> Result<PayoutStatus, Problem> {
        Ok(if !self.outstanding()?.is_zero() {
            PayoutStatus::Failed
        } else if self.under_way.is_zero() {
            PayoutStatus::Completed
        } else {
            PayoutStatus::Processing
        })
    }
}

/// Writes how far the payout is, after a change of its parts, and tells the operator when all of it is paid.
async fn write_status(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    refund_id: RefundId,
    now: UtcTime,
) -> Result<PayoutStatus, Problem> {
    let progress = Progress::read(connection, operator_id, refund_id).await?;
    let status = progress.status()?;
    let updated = sqlx::query!(
        "UPDATE refunds SET payout_status = $3 WHERE operator_id = $1 AND id = $2 AND status = 'approved'",
        operator_id.uuid(),
        refund_id.uuid(),
        status as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    if status == PayoutStatus::Completed {
        let content = format!("您的退款 {} 元已全部退回。", progress.actual);
        tell(connection, operator_id, "退款已完成", content, now).await?;
    }
    Ok(status)
}

/// Tells whoever watches over money that a part needs them.
async fn alert(
    connection: &mut PgConnection,
    alert_email: &str,
    refund_id: RefundId,
    amount: Fen,
    text: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    let subject = format!("[财务告警] 退款 {refund_id} 打款失败");
    let body = format!(
        "退款 {refund_id} 中的 {amount} 元被支付渠道拒绝：{text}\n\n请在财务后台重新打款，或线下打款后登记凭证。\n"
    );
    email::alert(connection, alert_email, &subject, &body, now).await
}
