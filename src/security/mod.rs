//! Keys, signatures, passwords, tokens, limits.

pub mod admission;
pub mod anomaly;
pub mod api_key;
pub mod crypt;
pub mod events;
pub mod jwt;
pub mod password;
pub mod rate_limit;
pub mod roles;
pub mod rotate;
pub mod shared_limit;
pub mod tokens;
