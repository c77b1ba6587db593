//! The back office of administrators.

mod accounts;
mod announcements;
mod app_requests;
mod applications;
mod audit_logs;
mod audit_verification;
mod authorization_logs;
mod authorizations;
mod change_operator;
mod create_account;
mod create_operator;
mod dashboard;
mod emails;
mod export_audit_logs;
mod jobs;
mod lock_operator;
mod operator_api_key;
mod operator_sites;
mod operators;
mod prices;
mod run_job;
mod security_events;
mod settings;
mod update_account;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(dashboard::get_admin_dashboard))
        .routes(routes!(operators::list_operators, create_operator::create_operator))
        .routes(routes!(operators::get_operator, change_operator::update_operator))
        .routes(routes!(change_operator::change_operator_category))
        .routes(routes!(operator_api_key::get_operator_api_key))
        .routes(routes!(operator_api_key::reset_operator_api_key))
        .routes(routes!(operator_sites::list_operator_sites))
        .routes(routes!(lock_operator::lock_operator))
        .routes(routes!(lock_operator::unlock_operator))
        .routes(routes!(applications::list_applications, applications::create_application))
        .routes(routes!(applications::get_application, applications::update_application))
        .routes(routes!(prices::change_application_price))
        .routes(routes!(prices::list_application_prices))
        .routes(routes!(authorizations::list_authorizations, authorizations::create_authorization))
        .routes(routes!(authorizations::update_authorization, authorizations::revoke_authorization))
        .routes(routes!(announcements::list_announcements, announcements::create_announcement))
        .routes(routes!(app_requests::list_all_app_requests))
        .routes(routes!(app_requests::approve_app_request))
        .routes(routes!(app_requests::reject_app_request))
        .routes(routes!(accounts::list_accounts, create_account::create_account))
        .routes(routes!(update_account::update_account))
        .routes(routes!(update_account::reset_account_password))
        .routes(routes!(settings::list_settings, settings::update_settings))
        .routes(routes!(emails::list_emails))
        .routes(routes!(emails::retry_email))
        .routes(routes!(jobs::list_jobs))
        .routes(routes!(run_job::run_job))
        .routes(routes!(run_job::retry_job))
        .routes(routes!(audit_logs::list_audit_logs))
        .routes(routes!(export_audit_logs::export_audit_logs))
        .routes(routes!(audit_verification::verify_audit_log))
        .routes(routes!(authorization_logs::list_authorization_logs))
        .routes(routes!(security_events::list_security_events))
}
