//! `coinslot seed`: operators for load tests, and a believable past for screenshots and trials.
//!
//! The ledger only ever grows at its end, so a past is appended too: it begins after an operator's newest entry and
//! ends now. An operator gets a past of DAYS days when it has been quiet for that long; one whose newest entry is
//! younger gets what fits, and one that has just been active gets none. Operators that are created in the same run
//! are opened at the beginning of the past.
//!
//! What is played is paid by top-ups, whose payments the sandbox knows. The balance that was there before stays.

mod applications;
mod calendar;
mod history;
mod operators;
mod past;
mod random;
mod top_ups;

use std::path::PathBuf;

use jiff::SignedDuration;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor, PgConnection};

use base::clock::{Clock, UtcTime};
use base::problem::Problem;
use office::statistics::rollups;
use platform::security::crypt::Cipher;
use platform::settings::SettingsStore;

pub use applications::on_the_shelf;
pub use operators::{NewOperator, Opened, credit, open_operator};

use past::Plan;
use random::Random;

/// What to add.
#[derive(Debug, Clone, clap::Args)]
pub struct SeedArgs {
    /// Adds a past of this many days to the operators that have a site and a grant.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub history: Option<u32>,
    /// Makes the past about this many games in all; 30 days unless --history says otherwise.
    #[arg(long, value_name = "N")]
    pub records: Option<u64>,
    /// Creates this many operators, each with sites, grants and a balance.
    #[arg(long, value_name = "N")]
    pub operators: Option<u32>,
    /// Sites of each new operator.
    #[arg(long, value_name = "N", requires = "operators", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub sites: u32,
    /// Applications that the new operators get grants for, some each; what is missing on the shelf is created.
    #[arg(long, value_name = "N", requires = "operators", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub apps: u32,
    /// Writes the API keys of the new operators into this file, one a line.
    #[arg(long, value_name = "FILE", requires = "operators")]
    pub keys_file: Option<PathBuf>,
    /// The same seed gives the same past, but for ids and secrets.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// What the new operators share with the running platform.
#[derive(Debug)]
pub struct Shared<'a> {
    pub cipher: &'a Cipher,
    pub clock: &'a Clock,
    /// One hash for all new operators: hashing is slow on purpose.
    pub password_hash: &'a str,
}

/// What was added.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Seeded {
    pub operators: u64,
    pub usage_records: u64,
    /// Operators that could get no past: no site, no grant, or too recently active.
    pub operators_without_past: u64,
}

/// What stopped it.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("{path}: {source}")]
    KeysFile { path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Failed(String),
    #[error("a worker failed: {0}")]
    Worker(#[from] tokio::task::JoinError),
    #[error("nothing to do: give --history, --records or --operators")]
    NothingToDo,
}

impl From<Problem> for SeedError {
    fn from(problem: Problem) -> Self {
        SeedError::Failed(problem.reason().to_owned())
    }
}

impl From<books::ledger::LedgerError> for SeedError {
    fn from(error: books::ledger::LedgerError) -> Self {
        SeedError::Database(error.into())
    }
}

const DEFAULT_HISTORY_DAYS: u32 = 30;

/// Adds what the arguments ask for, in transactions of its own. The server may be running.
///
/// # Errors
/// [`SeedError`]; what was committed before it stays.
pub async fn run(
    args: &SeedArgs,
    options: &PgConnectOptions,
    shared: &Shared<'_>,
) -> Result<Seeded, SeedError> {
    let days = args.history.or(args.records.map(|_| DEFAULT_HISTORY_DAYS));
    if days.is_none() && args.operators.is_none() {
        return Err(SeedError::NothingToDo);
    }
    let mut connection = connect(options).await?;
    let now = shared.clock.now();
    let from = days.map(|days| now.plus(SignedDuration::from_hours(-24 * i64::from(days))));
    let mut seeded = Seeded::default();
    if let Some(count) = args.operators {
        let keys = operators::create(&mut connection, shared, args, count, from.unwrap_or(now)).await?;
        seeded.operators = keys.len() as u64;
        if let Some(path) = &args.keys_file {
            write_keys(path, &keys)?;
        }
    }
    if let Some(from) = from {
        add_history(&mut connection, options, args, from, now, &mut seeded).await?;
    }
    rollups::fold_all(&mut connection).await?;
    Ok(seeded)
}

async fn connect(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let mut connection = options.connect().await?;
    connection.execute(platform::db::SESSION_SETUP).await?;
    Ok(connection)
}

async fn add_history(
    connection: &mut PgConnection,
    options: &PgConnectOptions,
    args: &SeedArgs,
    from: UtcTime,
    now: UtcTime,
    seeded: &mut Seeded,
) -> Result<(), SeedError> {
    let settings = SettingsStore::default();
    settings.refresh(connection).await?;
    let settings = settings.current();
    let mut random = Random::new(args.seed);
    let (mut venues, quiet) = history::venues(connection, from, now, &mut random).await?;
    let days = calendar::days(from, now, &settings.business_timezone);
    if let Some(records) = args.records {
        history::scale(&mut venues, &days, records);
    }
    let order_life = SignedDuration::from_mins(settings.payment_order_expire_minutes);
    let plan = Plan { days: days.into(), now, order_life };
    seeded.usage_records = past::write(options, venues, plan).await?;
    seeded.operators_without_past = quiet;
    Ok(())
}

/// For the owner's eyes only: whoever has a key can spend the operator's balance.
fn write_keys(path: &PathBuf, keys: &[String]) -> Result<(), SeedError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all((keys.join("\n") + "\n").as_bytes()));
    written.map_err(|source| SeedError::KeysFile { path: path.clone(), source })
}
