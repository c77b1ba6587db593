use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{AppRequest, AppRequestId, OperatorId};
use base::paging::PageRequest;
use base::validate::Fields;
use office::audit::{self, Act};
use office::grants::{self, Request};
use platform::security::roles::CanAuthorizeApplications;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, ApiQuery, PathId};
use crate::http::idempotency::OptionalIdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;
use crate::routes::operator::app_requests::{AppRequestItem, RequestsQuery};

/// A request for an application, and who asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperatorAppRequestItem {
    #[serde(flatten)]
    request: AppRequestItem,
    operator_id: OperatorId,
    operator_name: String,
    operator_category: String,
}

impl From<Request> for OperatorAppRequestItem {
    fn from(request: Request) -> Self {
        OperatorAppRequestItem {
            operator_id: request.operator_id,
            operator_name: request.operator_name.clone(),
            operator_category: request.operator_category.clone(),
            request: request.into(),
        }
    }
}

/// List the requests of all operators, newest first.
#[utoipa::path(
    get, path = "/v1/admin/app-requests", operation_id = "list_all_app_requests", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, RequestsQuery),
    responses(
        (status = 200, body = Page<OperatorAppRequestItem>, description = "One page of requests."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn list_all_app_requests(
    State(app): State<App>,
    _caller: AdminCaller,
    page: PageRequest,
    ApiQuery(query): ApiQuery<RequestsQuery>,
) -> Result<Json<Page<OperatorAppRequestItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, items) = grants::list_requests(&mut connection, None, query.status, page).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}

#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct ApproveAppRequest {
    /// In the future; absent or null: forever.
    expires_at: Option<UtcTime>,
    #[schema(max_length = 200)]
    note: Option<String>,
}

/// Grant what was asked for; it works at once, and the operator is told.
#[utoipa::path(
    post, path = "/v1/admin/app-requests/{id}/approve", operation_id = "approve_app_request", tag = "admin",
    security(("bearer" = [])),
    params(
        ("id" = AppRequestId, Path, description = "The request."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters."),
    ),
    request_body = Option<ApproveAppRequest>,
    responses(
        (status = 200, body = Data<Nothing>, description = "It is granted."),
        (status = 400, description = "A field is wrong, the request was decided already (granting the application by \
            itself decides it, too), or the application is off the shelf."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_authorize_applications`."),
        (status = 404, description = "There is no such request."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn approve_app_request(
    State(app): State<App>,
    caller: AdminCaller<CanAuthorizeApplications>,
    PathId(request_id): PathId<AppRequest>,
    OptionalIdempotentJson(attempt, body): OptionalIdempotentJson<ApproveAppRequest>,
) -> Result<Response, Rejection> {
    let body = body.unwrap_or_default();
    Fields::new().optional_length("note", body.note.as_deref(), 0..=200).finish()?;
    let expires_at = body.expires_at.map(UtcTime::to_millis_precision);
    let act = Act::new("app_request_approve", json!({"expires_at": expires_at, "note": body.note}))
        .on("app_request", &request_id);
    let by = &caller.signed_in.username;
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::OK, async |connection, act| {
            let (zone, now) = (&app.settings().business_timezone, app.clock().now());
            let grant = grants::approve(connection, request_id, expires_at, body.note, by, zone, now).await?;
            act.set("operator_id", grant.operator_id.to_string());
            act.set("app_id", grant.app_id.to_string());
            act.set("authorization_id", grant.id.to_string());
            Ok(Nothing {})
        })
        .await?)
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct RejectAppRequest {
    #[schema(min_length = 10, max_length = 200)]
    reason: String,
}

/// Decline a request. The operator is told why.
#[utoipa::path(
    post, path = "/v1/admin/app-requests/{id}/reject", operation_id = "reject_app_request", tag = "admin",
    security(("bearer" = [])),
    params(("id" = AppRequestId, Path, description = "The request.")),
    request_body = RejectAppRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "It is declined."),
        (status = 400, description = "The reason is wrong, or the request was decided already."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_authorize_applications`."),
        (status = 404, description = "There is no such request."),
    ),
)]
pub(crate) async fn reject_app_request(
    State(app): State<App>,
    caller: AdminCaller<CanAuthorizeApplications>,
    PathId(request_id): PathId<AppRequest>,
    ApiJson(body): ApiJson<RejectAppRequest>,
) -> Result<Data<Nothing>, Rejection> {
    Fields::new().length("reason", &body.reason, 10..=200).finish()?;
    let reason = body.reason.trim();
    let act = Act::new("app_request_reject", json!({"reason": reason})).on("app_request", &request_id);
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let request = grants::reject(connection, request_id, reason, by, now).await?;
        act.set("operator_id", request.operator_id.to_string());
        act.set("app_id", request.app_id.to_string());
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}
