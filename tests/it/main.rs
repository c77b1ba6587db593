#![allow(
    clippy::unwrap_used,
    reason = "in a test, an unexpected error is a failure with a backtrace"
)]

mod authorize;
mod cluster;
mod embedded;
mod harness;
mod scratch;
