//! What surrounds the heart: one module per domain, each with its types, rules and SQL. Knows no HTTP.

pub mod announcements;
pub mod anomaly;
pub mod applications;
pub mod audit;
pub mod business_metrics;
pub mod exports;
pub mod grants;
pub mod inbox;
pub mod invoices;
pub mod key_rotation;
pub mod operators;
pub mod payments;
pub mod refunds;
pub mod reports;
pub mod review;
pub mod security_events;
pub mod sign_in;
pub mod sites;
pub mod staff;
pub mod statistics;
pub mod usage;

#[cfg(test)]
#[path = "../../documents/tests/pdf_text/mod.rs"]
mod pdf_text;
