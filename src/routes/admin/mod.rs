//! The back office of administrators.

mod announcements;
mod applications;
mod authorizations;
mod create_operator;
mod dashboard;
mod lock_operator;
mod operators;
mod prices;
mod settings;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(dashboard::get_admin_dashboard))
        .routes(routes!(operators::list_operators, create_operator::create_operator))
        .routes(routes!(operators::get_operator))
        .routes(routes!(lock_operator::lock_operator))
        .routes(routes!(lock_operator::unlock_operator))
        .routes(routes!(applications::list_applications, applications::create_application))
        .routes(routes!(applications::get_application, applications::update_application))
        .routes(routes!(prices::change_application_price))
        .routes(routes!(prices::list_application_prices))
        .routes(routes!(authorizations::list_authorizations, authorizations::create_authorization))
        .routes(routes!(authorizations::update_authorization, authorizations::revoke_authorization))
        .routes(routes!(announcements::list_announcements, announcements::create_announcement))
        .routes(routes!(settings::list_settings, settings::update_settings))
}
