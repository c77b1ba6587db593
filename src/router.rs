//! The site map: every route of the platform, by audience.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::http::extract::BODY_LIMIT_BYTES;
use crate::http::{address_limit, envelope};
use crate::problem::ErrorCode;
use crate::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "coinslot",
    description = "MR游戏运营管理系统 API",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Described;

/// Routes and their description, built together so that neither can lack the other.
fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Described::openapi())
        .merge(routes::headset::router())
        .merge(routes::public::router())
        .merge(routes::operator::router())
        .merge(routes::admin::router())
        .merge(routes::system::router())
}

/// The OpenAPI 3.1 document of this version.
#[must_use]
pub fn openapi() -> Document {
    described().split_for_parts().1
}

/// The whole service.
#[must_use]
pub fn router(app: App) -> Router {
    let (routes, document) = described().split_for_parts();
    routes
        .merge(routes::system::documentation(document))
        .fallback(|| async { crate::problem::Problem::from(ErrorCode::ResourceNotFound) })
        .method_not_allowed_fallback(|| async { crate::problem::Problem::from(ErrorCode::MethodNotAllowed) })
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(from_fn_with_state(app.clone(), address_limit::layer))
        .layer(from_fn_with_state(app.clone(), envelope::layer))
        .with_state(app)
}
