//! Usage records: the games that were charged.

pub mod list;
