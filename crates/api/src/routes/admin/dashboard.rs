//! `GET /v1/admin/dashboard`.

use axum::extract::State;
use money::Fen;
use office::statistics;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::rejection::Rejection;

/// The platform today. Deactivated operators are not counted. Money is absent without `can_view_financial_data`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdminDashboard {
    total_operators: i64,
    /// Neither deactivated nor locked.
    active_operators: i64,
    locked_operators: i64,
    /// Also those off the shelf.
    total_applications: i64,
    /// Requests for applications that nobody has decided.
    pending_requests: i64,
    sessions_today: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumption_today: Option<Fen>,
}

/// The platform today.
#[utoipa::path(
    get, path = "/v1/admin/dashboard", operation_id = "get_admin_dashboard", tag = "admin",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Data<AdminDashboard>, description = "The platform today."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn get_admin_dashboard(
    State(app): State<App>,
    caller: AdminCaller,
) -> Result<Data<AdminDashboard>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let timezone = &app.settings().business_timezone;
    let today = statistics::platform_today(&mut connection, app.clock().now(), timezone).await?;
    Ok(Data::new(AdminDashboard {
        total_operators: today.total_operators,
        active_operators: today.active_operators,
        locked_operators: today.locked_operators,
        total_applications: today.total_applications,
        pending_requests: today.pending_requests,
        sessions_today: today.figures.sessions,
        consumption_today: caller.money(today.figures.cost),
    }))
}
