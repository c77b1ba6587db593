use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{Operator, OperatorId};
use base::paging::PageRequest;
use base::problem::ErrorCode;
use base::validate::Fields;
use money::Fen;
use office::operators::{self, Category, Details, ListFilter, SortBy, SortOrder, Summary};
use platform::security::roles::AdminPermission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// Filters and order of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    category: Option<Category>,
    /// Part of name, username, phone or email.
    keyword: Option<String>,
    /// Deactivated operators are hidden unless this is true.
    include_deactivated: Option<bool>,
    locked: Option<bool>,
    /// `created_at` unless given.
    #[param(inline)]
    sort_by: Option<SortBy>,
    /// `desc` unless given.
    #[param(inline)]
    sort_order: Option<SortOrder>,
}

/// An operator in the list. Money is absent without `can_view_financial_data`.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperatorItem {
    operator_id: OperatorId,
    username: String,
    name: String,
    phone: String,
    email: String,
    category: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_consumed: Option<Fen>,
    is_deactivated: bool,
    is_locked: bool,
    created_at: UtcTime,
}

/// Everything about an operator. Money is absent without `can_view_financial_data`.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperatorDetails {
    #[serde(flatten)]
    summary: OperatorItem,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_recharged: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_refunded: Option<Fen>,
    total_sessions: i64,
    last_transaction_at: Option<UtcTime>,
    authorized_apps_count: i64,
    sites_count: i64,
    locked_reason: Option<String>,
    locked_at: Option<UtcTime>,
    updated_at: UtcTime,
}

impl OperatorItem {
    fn new<P: AdminPermission>(caller: &AdminCaller<P>, summary: Summary) -> Self {
        OperatorItem {
            operator_id: OperatorId::from_uuid(summary.id),
            username: summary.username,
            name: summary.name,
            phone: summary.phone,
            email: summary.email,
            category: summary.category,
            balance: caller.money(summary.balance),
            total_consumed: caller.money(summary.total_consumed),
            is_deactivated: summary.is_deactivated,
            is_locked: summary.is_locked,
            created_at: summary.created_at,
        }
    }
}

impl OperatorDetails {
    pub(super) fn new<P: AdminPermission>(caller: &AdminCaller<P>, details: Details) -> Self {
        OperatorDetails {
            summary: OperatorItem::new(caller, details.summary),
            total_recharged: caller.money(details.total_recharged),
            total_refunded: caller.money(details.total_refunded),
            total_sessions: details.total_sessions,
            last_transaction_at: details.last_transaction_at,
            authorized_apps_count: details.authorized_apps_count,
            sites_count: details.sites_count,
            locked_reason: details.locked_reason,
            locked_at: details.locked_at,
            updated_at: details.updated_at,
        }
    }
}

/// List operators.
#[utoipa::path(
    get, path = "/v1/admin/operators", operation_id = "list_operators", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, ListParams),
    responses(
        (status = 200, body = Page<OperatorItem>, description = "One page of operators."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator, or ordering by money without the permission to see it."),
    ),
)]
pub(crate) async fn list_operators(
    State(app): State<App>,
    caller: AdminCaller,
    page: PageRequest,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<Page<OperatorItem>>, Rejection> {
    let sort_by = params.sort_by.unwrap_or_default();
    // The order would tell what the fields do not.
    if matches!(sort_by, SortBy::Balance | SortBy::TotalConsumed) && caller.money(()).is_none() {
        return Err(ErrorCode::PermissionDenied.into());
    }
    Fields::new().optional_length("keyword", params.keyword.as_deref(), 0..=100).finish()?;
    let filter = ListFilter {
        category: params.category,
        keyword: params.keyword.map(|keyword| keyword.trim().to_owned()),
        include_deactivated: params.include_deactivated.unwrap_or(false),
        locked: params.locked,
        sort_by,
        sort_order: params.sort_order.unwrap_or_default(),
    };
    let mut connection = app.database().acquire().await?;
    let (total, items) = operators::list(&mut connection, &filter, page).await?;
    let items = items.into_iter().map(|summary| OperatorItem::new(&caller, summary)).collect();
    Ok(Json(Page::new(page, total, items)))
}

/// Everything about one operator.
#[utoipa::path(
    get, path = "/v1/admin/operators/{id}", operation_id = "get_operator", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator.")),
    responses(
        (status = 200, body = Data<OperatorDetails>, description = "The operator."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn get_operator(
    State(app): State<App>,
    caller: AdminCaller,
    PathId(operator_id): PathId<Operator>,
) -> Result<Data<OperatorDetails>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let details = operators::details(&mut connection, operator_id, app.clock().now()).await?;
    let details = details.ok_or(ErrorCode::OperatorNotFound)?;
    Ok(Data::new(OperatorDetails::new(&caller, details)))
}
