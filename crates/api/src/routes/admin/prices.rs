use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{self, AppId};
use base::problem::{ErrorCode, Text};
use base::validate::Fields;
use money::Fen;
use office::applications;
use office::audit::{self, Act};
use platform::security::roles::CanManageApplications;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, PathId};
use crate::http::rejection::Rejection;

#[derive(Deserialize, ToSchema)]
pub(crate) struct ChangePriceRequest {
    /// Above zero, per player.
    unit_price: Fen,
    #[schema(max_length = 200)]
    reason: Option<String>,
}

/// What a change of price did. Prices are absent without `can_view_financial_data`.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedPrice {
    app_id: AppId,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_price: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_price: Option<Fen>,
    notified_operators_count: usize,
}

/// A price and since when. The price is absent without `can_view_financial_data`.
#[derive(Serialize, ToSchema)]
pub(crate) struct PriceItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<Fen>,
    effective_at: UtcTime,
    changed_by: String,
    reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PriceHistory {
    prices: Vec<PriceItem>,
}

/// Change the price, from the next authorization on. Operators with a grant are told.
#[utoipa::path(
    put, path = "/v1/admin/applications/{id}/price", operation_id = "change_application_price", tag = "admin",
    security(("bearer" = [])),
    params(("id" = AppId, Path, description = "The application.")),
    request_body = ChangePriceRequest,
    responses(
        (status = 200, body = Data<ChangedPrice>, description = "The new price is in force."),
        (status = 400, description = "A field is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_applications`."),
        (status = 404, description = "`APP_NOT_FOUND`."),
    ),
)]
pub(crate) async fn change_application_price(
    State(app): State<App>,
    caller: AdminCaller<CanManageApplications>,
    PathId(app_id): PathId<ids::Application>,
    ApiJson(body): ApiJson<ChangePriceRequest>,
) -> Result<Data<ChangedPrice>, Rejection> {
    let is_positive = !body.unit_price.is_zero();
    Fields::new()
        .check("unit_price", is_positive, Text::new("须大于 0", "must be above zero"))
        .optional_length("reason", body.reason.as_deref(), 0..=200)
        .finish()?;
    let reason = body.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let act = Act::new("application_price_change", json!({"unit_price": body.unit_price, "reason": reason}))
        .on("application", &app_id);
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    let change = audit::perform(
        app.database(),
        app.clock(),
        &caller.signed_in.actor(),
        act,
        async |connection, act| {
            let change =
                applications::change_price(connection, app_id, body.unit_price, reason, by, now).await?;
            act.set_change(json!({"unit_price": change.old_price}), json!({"unit_price": change.new_price}));
            act.set("notified_operators_count", change.notified_operators_count);
            Ok(change)
        },
    )
    .await?;
    Ok(Data::new(ChangedPrice {
        app_id,
        old_price: caller.money(change.old_price),
        new_price: caller.money(change.new_price),
        notified_operators_count: change.notified_operators_count,
    }))
}

/// Every price the application ever had, newest first.
#[utoipa::path(
    get, path = "/v1/admin/applications/{id}/prices", operation_id = "list_application_prices", tag = "admin",
    security(("bearer" = [])),
    params(("id" = AppId, Path, description = "The application.")),
    responses(
        (status = 200, body = Data<PriceHistory>, description = "The prices."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
        (status = 404, description = "`APP_NOT_FOUND`."),
    ),
)]
pub(crate) async fn list_application_prices(
    State(app): State<App>,
    caller: AdminCaller,
    PathId(app_id): PathId<ids::Application>,
) -> Result<Data<PriceHistory>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let prices = applications::prices(&mut connection, app_id).await?;
    // The first price comes with the application: no prices, no application.
    if prices.is_empty() {
        return Err(ErrorCode::AppNotFound.into());
    }
    let prices = prices
        .into_iter()
        .map(|price| PriceItem {
            unit_price: caller.money(price.unit_price),
            effective_at: price.effective_at,
            changed_by: price.changed_by,
            reason: price.reason,
        })
        .collect();
    Ok(Data::new(PriceHistory { prices }))
}
