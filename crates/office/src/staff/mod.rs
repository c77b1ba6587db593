//! Staff accounts: administrators, finance, analysts.
//!
//! Accounts are managed by super admins, and by administrators who were given `can_manage_admins`. So that the latter
//! cannot make themselves more than they are, [`Manager`] keeps them away from every account that can do what they cannot:
//! see there.

mod account;
pub mod bootstrap;
mod change;
mod create;
mod list;
mod role;

pub use account::{Manager, StaffAccount};
pub use change::{Changes, reset_password, update};
pub use create::{NewStaff, create, insert};
pub use list::{ListFilter, list};
pub use role::{StaffKind, StaffRole, check_permissions, parse_id};
