//! `POST /v1/operators/me/api-key/regenerate`.

use axum::extract::State;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::clock::UtcTime;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::ApiJson;
use crate::operators::profile;
use crate::problem::{ErrorCode, Problem, Text};
use crate::security::{api_key, password};

/// The password, asked again.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RegenerateApiKey {
    #[schema(value_type = String)]
    password: SecretString,
}

/// The new key, shown this once.
#[derive(Serialize, ToSchema)]
#[expect(missing_debug_implementations, reason = "the key must not get into logs")]
pub struct ApiKeyAnswer {
    api_key: String,
    generated_at: UtcTime,
}

/// Replaces the API key. The old one stops working at once, on every instance.
#[utoipa::path(
    post,
    path = "/v1/operators/me/api-key/regenerate",
    operation_id = "regenerate_api_key",
    tag = "operator",
    security(("bearer" = [])),
    request_body = RegenerateApiKey,
    responses(
        (status = 200, description = "The new key", body = Data<ApiKeyAnswer>),
        (status = 400, description = "The password is missing"),
        (status = 401, description = "Not signed in, or the password is wrong"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn regenerate_api_key(
    State(app): State<App>,
    caller: OperatorCaller,
    ApiJson(body): ApiJson<RegenerateApiKey>,
) -> Result<Data<ApiKeyAnswer>, Problem> {
    // No connection is held while the password is hashed: that takes longer than everything else together.
    let hash = {
        let mut connection = app.database().acquire().await?;
        profile::password_hash(&mut connection, caller.operator_id).await?
    };
    if !password::verify(&app, body.password.expose_secret(), &hash).await? {
        let text = Text::new("密码不正确", "The password is wrong");
        return Err(Problem::new(ErrorCode::Unauthorized).with_text(text));
    }
    let generated_at = app.clock().now();
    let mut transaction = app.database().begin().await?;
    let api_key = api_key::replace(&mut transaction, app.cipher(), caller.operator_id, generated_at).await?;
    transaction.commit().await?;
    Ok(Data::new(ApiKeyAnswer {
        api_key,
        generated_at,
    }))
}
