use base::clock::UtcTime;
use base::problem::{ErrorCode, Problem};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::StaffRole;
use super::account::{Manager, StaffAccount};
use super::change::{Changes, write};

/// A staff account to be made. The password is hashed by the caller, outside any transaction.
#[derive(Clone)]
pub struct NewStaff<'a> {
    pub role: StaffRole,
    pub username: &'a str,
    pub password_hash: &'a str,
    pub name: &'a str,
}

impl std::fmt::Debug for NewStaff<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewStaff").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Makes the account with the permissions of its role. `None` when the name is taken at this door.
///
/// # Errors
/// The database's.
pub async fn insert(
    connection: &mut PgConnection,
    new: &NewStaff<'_>,
    now: UtcTime,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "INSERT INTO staff_accounts (id, kind, username, password_hash, name, role, permission_overrides, created_at,
             updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT (kind, lower(username)) DO NOTHING
         RETURNING id",
        new.role.new_id(now),
        new.role.kind().into_str(),
        new.username,
        new.password_hash,
        new.name,
        new.role.as_str(),
        json!({}),
        now as _,
    )
    .fetch_optional(connection)
    .await
}

/// Makes an account with all that is said about it.
///
/// # Errors
/// `PERMISSION_DENIED` when it could do more than the manager may give; `USERNAME_EXISTS`; the database's.
pub async fn create(
    connection: &mut PgConnection,
    manager: Manager,
    new: &NewStaff<'_>,
    details: Changes,
    now: UtcTime,
) -> Result<StaffAccount, Problem> {
    let id = insert(connection, new, now).await?;
    let id = id.ok_or(ErrorCode::UsernameExists)?;
    let account = details.applied_to(&StaffAccount::new(new, id, now));
    manager.require(&account)?;
    write(connection, &account, now).await?;
    Ok(account)
}
