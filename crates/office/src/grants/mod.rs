//! Which operator may run which application, until when, and who asks for it.
//!
//! Whoever changes a grant or a request of an operator locks its account row first, then the application, the grant and
//! the request.

mod ask;
mod authorized;
mod catalogue;
mod decide;
mod expiry_notices;
mod find;
mod give;
mod requests;
mod revise;
mod tell;

pub use ask::ask;
pub use authorized::{AuthorizedApp, authorized_apps};
pub use catalogue::{CatalogueEntry, Standing, catalogue};
pub use decide::{approve, reject, reject_pending};
pub use expiry_notices::{keep_noticing, send_expiry_notices};
pub use find::{Grant, ListFilter, Status, find, list};
pub use give::{Given, NewGrant, give};
pub use requests::{Request, find_request, list_requests};
pub use revise::{change_expiry, revoke};
pub use tell::tell_given;
