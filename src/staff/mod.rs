//! Staff accounts: administrators, finance, analysts.

pub mod bootstrap;
mod create;

pub use create::{NewStaff, StaffRole, insert};
