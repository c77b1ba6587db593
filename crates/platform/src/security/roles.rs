//! Staff roles as presets of named permissions, and single permissions that an account overrides.
//!
//! Two promises of the product stand above overrides: a super admin may do everything (nobody can be locked out of
//! the administration), and an auditor never decides anything.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Roles of administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum AdminRole {
    SuperAdmin,
    Admin,
    /// Support staff.
    Operator,
}

/// Roles of finance staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum FinanceRole {
    Specialist,
    Manager,
    Auditor,
}

macro_rules! permissions {
    ($(#[$doc:meta])* $set:ident, $needed:ident { $($marker:ident $field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        pub struct $set { $(pub $field: bool),+ }

        impl $set {
            const ALL: Self = $set { $($field: true),+ };

            /// Every permission by its name on the wire.
            #[must_use]
            pub fn by_name(&self) -> BTreeMap<&'static str, bool> {
                BTreeMap::from([$((stringify!($field), self.$field)),+])
            }

            /// Whether nothing is held in `other` that is not held here.
            #[must_use]
            pub const fn includes(&self, other: &Self) -> bool {
                $((self.$field || !other.$field))&&+
            }

            /// The set after the overrides `{name: bool}`; other names and values are ignored.
            #[must_use]
            pub fn overridden(mut self, overrides: &Value) -> Self {
                $(if let Some(granted) = overrides.get(stringify!($field)).and_then(Value::as_bool) {
                    self.$field = granted;
                })+
                self
            }
        }

        /// What a caller must be allowed to do; a type parameter of the caller's extractor.
        pub trait $needed: Send + Sync + 'static {
            fn is_held(permissions: &$set) -> bool;
        }

        impl $needed for NoPermission {
            fn is_held(_: &$set) -> bool {
                true
            }
        }

        $(
            #[derive(Debug)]
            pub struct $marker;
            impl $needed for $marker {
                fn is_held(permissions: &$set) -> bool {
                    permissions.$field
                }
            }
        )+
    };
}

/// The role is enough.
#[derive(Debug)]
pub struct NoPermission;

permissions! {
    /// What an administrator may do.
    AdminPermissions, AdminPermission {
        CanManageOperators can_manage_operators,
        CanManageApplications can_manage_applications,
        CanAuthorizeApplications can_authorize_applications,
        CanResetApiKeys can_reset_api_keys,
        CanViewFinancialData can_view_financial_data,
        CanManageAdmins can_manage_admins,
        CanManageSystemConfig can_manage_system_config,
        CanSendNotifications can_send_notifications,
    }
}

permissions! {
    /// What finance staff may do.
    FinancePermissions, FinancePermission {
        CanReviewRefund can_review_refund,
        CanReviewInvoice can_review_invoice,
        CanExportReport can_export_report,
        CanViewAllTransactions can_view_all_transactions,
        CanResolveRecharge can_resolve_recharge,
    }
}

impl AdminRole {
    /// What the role may do by itself.
    #[must_use]
    pub const fn preset(self) -> AdminPermissions {
        match self {
            Self::SuperAdmin => AdminPermissions::ALL,
            Self::Admin => AdminPermissions {
                can_manage_admins: false,
                can_manage_system_config: false,
                ..AdminPermissions::ALL
            },
            Self::Operator => AdminPermissions {
                can_manage_applications: false,
                can_view_financial_data: false,
                can_manage_admins: false,
                can_manage_system_config: false,
                ..AdminPermissions::ALL
            },
        }
    }

    /// What an account of this role with these overrides may do.
    #[must_use]
    pub fn permissions(self, overrides: &Value) -> AdminPermissions {
        match self {
            Self::SuperAdmin => self.preset(),
            Self::Admin | Self::Operator => self.preset().overridden(overrides),
        }
    }
}

impl FinanceRole {
    /// What the role may do by itself.
    #[must_use]
    pub const fn preset(self) -> FinancePermissions {
        match self {
            Self::Manager => FinancePermissions::ALL,
            Self::Specialist => FinancePermissions { can_resolve_recharge: false, ..FinancePermissions::ALL },
            Self::Auditor => FinancePermissions {
                can_review_refund: false,
                can_review_invoice: false,
                can_resolve_recharge: false,
                ..FinancePermissions::ALL
            },
        }
    }

    /// What an account of this role with these overrides may do.
    #[must_use]
    pub fn permissions(self, overrides: &Value) -> FinancePermissions {
        let permissions = self.preset().overridden(overrides);
        match self {
            Self::Specialist | Self::Manager => permissions,
            Self::Auditor => FinancePermissions {
                can_review_refund: false,
                can_review_invoice: false,
                can_resolve_recharge: false,
                ..permissions
            },
        }
    }
}

/// Who somebody is and what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    Operator,
    Admin(AdminRole, AdminPermissions),
    Finance(FinanceRole, FinancePermissions),
    Analyst,
}

/// A staff role that the table's CHECK does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown staff role in the database")]
pub struct UnknownRole;

impl From<UnknownRole> for sqlx::Error {
    fn from(error: UnknownRole) -> Self {
        sqlx::Error::Decode(Box::new(error))
    }
}

impl Authority {
    /// Every permission of the kind by its name on the wire; operators and analysts have none.
    #[must_use]
    pub fn permissions(&self) -> BTreeMap<&'static str, bool> {
        match self {
            Self::Admin(_, permissions) => permissions.by_name(),
            Self::Finance(_, permissions) => permissions.by_name(),
            Self::Operator | Self::Analyst => BTreeMap::new(),
        }
    }

    /// Reads a row of `staff_accounts`.
    ///
    /// # Errors
    /// A combination that the table's CHECK does not allow.
    pub fn of_staff(kind: &str, role: &str, overrides: &Value) -> Result<Self, UnknownRole> {
        let admin = |role: AdminRole| Self::Admin(role, role.permissions(overrides));
        let finance = |role: FinanceRole| Self::Finance(role, role.permissions(overrides));
        match (kind, role) {
            ("admin", "super_admin") => Ok(admin(AdminRole::SuperAdmin)),
            ("admin", "admin") => Ok(admin(AdminRole::Admin)),
            ("admin", "operator") => Ok(admin(AdminRole::Operator)),
            ("finance", "specialist") => Ok(finance(FinanceRole::Specialist)),
            ("finance", "manager") => Ok(finance(FinanceRole::Manager)),
            ("finance", "auditor") => Ok(finance(FinanceRole::Auditor)),
            ("analyst", "analyst") => Ok(Self::Analyst),
            _ => Err(UnknownRole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn held(permissions: impl Serialize) -> Vec<String> {
        let value = serde_json::to_value(permissions).unwrap();
        let object = value.as_object().unwrap();
        object.iter().filter(|(_, held)| **held == json!(true)).map(|(name, _)| name.clone()).collect()
    }

    #[test]
    fn presets_of_administrators() {
        assert_eq!(held(AdminRole::SuperAdmin.preset()).len(), 8);
        assert_eq!(
            held(AdminRole::Admin.preset()),
            [
                "can_authorize_applications",
                "can_manage_applications",
                "can_manage_operators",
                "can_reset_api_keys",
                "can_send_notifications",
                "can_view_financial_data"
            ]
        );
        assert_eq!(
            held(AdminRole::Operator.preset()),
            [
                "can_authorize_applications",
                "can_manage_operators",
                "can_reset_api_keys",
                "can_send_notifications"
            ]
        );
    }

    #[test]
    fn presets_of_finance() {
        assert_eq!(held(FinanceRole::Manager.preset()).len(), 5);
        assert_eq!(
            held(FinanceRole::Specialist.preset()),
            ["can_export_report", "can_review_invoice", "can_review_refund", "can_view_all_transactions"]
        );
        assert_eq!(held(FinanceRole::Auditor.preset()), ["can_export_report", "can_view_all_transactions"]);
    }

    #[test]
    fn an_override_changes_one_permission() {
        let support = AdminRole::Operator
            .permissions(&json!({"can_view_financial_data": true, "can_manage_admins": "yes"}));
        assert_eq!(
            support,
            AdminPermissions { can_view_financial_data: true, ..AdminRole::Operator.preset() }
        );
        let manager = FinanceRole::Manager.permissions(&json!({"can_review_refund": false}));
        assert!(!manager.can_review_refund && manager.can_review_invoice);
    }

    #[test]
    fn no_override_lowers_a_super_admin_or_lets_an_auditor_decide() {
        let everything_off = json!({"can_manage_admins": false, "can_manage_system_config": false});
        assert_eq!(AdminRole::SuperAdmin.permissions(&everything_off), AdminPermissions::ALL);
        let everything_on =
            json!({"can_review_refund": true, "can_review_invoice": true, "can_resolve_recharge": true});
        assert_eq!(FinanceRole::Auditor.permissions(&everything_on), FinanceRole::Auditor.preset());
    }

    #[test]
    fn a_role_belongs_to_its_kind() {
        assert!(Authority::of_staff("finance", "super_admin", &json!({})).is_err());
        assert!(Authority::of_staff("admin", "auditor", &json!({})).is_err());
        assert_eq!(Authority::of_staff("analyst", "analyst", &json!({})), Ok(Authority::Analyst));
    }
}
