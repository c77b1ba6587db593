//! Top-ups: orders at WeChat Pay and Alipay, and what becomes of them.
//!
//! An order is written and committed before a provider hears of it, so no payment can come that nobody knows of. What a
//! provider says of an order, by notification, by answer to a question or in a bill, goes through one door that credits
//! it once. No provider is called inside a database transaction.

pub mod providers;
pub mod sandbox;
pub mod start;
