//! Changing staff accounts. The last active super admin stays one: otherwise nobody could ever make another.

use std::collections::BTreeMap;

use base::clock::UtcTime;
use base::problem::{Problem, Text};
use base::validate::Fields;
use platform::db::expect_one;
use platform::security::tokens::{self, Subject};
use serde_json::json;
use sqlx::PgConnection;

use super::account::{Manager, StaffAccount, find_for_update};
use super::role::StaffRole;

/// What is to change; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub role: Option<StaffRole>,
    /// Single permissions that differ from the preset, in the place of those before. Another role without them begins
    /// with its preset.
    pub permissions: Option<BTreeMap<String, bool>>,
    pub is_active: Option<bool>,
}

impl Changes {
    pub(super) fn applied_to(self, before: &StaffAccount) -> StaffAccount {
        let mut after = before.clone();
        after.role = self.role.unwrap_or(before.role);
        if let Some(wanted) = &self.permissions {
            after.overrides = after.role.effective_overrides(wanted);
        } else if after.role != before.role {
            after.overrides = json!({});
        }
        after.name = self.name.map_or(after.name, |name| name.trim().to_owned());
        after.phone = self.phone.or(after.phone);
        after.email = self.email.or(after.email);
        after.is_active = self.is_active.unwrap_or(after.is_active);
        after
    }
}

/// Changes the account. The tokens of one that is deactivated die; another role or permission is in force with the
/// next request. Returns the account as it was and as it is.
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `PERMISSION_DENIED` when the account, before or after, is not the manager's to change;
/// `INVALID_PARAMS` when no active super admin would be left; the database's.
pub async fn update(
    connection: &mut PgConnection,
    manager: Manager,
    subject: Subject,
    changes: Changes,
    now: UtcTime,
) -> Result<(StaffAccount, StaffAccount), Problem> {
    // Two super admins that deactivate each other at the same time must not both succeed.
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('coinslot staff accounts'))")
        .fetch_one(&mut *connection)
        .await?;
    let before = find_for_update(connection, subject).await?;
    manager.require(&before)?;
    let after = StaffAccount { updated_at: now, ..changes.applied_to(&before) };
    manager.require(&after)?;
    if before.is_active_super_admin() && !after.is_active_super_admin() {
        require_another_super_admin(connection, &before, &after).await?;
    }
    write(connection, &after, now).await?;
    if before.is_active && !after.is_active {
        tokens::revoke_all(connection, subject, None, now).await?;
    }
    Ok((before, after))
}

async fn require_another_super_admin(
    connection: &mut PgConnection,
    before: &StaffAccount,
    after: &StaffAccount,
) -> Result<(), Problem> {
    let has_another = sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT 1 FROM staff_accounts
               WHERE kind = 'admin' AND role = 'super_admin' AND is_active AND id <> $1) as "exists!""#,
        before.subject.uuid(),
    )
    .fetch_one(connection)
    .await?;
    if has_another {
        return Ok(());
    }
    let text = Text::new("这是最后一个启用的超级管理员", "this is the last active super admin");
    Fields::new()
        .check("role", after.role == before.role, text.clone())
        .check("is_active", after.is_active, text)
        .finish()
}

/// Writes what can change about an account.
pub(super) async fn write(
    connection: &mut PgConnection,
    account: &StaffAccount,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE staff_accounts
         SET name = $2, phone = $3, email = $4, role = $5, permission_overrides = $6, is_active = $7, updated_at = $8
         WHERE id = $1",
        account.subject.uuid(),
        account.name,
        account.phone,
        account.email,
        account.role.as_str(),
        account.overrides,
        account.is_active,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

/// Gives the account another password; its tokens die. Returns the account.
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `PERMISSION_DENIED` when the account is not the manager's to change; the database's.
pub async fn reset_password(
    connection: &mut PgConnection,
    manager: Manager,
    subject: Subject,
    password_hash: &str,
    now: UtcTime,
) -> Result<StaffAccount, Problem> {
    let account = find_for_update(connection, subject).await?;
    manager.require(&account)?;
    let updated = sqlx::query!(
        "UPDATE staff_accounts SET password_hash = $2, updated_at = $3 WHERE id = $1",
        subject.uuid(),
        password_hash,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    tokens::revoke_all(connection, subject, None, now).await?;
    Ok(account)
}
