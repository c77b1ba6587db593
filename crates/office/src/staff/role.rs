use std::collections::BTreeMap;

use base::clock::UtcTime;
use base::ids::{AdminId, AnalystId, FinanceId};
use base::problem::Text;
use base::validate::Fields;
use platform::security::roles::{AdminRole, Authority, FinanceRole};
use platform::security::tokens::Subject;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// The door a staff account signs in at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
pub enum StaffKind {
    Admin,
    Finance,
    Analyst,
}

/// Kind and role of a staff account, which belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    Admin(AdminRole),
    Finance(FinanceRole),
    Analyst,
}

impl StaffRole {
    /// The role of this name, if accounts of the kind can have it.
    #[must_use]
    pub fn parse(kind: StaffKind, role: &str) -> Option<Self> {
        match Authority::of_staff(kind.into_str(), role, &Value::Null).ok()? {
            Authority::Admin(role, _) => Some(Self::Admin(role)),
            Authority::Finance(role, _) => Some(Self::Finance(role)),
            Authority::Analyst => Some(Self::Analyst),
            Authority::Operator => None,
        }
    }

    #[must_use]
    pub const fn kind(self) -> StaffKind {
        match self {
            Self::Admin(_) => StaffKind::Admin,
            Self::Finance(_) => StaffKind::Finance,
            Self::Analyst => StaffKind::Analyst,
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin(role) => role.into_str(),
            Self::Finance(role) => role.into_str(),
            Self::Analyst => "analyst",
        }
    }

    /// What an account of this role may do with these overrides.
    #[must_use]
    pub fn authority(self, overrides: &Value) -> Authority {
        match self {
            Self::Admin(role) => Authority::Admin(role, role.permissions(overrides)),
            Self::Finance(role) => Authority::Finance(role, role.permissions(overrides)),
            Self::Analyst => Authority::Analyst,
        }
    }

    /// The overrides that make a difference to the preset of this role. Only those are kept: what means nothing today
    /// must not come to life when the role changes.
    #[must_use]
    pub fn effective_overrides(self, wanted: &BTreeMap<String, bool>) -> Value {
        let wanted = wanted.iter().map(|(name, held)| (name.clone(), Value::Bool(*held))).collect();
        let preset = self.authority(&Value::Null).permissions();
        let effective = self.authority(&Value::Object(wanted)).permissions();
        let differing = effective.into_iter().filter(|(name, held)| preset.get(name) != Some(held));
        Value::Object(differing.map(|(name, held)| (name.to_owned(), Value::Bool(held))).collect())
    }

    pub(super) fn new_id(self, now: UtcTime) -> Uuid {
        match self {
            Self::Admin(_) => AdminId::generate(now).uuid(),
            Self::Finance(_) => FinanceId::generate(now).uuid(),
            Self::Analyst => AnalystId::generate(now).uuid(),
        }
    }
}

/// The staff account of an id in wire form, whose prefix tells the kind.
#[must_use]
pub fn parse_id(id: &str) -> Option<(StaffKind, Subject)> {
    let admin = id.parse().ok().map(|id| (StaffKind::Admin, Subject::Admin(id)));
    let finance = || id.parse().ok().map(|id| (StaffKind::Finance, Subject::Finance(id)));
    let analyst = || id.parse().ok().map(|id| (StaffKind::Analyst, Subject::Analyst(id)));
    admin.or_else(finance).or_else(analyst)
}

/// Notes every permission that accounts of the kind do not know.
pub fn check_permissions(fields: &mut Fields, kind: StaffKind, wanted: &BTreeMap<String, bool>) {
    let any_role = match kind {
        StaffKind::Admin => StaffRole::Admin(AdminRole::Admin),
        StaffKind::Finance => StaffRole::Finance(FinanceRole::Manager),
        StaffKind::Analyst => StaffRole::Analyst,
    };
    let known = any_role.authority(&Value::Null).permissions();
    for name in wanted.keys() {
        let text = Text::new("该类账号没有此权限", "is not a permission of this kind of account");
        fields.check(&format!("permissions.{name}"), known.contains_key(name.as_str()), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn overrides(role: StaffRole, wanted: &[(&str, bool)]) -> Value {
        role.effective_overrides(&wanted.iter().map(|(name, held)| ((*name).to_owned(), *held)).collect())
    }

    #[test]
    fn only_overrides_that_make_a_difference_are_kept() {
        let support = StaffRole::Admin(AdminRole::Operator);
        let wanted = [("can_manage_operators", true), ("can_view_financial_data", true), ("no_such", true)];
        assert_eq!(overrides(support, &wanted), json!({"can_view_financial_data": true}));
        let super_admin = StaffRole::Admin(AdminRole::SuperAdmin);
        assert_eq!(overrides(super_admin, &[("can_manage_admins", false)]), json!({}));
        let auditor = StaffRole::Finance(FinanceRole::Auditor);
        let wanted = [("can_review_refund", true), ("can_export_report", false)];
        assert_eq!(overrides(auditor, &wanted), json!({"can_export_report": false}));
        assert_eq!(overrides(StaffRole::Analyst, &[("can_export_report", true)]), json!({}));
    }

    #[test]
    fn a_role_is_found_within_its_kind() {
        assert_eq!(
            StaffRole::parse(StaffKind::Admin, "operator"),
            Some(StaffRole::Admin(AdminRole::Operator))
        );
        assert_eq!(StaffRole::parse(StaffKind::Analyst, "analyst"), Some(StaffRole::Analyst));
        assert_eq!(StaffRole::parse(StaffKind::Finance, "super_admin"), None);
        assert_eq!(StaffRole::parse(StaffKind::Admin, ""), None);
    }
}
