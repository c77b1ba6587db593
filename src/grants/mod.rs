//! Which operator may run which application, until when.

mod authorized;
mod expiry_notices;
mod find;
mod give;
mod revise;
mod tell;

pub use authorized::{AuthorizedApp, authorized_apps};
pub use expiry_notices::{keep_noticing, send_expiry_notices};
pub use find::{Grant, ListFilter, Status, find, list};
pub use give::{NewGrant, give};
pub use revise::{change_expiry, revoke};
pub use tell::tell_given;
