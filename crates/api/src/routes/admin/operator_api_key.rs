use axum::extract::State;
use base::ids::{Operator, OperatorId};
use base::problem::ErrorCode;
use base::validate::Fields;
use office::audit::{self, Act};
use office::operators;
use platform::security::api_key;
use platform::security::roles::CanResetApiKeys;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, PathId};
use crate::http::rejection::Rejection;
use crate::routes::operator::api_key::ApiKeyAnswer;

/// See the API key of an operator. Who looked is in the audit log before the key is shown.
#[utoipa::path(
    get, path = "/v1/admin/operators/{id}/api-key", operation_id = "get_operator_api_key", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator.")),
    responses(
        (status = 200, body = Data<ApiKeyAnswer>, description = "The key."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_reset_api_keys`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn get_operator_api_key(
    State(app): State<App>,
    caller: AdminCaller<CanResetApiKeys>,
    PathId(operator_id): PathId<Operator>,
) -> Result<Data<ApiKeyAnswer>, Rejection> {
    let act = Act::new("api_key_view", json!({})).on_operator(operator_id);
    let (api_key, generated_at) =
        audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, _| {
            let key = api_key::reveal(connection, app.cipher(), operator_id).await?;
            key.ok_or_else(|| ErrorCode::OperatorNotFound.into())
        })
        .await?;
    Ok(Data::new(ApiKeyAnswer { api_key, generated_at }))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct ResetApiKeyRequest {
    #[schema(min_length = 10, max_length = 200)]
    reason: String,
}

/// Replace the API key of an operator. The old one is dead at once, on every instance.
#[utoipa::path(
    post, path = "/v1/admin/operators/{id}/api-key/reset", operation_id = "reset_operator_api_key", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator.")),
    request_body = ResetApiKeyRequest,
    responses(
        (status = 200, body = Data<ApiKeyAnswer>, description = "The new key."),
        (status = 400, description = "The reason is wrong, or the operator is deactivated."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_reset_api_keys`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn reset_operator_api_key(
    State(app): State<App>,
    caller: AdminCaller<CanResetApiKeys>,
    PathId(operator_id): PathId<Operator>,
    ApiJson(body): ApiJson<ResetApiKeyRequest>,
) -> Result<Data<ApiKeyAnswer>, Rejection> {
    Fields::new().length("reason", &body.reason, 10..=200).finish()?;
    let act = Act::new("api_key_reset", json!({"reason": body.reason.trim()})).on_operator(operator_id);
    let generated_at = app.clock().now();
    let api_key =
        audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, _| {
            operators::reset_api_key(connection, app.cipher(), operator_id, generated_at).await
        })
        .await?;
    Ok(Data::new(ApiKeyAnswer { api_key, generated_at }))
}
