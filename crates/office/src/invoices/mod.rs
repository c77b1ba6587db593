//! Invoices: an operator asks for one over what it has topped up, finance decides, and approval makes the document.
//!
//! The invoiced total never exceeds top-ups minus refunds (FR-012). All three stand in, or are summed up under the lock
//! of, the account's row, which whoever writes an invoice takes first and the invoice second.

mod available;
mod capitals;
mod document;
mod find;
mod number;
mod pdf;
mod request;
mod review;

pub use available::{Invoiceable, invoiceable};
pub use capitals::capitals;
pub use document::{Contents, DocumentIssuer, OwnDocument, PdfFile, pdf_file, require_printable};
pub use find::{Invoice, find, list};
pub use pdf::{Buyer, InvoiceDocument, InvoiceLine, Issuer, RenderError, render};
pub use request::{NewInvoice, request};
pub use review::{Approval, approve, reject, reject_pending};

use sqlx::PgConnection;

use base::ids::InvoiceId;
use base::problem::Problem;

/// The invoice as it is after a change in the same transaction.
async fn changed(connection: &mut PgConnection, invoice_id: InvoiceId) -> Result<Invoice, Problem> {
    let invoice = find(connection, None, invoice_id).await?;
    invoice.ok_or_else(|| Problem::internal("the invoice that was just written is not there"))
}
