//! The first super admin of a new installation.

use aws_lc_rs::rand;
use base::clock::UtcTime;
use base::ids::AdminId;
use base::problem::Problem;
use platform::db::Database;
use platform::security::password::Passwords;
use platform::security::roles::AdminRole;
use secrecy::SecretString;
use serde_json::json;

use super::{NewStaff, StaffRole, insert};
use crate::audit::{self, Act, Actor};

/// Name of the first super admin.
pub const FIRST_ADMIN: &str = "admin";

const PASSWORD_LEN: usize = 20;
/// Without the letters and digits that are taken for one another; 56 characters.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/// Makes the super admin `admin` if there is no staff yet. Returns the generated password, to be printed once.
///
/// # Errors
/// The database's.
pub async fn ensure_super_admin(
    database: &Database,
    passwords: &Passwords,
    now: UtcTime,
) -> Result<Option<SecretString>, Problem> {
    let mut transaction = database.begin().await?;
    // Two instances that start at once must not print two passwords of which one is wrong.
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('coinslot bootstrap'))")
        .fetch_one(&mut *transaction)
        .await?;
    let has_staff = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM staff_accounts) as "exists!""#)
        .fetch_one(&mut *transaction)
        .await?;
    if has_staff {
        return Ok(None);
    }
    let password = generate_password();
    let password_hash = passwords.hash(&password).await?;
    let new = NewStaff {
        role: StaffRole::Admin(AdminRole::SuperAdmin),
        username: FIRST_ADMIN,
        password_hash: &password_hash,
        name: "系统管理员",
    };
    let id = insert(&mut transaction, &new, now).await?;
    let id = id.ok_or_else(|| Problem::internal("the first super admin exists already"))?;
    let act = Act::new("account_create", json!({"username": FIRST_ADMIN, "role": "super_admin"}))
        .on("account", &AdminId::from_uuid(id));
    audit::succeeded(&mut transaction, &Actor::system(), &act, now).await?;
    transaction.commit().await?;
    Ok(Some(password.into()))
}

/// A random password that the platform's own rule accepts.
fn generate_password() -> String {
    loop {
        let password = random_text();
        if base::validate::Fields::new().password("password", &password).finish().is_ok() {
            return password;
        }
    }
}

fn random_text() -> String {
    let mut text = String::with_capacity(PASSWORD_LEN);
    while text.len() < PASSWORD_LEN {
        let mut byte = [0];
        rand::fill(&mut byte).expect("the system's random generator answers");
        // Bytes above the largest multiple are thrown away: every character is equally likely.
        let limit = u8::MAX - u8::MAX % ALPHABET.len() as u8;
        if byte[0] < limit {
            text.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_are_long_and_different() {
        let (first, second) = (generate_password(), generate_password());
        assert_eq!(first.len(), PASSWORD_LEN);
        assert_ne!(first, second);
    }
}
