//! The back office of administrators.

mod applications;
mod audit_logs;
mod audit_verification;
mod authorization_logs;
mod authorizations;
mod create_operator;
mod lock_operator;
mod operators;
mod prices;
mod security_events;
mod settings;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
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
        .routes(routes!(settings::list_settings, settings::update_settings))
        .routes(routes!(audit_logs::list_audit_logs))
        .routes(routes!(audit_verification::verify_audit_log))
        .routes(routes!(authorization_logs::list_authorization_logs))
        .routes(routes!(security_events::list_security_events))
}
