//! coinslot: real-time game authorization and prepaid billing for mixed-reality venues.
//!
//! `docs/ARCHITECTURE.md` is the map of this crate.

pub mod announcements;
pub mod anomaly;
pub mod app;
pub mod applications;
pub mod args;
pub mod audit;
pub mod authorization;
pub mod business_metrics;
pub mod calendar;
pub mod canonical;
pub mod category;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod email;
pub mod exports;
pub mod grants;
pub mod http;
pub mod ids;
pub mod inbox;
pub mod invoices;
pub mod jobs;
pub mod key_rotation;
pub mod ledger;
pub mod live;
pub mod messages;
pub mod metrics;
pub mod operators;
pub mod paging;
pub mod payments;
pub mod problem;
pub mod refunds;
pub mod reports;
pub mod review;
pub mod rounds;
pub mod router;
pub mod routes;
pub mod schedules;
pub mod security;
pub mod security_events;
pub mod seed;
pub mod serve;
pub mod settings;
pub mod sign_in;
pub mod simulate;
pub mod sites;
pub mod staff;
pub mod start;
pub mod statistics;
pub mod telemetry;
pub mod usage;
pub mod validate;
pub mod web_app;

#[cfg(test)]
#[path = "../crates/documents/tests/pdf_text/mod.rs"]
mod pdf_text;
