//! `DELETE /v1/operators/me`.

use axum::extract::State;
use base::validate::Fields;
use office::audit::{self, Act};
use office::operators::{self, Departure};
use office::sign_in::confirm_password;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::OperatorCaller;
use crate::http::extract::ApiJson;
use crate::http::rejection::Rejection;

/// The password, asked again, and what is to become of the balance.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DeactivateOperator {
    #[schema(value_type = String)]
    password: SecretString,
    #[schema(max_length = 200)]
    reason: Option<String>,
    /// Gives up what is left of the balance. Without it, an account with a balance is not closed.
    forfeit_balance: Option<bool>,
}

/// Closes the account for good: no sign-in, no authorization, every token dead. The data is kept. Pending refunds,
/// invoices and requests for applications are rejected.
#[utoipa::path(
    delete,
    path = "/v1/operators/me",
    operation_id = "deactivate_operator",
    tag = "operator",
    security(("bearer" = [])),
    request_body = DeactivateOperator,
    responses(
        (status = 200, description = "The account is deactivated", body = Data<Nothing>),
        (status = 400, description = "The password is missing, or the reason is too long"),
        (status = 401, description = "Not signed in, or the password is wrong"),
        (status = 403, description = "Not an operator"),
        (status = 409, description = "`BALANCE_NOT_ZERO` with `balance`"),
        (status = 429, description = "Too many attempts at the password"),
    )
)]
pub async fn deactivate_operator(
    State(app): State<App>,
    caller: OperatorCaller,
    ApiJson(body): ApiJson<DeactivateOperator>,
) -> Result<Data<Nothing>, Rejection> {
    Fields::new().optional_length("reason", body.reason.as_deref(), 0..=200).finish()?;
    let forfeit_balance = body.forfeit_balance.unwrap_or(false);
    let details = json!({"reason": body.reason, "forfeit_balance": forfeit_balance});
    let act = Act::new("operator_deactivate", details).on_operator(caller.operator_id);
    confirm_password(&app.authenticator(), &caller.signed_in, &act, body.password.expose_secret()).await?;
    let by = caller.signed_in.username.clone();
    let departure = Departure { reason: body.reason, forfeit_balance, by };
    let now = app.clock().now();
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let forfeited = operators::deactivate(connection, caller.operator_id, &departure, now).await?;
        act.set("forfeited", json!(forfeited));
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}
