use axum::extract::State;
use base::validate::Fields;
use office::sign_in::{self, SignedIn};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::extract::ApiJson;
use crate::http::rejection::Rejection;

#[derive(Deserialize, ToSchema)]
pub(crate) struct ChangePasswordRequest {
    old_password: String,
    /// 8 to 32 characters with upper-case and lower-case letters and a digit.
    #[schema(min_length = 8, max_length = 32)]
    new_password: String,
}

/// Change the password of the calling account. Its other tokens die.
#[utoipa::path(
    post, path = "/v1/auth/password", operation_id = "change_password", tag = "sign-in",
    security(("bearer" = [])),
    request_body = ChangePasswordRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "The new password is in force; other tokens are dead."),
        (status = 400, description = "The new password does not fit the rules."),
        (status = 401, description = "Not signed in, or the old password is wrong."),
        (status = 429, description = "Too many wrong passwords."),
    ),
)]
pub(crate) async fn change_password(
    State(app): State<App>,
    caller: SignedIn,
    ApiJson(body): ApiJson<ChangePasswordRequest>,
) -> Result<Data<Nothing>, Rejection> {
    Fields::new().password("new_password", &body.new_password).finish()?;
    sign_in::change_password(&app.authenticator(), &caller, &body.old_password, &body.new_password).await?;
    Ok(Data::nothing())
}
