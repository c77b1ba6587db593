//! Integration tests: the real router over TCP against a real PostgreSQL.

#![allow(
    clippy::unwrap_used,
    reason = "a helper that panics fails its test, as it should"
)]

mod fixtures;
mod harness;
mod openapi;
mod operator_api;
mod paging;
mod seeding;
mod sites;
mod system;
