use axum::extract::State;
use base::ids::{AdminId, AnalystId, FinanceId, OperatorId};
use base::problem::Problem;
use office::audit::Origin;
use office::sign_in::{self, SignInAccount};
use platform::security::jwt::Role;
use platform::security::roles::{AdminPermissions, AdminRole, Authority, FinancePermissions, FinanceRole};
use platform::security::tokens::{Issued, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::extract::ApiJson;
use crate::http::rejection::Rejection;

#[derive(Deserialize, ToSchema)]
pub(crate) struct SignInRequest {
    username: String,
    password: String,
}

/// The access token, to be sent as `Authorization: Bearer …`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Token {
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds from now.
    expires_in: i64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInOperator {
    operator_id: OperatorId,
    username: String,
    name: String,
    category: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInAdmin {
    admin_id: AdminId,
    username: String,
    name: String,
    role: AdminRole,
    permissions: AdminPermissions,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInFinance {
    finance_id: FinanceId,
    username: String,
    name: String,
    role: FinanceRole,
    permissions: FinancePermissions,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInAnalyst {
    analyst_id: AnalystId,
    username: String,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OperatorSignedIn {
    #[serde(flatten)]
    token: Token,
    operator: SignedInOperator,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct AdminSignedIn {
    #[serde(flatten)]
    token: Token,
    admin: SignedInAdmin,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FinanceSignedIn {
    #[serde(flatten)]
    token: Token,
    finance: SignedInFinance,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct AnalystSignedIn {
    #[serde(flatten)]
    token: Token,
    analyst: SignedInAnalyst,
}

impl From<Issued> for Token {
    fn from(issued: Issued) -> Self {
        Token {
            access_token: issued.access_token,
            token_type: "Bearer",
            expires_in: issued.expires_in_seconds,
        }
    }
}

async fn enter(
    app: &App,
    door: Role,
    body: &SignInRequest,
    origin: &Origin,
) -> Result<(SignInAccount, Token), Problem> {
    let (account, issued) =
        sign_in::sign_in(&app.authenticator(), door, &body.username, &body.password, origin).await?;
    Ok((account, issued.into()))
}

/// The door and the account's kind always fit, because the door is what the account was found by.
fn wrong_door() -> Problem {
    Problem::internal("an account came through the wrong door")
}

/// Sign in as an operator.
#[utoipa::path(
    post, path = "/v1/auth/operators/login", operation_id = "sign_in_operator", tag = "sign-in",
    request_body = SignInRequest,
    responses(
        (status = 200, body = Data<OperatorSignedIn>, description = "The access token and whose it is."),
        (status = 400, description = "A field is absent or wrong."),
        (status = 401, description = "The username or the password is wrong."),
        (status = 403, description = "`ACCOUNT_DEACTIVATED` or `ACCOUNT_LOCKED`."),
        (status = 429, description = "Too many attempts for this name or from this address."),
    ),
)]
pub(crate) async fn sign_in_operator(
    State(app): State<App>,
    origin: Origin,
    ApiJson(body): ApiJson<SignInRequest>,
) -> Result<Data<OperatorSignedIn>, Rejection> {
    let (account, token) = enter(&app, Role::Operator, &body, &origin).await?;
    let Subject::Operator(operator_id) = account.subject else {
        return Err(wrong_door().into());
    };
    let operator = SignedInOperator {
        operator_id,
        username: account.username,
        name: account.name,
        category: account.category,
    };
    Ok(Data::new(OperatorSignedIn { token, operator }))
}

/// Sign in as an administrator.
#[utoipa::path(
    post, path = "/v1/auth/admin/login", operation_id = "sign_in_admin", tag = "sign-in",
    request_body = SignInRequest,
    responses(
        (status = 200, body = Data<AdminSignedIn>, description = "The access token and whose it is."),
        (status = 400, description = "A field is absent or wrong."),
        (status = 401, description = "The username or the password is wrong."),
        (status = 403, description = "`ACCOUNT_DEACTIVATED`."),
        (status = 429, description = "Too many attempts for this name or from this address."),
    ),
)]
pub(crate) async fn sign_in_admin(
    State(app): State<App>,
    origin: Origin,
    ApiJson(body): ApiJson<SignInRequest>,
) -> Result<Data<AdminSignedIn>, Rejection> {
    let (account, token) = enter(&app, Role::Admin, &body, &origin).await?;
    let (Subject::Admin(admin_id), Authority::Admin(role, permissions)) =
        (account.subject, account.authority)
    else {
        return Err(wrong_door().into());
    };
    let admin = SignedInAdmin { admin_id, username: account.username, name: account.name, role, permissions };
    Ok(Data::new(AdminSignedIn { token, admin }))
}

/// Sign in as finance staff.
#[utoipa::path(
    post, path = "/v1/auth/finance/login", operation_id = "sign_in_finance", tag = "sign-in",
    request_body = SignInRequest,
    responses(
        (status = 200, body = Data<FinanceSignedIn>, description = "The access token and whose it is."),
        (status = 400, description = "A field is absent or wrong."),
        (status = 401, description = "The username or the password is wrong."),
        (status = 403, description = "`ACCOUNT_DEACTIVATED`."),
        (status = 429, description = "Too many attempts for this name or from this address."),
    ),
)]
pub(crate) async fn sign_in_finance(
    State(app): State<App>,
    origin: Origin,
    ApiJson(body): ApiJson<SignInRequest>,
) -> Result<Data<FinanceSignedIn>, Rejection> {
    let (account, token) = enter(&app, Role::Finance, &body, &origin).await?;
    let (Subject::Finance(finance_id), Authority::Finance(role, permissions)) =
        (account.subject, account.authority)
    else {
        return Err(wrong_door().into());
    };
    let finance =
        SignedInFinance { finance_id, username: account.username, name: account.name, role, permissions };
    Ok(Data::new(FinanceSignedIn { token, finance }))
}

/// Sign in as an analyst.
#[utoipa::path(
    post, path = "/v1/auth/analyst/login", operation_id = "sign_in_analyst", tag = "sign-in",
    request_body = SignInRequest,
    responses(
        (status = 200, body = Data<AnalystSignedIn>, description = "The access token and whose it is."),
        (status = 400, description = "A field is absent or wrong."),
        (status = 401, description = "The username or the password is wrong."),
        (status = 403, description = "`ACCOUNT_DEACTIVATED`."),
        (status = 429, description = "Too many attempts for this name or from this address."),
    ),
)]
pub(crate) async fn sign_in_analyst(
    State(app): State<App>,
    origin: Origin,
    ApiJson(body): ApiJson<SignInRequest>,
) -> Result<Data<AnalystSignedIn>, Rejection> {
    let (account, token) = enter(&app, Role::Analyst, &body, &origin).await?;
    let Subject::Analyst(analyst_id) = account.subject else {
        return Err(wrong_door().into());
    };
    let analyst = SignedInAnalyst { analyst_id, username: account.username, name: account.name };
    Ok(Data::new(AnalystSignedIn { token, analyst }))
}
