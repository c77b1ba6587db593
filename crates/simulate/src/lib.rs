//! Plays headset servers: a load generator that keeps every answer and checks the books at the end.
//!
//! A *closed loop* has N connections that each wait for their answer before they ask again; an
//! *open loop* sends on a fixed schedule and counts latency from the time a request was due, so
//! that a stalled server cannot hide behind requests that were never sent. Some requests may be
//! *repeats* of earlier sessions (which must be answered alike and charged once) or *late* (which
//! must be refused).
//!
//! Afterwards the sessions whose answer was lost are asked for again, as a headset server would,
//! until it is known whether they were charged. Then the answers are checked against each other,
//! against the balances before and after, and, if a database is given, against the usage records.

mod args;
mod book;
mod books;
mod check_balances;
mod check_sessions;
mod closed_loop;
mod credentials;
mod discrepancy;
mod error;
mod fen;
mod generator;
pub mod http;
mod meter;
mod open_loop;
mod operator;
mod pacer;
mod planner;
mod reply;
mod report;
mod request;
mod run;
mod session;
mod settle;
mod type_id;
mod wall_clock;

#[cfg(test)]
mod fake_server;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;

use std::{num::NonZeroU32, thread, time::Duration};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::task::LocalSet;

pub use self::{
    args::AuthorizeArgs,
    credentials::{Credentials, SignedHeaders},
    discrepancy::Discrepancy,
    error::SimulateError,
    meter::Quantiles,
    report::Report,
};

/// How requests are timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Load {
    /// So many connections, each with one request at a time.
    Closed { connections: NonZeroU32 },
    /// So many requests per second, over at most `connections_max` connections.
    Open { per_s: NonZeroU32, connections_max: NonZeroU32 },
}

/// What to play.
#[derive(Debug, Clone)]
pub struct Options {
    /// Instances of one platform, `http://host:port`; connections are spread over them.
    pub urls: Vec<String>,
    /// One API key per operator.
    pub api_keys: Vec<SecretString>,
    pub load: Load,
    /// How long to send.
    pub duration: Duration,
    /// How much of `duration`, at its start, is not measured (its books are checked).
    pub warmup: Duration,
    /// Fraction of requests that repeat an earlier session, 0…1.
    pub duplicates: f64,
    /// Fraction of new sessions with a time out of the window, 0…1.
    pub late: f64,
    /// Players of every game; `None` takes a random number that the app allows.
    pub players: Option<u8>,
    /// How long to wait for an answer.
    pub timeout: Duration,
    /// Seed of all choices.
    pub seed: u64,
    /// Database of the platform, for checking its usage records.
    pub database_url: Option<SecretString>,
}

/// Plays, and checks the books. Blocks until both are done; it has a thread and a runtime of its
/// own, so it may be called from anywhere that may block.
///
/// # Errors
/// When the run could not start, or the database not be read. Whatever happens to single requests
/// is in the [`Report`].
pub fn run(options: Options) -> Result<Report, SimulateError> {
    let player = thread::Builder::new().name("simulate".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(SimulateError::Start)?;
        LocalSet::new().block_on(&runtime, run::simulate(options))
    });
    match player.map_err(SimulateError::Start)?.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
