//! Operators (运营商): identity and profile.

pub mod profile;
