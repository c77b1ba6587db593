//! Refunds: an operator asks for its balance, finance decides, the money is paid out.
//!
//! The amount is not the one that was asked for but the balance at the decision, read under the account's row lock
//! (FR-011): games go on while a request waits. Whoever changes a refund locks the account first, then the refund, so a
//! decision, a charge and a deactivation happen one after the other.

mod find;
mod payout;
mod request;
mod review;
mod summary;

pub use find::{PayoutStatus, Refund, find, list};
pub use payout::{KIND, Part, PartStatus, Sender, complete, parts, settle, try_again};
pub use request::request;
pub use review::{approve, reject, reject_pending};
pub use summary::{RefundLine, RefundSummary, Tally, summary};

use money::Fen;
use sqlx::PgConnection;

use crate::review::ReviewStatus;
use base::ids::{OperatorId, RefundId};
use base::problem::{ErrorCode, Problem};
use books::ledger::{self, Account};

/// What a decision needs to know of the refund.
struct Locked {
    status: ReviewStatus,
    payout_status: Option<PayoutStatus>,
    requested: Fen,
    reason: String,
}

/// Locks account and refund, in this order.
async fn lock(connection: &mut PgConnection, refund_id: RefundId) -> Result<(Account, Locked), Problem> {
    let operator_id = sqlx::query_scalar!(
        r#"SELECT operator_id AS "operator_id: OperatorId" FROM refunds WHERE id = $1"#,
        refund_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ErrorCode::RefundNotFound)?;
    let account = ledger::lock_account(connection, operator_id).await?;
    let account = account.ok_or_else(|| Problem::internal("the refund's operator has no account"))?;
    let locked = sqlx::query_as!(
        Locked,
        r#"SELECT status AS "status: ReviewStatus", payout_status AS "payout_status: PayoutStatus",
                  requested_fen AS "requested: Fen", reason
           FROM refunds WHERE operator_id = $1 AND id = $2 FOR UPDATE"#,
        operator_id.uuid(),
        refund_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok((account, locked))
}

/// The refund as it is after a change in the same transaction.
async fn changed(connection: &mut PgConnection, refund_id: RefundId) -> Result<Refund, Problem> {
    let refund = find(connection, None, refund_id).await?;
    refund.ok_or_else(|| Problem::internal("the refund that was just written is not there"))
}
