//! The back office of the finance staff.

mod audit_logs;
pub mod customers;
pub mod dashboard;
mod decide_invoice;
mod decide_refund;
mod download_report;
mod export_audit_logs;
mod export_transactions;
mod invoices;
mod list_customers;
mod payment_incidents;
mod payouts;
mod recharges;
mod reconciliation;
mod refunds;
mod reports;
mod transactions;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(dashboard::get_finance_dashboard))
        .routes(routes!(dashboard::get_finance_trends))
        .routes(routes!(customers::list_top_customers))
        .routes(routes!(list_customers::list_customers))
        .routes(routes!(customers::get_customer_details))
        .routes(routes!(audit_logs::list_finance_audit_logs))
        .routes(routes!(export_audit_logs::export_finance_audit_logs))
        .routes(routes!(refunds::list_all_refunds))
        .routes(routes!(refunds::get_any_refund))
        .routes(routes!(decide_refund::approve_refund))
        .routes(routes!(decide_refund::reject_refund))
        .routes(routes!(payouts::complete_refund))
        .routes(routes!(payouts::retry_refund_payout))
        .routes(routes!(invoices::list_all_invoices))
        .routes(routes!(invoices::download_any_invoice))
        .routes(routes!(decide_invoice::approve_invoice))
        .routes(routes!(decide_invoice::reject_invoice))
        .routes(routes!(recharges::list_all_recharges))
        .routes(routes!(recharges::get_any_recharge))
        .routes(routes!(recharges::resolve_recharge))
        .routes(routes!(payment_incidents::list_payment_incidents))
        .routes(routes!(reconciliation::list_reconciliations))
        .routes(routes!(reconciliation::list_reconciliation_differences))
        .routes(routes!(reconciliation::run_reconciliation))
        .routes(routes!(reports::generate_report))
        .routes(routes!(reports::list_reports))
        .routes(routes!(reports::get_report))
        .routes(routes!(download_report::download_report))
        .routes(routes!(transactions::list_all_transactions))
        .routes(routes!(export_transactions::export_all_transactions))
}
