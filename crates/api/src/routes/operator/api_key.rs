//! `POST /v1/operators/me/api-key/regenerate`.

use axum::extract::State;
use base::clock::UtcTime;
use books::gate;
use office::audit::{self, Act};
use office::sign_in::confirm_password;
use platform::security::api_key;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::ApiJson;
use crate::http::rejection::Rejection;

/// The password, asked again.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RegenerateApiKey {
    #[schema(value_type = String)]
    password: SecretString,
}

/// An API key and since when it is in force.
#[derive(Serialize, ToSchema)]
#[expect(missing_debug_implementations, reason = "the key must not get into logs")]
pub struct ApiKeyAnswer {
    pub(crate) api_key: String,
    pub(crate) generated_at: UtcTime,
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
        (status = 200, description = "The new key, shown this once", body = Data<ApiKeyAnswer>),
        (status = 400, description = "The password is missing"),
        (status = 401, description = "Not signed in, or the password is wrong"),
        (status = 403, description = "Not an operator"),
        (status = 429, description = "Too many attempts at the password"),
    )
)]
pub async fn regenerate_api_key(
    State(app): State<App>,
    caller: OperatorCaller,
    ApiJson(body): ApiJson<RegenerateApiKey>,
) -> Result<Data<ApiKeyAnswer>, Rejection> {
    let act = Act::new("api_key_regenerate", json!({})).on("operator", &caller.operator_id);
    confirm_password(&app.authenticator(), &caller.signed_in, &act, body.password.expose_secret()).await?;
    let generated_at = app.clock().now();
    let api_key =
        audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, _| {
            let generation = gate::raise_key_generation(connection, caller.operator_id).await?;
            Ok(api_key::replace(connection, app.cipher(), caller.operator_id, generation, generated_at)
                .await?)
        })
        .await?;
    Ok(Data::new(ApiKeyAnswer { api_key, generated_at }))
}
