use base::clock::UtcTime;
use base::problem::{ErrorCode, Problem};
use platform::security::jwt::Role;
use platform::security::roles::{AdminPermissions, AdminRole, Authority, UnknownRole};
use platform::security::tokens::Subject;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{NewStaff, StaffKind, StaffRole};

/// A staff account, without its password.
#[derive(Clone, Debug)]
pub struct StaffAccount {
    pub subject: Subject,
    pub role: StaffRole,
    pub username: String,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Permissions that differ from the preset of the role.
    pub(super) overrides: Value,
    pub is_active: bool,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

/// A row of `staff_accounts`.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) role: String,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) permission_overrides: Value,
    pub(super) is_active: bool,
    pub(super) created_at: UtcTime,
    pub(super) updated_at: UtcTime,
}

impl StaffAccount {
    /// As [`super::insert`] has just made it.
    pub(super) fn new(new: &NewStaff<'_>, id: Uuid, now: UtcTime) -> Self {
        StaffAccount {
            subject: subject(new.role.kind(), id),
            role: new.role,
            username: new.username.to_owned(),
            name: new.name.to_owned(),
            phone: None,
            email: None,
            overrides: json!({}),
            is_active: true,
            created_at: now,
            updated_at: now,
        }
    }

    /// What the account may do.
    #[must_use]
    pub fn authority(&self) -> Authority {
        self.role.authority(&self.overrides)
    }

    pub(super) fn is_active_super_admin(&self) -> bool {
        self.is_active && self.role == StaffRole::Admin(AdminRole::SuperAdmin)
    }
}

impl TryFrom<Row> for StaffAccount {
    type Error = UnknownRole;

    fn try_from(row: Row) -> Result<Self, UnknownRole> {
        let kinds = [StaffKind::Admin, StaffKind::Finance, StaffKind::Analyst];
        let kind = kinds.into_iter().find(|kind| kind.into_str() == row.kind).ok_or(UnknownRole)?;
        Ok(StaffAccount {
            subject: subject(kind, row.id),
            role: StaffRole::parse(kind, &row.role).ok_or(UnknownRole)?,
            username: row.username,
            name: row.name,
            phone: row.phone,
            email: row.email,
            overrides: row.permission_overrides,
            is_active: row.is_active,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

const fn subject(kind: StaffKind, id: Uuid) -> Subject {
    let role = match kind {
        StaffKind::Admin => Role::Admin,
        StaffKind::Finance => Role::Finance,
        StaffKind::Analyst => Role::Analyst,
    };
    Subject::new(role, id)
}

/// The account, locked until the transaction ends.
pub(super) async fn find_for_update(
    connection: &mut PgConnection,
    subject: Subject,
) -> Result<StaffAccount, Problem> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, kind, role, username, name, phone, email, permission_overrides, is_active, created_at, updated_at
         FROM staff_accounts WHERE id = $1 AND kind = $2 FOR UPDATE",
        subject.uuid(),
        subject.role().into_str(),
    )
    .fetch_optional(connection)
    .await?;
    let row = row.ok_or(ErrorCode::ResourceNotFound)?;
    StaffAccount::try_from(row).map_err(Problem::internal)
}

/// Who manages accounts, and which of them.
///
/// A super admin manages all. Somebody else who was given `can_manage_admins` manages accounts that can do no more than
/// the manager can: no super admin, nobody who manages accounts (so not themselves either), no administrator with a
/// permission that the manager lacks, and finance staff and analysts only with `can_view_financial_data`, because
/// those see amounts. Whoever could make, change or sign in as such an account would have risen above their own.
#[derive(Clone, Copy, Debug)]
pub struct Manager {
    pub role: AdminRole,
    pub permissions: AdminPermissions,
}

impl Manager {
    fn manages(&self, authority: Authority) -> bool {
        if self.role == AdminRole::SuperAdmin {
            return true;
        }
        match authority {
            Authority::Admin(AdminRole::SuperAdmin, _) | Authority::Operator => false,
            Authority::Admin(_, permissions) => {
                !permissions.can_manage_admins && self.permissions.includes(&permissions)
            }
            Authority::Finance(..) | Authority::Analyst => self.permissions.can_view_financial_data,
        }
    }

    /// # Errors
    /// `PERMISSION_DENIED` when the account is not the manager's to make or change.
    pub(super) fn require(&self, account: &StaffAccount) -> Result<(), Problem> {
        if self.manages(account.authority()) { Ok(()) } else { Err(ErrorCode::PermissionDenied.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::security::roles::FinanceRole;

    #[test]
    fn nobody_but_a_super_admin_manages_who_can_do_more() {
        let admin = |role: AdminRole, overrides: Value| StaffRole::Admin(role).authority(&overrides);
        let manager =
            |role: AdminRole, overrides: Value| Manager { role, permissions: role.permissions(&overrides) };
        let super_admin = manager(AdminRole::SuperAdmin, json!({}));
        let deputy = manager(AdminRole::Admin, json!({"can_manage_admins": true}));
        let support = manager(AdminRole::Operator, json!({"can_manage_admins": true}));
        let finance = StaffRole::Finance(FinanceRole::Manager).authority(&json!({}));
        for (authority, by_deputy, by_support) in [
            (admin(AdminRole::SuperAdmin, json!({})), false, false),
            (admin(AdminRole::Operator, json!({"can_manage_admins": true})), false, false),
            (admin(AdminRole::Operator, json!({"can_manage_system_config": true})), false, false),
            (admin(AdminRole::Admin, json!({})), true, false),
            (admin(AdminRole::Operator, json!({})), true, true),
            (finance, true, false),
            (Authority::Analyst, true, false),
        ] {
            assert!(super_admin.manages(authority), "{authority:?}");
            assert_eq!(deputy.manages(authority), by_deputy, "{authority:?}");
            assert_eq!(support.manages(authority), by_support, "{authority:?}");
        }
    }
}
