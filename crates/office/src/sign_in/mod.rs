//! Signing in, signing out and passwords, for every audience alike.
//!
//! A wrong name and a wrong password cannot be told apart: same text, same time. Whether an account is locked or
//! deactivated is told only to who knows its password.

mod account;
mod password;
mod signed_in;
mod throttle;

pub use account::{AccountStatus, SignInAccount};
pub use password::{change_password, confirm_password};
pub use signed_in::SignedIn;

use std::sync::Arc;

use sqlx::PgConnection;

use crate::audit::{self, Act, Actor, Origin};
use base::clock::{Clock, UtcTime};
use base::problem::{ErrorCode, Problem, Text};
use platform::db::Database;
use platform::security::admission::Admission;
use platform::security::jwt::{JwtKeys, Role};
use platform::security::password::Passwords;
use platform::security::tokens::{self, Issued, Subject};
use platform::settings::Settings;

/// What it takes to let somebody in.
#[derive(Clone, Debug)]
pub struct Authenticator<'a> {
    pub database: &'a Database,
    pub clock: &'a Clock,
    pub settings: Arc<Settings>,
    pub jwt: &'a JwtKeys,
    pub passwords: &'a Passwords,
    pub admission: &'a Admission,
}

/// Checks name and password at one of the four doors and issues a token.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED`, `UNAUTHORIZED`, and with the right password `ACCOUNT_DEACTIVATED` or `ACCOUNT_LOCKED`.
pub async fn sign_in(
    authenticator: &Authenticator<'_>,
    door: Role,
    username: &str,
    password: &str,
    origin: &Origin,
) -> Result<(SignInAccount, Issued), Problem> {
    let attempt = throttle::count_attempt(authenticator, door, username, origin.ip).await?;
    let account = account::find(authenticator.database, door, username).await?;
    let hash = account.as_ref().map(|account| account.password_hash.as_str());
    let fits = authenticator.passwords.verify(password, hash).await?;
    let Some(account) = account.filter(|_| fits) else {
        return Err(wrong_name_or_password());
    };
    attempt.give_back(authenticator.admission);
    account.standing.admit()?;
    let mut transaction = authenticator.database.begin().await?;
    let now = authenticator.clock.now();
    if !account::lock_unchanged(&mut transaction, &account).await? {
        return Err(wrong_name_or_password());
    }
    let issued = tokens::issue(
        &mut transaction,
        authenticator.jwt,
        authenticator.settings.session_expire_days,
        account.subject,
        now,
    )
    .await?;
    let actor = Actor::of_account(account.subject, account.name.clone(), origin);
    record_if_staff(&mut transaction, account.subject, &actor, "sign_in", now).await?;
    transaction.commit().await?;
    Ok((account, issued))
}

/// Ends the token of this call.
///
/// # Errors
/// The database's.
pub async fn sign_out(database: &Database, caller: &SignedIn, now: UtcTime) -> Result<(), Problem> {
    let mut transaction = database.begin().await?;
    tokens::revoke(&mut transaction, caller.jti, now).await?;
    record_if_staff(&mut transaction, caller.subject, &caller.actor(), "sign_out", now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Everything staff do is in the audit log (FR-046); operators come and go unrecorded.
async fn record_if_staff(
    connection: &mut PgConnection,
    subject: Subject,
    actor: &Actor,
    operation: &'static str,
    now: UtcTime,
) -> sqlx::Result<()> {
    if subject.role() != Role::Operator {
        let act = Act::new(operation, serde_json::json!({})).on("account", &subject);
        audit::succeeded(connection, actor, &act, now).await?;
    }
    Ok(())
}

fn wrong_name_or_password() -> Problem {
    Problem::new(ErrorCode::Unauthorized)
        .with_text(Text::new("用户名或密码错误", "The username or the password is wrong"))
}
