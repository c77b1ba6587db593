//! Operators that act on their own account while somebody may be locking or closing it.

use base::ids::OperatorId;
use base::problem::{ErrorCode, Problem};
use books::ledger::{self, Account, AccountState};
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
    let account = ledger::lock_account(connection, operator_id).await?;
    let account = account.ok_or(ErrorCode::OperatorNotFound)?;
    match account.state {
        AccountState::Active => Ok(account),
        AccountState::Locked => Err(ErrorCode::AccountLocked.into()),
        AccountState::Deactivated => Err(ErrorCode::AccountDeactivated.into()),
    }
}
