#![allow(
    clippy::unwrap_used,
    reason = "in a test, an unexpected error is a failure with a backtrace"
)]

mod audit;
mod authorize;
mod back_office;
mod cluster;
mod embedded;
mod harness;
mod people;
mod scratch;
mod sign_in;
