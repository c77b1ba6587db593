//! Which operator may run which application, until when.

mod authorized;
mod find;
mod give;
mod revise;

pub use authorized::{AuthorizedApp, authorized_apps};
pub use find::{Grant, ListFilter, Status, find, list};
pub use give::{NewGrant, give};
pub use revise::{change_expiry, revoke};
