use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::ids::{self, InvoiceId};
use office::audit::{self, Act};
use office::invoices::{self, Approval, Invoice};
use office::sign_in::SignedIn;
use platform::security::roles::CanReviewInvoice;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::decide_refund::{ApprovalRequest, RejectionRequest};
use super::invoices::BASE;
use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::FinanceCaller;
use crate::http::extract::{ApiJson, PathId};
use crate::http::idempotency::OptionalIdempotentJson;
use crate::http::rejection::Rejection;
use crate::routes::operator::invoices::pdf_url;

/// The number that was given.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovedInvoice {
    invoice_id: InvoiceId,
    /// Such as `INV2026000001`: consecutive within a year of the business time zone.
    invoice_number: Option<String>,
    pdf_url: String,
}

/// Approve an invoice: it gets its number and its document.
#[utoipa::path(
    post, path = "/v1/finance/invoices/{id}/approve", operation_id = "approve_invoice", tag = "finance",
    security(("bearer" = [])),
    params(
        ("id" = InvoiceId, Path, description = "The invoice."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters."),
    ),
    request_body = Option<ApprovalRequest>,
    responses(
        (status = 200, body = Data<ApprovedInvoice>, description = "The invoice is approved."),
        (status = 400, description = "The note is too long, the invoice was decided before or cannot be printed, or refunds leave less than was asked for, with `available_amount`."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_review_invoice`."),
        (status = 404, description = "`INVOICE_NOT_FOUND`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn approve_invoice(
    State(app): State<App>,
    caller: FinanceCaller<CanReviewInvoice>,
    PathId(invoice_id): PathId<ids::Invoice>,
    OptionalIdempotentJson(attempt, body): OptionalIdempotentJson<ApprovalRequest>,
) -> Result<Response, Rejection> {
    let note = ApprovalRequest::note(body)?;
    let act = Act::new("invoice_approve", json!({"note": note})).on("invoice", &invoice_id);
    let SignedIn { username: by, name: drawer, .. } = &caller.signed_in;
    let approval = Approval { note: note.as_deref(), by, drawer };
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::OK, async |connection, act| {
            let (settings, now) = (app.settings(), app.clock().now());
            let invoice =
                invoices::approve(connection, app.invoice_issuer(), &settings, invoice_id, approval, now)
                    .await?;
            name_invoice(act, &invoice);
            act.set("invoice_number", invoice.number.clone());
            let pdf_url = pdf_url(BASE, invoice_id);
            Ok(ApprovedInvoice { invoice_id, invoice_number: invoice.number, pdf_url })
        })
        .await?)
}

/// Reject an invoice; its amount can be invoiced again.
#[utoipa::path(
    post, path = "/v1/finance/invoices/{id}/reject", operation_id = "reject_invoice", tag = "finance",
    security(("bearer" = [])),
    params(("id" = InvoiceId, Path, description = "The invoice.")),
    request_body = RejectionRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "The invoice is rejected."),
        (status = 400, description = "The reason does not fit, or the invoice was decided before."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_review_invoice`."),
        (status = 404, description = "`INVOICE_NOT_FOUND`."),
    ),
)]
pub(crate) async fn reject_invoice(
    State(app): State<App>,
    caller: FinanceCaller<CanReviewInvoice>,
    PathId(invoice_id): PathId<ids::Invoice>,
    ApiJson(body): ApiJson<RejectionRequest>,
) -> Result<Data<Nothing>, Rejection> {
    let reason = body.reason()?;
    let act = Act::new("invoice_reject", json!({"reason": reason})).on("invoice", &invoice_id);
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let invoice = invoices::reject(connection, invoice_id, reason, by, now).await?;
        name_invoice(act, &invoice);
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}

/// Says whose invoice of how much it was.
fn name_invoice(act: &mut Act, invoice: &Invoice) {
    act.set("operator_id", invoice.operator_id.to_string());
    act.set("amount", json!(invoice.amount));
}
