//! What a signed-in operator can do, all under `/v1/operators/me`.

pub mod api_key;
pub mod authorized_apps;
pub mod balance;
pub mod deactivate;
pub mod invoices;
pub mod profile;
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
        .routes(routes!(profile::get_profile, deactivate::deactivate_operator))
        .routes(routes!(api_key::regenerate_api_key))
        .routes(routes!(balance::get_balance))
        .routes(routes!(transactions::list_transactions))
        .routes(routes!(refunds::list_refunds, refunds::request_refund))
        .routes(routes!(invoices::list_invoices, invoices::request_invoice))
        .routes(routes!(invoices::download_invoice))
        .routes(routes!(sites::list_sites, sites::create_site))
        .routes(routes!(sites::update_site, sites::delete_site))
        .routes(routes!(authorized_apps::list_authorized_apps))
        .routes(routes!(usage_records::list_usage_records))
}
