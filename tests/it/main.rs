//! Integration tests: the real router over TCP against a real PostgreSQL.

#![allow(
    clippy::unwrap_used,
    reason = "in a test, an unexpected error is a failure with a backtrace"
)]

mod audit;
mod authorize;
mod back_office;
mod cluster;
mod embedded;
mod fixtures;
mod harness;
mod openapi;
mod operator_api;
mod paging;
mod people;
mod scratch;
mod seeding;
mod sign_in;
mod sites;
mod system;
