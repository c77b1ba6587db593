//! Asking for the password again, and changing it.

use base::problem::{ErrorCode, Problem, Text};
use platform::security::tokens;
use serde_json::json;

use super::{Authenticator, SignedIn, account, throttle};
use crate::audit::{self, Act};

/// Makes sure, before `act` is done, that the person at the keyboard knows the account's password. A wrong one counts as
/// a failed sign-in, and the audit log has the act as refused.
///
/// # Errors
/// `UNAUTHORIZED` for a wrong password, `RATE_LIMIT_EXCEEDED` after too many; the database's.
pub async fn confirm_password(
    authenticator: &Authenticator<'_>,
    caller: &SignedIn,
    act: &Act,
    password: &str,
) -> Result<(), Problem> {
    confirmed_hash(authenticator, caller, act, password).await.map(drop)
}

/// Replaces the password and ends every other token of the account.
///
/// # Errors
/// As [`confirm_password`].
pub async fn change_password(
    authenticator: &Authenticator<'_>,
    caller: &SignedIn,
    old_password: &str,
    new_password: &str,
) -> Result<(), Problem> {
    let act = Act::new("password_change", json!({})).on("account", &caller.subject);
    let old_hash = confirmed_hash(authenticator, caller, &act, old_password).await?;
    let new_hash = authenticator.passwords.hash(new_password).await?;
    let mut transaction = authenticator.database.begin().await?;
    let now = authenticator.clock.now();
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

async fn confirmed_hash(
    authenticator: &Authenticator<'_>,
    caller: &SignedIn,
    act: &Act,
    password: &str,
) -> Result<String, Problem> {
    // Attempts over the limit are not tried, and would only swell the log.
    let attempt =
        throttle::count_attempt(authenticator, caller.subject.role(), &caller.username, caller.origin.ip)
            .await?;
    let mut connection = authenticator.database.acquire().await?;
    let hash = account::password_hash(&mut connection, caller.subject).await?;
    drop(connection);
    let fits = authenticator.passwords.verify(password, hash.as_deref()).await?;
    if let Some(hash) = hash.filter(|_| fits) {
        attempt.give_back(authenticator.admission);
        return Ok(hash);
    }
    let problem = wrong_password();
    audit::refused(authenticator.database, &caller.actor(), act, &problem, authenticator.clock.now()).await?;
    Err(problem)
}

fn wrong_password() -> Problem {
    Problem::new(ErrorCode::Unauthorized).with_text(Text::new("密码错误", "The password is wrong"))
}
