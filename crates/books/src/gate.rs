//! The gate of an operator: what decides who is let in, beside the books in the same locked row. The only code that
//! writes its columns, apart from the group commit, which writes the whole row back.

use base::category::Category;
use base::ids::OperatorId;
use base::problem::Problem;
use platform::db::expect_one;
use platform::security::rate_limit::Window;
use sqlx::PgConnection;

use crate::ledger::LedgerError;

/// Whether the operator may be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum AccountState {
    Active,
    Locked,
    Deactivated,
}

impl AccountState {
    /// Reads the database's text.
    ///
    /// # Errors
    /// A text the table's CHECK does not allow.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        text.parse().map_err(|_| LedgerError::Corrupt("account state"))
    }
}

/// The gate as it stands in the locked row.
#[derive(Clone, Debug)]
pub struct Gate {
    pub state: AccountState,
    /// Which API key of the operator is the live one.
    pub key_generation: i32,
    pub category: Category,
    pub authorize_window: Window,
    pub pre_authorize_window: Window,
    /// The operator has been told that its balance is low, and it has not recovered since
    /// ([`low_balance`](crate::ledger::low_balance)).
    pub is_low_balance_alerted: bool,
    /// Which state of the operator's sites and grants is in force; raised by triggers.
    pub places_version: i64,
}

/// Writes the state where authorizations read it. The caller holds the row's lock.
///
/// # Errors
/// The database's.
pub async fn set_state(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    state: AccountState,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE operator_accounts SET state = $2 WHERE operator_id = $1",
        operator_id.uuid(),
        state.into_str(),
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

/// Sets the category. The caller holds the row's lock.
///
/// # Errors
/// The database's.
pub async fn set_category(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    category: Category,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE operator_accounts SET category = $2 WHERE operator_id = $1",
        operator_id.uuid(),
        category.into_str(),
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

/// Makes every key before the next one dead, and returns the generation of that next key.
///
/// # Errors
/// The database's; an unknown operator.
pub async fn raise_key_generation(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        "UPDATE operator_accounts SET key_generation = key_generation + 1 WHERE operator_id = $1 RETURNING key_generation",
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Everybody is let in.
    pub(crate) fn open() -> Gate {
        Gate {
            state: AccountState::Active,
            key_generation: 1,
            category: Category::Normal,
            authorize_window: Window::default(),
            pre_authorize_window: Window::default(),
            is_low_balance_alerted: false,
            places_version: 0,
        }
    }
}
