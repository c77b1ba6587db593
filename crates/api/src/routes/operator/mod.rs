//! What a signed-in operator can do, all under `/v1/operators/me`.

pub mod api_key;
pub mod app_catalog;
pub mod app_requests;
pub mod authorized_apps;
pub mod balance;
pub mod consumption;
pub mod consumption_by;
pub mod deactivate;
pub mod export_statistics;
pub mod export_transactions;
pub mod export_usage_records;
pub mod invoices;
pub mod limits;
pub mod messages;
pub mod player_distribution;
pub mod profile;
pub mod recharge;
pub mod recharges;
pub mod refunds;
pub mod sites;
pub mod transactions;
pub mod usage_records;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(profile::get_profile, profile::update_profile, deactivate::deactivate_operator))
        .routes(routes!(api_key::regenerate_api_key))
        .routes(routes!(balance::get_balance))
        .routes(routes!(limits::get_limits))
        .routes(routes!(recharge::create_recharge))
        .routes(routes!(recharges::list_recharges))
        .routes(routes!(recharges::get_recharge))
        .routes(routes!(transactions::list_transactions))
        .routes(routes!(export_transactions::export_transactions))
        .routes(routes!(refunds::list_refunds, refunds::request_refund))
        .routes(routes!(refunds::get_refund))
        .routes(routes!(invoices::list_invoices, invoices::request_invoice))
        .routes(routes!(invoices::get_invoice))
        .routes(routes!(invoices::download_invoice))
        .routes(routes!(sites::list_sites, sites::create_site))
        .routes(routes!(sites::update_site, sites::delete_site))
        .routes(routes!(authorized_apps::list_authorized_apps))
        .routes(routes!(app_catalog::list_app_catalog))
        .routes(routes!(app_requests::list_app_requests, app_requests::create_app_request))
        .routes(routes!(app_requests::get_app_request))
        .routes(routes!(usage_records::list_usage_records))
        .routes(routes!(export_usage_records::export_usage_records))
        .routes(routes!(messages::list_messages))
        .routes(routes!(messages::get_message))
        .routes(routes!(messages::read_message))
        .routes(routes!(messages::read_all_messages))
        .routes(routes!(consumption::get_consumption))
        .routes(routes!(consumption_by::get_consumption_by_app))
        .routes(routes!(consumption_by::get_consumption_by_site))
        .routes(routes!(player_distribution::get_player_distribution))
        .routes(routes!(export_statistics::export_statistics))
}
