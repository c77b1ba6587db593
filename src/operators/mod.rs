//! Operators: the venues' accounts.

mod find;
mod list;
mod lock;
pub mod profile;
mod register;

pub use crate::ledger::Category;
pub use find::{Details, Summary, details, exists};
pub use list::{ListFilter, SortBy, SortOrder, list};
pub use lock::{lock, unlock};
pub use register::{NewOperator, Registered, check_fields, register};
