//! The client against a local server that speaks WeChat's side, with real signatures and ciphertexts.

#![allow(clippy::unwrap_used, reason = "in a test, an unexpected error is a failure with a backtrace")]

mod bills;
mod certificates;
mod gateway;
mod keys;
mod notices;
mod orders;
mod outcomes;
mod refunds;
mod setting;
mod signatures;
