//! What every floor is built on: time, ids, canonical text, checks of fields, problems and paging as plain values.
//!
//! Values know how they stand in a column and in JSON; nothing here executes a statement or knows HTTP.

pub mod calendar;
pub mod canonical;
pub mod category;
pub mod clock;
pub mod ids;
pub mod paging;
pub mod payment_method;
pub mod problem;
pub mod validate;
