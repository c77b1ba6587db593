//! Asking for the password again, and changing it.

use serde_json::json;

use super::{account, throttle};
use crate::app::App;
use crate::audit::{self, Act};
use crate::http::caller::SignedIn;
use crate::problem::{ErrorCode, Problem, Text};
use crate::security::tokens;

/// Makes sure that the person at the keyboard knows the account's password. A wrong one counts as a failed sign-in.
///
/// # Errors
/// `UNAUTHORIZED` for a wrong password, `RATE_LIMIT_EXCEEDED` after too many; the database's.
pub async fn confirm_password(app: &App, caller: &SignedIn, password: &str) -> Result<(), Problem> {
    confirmed_hash(app, caller, password).await.map(drop)
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
    let old_hash = match confirmed_hash(app, caller, old_password).await {
        Ok(hash) => hash,
        Err(problem) => {
            // Attempts over the limit were not tried, and would only swell the log.
            if problem.code() == ErrorCode::Unauthorized {
                audit::refused(app, &caller.actor(), &act, &problem).await?;
            }
            return Err(problem);
        }
    };
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

async fn confirmed_hash(app: &App, caller: &SignedIn, password: &str) -> Result<String, Problem> {
    throttle::count_attempt(app, caller.subject.role(), &caller.username, caller.origin.ip).await?;
    let mut connection = app.database().acquire().await?;
    let hash = account::password_hash(&mut connection, caller.subject).await?;
    drop(connection);
    let fits = app.passwords().verify(password, hash.as_deref()).await?;
    hash.filter(|_| fits).ok_or_else(wrong_password)
}

fn wrong_password() -> Problem {
    Problem::new(ErrorCode::Unauthorized).with_text(Text::new("密码错误", "The password is wrong"))
}
