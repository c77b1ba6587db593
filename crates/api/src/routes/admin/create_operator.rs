use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::ErrorCode;
use money::Fen;
use office::audit::Act;
use office::operators::{self, Category, Enrolment, NewOperator};
use platform::security::roles::CanManageOperators;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::idempotency::IdempotentJson;
use crate::http::rejection::Rejection;

/// A new operator account, made by staff.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateOperatorRequest {
    #[schema(pattern = "^[a-zA-Z0-9_]{3,20}$")]
    username: String,
    /// 8 to 32 characters with upper-case and lower-case letters and a digit.
    #[schema(min_length = 8, max_length = 32)]
    password: String,
    #[schema(min_length = 2, max_length = 50)]
    name: String,
    #[schema(pattern = r"^1[3-9]\d{9}$")]
    phone: String,
    #[schema(format = Email)]
    email: String,
    /// `normal` unless given.
    category: Option<Category>,
    /// Booked as an adjustment; needs `can_view_financial_data`.
    initial_balance: Option<Fen>,
}

/// The operator that was made. The API key is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedOperator {
    operator_id: OperatorId,
    username: String,
    api_key: String,
    category: Category,
    /// Absent without `can_view_financial_data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<Fen>,
    created_at: UtcTime,
}

/// Create an operator account.
#[utoipa::path(
    post, path = "/v1/admin/operators", operation_id = "create_operator", tag = "admin",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters.")),
    request_body = CreateOperatorRequest,
    responses(
        (status = 201, body = Data<CreatedOperator>, description = "The account and its API key, shown once."),
        (status = 400, description = "A field is wrong, or `USERNAME_EXISTS`."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_operators`, or an initial balance without `can_view_financial_data`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn create_operator(
    State(app): State<App>,
    caller: AdminCaller<CanManageOperators>,
    IdempotentJson(attempt, body): IdempotentJson<CreateOperatorRequest>,
) -> Result<Response, Rejection> {
    let initial_balance = body.initial_balance.unwrap_or(Fen::ZERO);
    // Who may not see balances may not give them away either.
    if !initial_balance.is_zero() && caller.money(()).is_none() {
        return Err(ErrorCode::PermissionDenied.into());
    }
    let enrolment = Enrolment {
        username: body.username,
        password: body.password,
        name: body.name,
        phone: body.phone,
        email: body.email,
    };
    let new = NewOperator {
        category: body.category.unwrap_or(Category::Normal),
        initial_balance,
        created_by: Some(caller.signed_in.username.clone()),
        ..enrolment.check(app.passwords()).await?
    };
    let act = Act::new(
        "operator_create",
        json!({"username": new.username, "name": new.name, "category": new.category, "initial_balance": initial_balance}),
    );
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let registered = operators::register(connection, app.cipher(), new, app.clock().now()).await?;
            act.set_target("operator", &registered.operator_id);
            Ok(CreatedOperator {
                operator_id: registered.operator_id,
                username: registered.username,
                api_key: registered.api_key,
                category: registered.category,
                balance: caller.money(registered.balance),
                created_at: registered.created_at,
            })
        })
        .await?)
}
