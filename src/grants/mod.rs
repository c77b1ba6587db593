//! Which operator may run which application, until when.

mod give;
mod list;
mod revise;

pub use give::{NewGrant, give};
pub use list::{Grant, ListFilter, Status, find, list};
pub use revise::{change_expiry, revoke};
