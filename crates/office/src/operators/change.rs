//! What changes about an operator that is neither money nor its lock: contact, category, API key.

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::Problem;
use base::validate::Fields;
use books::gate;
use platform::db::expect_one;
use platform::security::api_key;
use platform::security::crypt::Cipher;
use serde::Serialize;
use sqlx::PgConnection;

use super::Category;
use super::lock::lock_account;

/// How an operator is called and reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    pub name: String,
    pub phone: String,
    pub email: String,
}

/// What is to change; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ContactChange {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl ContactChange {
    /// # Errors
    /// `INVALID_PARAMS` naming every wrong field.
    pub fn check(&self) -> Result<(), Problem> {
        Fields::new().contact(self.name.as_deref(), self.phone.as_deref(), self.email.as_deref()).finish()
    }

    fn applied_to(self, before: Contact) -> Contact {
        Contact {
            name: self.name.map_or(before.name, |name| name.trim().to_owned()),
            phone: self.phone.unwrap_or(before.phone),
            email: self.email.unwrap_or(before.email),
        }
    }
}

/// Changes how the operator is called and reached. Returns what it was and what it is.
///
/// # Errors
/// `OPERATOR_NOT_FOUND`; `INVALID_PARAMS` when the operator is deactivated; the database's.
pub async fn change_contact(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    change: ContactChange,
    now: UtcTime,
) -> Result<(Contact, Contact), Problem> {
    lock_account(connection, operator_id).await?;
    let before = sqlx::query_as!(
        Contact,
        "SELECT name, phone, email FROM operators WHERE id = $1",
        operator_id.uuid()
    )
    .fetch_one(&mut *connection)
    .await?;
    let after = change.applied_to(before.clone());
    let updated = sqlx::query!(
        "UPDATE operators SET name = $2, phone = $3, email = $4, updated_at = $5 WHERE id = $1",
        operator_id.uuid(),
        after.name,
        after.phone,
        after.email,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)?;
    Ok((before, after))
}

/// Sets the customer category, which decides from when on a balance is low. Returns what it was.
///
/// # Errors
/// As [`change_contact`].
pub async fn change_category(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    category: Category,
    now: UtcTime,
) -> Result<Category, Problem> {
    lock_account(connection, operator_id).await?;
    let before = sqlx::query_scalar!(
        "SELECT category FROM operator_accounts WHERE operator_id = $1",
        operator_id.uuid()
    )
    .fetch_one(&mut *connection)
    .await?;
    gate::set_category(connection, operator_id, category).await?;
    let operator =
        sqlx::query!("UPDATE operators SET updated_at = $2 WHERE id = $1", operator_id.uuid(), now as _)
            .execute(connection)
            .await?;
    expect_one(&operator)?;
    Ok(Category::parse(&before)?)
}

/// Replaces the API key for an operator that lost it or whose key somebody else knows. The old one is dead at once.
///
/// # Errors
/// As [`change_contact`].
pub async fn reset_api_key(
    connection: &mut PgConnection,
    cipher: &Cipher,
    operator_id: OperatorId,
    now: UtcTime,
) -> Result<String, Problem> {
    lock_account(connection, operator_id).await?;
    let generation = gate::raise_key_generation(connection, operator_id).await?;
    Ok(api_key::replace(connection, cipher, operator_id, generation, now).await?)
}
