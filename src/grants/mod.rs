//! Grants: which operator may run which application, until when.

pub mod list;
