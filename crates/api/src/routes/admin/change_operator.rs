use axum::extract::State;
use base::ids::{Operator, OperatorId};
use base::problem::ErrorCode;
use base::validate::Fields;
use office::audit::{self, Act};
use office::operators::{self, Category, ContactChange};
use platform::security::roles::CanManageOperators;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::operators::OperatorDetails;
use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, PathId};
use crate::http::rejection::Rejection;
use crate::routes::operator::profile::UpdateContact;

/// Change how an operator is called and reached.
#[utoipa::path(
    put, path = "/v1/admin/operators/{id}", operation_id = "update_operator", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator.")),
    request_body = UpdateContact,
    responses(
        (status = 200, body = Data<OperatorDetails>, description = "The operator as it is now."),
        (status = 400, description = "A field is wrong, or the operator is deactivated."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_operators`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn update_operator(
    State(app): State<App>,
    caller: AdminCaller<CanManageOperators>,
    PathId(operator_id): PathId<Operator>,
    ApiJson(body): ApiJson<UpdateContact>,
) -> Result<Data<OperatorDetails>, Rejection> {
    let change = ContactChange::from(body);
    change.check()?;
    let act = Act::new("operator_update", json!({})).on_operator(operator_id);
    let now = app.clock().now();
    let details = audit::perform(
        app.database(),
        app.clock(),
        &caller.signed_in.actor(),
        act,
        async |connection, act| {
            let (before, after) = operators::change_contact(connection, operator_id, change, now).await?;
            act.set_change(json!(before), json!(after));
            let details = operators::details(connection, operator_id, now).await?;
            details.ok_or_else(|| ErrorCode::OperatorNotFound.into())
        },
    )
    .await?;
    Ok(Data::new(OperatorDetails::new(&caller, details)))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct ChangeCategoryRequest {
    category: Category,
    #[schema(max_length = 200)]
    reason: Option<String>,
}

/// Set the customer category of an operator.
#[utoipa::path(
    put, path = "/v1/admin/operators/{id}/category", operation_id = "change_operator_category", tag = "admin",
    security(("bearer" = [])),
    params(("id" = OperatorId, Path, description = "The operator.")),
    request_body = ChangeCategoryRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "The category is set."),
        (status = 400, description = "A field is wrong, or the operator is deactivated."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_operators`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
    ),
)]
pub(crate) async fn change_operator_category(
    State(app): State<App>,
    caller: AdminCaller<CanManageOperators>,
    PathId(operator_id): PathId<Operator>,
    ApiJson(body): ApiJson<ChangeCategoryRequest>,
) -> Result<Data<Nothing>, Rejection> {
    Fields::new().optional_length("reason", body.reason.as_deref(), 0..=200).finish()?;
    let reason = body.reason.as_deref().map(str::trim);
    let act = Act::new("operator_category_change", json!({"reason": reason})).on_operator(operator_id);
    let now = app.clock().now();
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let before = operators::change_category(connection, operator_id, body.category, now).await?;
        act.set_change(json!({"category": before}), json!({"category": body.category}));
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}
