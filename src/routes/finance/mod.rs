//! The back office of finance.

mod decide_invoice;
mod decide_refund;
mod invoices;
mod refunds;
mod transactions;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(refunds::list_all_refunds))
        .routes(routes!(refunds::get_refund))
        .routes(routes!(decide_refund::approve_refund))
        .routes(routes!(decide_refund::reject_refund))
        .routes(routes!(decide_refund::complete_refund))
        .routes(routes!(invoices::list_all_invoices))
        .routes(routes!(invoices::download_any_invoice))
        .routes(routes!(decide_invoice::approve_invoice))
        .routes(routes!(decide_invoice::reject_invoice))
        .routes(routes!(transactions::list_all_transactions))
}
