//! Attempts at a password per name and per address. They only slow down: nobody is locked out by guessing. A right
//! password gives its attempt back, so that an office behind one address is not kept out by its own people.

use std::net::IpAddr;

use base::problem::{ErrorCode, Problem};
use jiff::SignedDuration;
use platform::security::admission::Admission;
use platform::security::jwt::Role;
use platform::security::shared_limit::LimitKey;
use serde_json::json;

use super::Authenticator;
use super::account::is_possible_name;
use crate::security_events::{self, EventKind};

/// One event tells of all refused attempts within this time.
const EVENT_EVERY_S: i64 = 60;

/// An attempt that may be made and was counted.
#[derive(Debug)]
pub(super) struct SignInAttempt {
    keys: Vec<LimitKey>,
    limit: i64,
}

impl SignInAttempt {
    /// The password was right: the attempt no longer counts.
    pub(super) fn give_back(self, admission: &Admission) {
        for key in &self.keys {
            admission.give_back(key, self.limit);
        }
    }
}

/// Counts one attempt, before the password is looked at: guesses sent at the same time must not pass together.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED`; the database's.
pub(super) async fn count_attempt(
    authenticator: &Authenticator<'_>,
    door: Role,
    username: &str,
    ip: IpAddr,
) -> Result<SignInAttempt, Problem> {
    let limit = authenticator.settings.login_attempts_per_minute;
    let mut keys = vec![LimitKey::sign_in_address(ip)];
    // A name that no account can have needs no count of its own, and is nothing to store.
    if is_possible_name(username) {
        let key = format!("{}:{}", door.into_str(), username.to_ascii_lowercase());
        keys.push(LimitKey::SignInName(key));
    }
    for key in &keys {
        if let Err(problem) = authenticator.admission.admit(key.clone(), limit).await {
            if problem.code() == ErrorCode::RateLimitExceeded {
                report(authenticator, door, username, ip).await?;
            }
            return Err(problem);
        }
    }
    Ok(SignInAttempt { keys, limit })
}

async fn report(
    authenticator: &Authenticator<'_>,
    door: Role,
    username: &str,
    ip: IpAddr,
) -> Result<(), Problem> {
    let now = authenticator.clock.now();
    let mut transaction = authenticator.database.begin().await?;
    let since = now.plus(SignedDuration::from_secs(-EVENT_EVERY_S));
    if security_events::is_recorded_since(&mut transaction, EventKind::LoginThrottled, ip, since).await? {
        return Ok(());
    }
    let username: String = username.chars().filter(|c| !c.is_control()).take(50).collect();
    let evidence = json!({"door": door.into_str(), "username": username});
    security_events::record(&mut transaction, EventKind::LoginThrottled, Some(ip), &[], evidence, now)
        .await?;
    transaction.commit().await?;
    Ok(())
}
