//! `GET /v1/operators/me/authorized-apps`.

use axum::extract::State;
use base::clock::UtcTime;
use base::ids::AppId;
use money::Fen;
use office::grants::{self, AuthorizedApp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::rejection::Rejection;

/// The applications the operator may run now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorizedAppsAnswer {
    applications: Vec<AuthorizedAppItem>,
}

/// An application with its price, range and expiry.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorizedAppItem {
    app_id: AppId,
    app_name: String,
    unit_price: Fen,
    min_players: i32,
    max_players: i32,
    /// Null for a grant without end.
    expires_at: Option<UtcTime>,
    authorized_at: UtcTime,
}

impl From<AuthorizedApp> for AuthorizedAppItem {
    fn from(app: AuthorizedApp) -> Self {
        AuthorizedAppItem {
            app_id: app.app_id,
            app_name: app.app_name,
            unit_price: app.unit_price,
            min_players: app.min_players,
            max_players: app.max_players,
            expires_at: app.expires_at,
            authorized_at: app.authorized_at,
        }
    }
}

/// The applications the operator may run now.
#[utoipa::path(
    get,
    path = "/v1/operators/me/authorized-apps",
    operation_id = "list_authorized_apps",
    tag = "operator",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Grants in force", body = Data<AuthorizedAppsAnswer>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_authorized_apps(
    State(app): State<App>,
    caller: OperatorCaller,
) -> Result<Data<AuthorizedAppsAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let now = app.clock().now();
    let apps = grants::authorized_apps(&mut connection, caller.operator_id, now).await?;
    Ok(Data::new(AuthorizedAppsAnswer { applications: apps.into_iter().map(Into::into).collect() }))
}
