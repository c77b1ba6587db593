//! Invoices: what an operator has topped up, as a document for its bookkeeping.

mod capitals;
mod pdf;

pub use capitals::capitals;
pub use pdf::{Buyer, InvoiceDocument, InvoiceLine, Issuer, RenderError, render};
