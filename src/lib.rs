//! coinslot: real-time game authorization and prepaid billing for mixed-reality venues.
//!
//! `docs/ARCHITECTURE.md` is the map of this crate.

pub mod app;
pub mod applications;
pub mod audit;
pub mod authorization;
pub mod canonical;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod email;
pub mod exports;
pub mod grants;
pub mod http;
pub mod ids;
pub mod invoices;
pub mod jobs;
pub mod ledger;
pub mod live;
pub mod messages;
pub mod metrics;
pub mod operators;
pub mod payments;
pub mod problem;
pub mod refunds;
pub mod reports;
pub mod review;
pub mod rounds;
pub mod router;
pub mod routes;
pub mod security;
pub mod seed;
pub mod serve;
pub mod settings;
pub mod sign_in;
pub mod sites;
pub mod staff;
pub mod statistics;
pub mod telemetry;
pub mod usage;
pub mod validate;
pub mod web_app;

#[cfg(test)]
#[path = "../crates/documents/tests/pdf_text/mod.rs"]
mod pdf_text;
