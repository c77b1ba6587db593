//! `/v1/operators/me/app-requests`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{self, AppId, AppRequestId};
use base::paging::PageRequest;
use base::problem::ErrorCode;
use base::validate::Fields;
use office::audit::Act;
use office::grants::{self, Request};
use office::review::ReviewStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// Which requests are asked for.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestsQuery {
    pub(crate) status: Option<ReviewStatus>,
}

/// A request for an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppRequestItem {
    request_id: AppRequestId,
    app_id: AppId,
    app_name: String,
    reason: String,
    status: ReviewStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    reject_reason: Option<String>,
    /// Absent until the request is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_at: Option<UtcTime>,
    created_at: UtcTime,
}

impl From<Request> for AppRequestItem {
    fn from(request: Request) -> Self {
        AppRequestItem {
            request_id: request.id,
            app_id: request.app_id,
            app_name: request.app_name,
            reason: request.reason,
            status: request.status,
            reject_reason: request.reject_reason,
            reviewed_by: request.reviewed_by,
            reviewed_at: request.reviewed_at,
            created_at: request.created_at,
        }
    }
}

/// The operator's requests, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/app-requests",
    operation_id = "list_app_requests",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams, RequestsQuery),
    responses(
        (status = 200, description = "One page of requests", body = Page<AppRequestItem>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_app_requests(
    State(app): State<App>,
    caller: OperatorCaller,
    page: PageRequest,
    ApiQuery(query): ApiQuery<RequestsQuery>,
) -> Result<Json<Page<AppRequestItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, items) =
        grants::list_requests(&mut connection, Some(caller.operator_id), query.status, page).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}

/// One request of the operator.
#[utoipa::path(
    get,
    path = "/v1/operators/me/app-requests/{id}",
    operation_id = "get_app_request",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = AppRequestId, Path, description = "The request")),
    responses(
        (status = 200, description = "The request", body = Data<AppRequestItem>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "The operator has no such request"),
    )
)]
pub async fn get_app_request(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(request_id): PathId<ids::AppRequest>,
) -> Result<Data<AppRequestItem>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let request = grants::find_request(&mut connection, Some(caller.operator_id), request_id).await?;
    Ok(Data::new(request.ok_or(ErrorCode::ResourceNotFound)?.into()))
}

/// What is asked for, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateAppRequest {
    app_id: AppId,
    #[schema(min_length = 10, max_length = 500)]
    reason: String,
}

/// Asks for an application.
#[utoipa::path(
    post,
    path = "/v1/operators/me/app-requests",
    operation_id = "create_app_request",
    tag = "operator",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    request_body = CreateAppRequest,
    responses(
        (status = 201, description = "The request", body = Data<AppRequestItem>),
        (status = 400, description = "A field is not valid, or the application is granted, asked for or off the shelf"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "`APP_NOT_FOUND`"),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`"),
    )
)]
pub async fn create_app_request(
    State(app): State<App>,
    caller: OperatorCaller,
    IdempotentJson(attempt, body): IdempotentJson<CreateAppRequest>,
) -> Result<Response, Rejection> {
    Fields::new().length("reason", &body.reason, 10..=500).finish()?;
    let act = Act::new("app_request_create", json!({"app_id": body.app_id}));
    let (operator_id, reason) = (caller.operator_id, body.reason.trim());
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let now = app.clock().now();
            let request = grants::ask(connection, operator_id, body.app_id, reason, now).await?;
            act.set_target("app_request", &request.id);
            Ok(AppRequestItem::from(request))
        })
        .await?)
}
