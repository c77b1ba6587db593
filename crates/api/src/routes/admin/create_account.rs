use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::problem::{Problem, Text};
use base::validate::Fields;
use office::audit::Act;
use office::staff::{self, Changes, NewStaff, StaffKind, StaffRole};
use platform::security::roles::CanManageAdmins;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::accounts::{AccountItem, audited, manager};
use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::idempotency::IdempotentJson;
use crate::http::rejection::Rejection;

/// A new staff account.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateAccountRequest {
    kind: StaffKind,
    /// Unique within the kind, without regard to case.
    #[schema(pattern = "^[a-zA-Z0-9_]{3,20}$")]
    username: String,
    /// 8 to 32 characters with upper-case and lower-case letters and a digit.
    #[schema(min_length = 8, max_length = 32)]
    password: String,
    #[schema(min_length = 2, max_length = 50)]
    name: String,
    #[schema(pattern = r"^1[3-9]\d{9}$")]
    phone: String,
    #[schema(format = Email)]
    email: String,
    /// Admin: `super_admin`, `admin`, `operator`; finance: `specialist`, `manager`, `auditor`. An analyst is an
    /// `analyst`, and need not say so.
    role: Option<String>,
    /// Single permissions that differ from the preset of the role, by name.
    permissions: Option<BTreeMap<String, bool>>,
    /// True unless given.
    is_active: Option<bool>,
}

impl CreateAccountRequest {
    /// The role, if every field is right.
    fn check(&self) -> Result<StaffRole, Problem> {
        let implied = (self.kind == StaffKind::Analyst).then_some("analyst");
        let role = self.role.as_deref().or(implied).and_then(|role| StaffRole::parse(self.kind, role));
        let mut fields = Fields::new();
        fields.username("username", &self.username).password("password", &self.password).contact(
            Some(&self.name),
            Some(&self.phone),
            Some(&self.email),
        );
        if let Some(permissions) = &self.permissions {
            staff::check_permissions(&mut fields, self.kind, permissions);
        }
        fields.check("role", role.is_some(), no_such_role()).finish()?;
        role.ok_or_else(|| Problem::invalid_field("role", no_such_role()))
    }
}

pub(super) fn no_such_role() -> Text {
    Text::new("须为该类账号的角色", "must be a role of this kind of account")
}

/// Create a staff account.
#[utoipa::path(
    post, path = "/v1/admin/accounts", operation_id = "create_account", tag = "admin",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters.")),
    request_body = CreateAccountRequest,
    responses(
        (status = 201, body = Data<AccountItem>, description = "The account."),
        (status = 400, description = "A field is wrong, or `USERNAME_EXISTS`."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_admins`, or the account could do more than the caller may give."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn create_account(
    State(app): State<App>,
    caller: AdminCaller<CanManageAdmins>,
    IdempotentJson(attempt, body): IdempotentJson<CreateAccountRequest>,
) -> Result<Response, Rejection> {
    let role = body.check()?;
    let password_hash = app.passwords().hash(&body.password).await?;
    let new =
        NewStaff { role, username: &body.username, password_hash: &password_hash, name: body.name.trim() };
    let details = Changes {
        phone: Some(body.phone),
        email: Some(body.email),
        permissions: body.permissions,
        is_active: body.is_active,
        ..Changes::default()
    };
    let wanted = json!({
        "kind": body.kind, "username": body.username, "role": role.as_str(), "permissions": details.permissions,
    });
    let act = Act::new("account_create", wanted);
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let now = app.clock().now();
            let account = staff::create(connection, manager(&caller), &new, details, now).await?;
            act.set_target("account", &account.subject);
            act.set("after", audited(&account));
            Ok(AccountItem::from(account))
        })
        .await?)
}
