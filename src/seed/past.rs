//! Writes a past: computed on all cores, copied over as many connections.

use std::sync::Arc;

use base::clock::UtcTime;
use base::ids::{OperatorId, UsageId};
use books::ledger::{self, Account, Import, LedgerError};
use jiff::SignedDuration;
use office::payments::{self, PastOrder};
use platform::db::copy::CopyRows;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Acquire, PgConnection};

use super::calendar::Day;
use super::history::{Venue, play, settle};
use super::{SeedError, connect};

/// Operators written in one transaction. Few enough that a running server waits for no account for long.
const OPERATORS_PER_BATCH: usize = 250;

/// What a worker needs besides its operators.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) days: Arc<[Day]>,
    pub(super) now: UtcTime,
    /// How long top-up orders can be paid.
    pub(super) order_life: SignedDuration,
}

/// What is to be written of one day of some operators.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) import: Import,
    pub(super) ends: Ends,
    pub(super) orders: Vec<PastOrder>,
}

/// Writes the past day by day, all operators side by side as real days were. Returns the number of games.
pub(super) async fn write(
    options: &PgConnectOptions,
    mut venues: Vec<Venue>,
    plan: Plan,
) -> Result<u64, SeedError> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = venues.len().div_ceil(cores).max(1);
    let mut workers = Vec::new();
    while !venues.is_empty() {
        let own = venues.split_off(venues.len().saturating_sub(share));
        workers.push(tokio::spawn(work(options.clone(), own, plan.clone())));
    }
    let mut games = 0;
    for worker in workers {
        games += worker.await??;
    }
    Ok(games)
}

async fn work(options: PgConnectOptions, mut venues: Vec<Venue>, plan: Plan) -> Result<u64, SeedError> {
    let mut connection = connect(&options).await?;
    let mut batches = Vec::new();
    while !venues.is_empty() {
        batches.push(venues.split_off(venues.len().saturating_sub(OPERATORS_PER_BATCH)));
    }
    let mut games = 0;
    for day in 0..plan.days.len() {
        for venues in &mut batches {
            games += write_batch(&mut connection, venues, day, &plan).await?;
        }
    }
    Ok(games)
}

async fn write_batch(
    connection: &mut PgConnection,
    venues: &mut Vec<Venue>,
    day: usize,
    plan: &Plan,
) -> Result<u64, SeedError> {
    let mut transaction = connection.begin().await?;
    let operators: Vec<OperatorId> = venues.iter().map(|venue| venue.operator_id).collect();
    let accounts = ledger::lock_accounts(&mut transaction, &operators).await?;
    let (taken, planned) = (std::mem::take(venues), plan.clone());
    let computed = tokio::task::spawn_blocking(move || compute(taken, accounts, day, &planned)).await?;
    let (returned, Rows { import, ends, orders }) = computed?;
    *venues = returned;
    ledger::import(&mut transaction, &import).await?;
    ends.rows.copy(&mut transaction, Ends::STATEMENT).await?;
    payments::import_past(&mut transaction, &orders, plan.now).await?;
    transaction.commit().await?;
    Ok(import.charges.len() as u64)
}

/// Accounts come in id order, and so do the operators, who are given back.
fn compute(
    mut venues: Vec<Venue>,
    accounts: Vec<Account>,
    day: usize,
    plan: &Plan,
) -> Result<(Vec<Venue>, Rows), LedgerError> {
    if accounts.len() != venues.len() {
        return Err(LedgerError::Corrupt("list of accounts"));
    }
    let mut rows = Rows::default();
    for (venue, mut account) in venues.iter_mut().zip(accounts) {
        if venue.operator_id != account.operator_id {
            return Err(LedgerError::Corrupt("list of accounts"));
        }
        let locked_seq = account.entry_seq;
        play(venue, &mut account, day, plan, &mut rows)?;
        if day + 1 == plan.days.len() {
            settle(venue, &mut account, plan.now, &mut rows.import)?;
        }
        rows.import.accounts.push((locked_seq, account));
    }
    Ok((venues, rows))
}

/// Ends of games, as rows.
#[derive(Debug)]
pub(super) struct Ends {
    rows: CopyRows,
}

impl Default for Ends {
    fn default() -> Self {
        Ends { rows: CopyRows::with_capacity(0) }
    }
}

impl Ends {
    const STATEMENT: &'static str = "COPY session_ends (operator_id, usage_id, duration_seconds, ended_at)
         FROM STDIN (FORMAT binary)";

    pub(super) fn push(
        &mut self,
        operator_id: OperatorId,
        usage_id: UsageId,
        length_s: i64,
        ended_at: UtcTime,
    ) {
        let length_s = i32::try_from(length_s).unwrap_or(0);
        self.rows.row(4).value(operator_id).value(usage_id).value(length_s).value(ended_at);
    }
}
