//! The accounts of the four doors as signing in sees them.

use base::problem::{ErrorCode, Problem};
use platform::db::Database;
use platform::security::jwt::Role;
use platform::security::roles::Authority;
use platform::security::tokens::Subject;
use sqlx::PgConnection;
use uuid::Uuid;

/// Whether an account may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountStatus {
    Active,
    Locked,
    Deactivated,
}

impl AccountStatus {
    pub(super) fn admit(self) -> Result<(), Problem> {
        match self {
            Self::Active => Ok(()),
            Self::Locked => Err(ErrorCode::AccountLocked.into()),
            Self::Deactivated => Err(ErrorCode::AccountDeactivated.into()),
        }
    }
}

/// An account that somebody wants to sign in to.
#[derive(Clone)]
pub struct SignInAccount {
    pub subject: Subject,
    pub username: String,
    pub name: String,
    pub standing: AccountStatus,
    pub authority: Authority,
    /// Operators only.
    pub category: Option<String>,
    pub(super) password_hash: String,
}

impl std::fmt::Debug for SignInAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInAccount").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// A name that could belong to an account; the rule is `Fields::username`.
pub(super) fn is_possible_name(username: &str) -> bool {
    (3..=20).contains(&username.len()) && username.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The account of this name behind this door. The connection is given back before the password is hashed.
pub(super) async fn find(
    database: &Database,
    door: Role,
    username: &str,
) -> Result<Option<SignInAccount>, Problem> {
    if !is_possible_name(username) {
        return Ok(None);
    }
    let mut connection = database.acquire().await?;
    match door {
        Role::Operator => Ok(find_operator(&mut connection, username).await?),
        Role::Admin | Role::Finance | Role::Analyst => Ok(find_staff(&mut connection, door, username).await?),
    }
}

async fn find_operator(connection: &mut PgConnection, username: &str) -> sqlx::Result<Option<SignInAccount>> {
    let row = sqlx::query!(
        r#"SELECT o.id, o.username, o.password_hash, o.name, a.category, o.deactivated_at IS NOT NULL as "is_deactivated!",
                  o.locked_at IS NOT NULL as "is_locked!"
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE lower(o.username) = lower($1)"#,
        username,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| SignInAccount {
        subject: Subject::new(Role::Operator, row.id),
        username: row.username,
        name: row.name,
        standing: match (row.is_deactivated, row.is_locked) {
            (true, _) => AccountStatus::Deactivated,
            (false, true) => AccountStatus::Locked,
            (false, false) => AccountStatus::Active,
        },
        authority: Authority::Operator,
        category: Some(row.category),
        password_hash: row.password_hash,
    }))
}

async fn find_staff(
    connection: &mut PgConnection,
    kind: Role,
    username: &str,
) -> sqlx::Result<Option<SignInAccount>> {
    let row = sqlx::query!(
        "SELECT id, username, password_hash, name, role, permission_overrides, is_active
         FROM staff_accounts WHERE kind = $1 AND lower(username) = lower($2)",
        kind.into_str(),
        username,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(SignInAccount {
        subject: Subject::new(kind, row.id),
        username: row.username,
        name: row.name,
        standing: if row.is_active { AccountStatus::Active } else { AccountStatus::Deactivated },
        authority: Authority::of_staff(kind.into_str(), &row.role, &row.permission_overrides)?,
        category: None,
        password_hash: row.password_hash,
    }))
}

/// Locks the account's row against a lock, a deactivation or a password change until the transaction ends. False
/// when one of them came first: the password that was verified, or the standing, is no longer the account's.
pub(super) async fn lock_unchanged(
    connection: &mut PgConnection,
    account: &SignInAccount,
) -> sqlx::Result<bool> {
    let found = match account.subject {
        Subject::Operator(id) => {
            sqlx::query_scalar!(
                "SELECT id FROM operators
                 WHERE id = $1 AND password_hash = $2 AND locked_at IS NULL AND deactivated_at IS NULL FOR SHARE",
                id.uuid(),
                account.password_hash,
            )
            .fetch_optional(connection)
            .await?
        }
        staff => {
            sqlx::query_scalar!(
                "SELECT id FROM staff_accounts WHERE id = $1 AND password_hash = $2 AND is_active FOR SHARE",
                staff.uuid(),
                account.password_hash,
            )
            .fetch_optional(connection)
            .await?
        }
    };
    Ok(found.is_some())
}

/// The stored hash of an account.
pub(super) async fn password_hash(
    connection: &mut PgConnection,
    subject: Subject,
) -> sqlx::Result<Option<String>> {
    match subject {
        Subject::Operator(id) => {
            sqlx::query_scalar!("SELECT password_hash FROM operators WHERE id = $1", id.uuid())
                .fetch_optional(connection)
                .await
        }
        staff => {
            sqlx::query_scalar!("SELECT password_hash FROM staff_accounts WHERE id = $1", staff.uuid())
                .fetch_optional(connection)
                .await
        }
    }
}

/// Replaces the hash if it is still `old`. False when another change came first.
pub(super) async fn replace_password_hash(
    connection: &mut PgConnection,
    subject: Subject,
    old: &str,
    new: &str,
    now: base::clock::UtcTime,
) -> sqlx::Result<bool> {
    let id: Uuid = subject.uuid();
    let updated = match subject {
        Subject::Operator(_) => {
            sqlx::query!(
                "UPDATE operators SET password_hash = $3, updated_at = $4 WHERE id = $1 AND password_hash = $2",
                id,
                old,
                new,
                now as _,
            )
            .execute(connection)
            .await?
        }
        _ => {
            sqlx::query!(
                "UPDATE staff_accounts SET password_hash = $3, updated_at = $4 WHERE id = $1 AND password_hash = $2",
                id,
                old,
                new,
                now as _,
            )
            .execute(connection)
            .await?
        }
    };
    Ok(updated.rows_affected() == 1)
}
