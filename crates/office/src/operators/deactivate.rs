//! An operator leaves. Deactivation is logical: nothing is deleted, and nothing can be done any more (FR-005).
//!
//! The account's row is locked first, so a charge, a decision of finance or a top-up comes before or after all of this. A
//! balance is never lost silently: it is zero, or the operator gives it up and the ledger says so.

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::{ErrorCode, Problem};
use books::gate::{self, AccountState};
use books::ledger::{self, Account, MovementCause, MovementOrder};
use money::Fen;
use platform::db::expect_one;
use platform::security::tokens::{self, Subject};
use serde_json::json;
use sqlx::PgConnection;

use super::lock_active_account;
use crate::{grants, invoices, refunds};

/// Why the operator's requests are rejected.
const REJECT_REASON: &str = "账号已注销";
const FORFEIT_REASON: &str = "账号注销，运营商放弃余额";

/// How an operator leaves.
#[derive(Clone, Debug)]
pub struct Departure {
    pub reason: Option<String>,
    /// Gives up what is left of the balance.
    pub forfeit_balance: bool,
    /// The operator's username.
    pub by: String,
}

/// Closes the account and everything that waits of it. Says how much was forfeited.
///
/// # Errors
/// `BALANCE_NOT_ZERO`; `ACCOUNT_LOCKED`, `ACCOUNT_DEACTIVATED` when that came first; the database's.
pub async fn deactivate(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    departure: &Departure,
    now: UtcTime,
) -> Result<Fen, Problem> {
    let mut account = lock_active_account(connection, operator_id).await?;
    let forfeited = account.balance;
    if !forfeited.is_zero() {
        if !departure.forfeit_balance {
            return Err(Problem::new(ErrorCode::BalanceNotZero).with_details(json!({"balance": forfeited})));
        }
        forfeit(connection, &mut account, &departure.by, now).await?;
    }
    close(connection, operator_id, departure.reason.as_deref(), now).await?;
    tokens::revoke_all(connection, Subject::Operator(operator_id), None, now).await?;
    refunds::reject_pending(connection, operator_id, REJECT_REASON, now).await?;
    invoices::reject_pending(connection, operator_id, REJECT_REASON, now).await?;
    grants::reject_pending(connection, operator_id, REJECT_REASON, now).await?;
    Ok(forfeited)
}

async fn forfeit(
    connection: &mut PgConnection,
    account: &mut Account,
    by: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    let order = MovementOrder {
        reason: Some(FORFEIT_REASON.to_owned()),
        created_by: Some(by.to_owned()),
        ..MovementOrder::new(MovementCause::DebitAdjustment, account.balance)
    };
    ledger::post(connection, account, order, now).await.map(drop)
}

async fn close(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    reason: Option<&str>,
    now: UtcTime,
) -> Result<(), Problem> {
    gate::set_state(connection, operator_id, AccountState::Deactivated).await?;
    let operator = sqlx::query!(
        "UPDATE operators SET deactivated_at = $2, deactivation_reason = $3, updated_at = $2
         WHERE id = $1 AND deactivated_at IS NULL",
        operator_id.uuid(),
        now as _,
        reason,
    )
    .execute(connection)
    .await?;
    expect_one(&operator)
}
