//! Operators: the venues' accounts.

mod active;
mod deactivate;
mod finance;
mod find;
mod list;
mod lock;
pub mod profile;
mod register;

pub use crate::ledger::Category;
pub use active::lock_active_account;
pub use deactivate::{Departure, deactivate};
pub use finance::{CustomerDetails, customer_details};
pub use find::{Details, Summary, details, exists};
pub use list::{ListFilter, SortBy, SortOrder, list};
pub use lock::{lock, unlock};
pub use register::{NewOperator, Registered, check_fields, register};
