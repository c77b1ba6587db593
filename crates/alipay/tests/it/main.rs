//! The client against a gateway on this machine that verifies requests and signs answers.

#![allow(clippy::unwrap_used, reason = "in a test, an unexpected error is a failure with a backtrace")]

mod bills;
mod failures;
mod gateway;
mod trades;
