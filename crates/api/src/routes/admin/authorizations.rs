use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{self, AppId, GrantId, OperatorId};
use base::paging::PageRequest;
use base::validate::Fields;
use office::audit::{self, Act};
use office::grants::{self, Grant, ListFilter, NewGrant, Status};
use platform::security::roles::CanAuthorizeApplications;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, ApiQuery, OptionalJson, PathId};
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    operator_id: Option<OperatorId>,
    app_id: Option<AppId>,
    status: Option<Status>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateAuthorizationRequest {
    operator_id: OperatorId,
    app_id: AppId,
    /// In the future; absent or null: forever.
    expires_at: Option<UtcTime>,
    #[schema(max_length = 200)]
    note: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateAuthorizationRequest {
    /// In the future; null: forever.
    #[serde(deserialize_with = "required_nullable")]
    #[schema(required = true)]
    expires_at: Option<UtcTime>,
}

/// Without this an absent field would read as null and make the grant last forever.
fn required_nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UtcTime>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct RevokeAuthorizationRequest {
    #[schema(max_length = 200)]
    reason: Option<String>,
}

/// A grant of an application to an operator.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthorizationItem {
    authorization_id: GrantId,
    operator_id: OperatorId,
    operator_name: String,
    app_id: AppId,
    app_name: String,
    status: Status,
    authorized_at: UtcTime,
    expires_at: Option<UtcTime>,
    authorized_by: String,
}

impl AuthorizationItem {
    fn new(grant: Grant, now: UtcTime) -> Self {
        AuthorizationItem {
            authorization_id: grant.id,
            status: grant.status(now),
            operator_id: grant.operator_id,
            operator_name: grant.operator_name,
            app_id: grant.app_id,
            app_name: grant.app_name,
            authorized_at: grant.authorized_at,
            expires_at: grant.expires_at,
            authorized_by: grant.authorized_by,
        }
    }
}

/// List grants, newest first, past ones included.
#[utoipa::path(
    get, path = "/v1/admin/authorizations", operation_id = "list_authorizations", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, ListParams),
    responses(
        (status = 200, body = Page<AuthorizationItem>, description = "One page of grants."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn list_authorizations(
    State(app): State<App>,
    _caller: AdminCaller,
    page: PageRequest,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<Page<AuthorizationItem>>, Rejection> {
    let filter = ListFilter { operator_id: params.operator_id, app_id: params.app_id, status: params.status };
    let now = app.clock().now();
    let mut connection = app.database().acquire().await?;
    let (total, items) = grants::list(&mut connection, &filter, page, now).await?;
    let items = items.into_iter().map(|grant| AuthorizationItem::new(grant, now)).collect();
    Ok(Json(Page::new(page, total, items)))
}

/// Grant an application to an operator; it works at once.
#[utoipa::path(
    post, path = "/v1/admin/authorizations", operation_id = "create_authorization", tag = "admin",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters.")),
    request_body = CreateAuthorizationRequest,
    responses(
        (status = 201, body = Data<AuthorizationItem>, description = "The grant."),
        (status = 400, description = "A field is wrong, it is granted already, or the application is off the shelf."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_authorize_applications`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND` or `APP_NOT_FOUND`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn create_authorization(
    State(app): State<App>,
    caller: AdminCaller<CanAuthorizeApplications>,
    IdempotentJson(attempt, body): IdempotentJson<CreateAuthorizationRequest>,
) -> Result<Response, Rejection> {
    Fields::new().optional_length("note", body.note.as_deref(), 0..=200).finish()?;
    let act = Act::new(
        "authorization_create",
        json!({"operator_id": body.operator_id, "app_id": body.app_id, "expires_at": body.expires_at, "note": body.note}),
    );
    let new = NewGrant {
        operator_id: body.operator_id,
        app_id: body.app_id,
        expires_at: body.expires_at.map(UtcTime::to_millis_precision),
        note: body.note,
        authorized_by: caller.signed_in.username.clone(),
    };
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let now = app.clock().now();
            let given = grants::give(connection, &new, now).await?;
            grants::tell_given(connection, &given, &app.settings().business_timezone, now).await?;
            let grant = given.grant;
            act.set_target("authorization", &grant.id);
            Ok(AuthorizationItem::new(grant, now))
        })
        .await?)
}

/// Change until when a grant lasts.
#[utoipa::path(
    put, path = "/v1/admin/authorizations/{id}", operation_id = "update_authorization", tag = "admin",
    security(("bearer" = [])),
    params(("id" = GrantId, Path, description = "The grant.")),
    request_body = UpdateAuthorizationRequest,
    responses(
        (status = 200, body = Data<AuthorizationItem>, description = "The grant as it is now."),
        (status = 400, description = "The expiry is wrong, or the grant was revoked or replaced."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_authorize_applications`."),
        (status = 404, description = "There is no such grant."),
    ),
)]
pub(crate) async fn update_authorization(
    State(app): State<App>,
    caller: AdminCaller<CanAuthorizeApplications>,
    PathId(grant_id): PathId<ids::Grant>,
    ApiJson(body): ApiJson<UpdateAuthorizationRequest>,
) -> Result<Data<AuthorizationItem>, Rejection> {
    let expires_at = body.expires_at.map(UtcTime::to_millis_precision);
    let act =
        Act::new("authorization_update", json!({"expires_at": expires_at})).on("authorization", &grant_id);
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    let after = audit::perform(
        app.database(),
        app.clock(),
        &caller.signed_in.actor(),
        act,
        async |connection, act| {
            let zone = &app.settings().business_timezone;
            let (before, after) =
                grants::change_expiry(connection, grant_id, expires_at, by, zone, now).await?;
            act.set_change(json!({"expires_at": before.expires_at}), json!({"expires_at": after.expires_at}));
            name_grant(act, &after);
            Ok(after)
        },
    )
    .await?;
    Ok(Data::new(AuthorizationItem::new(after, now)))
}

/// Says whose grant of what it was.
fn name_grant(act: &mut Act, grant: &Grant) {
    act.set("operator_id", grant.operator_id.to_string());
    act.set("app_id", grant.app_id.to_string());
}

/// Revoke a grant; the next authorization is refused.
#[utoipa::path(
    delete, path = "/v1/admin/authorizations/{id}", operation_id = "revoke_authorization", tag = "admin",
    security(("bearer" = [])),
    params(("id" = GrantId, Path, description = "The grant.")),
    request_body = Option<RevokeAuthorizationRequest>,
    responses(
        (status = 200, body = Data<Nothing>, description = "The grant is revoked."),
        (status = 400, description = "The reason is wrong, or the grant was revoked or replaced already."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_authorize_applications`."),
        (status = 404, description = "There is no such grant."),
    ),
)]
pub(crate) async fn revoke_authorization(
    State(app): State<App>,
    caller: AdminCaller<CanAuthorizeApplications>,
    PathId(grant_id): PathId<ids::Grant>,
    OptionalJson(body): OptionalJson<RevokeAuthorizationRequest>,
) -> Result<Data<Nothing>, Rejection> {
    let reason = body.and_then(|body| body.reason).map(|reason| reason.trim().to_owned());
    let reason = reason.filter(|reason| !reason.is_empty());
    Fields::new().optional_length("reason", reason.as_deref(), 0..=200).finish()?;
    let act = Act::new("authorization_revoke", json!({"reason": reason})).on("authorization", &grant_id);
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let grant = grants::revoke(connection, grant_id, reason.as_deref(), by, now).await?;
        name_grant(act, &grant);
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}
