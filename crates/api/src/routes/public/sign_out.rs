use axum::extract::State;
use office::sign_in::{self, SignedIn};

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::OperatorCaller;
use crate::http::rejection::Rejection;

/// Sign out as an operator; the token is dead afterwards.
#[utoipa::path(
    post, path = "/v1/auth/operators/logout", operation_id = "sign_out_operator", tag = "sign-in",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Data<Nothing>, description = "The token is dead."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an operator."),
    ),
)]
pub(crate) async fn sign_out_operator(
    State(app): State<App>,
    caller: OperatorCaller,
) -> Result<Data<Nothing>, Rejection> {
    sign_in::sign_out(app.database(), &caller.signed_in, app.clock().now()).await?;
    Ok(Data::nothing())
}

/// Sign out, whatever the role; the token is dead afterwards.
#[utoipa::path(
    post, path = "/v1/auth/logout", operation_id = "sign_out", tag = "sign-in",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Data<Nothing>, description = "The token is dead."),
        (status = 401, description = "Not signed in."),
    ),
)]
pub(crate) async fn sign_out(State(app): State<App>, caller: SignedIn) -> Result<Data<Nothing>, Rejection> {
    sign_in::sign_out(app.database(), &caller, app.clock().now()).await?;
    Ok(Data::nothing())
}
