//! Which operator may run which application, until when, and who asks for it.
//!
//! Whoever changes a grant or a request of an operator locks its account row first, then the application, the grant and
//! the request.

mod authorized;
mod catalogue;
mod decide;
mod expiry_notices;
mod find;
mod give;
mod notify;
mod requests;
mod revise;
mod submit;

pub use authorized::{AuthorizedApp, authorized_apps};
pub use catalogue::{CatalogueEntry, GrantStanding, catalogue};
pub use decide::{approve, reject, reject_pending};
pub use expiry_notices::{keep_noticing, send_expiry_notices};
pub use find::{Grant, ListFilter, Status, find, list};
pub use give::{Given, NewGrant, give};
pub use notify::tell_given;
pub use requests::{Request, find_request, list_requests};
pub use revise::{change_expiry, revoke};
pub use submit::ask;
