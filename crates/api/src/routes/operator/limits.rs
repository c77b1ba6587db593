//! `GET /v1/operators/me/limits`.

use axum::extract::State;
use money::Fen;
use office::invoices;
use office::operators::{Category, profile};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::rejection::Rejection;

/// What bounds an operator's money at this moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitsAnswer {
    /// The least amount of a top-up: the setting `recharge_min`.
    recharge_min: Fen,
    /// The greatest amount of a top-up: the setting `recharge_max`.
    recharge_max: Fen,
    /// How long an order can be paid: the setting of this name.
    payment_order_expire_minutes: i64,
    /// What may still be invoiced: top-ups minus refunds minus the invoices that are pending or approved.
    invoiceable_amount: Fen,
    /// A balance below this is low. It is the setting for the operator's category; zero says that none is low.
    low_balance_threshold: Fen,
}

/// What an operator may ask for, before it asks: the bounds by which its requests are judged.
#[utoipa::path(
    get,
    path = "/v1/operators/me/limits",
    operation_id = "get_limits",
    tag = "operator",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The bounds of top-ups and invoices, and when a balance is low", body = Data<LimitsAnswer>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn get_limits(
    State(app): State<App>,
    caller: OperatorCaller,
) -> Result<Data<LimitsAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let profile = profile::find(&mut connection, caller.operator_id).await?;
    let invoiceable = invoices::invoiceable(&mut connection, caller.operator_id).await?;
    let settings = app.settings();
    Ok(Data::new(LimitsAnswer {
        recharge_min: settings.recharge_min,
        recharge_max: settings.recharge_max,
        payment_order_expire_minutes: settings.payment_order_expire_minutes,
        invoiceable_amount: invoiceable.available()?,
        low_balance_threshold: settings.low_balance_threshold(Category::parse(&profile.category)?),
    }))
}
