use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base::ids::{self, InvoiceId, OperatorId};
use base::paging::PageRequest;
use base::problem::ErrorCode;
use office::invoices::{self, Invoice};
use office::review::ReviewStatus;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;
use crate::routes::operator::invoices::{InvoiceItem, download};

pub(super) const BASE: &str = "/v1/finance/invoices";

/// Which invoices are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InvoiceParams {
    status: Option<ReviewStatus>,
    operator_id: Option<OperatorId>,
}

/// An invoice, whose it is, and how it was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FinanceInvoice {
    #[serde(flatten)]
    invoice: InvoiceItem,
    operator_id: OperatorId,
    operator_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<Invoice> for FinanceInvoice {
    fn from(mut invoice: Invoice) -> Self {
        FinanceInvoice {
            operator_id: invoice.operator_id,
            operator_name: std::mem::take(&mut invoice.operator_name),
            note: invoice.note.take(),
            invoice: InvoiceItem::new(invoice, BASE),
        }
    }
}

/// List invoices of all operators, newest first.
#[utoipa::path(
    get, path = "/v1/finance/invoices", operation_id = "list_all_invoices", tag = "finance",
    security(("bearer" = [])),
    params(PageParams, InvoiceParams),
    responses(
        (status = 200, body = Page<FinanceInvoice>, description = "One page of invoices."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_all_invoices(
    State(app): State<App>,
    _caller: FinanceCaller,
    page: PageRequest,
    ApiQuery(params): ApiQuery<InvoiceParams>,
) -> Result<Json<Page<FinanceInvoice>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, items) = invoices::list(&mut connection, params.operator_id, params.status, page).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}

/// The document of an approved invoice.
#[utoipa::path(
    get, path = "/v1/finance/invoices/{id}/pdf", operation_id = "download_any_invoice", tag = "finance",
    security(("bearer" = [])),
    params(("id" = InvoiceId, Path, description = "The invoice.")),
    responses(
        (status = 200, body = [u8], content_type = "application/pdf", description = "The document."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
        (status = 404, description = "`INVOICE_NOT_FOUND`: no such invoice, or not approved."),
    ),
)]
pub(crate) async fn download_any_invoice(
    State(app): State<App>,
    _caller: FinanceCaller,
    PathId(invoice_id): PathId<ids::Invoice>,
) -> Result<Response, Rejection> {
    let mut connection = app.database().acquire().await?;
    let file = invoices::pdf_file(&mut connection, None, invoice_id).await?;
    Ok(download(file.ok_or(ErrorCode::InvoiceNotFound)?))
}
