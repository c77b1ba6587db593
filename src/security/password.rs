//! Passwords.

use argon2::{Argon2, PasswordHash, PasswordVerifier};

use crate::app::App;
use crate::problem::Problem;

/// Whether the password belongs to the hash.
pub async fn verify(_app: &App, password: &str, hash: &str) -> Result<bool, Problem> {
    let parsed = PasswordHash::new(hash).map_err(Problem::internal)?;
    Ok(Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok())
}
