//! The sandbox as the two real clients see it, over loopback.

#![allow(clippy::unwrap_used, reason = "in a test, an unexpected error is a failure with a backtrace")]

mod alipay_life;
mod conformance;
mod faults;
mod keys;
mod notices;
mod orders;
mod outcomes;
mod pages;
mod wechat_life;
mod world;
