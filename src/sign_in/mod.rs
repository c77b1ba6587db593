//! Signing in, signing out and passwords, for every audience alike.
//!
//! A wrong name and a wrong password cannot be told apart: same text, same time. Whether an account is locked or
//! deactivated is told only to who knows its password.

mod account;
mod password;
mod throttle;

pub use account::{Account, Standing};
pub use password::{change_password, confirm_password};

use sqlx::PgConnection;

use crate::app::App;
use crate::audit::{self, Act, Actor};
use crate::clock::UtcTime;
use crate::http::caller::SignedIn;
use crate::http::origin::Origin;
use crate::problem::{ErrorCode, Problem, Text};
use crate::security::jwt::Role;
use crate::security::tokens::{self, Issued, Subject};

/// Checks name and password at one of the four doors and issues a token.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED`, `UNAUTHORIZED`, and with the right password `ACCOUNT_DEACTIVATED` or `ACCOUNT_LOCKED`.
pub async fn sign_in(
    app: &App,
    door: Role,
    username: &str,
    password: &str,
    origin: &Origin,
) -> Result<(Account, Issued), Problem> {
    let attempt = throttle::count_attempt(app, door, username, origin.ip).await?;
    let account = account::find(app, door, username).await?;
    let hash = account.as_ref().map(|account| account.password_hash.as_str());
    let fits = app.passwords().verify(password, hash).await?;
    let Some(account) = account.filter(|_| fits) else {
        return Err(wrong_name_or_password());
    };
    attempt.give_back(app);
    account.standing.admit()?;
    let mut transaction = app.database().begin().await?;
    let now = app.clock().now();
    if !account::lock_unchanged(&mut transaction, &account).await? {
        return Err(wrong_name_or_password());
    }
    let issued = tokens::issue(&mut transaction, app, account.subject, now).await?;
    let actor = Actor::of_account(account.subject, account.name.clone(), origin);
    record_if_staff(&mut transaction, account.subject, &actor, "sign_in", now).await?;
    transaction.commit().await?;
    Ok((account, issued))
}

/// Ends the token of this call.
///
/// # Errors
/// The database's.
pub async fn sign_out(app: &App, caller: &SignedIn) -> Result<(), Problem> {
    let mut transaction = app.database().begin().await?;
    let now = app.clock().now();
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
