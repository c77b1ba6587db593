//! The anomaly watch (FR-056): an address that fails too often, or that presents too many keys, is an incident, and the
//! accounts concerned are locked until an administrator unlocks them.
//!
//! Every attempt is in the authorization log within moments of its answer, with the operator whose real key it carried.
//! The watch reads the log of the last minutes. It runs in every instance; they look one after another, and whoever comes
//! second finds nothing left to do. An incident is one event and one e-mail, but accounts that become concerned while it
//! lasts are locked and told of too.
//!
//! Addresses are counted as by the address limit: of IPv6 the network of 64 bits.

mod act;
mod alert;
mod failures;
mod finding;
mod keys;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::clock::{Clock, UtcTime};
use base::problem::Problem;
use jiff::SignedDuration;
use platform::db;
use platform::rounds::keep_doing;
use platform::settings::{Settings, SettingsStore};
use sqlx::{PgConnection, PgPool};

use crate::security_events::EventKind;

/// Far below the minute within which an incident must be acted on (SC-008).
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What the watch looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// More than `anomaly_ip_failures` failures from one address.
    Failures,
    /// More than `anomaly_ip_keys` real keys from one address.
    ManyKeys,
}

impl Rule {
    const fn event(self) -> EventKind {
        match self {
            Self::Failures => EventKind::IpFailures,
            Self::ManyKeys => EventKind::IpManyKeys,
        }
    }

    const fn limit(self, settings: &Settings) -> i64 {
        match self {
            Self::Failures => settings.anomaly_ip_failures,
            Self::ManyKeys => settings.anomaly_ip_keys,
        }
    }

    const fn window_seconds(self, settings: &Settings) -> i64 {
        match self {
            Self::Failures => settings.anomaly_ip_failures_window_seconds,
            Self::ManyKeys => settings.anomaly_ip_keys_window_seconds,
        }
    }
}

/// Looks every few seconds until the task is dropped. The keys, which are the greater part of the work, are looked at
/// every second time.
pub async fn keep_watch(pool: PgPool, clock: Clock, settings: Arc<SettingsStore>) {
    let rounds = AtomicU64::new(0);
    keep_doing(LOOK_EVERY, || async {
        let is_second = rounds.fetch_add(1, Ordering::Relaxed) % 2 == 1;
        let rules = if is_second { &[Rule::Failures][..] } else { &[Rule::Failures, Rule::ManyKeys] };
        for rule in rules {
            let looked = async {
                let mut connection = pool.acquire().await?;
                look(&mut connection, &settings.current(), *rule, clock.now()).await
            };
            if let Err(problem) = looked.await {
                let cause = problem.reason();
                tracing::error!(?rule, cause, "the anomaly watch could not look");
            }
        }
        LOOK_EVERY
    })
    .await;
}

/// Looks at the window that ends now and acts on what it finds, in one transaction. Returns how many accounts it locked.
///
/// # Errors
/// The database's; then nothing was done.
pub async fn look(
    connection: &mut PgConnection,
    settings: &Settings,
    rule: Rule,
    now: UtcTime,
) -> Result<usize, Problem> {
    let mut transaction = db::begin_planned(connection).await?;
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('coinslot anomaly watch'))")
        .execute(&mut *transaction)
        .await?;
    let findings = match rule {
        Rule::Failures => failures::find(&mut transaction, settings, now).await?,
        Rule::ManyKeys => keys::find(&mut transaction, settings, now).await?,
    };
    let locked = act::act(&mut transaction, settings, &findings, now).await?;
    transaction.commit().await?;
    Ok(locked)
}

fn seconds_before(now: UtcTime, seconds: i64) -> UtcTime {
    now.plus(SignedDuration::from_secs(-seconds))
}
