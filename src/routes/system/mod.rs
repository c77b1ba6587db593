use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}

/// The document and the page that shows it.
pub fn documentation(_document: OpenApi) -> Router<App> {
    Router::new()
}
