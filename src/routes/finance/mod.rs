//! The back office of the finance staff.

mod audit_logs;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(audit_logs::list_finance_audit_logs))
}
