use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::paging::PageRequest;
use base::validate::Fields;
use office::staff::{self, ListFilter, Manager, StaffAccount, StaffKind};
use platform::security::roles::CanManageAdmins;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::AdminCaller;
use crate::http::extract::ApiQuery;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    kind: Option<StaffKind>,
    /// Part of name, username, phone or email.
    keyword: Option<String>,
    is_active: Option<bool>,
}

/// A staff account, without its password.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountItem {
    /// Begins with `admin_`, `fin_` or `ana_`, by kind.
    account_id: String,
    kind: StaffKind,
    username: String,
    name: String,
    /// Null for accounts that the platform made itself.
    phone: Option<String>,
    email: Option<String>,
    /// `super_admin`, `admin`, `operator` (support); `specialist`, `manager`, `auditor`; `analyst`.
    role: String,
    /// What the account may do, by name: the preset of its role with the account's own exceptions. Analysts have none.
    permissions: BTreeMap<&'static str, bool>,
    is_active: bool,
    created_at: UtcTime,
    updated_at: UtcTime,
}

impl From<StaffAccount> for AccountItem {
    fn from(account: StaffAccount) -> Self {
        AccountItem {
            account_id: account.subject.to_string(),
            kind: account.role.kind(),
            permissions: account.authority().permissions(),
            role: account.role.as_str().to_owned(),
            username: account.username,
            name: account.name,
            phone: account.phone,
            email: account.email,
            is_active: account.is_active,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

/// What the audit log keeps of an account.
pub(super) fn audited(account: &StaffAccount) -> Value {
    json!({
        "name": account.name,
        "phone": account.phone,
        "email": account.email,
        "role": account.role.as_str(),
        "permissions": account.authority().permissions(),
        "is_active": account.is_active,
    })
}

/// The caller as who manages accounts.
pub(super) fn manager(caller: &AdminCaller<CanManageAdmins>) -> Manager {
    Manager { role: caller.role, permissions: caller.permissions }
}

/// List staff accounts, newest first.
#[utoipa::path(
    get, path = "/v1/admin/accounts", operation_id = "list_accounts", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, ListParams),
    responses(
        (status = 200, body = Page<AccountItem>, description = "One page of accounts."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_admins`."),
    ),
)]
pub(crate) async fn list_accounts(
    State(app): State<App>,
    _caller: AdminCaller<CanManageAdmins>,
    page: PageRequest,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<Page<AccountItem>>, Rejection> {
    Fields::new().optional_length("keyword", params.keyword.as_deref(), 0..=100).finish()?;
    let filter = ListFilter {
        kind: params.kind,
        keyword: params.keyword.map(|keyword| keyword.trim().to_owned()),
        is_active: params.is_active,
    };
    let mut connection = app.database().acquire().await?;
    let (total, items) = staff::list(&mut connection, &filter, page).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}
