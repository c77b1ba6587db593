use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::clock::UtcTime;
use crate::ids::{AdminId, AnalystId, FinanceId};
use crate::security::roles::{AdminRole, FinanceRole};

/// Kind and role of a staff account, which belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    Admin(AdminRole),
    Finance(FinanceRole),
    Analyst,
}

impl StaffRole {
    /// The door the account signs in at.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Admin(_) => "admin",
            Self::Finance(_) => "finance",
            Self::Analyst => "analyst",
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin(role) => role.as_str(),
            Self::Finance(role) => role.as_str(),
            Self::Analyst => "analyst",
        }
    }

    fn new_id(self, now: UtcTime) -> Uuid {
        match self {
            Self::Admin(_) => AdminId::generate(now).uuid(),
            Self::Finance(_) => FinanceId::generate(now).uuid(),
            Self::Analyst => AnalystId::generate(now).uuid(),
        }
    }
}

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
        new.role.kind(),
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
