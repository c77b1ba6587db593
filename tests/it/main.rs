#![allow(
    clippy::unwrap_used,
    reason = "in a test, an unexpected error is a failure with a backtrace"
)]

mod at_once;
mod authorization_log;
mod authorize;
mod bad_input;
mod check_order;
mod cluster;
mod crash;
mod embedded;
mod envelope;
mod harness;
mod limits;
mod migrations;
mod plans;
mod process;
mod quotes;
mod replay;
mod requests;
mod scratch;
mod session_ends;
mod signing;
mod verify;
