//! Asking for the password again, and changing it.

use serde_json::json;

use super::{account, throttle};
use crate::app::App;
use crate::audit::{self, Act};
use crate::http::caller::SignedIn;
use crate::problem::{ErrorCode, Problem, Text};
use crate::security::tokens;

/// Makes sure, before `act` is done, that the person at the keyboard knows the account's password. A wrong one counts as
/// a failed sign-in, and the audit log has the act as refused.
///
/// # Errors
/// `UNAUTHORIZED` for a wrong password, `RATE_LIMIT_EXCEEDED` after too many; the database's.
pub async fn confirm_password(
    app: &App,
    caller: &SignedIn,
    act: &Act,
    password: &str,
) -> Result<(), Problem> {
    confirmed_hash(app, caller, act, password).await.map(drop)
}

/// Replaces the password and ends every other token of the account.
///
/// # Errors
/// As [`confirm_password`].
pub async fn change_password(
    app: &App,
    caller: &SignedIn,
    old_password: &str,
    new_password: &str,
) -> Result<(), Problem> {
    let act = Act::new("password_change", json!({})).on("account", &caller.subject);
    let old_hash = confirmed_hash(app, caller, &act, old_password).await?;
    let new_hash = app.passwords().hash(new_password).await?;
    let mut transaction = app.database().begin().await?;
    let now = app.clock().now();
    let replaced =
        account::replace_password_hash(&mut transaction, caller.subject, &old_hash, &new_hash, now).await?;
    if !replaced {
        return Err(wrong_password());
    }
    tokens::revoke_all(&mut transaction, caller.subject, Some(caller.jti), now).await?;
    audit::succeeded(&mut transaction, &caller.actor(), &act, now).await?;
    transaction.commit().await?;
    Ok(())
}

async fn confirmed_hash(app: &App, caller: &SignedIn, act: &Act, password: &str) -> Result<String, Problem> {
    // Attempts over the limit are not tried, and would only swell the log.
    let attempt =
        throttle::count_attempt(app, caller.subject.role(), &caller.username, caller.origin.ip).await?;
    let mut connection = app.database().acquire().await?;
    let hash = account::password_hash(&mut connection, caller.subject).await?;
    drop(connection);
    let fits = app.passwords().verify(password, hash.as_deref()).await?;
    if let Some(hash) = hash.filter(|_| fits) {
        attempt.give_back(app);
        return Ok(hash);
    }
    let problem = wrong_password();
    audit::refused(app, &caller.actor(), act, &problem).await?;
    Err(problem)
}

fn wrong_password() -> Problem {
    Problem::new(ErrorCode::Unauthorized).with_text(Text::new("密码错误", "The password is wrong"))
}
