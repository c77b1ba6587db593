//! A new operator: identity, empty account and API key come into being together.

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::{ErrorCode, Problem};
use base::validate::Fields;
use books::ledger::{self, MovementCause, MovementOrder};
use money::Fen;
use platform::security::api_key;
use platform::security::crypt::Cipher;
use platform::security::password::Passwords;
use sqlx::PgConnection;

use super::Category;

/// What a registration names. The password is hashed by the caller, outside any transaction.
#[derive(Clone)]
pub struct NewOperator {
    pub username: String,
    pub password_hash: String,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub category: Category,
    /// Given by staff as an adjustment.
    pub initial_balance: Fen,
    /// Who gives the initial balance.
    pub created_by: Option<String>,
}

impl std::fmt::Debug for NewOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewOperator").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What was made. The API key is shown this once.
#[derive(Clone)]
pub struct Registered {
    pub operator_id: OperatorId,
    pub username: String,
    pub api_key: String,
    pub category: Category,
    pub balance: Fen,
    pub created_at: UtcTime,
}

impl std::fmt::Debug for Registered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registered").field("operator_id", &self.operator_id).finish_non_exhaustive()
    }
}

/// What an operator says of itself, or an administrator of it.
pub struct Enrolment {
    pub username: String,
    pub password: String,
    pub name: String,
    pub phone: String,
    pub email: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment").field("username", &self.username).finish_non_exhaustive()
    }
}

impl Enrolment {
    /// Checks the fields and hashes the password, outside any transaction. What comes out is a trial account with
    /// nothing in it.
    ///
    /// # Errors
    /// `INVALID_PARAMS` naming every wrong field.
    pub async fn check(self, passwords: &Passwords) -> Result<NewOperator, Problem> {
        Fields::new()
            .username("username", &self.username)
            .password("password", &self.password)
            .contact(Some(&self.name), Some(&self.phone), Some(&self.email))
            .finish()?;
        Ok(NewOperator {
            password_hash: passwords.hash(&self.password).await?,
            username: self.username,
            name: self.name,
            phone: self.phone,
            email: self.email,
            category: Category::Trial,
            initial_balance: Fen::ZERO,
            created_by: None,
        })
    }
}

/// Makes the operator in the caller's transaction.
///
/// # Errors
/// `USERNAME_EXISTS`, also when another registration of the name commits first; the database's.
pub async fn register(
    connection: &mut PgConnection,
    cipher: &Cipher,
    new: NewOperator,
    now: UtcTime,
) -> Result<Registered, Problem> {
    let operator_id = OperatorId::generate(now);
    // DO NOTHING waits for a registration of the same name that has not committed yet.
    let inserted = sqlx::query!(
        "INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (lower(username)) DO NOTHING",
        operator_id.uuid(),
        new.username,
        new.password_hash,
        new.name.trim(),
        new.phone,
        new.email,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(ErrorCode::UsernameExists.into());
    }
    ledger::open_account(connection, operator_id, new.category).await?;
    let api_key = api_key::insert(connection, cipher, operator_id, now).await?;
    if !new.initial_balance.is_zero() {
        credit_initial_balance(connection, operator_id, &new, now).await?;
    }
    Ok(Registered {
        operator_id,
        username: new.username,
        api_key,
        category: new.category,
        balance: new.initial_balance,
        created_at: now,
    })
}

async fn credit_initial_balance(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    new: &NewOperator,
    now: UtcTime,
) -> Result<(), Problem> {
    let account = ledger::lock_account(connection, operator_id).await?;
    let mut account = account.ok_or(ErrorCode::OperatorNotFound)?;
    let order = MovementOrder {
        reason: Some("初始余额".to_owned()),
        created_by: new.created_by.clone(),
        ..MovementOrder::new(MovementCause::CreditAdjustment, new.initial_balance)
    };
    ledger::post(connection, &mut account, order, now).await?;
    Ok(())
}
