use axum::extract::State;
use base::clock::UtcTime;
use base::ids::OperatorId;
use money::Fen;
use office::audit::{self, Act, Actor, Origin};
use office::operators::{self, Category, Enrolment, Registered};
use platform::security::tokens::Subject;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::{Created, Data};
use crate::http::extract::ApiJson;
use crate::http::rejection::Rejection;

/// A new operator account.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RegisterRequest {
    /// 3 to 20 letters, digits or underscores; unique without regard to case.
    #[schema(pattern = "^[a-zA-Z0-9_]{3,20}$")]
    username: String,
    /// 8 to 32 characters with upper-case and lower-case letters and a digit.
    #[schema(min_length = 8, max_length = 32)]
    password: String,
    /// Name or company.
    #[schema(min_length = 2, max_length = 50)]
    name: String,
    #[schema(pattern = r"^1[3-9]\d{9}$")]
    phone: String,
    #[schema(format = Email)]
    email: String,
}

/// The operator that was made. The API key is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisterResponse {
    operator_id: OperatorId,
    username: String,
    api_key: String,
    category: Category,
    balance: Fen,
    created_at: UtcTime,
}

impl From<Registered> for RegisterResponse {
    fn from(registered: Registered) -> Self {
        RegisterResponse {
            operator_id: registered.operator_id,
            username: registered.username,
            api_key: registered.api_key,
            category: registered.category,
            balance: registered.balance,
            created_at: registered.created_at,
        }
    }
}

/// Register an operator account.
#[utoipa::path(
    post, path = "/v1/auth/operators/register", operation_id = "register_operator", tag = "sign-in",
    request_body = RegisterRequest,
    responses(
        (status = 201, body = Data<RegisterResponse>, description = "The account and its API key, shown once."),
        (status = 400, description = "A field is wrong, or `USERNAME_EXISTS`."),
        (status = 429, description = "Too many requests from this address."),
    ),
)]
pub(crate) async fn register_operator(
    State(app): State<App>,
    origin: Origin,
    ApiJson(body): ApiJson<RegisterRequest>,
) -> Result<Created<RegisterResponse>, Rejection> {
    let enrolment = Enrolment {
        username: body.username,
        password: body.password,
        name: body.name,
        phone: body.phone,
        email: body.email,
    };
    let new = enrolment.check(app.passwords()).await?;
    let name = new.name.clone();
    let now = app.clock().now();
    let mut transaction = app.database().begin().await?;
    let registered = operators::register(&mut transaction, app.cipher(), new, now).await?;
    let actor = Actor::of_account(Subject::Operator(registered.operator_id), name, &origin);
    let act = Act::new("operator_register", json!({"username": registered.username}))
        .on_operator(registered.operator_id);
    audit::succeeded(&mut transaction, &actor, &act, now).await?;
    transaction.commit().await?;
    Ok(Created(registered.into()))
}
