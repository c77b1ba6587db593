use std::collections::BTreeMap;

use axum::extract::State;
use base::problem::Problem;
use base::validate::Fields;
use office::audit::{self, Act};
use office::staff::{self, Changes, StaffKind, StaffRole};
use platform::security::roles::CanManageAdmins;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::accounts::{AccountItem, audited, manager};
use super::create_account::no_such_role;
use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, PathStaffId};
use crate::http::rejection::Rejection;

/// What changes; absent fields stay. Kind and username cannot change.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateAccountRequest {
    #[schema(min_length = 2, max_length = 50)]
    name: Option<String>,
    #[schema(pattern = r"^1[3-9]\d{9}$")]
    phone: Option<String>,
    #[schema(format = Email)]
    email: Option<String>,
    /// Another role begins with its preset, unless `permissions` are given.
    role: Option<String>,
    /// Single permissions that differ from the preset of the role, in the place of those before.
    permissions: Option<BTreeMap<String, bool>>,
    /// The tokens of a deactivated account are dead.
    is_active: Option<bool>,
}

impl UpdateAccountRequest {
    fn check(self, kind: StaffKind) -> Result<Changes, Problem> {
        let role = self.role.as_deref().map(|role| StaffRole::parse(kind, role));
        let mut fields = Fields::new();
        fields.contact(self.name.as_deref(), self.phone.as_deref(), self.email.as_deref());
        if let Some(permissions) = &self.permissions {
            staff::check_permissions(&mut fields, kind, permissions);
        }
        fields.check("role", role != Some(None), no_such_role()).finish()?;
        Ok(Changes {
            name: self.name,
            phone: self.phone,
            email: self.email,
            role: role.flatten(),
            permissions: self.permissions,
            is_active: self.is_active,
        })
    }
}

/// Change a staff account. Its next request is judged by what it is then.
#[utoipa::path(
    put, path = "/v1/admin/accounts/{id}", operation_id = "update_account", tag = "admin",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The account: `admin_…`, `fin_…` or `ana_…`.")),
    request_body = UpdateAccountRequest,
    responses(
        (status = 200, body = Data<AccountItem>, description = "The account as it is now."),
        (status = 400, description = "A field is wrong, or no active super admin would be left."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_admins`, or the account can or could do more than the caller \
            may give."),
        (status = 404, description = "There is no such account."),
    ),
)]
pub(crate) async fn update_account(
    State(app): State<App>,
    caller: AdminCaller<CanManageAdmins>,
    PathStaffId(kind, subject): PathStaffId,
    ApiJson(body): ApiJson<UpdateAccountRequest>,
) -> Result<Data<AccountItem>, Rejection> {
    let changes = body.check(kind)?;
    let wanted = json!({
        "role": changes.role.map(StaffRole::as_str), "permissions": changes.permissions, "is_active": changes.is_active,
    });
    let act = Act::new("account_update", wanted).on("account", &subject);
    let now = app.clock().now();
    let account = audit::perform(
        app.database(),
        app.clock(),
        &caller.signed_in.actor(),
        act,
        async |connection, act| {
            let (before, after) = staff::update(connection, manager(&caller), subject, changes, now).await?;
            act.set_change(audited(&before), audited(&after));
            Ok(after)
        },
    )
    .await?;
    Ok(Data::new(account.into()))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct ResetPasswordRequest {
    /// 8 to 32 characters with upper-case and lower-case letters and a digit.
    #[schema(min_length = 8, max_length = 32)]
    new_password: String,
}

/// Give a staff account another password. All its tokens are dead.
#[utoipa::path(
    post, path = "/v1/admin/accounts/{id}/password", operation_id = "reset_account_password", tag = "admin",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The account: `admin_…`, `fin_…` or `ana_…`.")),
    request_body = ResetPasswordRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "The new password is in force."),
        (status = 400, description = "The password does not fit the rules."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_admins`, or the account can do more than the caller."),
        (status = 404, description = "There is no such account."),
    ),
)]
pub(crate) async fn reset_account_password(
    State(app): State<App>,
    caller: AdminCaller<CanManageAdmins>,
    PathStaffId(_kind, subject): PathStaffId,
    ApiJson(body): ApiJson<ResetPasswordRequest>,
) -> Result<Data<Nothing>, Rejection> {
    Fields::new().password("new_password", &body.new_password).finish()?;
    let password_hash = app.passwords().hash(&body.new_password).await?;
    let act = Act::new("account_password_reset", json!({})).on("account", &subject);
    let now = app.clock().now();
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let account =
            staff::reset_password(connection, manager(&caller), subject, &password_hash, now).await?;
        act.set("username", account.username);
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}
