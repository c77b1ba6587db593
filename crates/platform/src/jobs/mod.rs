//! Work in the background: jobs in PostgreSQL, enqueued in the transaction that causes them.
//!
//! An instance takes the jobs it has a [`Handler`] for; the others wait for an instance that has. Whoever takes a job holds
//! a lease on it, and the lease is prolonged while the work lasts: when an instance dies, another takes the job once the
//! lease has ended. So a job is never lost, and it may be done twice if an instance dies after the work and before the
//! note of it; handlers are idempotent, or say what twice means.
//!
//! A failure is one of [`Failure`]. What may pass is tried again after a pause that doubles, [`MAX_ATTEMPTS`] times in all;
//! then, and after a failure that cannot pass, the job is dead: it stays in the table, an error is logged, and its handler
//! notes it where people look.

mod attempt;
mod dead;
mod hint;
mod queue;
pub mod schedules;
mod worker;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::Value;
use sqlx::PgConnection;

pub use dead::{Dead, Overview, overview, retry_dead};
pub use queue::{enqueue, enqueue_again, enqueue_at};
pub use worker::{Pace, Running, Worker};

use base::clock::UtcTime;
use base::problem::Problem;

/// How often a job is tried: with the pauses between, for about 13 hours.
pub const MAX_ATTEMPTS: i32 = 20;
/// The pause after the first attempt; it doubles with each.
const FIRST_PAUSE_S: i64 = 30;
/// Whoever repairs what was in the way wants to see it work within the hour.
const LONGEST_PAUSE_S: i64 = 3_600;

/// Why a job was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may work later.
    Retry(String),
    /// It will never work.
    Fail(String),
}

/// The database may be back later.
impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Retry(error.to_string())
    }
}

/// A payload that cannot be read never can be.
impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::Fail(error.to_string())
    }
}

/// What a domain could not do for the platform itself is no refusal: it may work later.
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Retry(problem.reason().to_owned())
    }
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    /// It failed and will be tried again.
    Postponed {
        error: String,
        until: UtcTime,
    },
    /// It was given up.
    Dead {
        error: String,
    },
}

impl Ending {
    fn of(worked: Result<(), Failure>, attempts: i32, now: UtcTime) -> Self {
        match worked {
            Ok(()) => Ending::Done,
            Err(Failure::Retry(error)) if attempts < MAX_ATTEMPTS => {
                Ending::Postponed { error, until: now.plus(pause_after(attempts)) }
            }
            Err(Failure::Retry(error) | Failure::Fail(error)) => Ending::Dead { error },
        }
    }
}

/// How long to wait after the attempt with this number, from 1.
fn pause_after(attempts: i32) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(30);
    SignedDuration::from_secs((FIRST_PAUSE_S << doublings).min(LONGEST_PAUSE_S))
}

/// What does the jobs of one kind.
#[async_trait]
pub trait Handler: fmt::Debug + Send + Sync + 'static {
    /// Does the work. It holds no transaction, and may be dropped when the instance ends or the lease is lost.
    async fn run(&self, payload: &Value) -> Result<(), Failure>;

    /// Notes what became of an attempt, in the transaction that ends it.
    async fn note(
        &self,
        connection: &mut PgConnection,
        payload: &Value,
        ending: &Ending,
        now: UtcTime,
    ) -> sqlx::Result<()>;

    /// Takes back the note that a job was given up, in the transaction that makes it pending again.
    async fn reopen(&self, _connection: &mut PgConnection, _payload: &Value) -> Result<(), Problem> {
        Ok(())
    }
}

/// The handlers of an instance, by the kind of their jobs.
pub type Handlers = HashMap<&'static str, Arc<dyn Handler>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pauses: Vec<i64> = (1..=9).map(|attempt| pause_after(attempt).as_secs()).collect();
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!(pause_after(i32::MAX).as_secs(), 3_600);
        let in_all: i64 = (1..MAX_ATTEMPTS).map(|attempt| pause_after(attempt).as_secs()).sum();
        assert_eq!(in_all / 3_600, 13);
    }

    #[test]
    fn a_failure_is_postponed_until_the_last_attempt() {
        let now = UtcTime::from_millis(0).unwrap();
        let retry = || Err(Failure::Retry("busy".to_owned()));
        let dead = Ending::Dead { error: "busy".to_owned() };
        let until = UtcTime::from_millis(30_000).unwrap();
        assert_eq!(Ending::of(retry(), 1, now), Ending::Postponed { error: "busy".to_owned(), until });
        assert_ne!(Ending::of(retry(), MAX_ATTEMPTS - 1, now), dead);
        assert_eq!(Ending::of(retry(), MAX_ATTEMPTS, now), dead);
        assert_eq!(Ending::of(Err(Failure::Fail("busy".to_owned())), 1, now), dead);
        assert_eq!(Ending::of(Ok(()), MAX_ATTEMPTS, now), Ending::Done);
    }
}
