//! Operators: the venues' accounts.

mod active;
mod change;
mod deactivate;
mod find;
mod list;
mod lock;
pub mod profile;
mod recompute_categories;
mod register;

pub use active::lock_active_account;
pub use base::category::Category;
pub use change::{Contact, ContactChange, change_category, change_contact, reset_api_key};
pub use deactivate::{Departure, deactivate};
pub use find::{Details, Summary, details, exists};
pub use list::{ListFilter, SortBy, SortOrder, list};
pub(crate) use lock::lock_account;
pub use lock::{lock, unlock};
pub use recompute_categories::recompute_categories;
pub use register::{Enrolment, NewOperator, Registered, register};
