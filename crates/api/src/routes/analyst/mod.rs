//! Figures of the whole platform, for analysts and for administrators who may see financial data.

pub mod cross;
pub mod export;
mod export_tables;
pub mod filter;
pub mod overview;
pub mod player_distribution;
pub mod ranking;
pub mod trends;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(overview::get_analytics_overview))
        .routes(routes!(ranking::list_analytics_by_operator))
        .routes(routes!(ranking::list_analytics_by_site))
        .routes(routes!(ranking::list_analytics_by_app))
        .routes(routes!(trends::get_analytics_trends))
        .routes(routes!(player_distribution::get_analytics_player_distribution))
        .routes(routes!(cross::get_analytics_cross))
        .routes(routes!(export::export_analytics))
}
