#![allow(
    clippy::unwrap_used,
    reason = "in a test, an unexpected error is a failure with a backtrace"
)]

mod authorization_log;
mod authorize;
mod bad_input;
mod check_order;
mod cluster;
mod embedded;
mod envelope;
mod harness;
mod limits;
mod requests;
mod scratch;
mod signing;
