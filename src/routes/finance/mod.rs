//! The finance staff's desk.

pub mod customers;
pub mod dashboard;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(dashboard::get_finance_dashboard))
        .routes(routes!(dashboard::get_finance_trends))
        .routes(routes!(customers::list_top_customers))
        .routes(routes!(customers::get_customer_details))
}
