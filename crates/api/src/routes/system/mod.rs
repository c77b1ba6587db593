//! What watches the platform reads, the documentation, and the web app. Not under `/v1`: no envelope, no rate limits.

mod documentation;
pub mod health;
pub mod metrics;
pub mod web;

pub use documentation::documentation;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_liveness))
        .routes(routes!(health::get_readiness))
        .routes(routes!(metrics::get_metrics))
}
