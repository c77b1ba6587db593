//! Which operator may run which application, until when.

mod find;
mod give;
mod revise;

pub use find::{Grant, ListFilter, Status, find, list};
pub use give::{NewGrant, give};
pub use revise::{change_expiry, revoke};
