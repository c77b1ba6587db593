#![allow(
    clippy::unwrap_used,
    reason = "in a test, an unexpected error is a failure with a backtrace"
)]

mod cluster;
mod embedded;
mod scratch;
