use axum::extract::State;
use base::ids::{Operator, OperatorId};
use base::problem::Problem;
use base::validate::Fields;
use office::audit::{self, Act};
use office::operators;
use platform::security::roles::CanManageOperators;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, PathId};
use crate::http::rejection::Rejection;

#[derive(Deserialize, ToSchema)]
pub(crate) struct ReasonRequest {
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

/// Lock an operator: no sign-in, no authorization, all its tokens are dead.
#[utoipa::path(
    post, path = "/v1/admin/operators/{id}/lock", operation_id = "lock_operator", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator.")),
    request_body = ReasonRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "The operator is locked."),
        (status = 400, description = "The reason is wrong, or the operator is deactivated."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_operators`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn lock_operator(
    State(app): State<App>,
    caller: AdminCaller<CanManageOperators>,
    PathId(operator_id): PathId<Operator>,
    ApiJson(body): ApiJson<ReasonRequest>,
) -> Result<Data<Nothing>, Rejection> {
    Ok(change_lock(&app, &caller, operator_id, &body, Change::Lock).await?)
}

/// Unlock an operator.
#[utoipa::path(
    post, path = "/v1/admin/operators/{id}/unlock", operation_id = "unlock_operator", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator.")),
    request_body = ReasonRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "The operator is not locked."),
        (status = 400, description = "The reason is wrong, or the operator is deactivated."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_operators`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn unlock_operator(
    State(app): State<App>,
    caller: AdminCaller<CanManageOperators>,
    PathId(operator_id): PathId<Operator>,
    ApiJson(body): ApiJson<ReasonRequest>,
) -> Result<Data<Nothing>, Rejection> {
    Ok(change_lock(&app, &caller, operator_id, &body, Change::Unlock).await?)
}

#[derive(Clone, Copy)]
enum Change {
    Lock,
    Unlock,
}

async fn change_lock(
    app: &App,
    caller: &AdminCaller<CanManageOperators>,
    operator_id: OperatorId,
    body: &ReasonRequest,
    change: Change,
) -> Result<Data<Nothing>, Problem> {
    Fields::new().length("reason", &body.reason, 2..=200).finish()?;
    let reason = body.reason.trim();
    let (by, ip) = (&caller.signed_in.username, Some(caller.signed_in.origin.ip));
    let now = app.clock().now();
    let operation = match change {
        Change::Lock => "operator_lock",
        Change::Unlock => "operator_unlock",
    };
    let act = Act::new(operation, json!({"reason": reason})).on_operator(operator_id);
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let changed = match change {
            Change::Lock => operators::lock(connection, operator_id, reason, by, ip, now).await?,
            Change::Unlock => operators::unlock(connection, operator_id, reason, by, ip, now).await?,
        };
        act.set("changed", changed);
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}
