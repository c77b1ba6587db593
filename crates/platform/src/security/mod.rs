//! Keys, signatures, passwords, tokens, limits.

pub mod admission;
pub mod api_key;
pub mod crypt;
pub mod jwt;
pub mod password;
pub mod rate_limit;
pub mod roles;
pub mod shared_limit;
pub mod tokens;
