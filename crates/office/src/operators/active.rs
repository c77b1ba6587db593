//! Operators that act on their own account while somebody may be locking or closing it.

use base::ids::OperatorId;
use base::problem::{ErrorCode, Problem};
use books::gate::AccountState;
use books::ledger::{self, Account};
use sqlx::PgConnection;

/// Locks the account's row until the transaction ends. The caller's token was good when the request came in; what
/// happened to the account since then is seen here.
///
/// # Errors
/// `ACCOUNT_LOCKED`, `ACCOUNT_DEACTIVATED`; the database's.
pub async fn lock_active_account(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> Result<Account, Problem> {
    let locked = ledger::lock_row(connection, operator_id).await?;
    let locked = locked.ok_or(ErrorCode::OperatorNotFound)?;
    match locked.gate.state {
        AccountState::Active => Ok(locked.account),
        AccountState::Locked => Err(ErrorCode::AccountLocked.into()),
        AccountState::Deactivated => Err(ErrorCode::AccountDeactivated.into()),
    }
}
