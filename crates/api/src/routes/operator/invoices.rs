//! `GET` and `POST /v1/operators/me/invoices`, `GET /v1/operators/me/invoices/{id}` and `/pdf` below it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::clock::UtcTime;
use base::ids::{self, InvoiceId};
use base::paging::PageRequest;
use base::problem::{ErrorCode, Problem, Text};
use base::validate::Fields;
use money::Fen;
use office::audit::Act;
use office::invoices::{self, Invoice, NewInvoice, PdfFile};
use office::review::ReviewStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::PathId;
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

const BASE: &str = "/v1/operators/me/invoices";

/// What the invoice is to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequestInvoice {
    /// Above zero, and not above what may be invoiced.
    amount: Fen,
    #[schema(min_length = 2, max_length = 100)]
    invoice_title: String,
    #[schema(pattern = "^[A-Z0-9]{15,20}$")]
    tax_id: String,
    #[schema(format = Email)]
    email: Option<String>,
}

impl RequestInvoice {
    fn check(&self) -> Result<(), Problem> {
        let mut fields = Fields::new();
        fields.check("amount", !self.amount.is_zero(), Text::new("须大于零", "must be above zero"));
        fields.line("invoice_title", &self.invoice_title, 2..=100);
        fields.tax_id("tax_id", &self.tax_id);
        if let Some(email) = &self.email {
            fields.email("email", email);
        }
        fields.finish()
    }
}

/// An invoice.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvoiceItem {
    invoice_id: InvoiceId,
    amount: Fen,
    invoice_title: String,
    tax_id: String,
    email: Option<String>,
    status: ReviewStatus,
    /// Of an approved invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_number: Option<String>,
    /// Of an approved invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pdf_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reject_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_at: Option<UtcTime>,
    created_at: UtcTime,
}

impl InvoiceItem {
    /// `base` is where the audience finds its invoices.
    pub(crate) fn new(invoice: Invoice, base: &str) -> Self {
        InvoiceItem {
            pdf_url: invoice.number.is_some().then(|| pdf_url(base, invoice.id)),
            invoice_id: invoice.id,
            amount: invoice.amount,
            invoice_title: invoice.title,
            tax_id: invoice.tax_id,
            email: invoice.email,
            status: invoice.status,
            invoice_number: invoice.number,
            reject_reason: invoice.reject_reason,
            reviewed_by: invoice.reviewed_by,
            reviewed_at: invoice.reviewed_at,
            created_at: invoice.created_at,
        }
    }
}

/// Where the document of an invoice is.
pub(crate) fn pdf_url(base: &str, invoice_id: InvoiceId) -> String {
    format!("{base}/{invoice_id}/pdf")
}

/// The document as a download. The number is plain ASCII.
pub(crate) fn download(file: PdfFile) -> Response {
    let disposition = format!("attachment; filename=\"{}.pdf\"", file.number);
    ([(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, disposition)], file.bytes)
        .into_response()
}

/// The operator's invoices, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/invoices",
    operation_id = "list_invoices",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams),
    responses(
        (status = 200, description = "One page of invoices", body = Page<InvoiceItem>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_invoices(
    State(app): State<App>,
    caller: OperatorCaller,
    page: PageRequest,
) -> Result<Json<Page<InvoiceItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, items) = invoices::list(&mut connection, Some(caller.operator_id), None, page).await?;
    let items = items.into_iter().map(|invoice| InvoiceItem::new(invoice, BASE)).collect();
    Ok(Json(Page::new(page, total, items)))
}

/// One invoice of the operator.
#[utoipa::path(
    get,
    path = "/v1/operators/me/invoices/{id}",
    operation_id = "get_invoice",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = InvoiceId, Path, description = "The invoice")),
    responses(
        (status = 200, description = "The invoice", body = Data<InvoiceItem>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "`INVOICE_NOT_FOUND`: no invoice of this operator"),
    )
)]
pub async fn get_invoice(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(invoice_id): PathId<ids::Invoice>,
) -> Result<Data<InvoiceItem>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let invoice = invoices::find(&mut connection, Some(caller.operator_id), invoice_id).await?;
    Ok(Data::new(InvoiceItem::new(invoice.ok_or(ErrorCode::InvoiceNotFound)?, BASE)))
}

/// Asks for an invoice over top-ups. What may be invoiced is top-ups minus refunds minus the invoices that are pending or
/// approved.
#[utoipa::path(
    post,
    path = "/v1/operators/me/invoices",
    operation_id = "request_invoice",
    tag = "operator",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    request_body = RequestInvoice,
    responses(
        (status = 201, description = "The invoice, pending", body = Data<InvoiceItem>),
        (status = 400, description = "A field does not fit; above what may be invoiced with `available_amount`"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`"),
    )
)]
pub async fn request_invoice(
    State(app): State<App>,
    caller: OperatorCaller,
    IdempotentJson(attempt, body): IdempotentJson<RequestInvoice>,
) -> Result<Response, Rejection> {
    body.check()?;
    invoices::require_printable("invoice_title", &body.invoice_title).await?;
    let new = NewInvoice {
        amount: body.amount,
        title: body.invoice_title.trim().to_owned(),
        tax_id: body.tax_id,
        email: body.email,
    };
    let details = json!({"amount": new.amount, "invoice_title": new.title, "tax_id": new.tax_id});
    let act = Act::new("invoice_request", details);
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let invoice = invoices::request(connection, caller.operator_id, &new, app.clock().now()).await?;
            act.set_target("invoice", &invoice.id);
            Ok(InvoiceItem::new(invoice, BASE))
        })
        .await?)
}

/// The document of an approved invoice.
#[utoipa::path(
    get,
    path = "/v1/operators/me/invoices/{id}/pdf",
    operation_id = "download_invoice",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = InvoiceId, Path, description = "The invoice")),
    responses(
        (status = 200, description = "The document", body = [u8], content_type = "application/pdf"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "`INVOICE_NOT_FOUND`: no invoice of this operator, or not approved"),
    )
)]
pub async fn download_invoice(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(invoice_id): PathId<ids::Invoice>,
) -> Result<Response, Rejection> {
    let mut connection = app.database().acquire().await?;
    let file = invoices::pdf_file(&mut connection, Some(caller.operator_id), invoice_id).await?;
    Ok(download(file.ok_or(ErrorCode::InvoiceNotFound)?))
}
