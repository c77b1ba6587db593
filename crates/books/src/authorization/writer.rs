//! The group commit: one transaction for whatever has queued.
//!
//! 1. First flight: BEGIN, lock the accounts in id order, read recorded sessions, applications, and the sites and grants
//!    that are not remembered. Those that have changed since are read again.
//! 2. Decide every request in arrival order, on the locked accounts.
//! 3. Second flight: insert the charges, update the accounts, insert the messages if there are any, COMMIT.
//! 4. Answer everyone.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use std::{iter, slice};

use base::clock::Clock;
use base::problem::is_transient_sqlstate;
use futures_util::future;
use platform::messages::MessageWriter;
use platform::settings::SettingsStore;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use super::facts::FactReader;
use super::group::{self, Decided};
use super::queue::{ChargeObserver, Job, MAX_WAIT, Reply};
use crate::ledger::{ChargeWriter, LockedAccount};

/// Requests in one transaction. Beyond a few hundred nothing is shared any better and everyone waits longer.
const MAX_BATCH: usize = 512;
/// Pause after a failed attempt to connect.
const RECONNECT_AFTER: Duration = Duration::from_millis(200);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// From the attempt to connect until everything is prepared. Whoever lets in and then says nothing counts as away.
const OPEN_WITHIN: Duration = Duration::from_secs(10);

/// The planner believes that unnest() returns ten rows and that tables are as small as they were; on this connection
/// every statement is a nested loop over unique indexes, whatever the statistics say. An operator whose account somebody
/// keeps locked must not keep the others of its group waiting for long.
pub const PLAN_SETUP: &str = "SET plan_cache_mode = force_generic_plan; SET enable_hashjoin = off; \
    SET enable_mergejoin = off; SET enable_seqscan = off; SET enable_bitmapscan = off; \
    SET lock_timeout = '5s'";

/// Commits groups of requests on one connection.
#[derive(Debug)]
pub(super) struct Writer {
    config: Config,
    clock: Clock,
    settings: Arc<SettingsStore>,
    observer: Arc<dyn ChargeObserver>,
}

/// An open connection with everything prepared.
#[derive(Debug)]
struct Session {
    client: Client,
    charges: ChargeWriter,
    messages: MessageWriter,
    facts: FactReader,
}

/// Why a group was not committed.
#[derive(Debug)]
enum GroupError {
    /// Rolled back for certain; the text is for the log.
    RolledBack { code: Option<SqlState>, cause: String },
    /// The connection died before COMMIT was sent.
    NotCommitted(String),
    /// The connection died while COMMIT was under way.
    Unknown(String),
}

impl Writer {
    pub(super) fn new(
        mut config: Config,
        clock: Clock,
        settings: Arc<SettingsStore>,
        observer: Arc<dyn ChargeObserver>,
    ) -> Self {
        config.application_name("coinslot-writer").connect_timeout(CONNECT_TIMEOUT);
        Writer { config, clock, settings, observer }
    }

    /// Works until the queue is closed and empty.
    pub(super) async fn run(&self, queue: &mut mpsc::Receiver<Job>) {
        let mut session = None;
        let mut jobs = Vec::with_capacity(MAX_BATCH);
        while queue.recv_many(&mut jobs, MAX_BATCH).await > 0 {
            // One turn for the other tasks: requests that have already arrived join this group instead of the next.
            tokio::task::yield_now().await;
            while jobs.len() < MAX_BATCH
                && let Ok(job) = queue.try_recv()
            {
                jobs.push(job);
            }
            let (mut waiting, late): (Vec<Job>, Vec<Job>) =
                jobs.drain(..).partition(|job| job.queued_at.elapsed() < MAX_WAIT);
            for job in late {
                job.answer(Reply::Unavailable("waited 30 s in line".to_owned()));
            }
            self.commit_all(&mut session, &mut waiting).await;
        }
    }

    /// Commits the jobs as one group, or one by one when the group as a whole fails.
    async fn commit_all(&self, session: &mut Option<Session>, jobs: &mut Vec<Job>) {
        match self.commit_connected(session, jobs).await {
            Err(GroupError::RolledBack { cause, .. }) if jobs.len() > 1 => {
                tracing::warn!(cause, group = jobs.len(), "group rolled back, committing one by one");
                self.commit_singly(session, jobs).await;
            }
            outcome => answer(jobs.drain(..), outcome),
        }
    }

    /// Commits the jobs one by one. What one has waited for in vain, a lock or the database, the jobs behind it do not wait
    /// for again.
    async fn commit_singly(&self, session: &mut Option<Session>, jobs: &mut Vec<Job>) {
        let mut out_of_reach = HashSet::new();
        let mut jobs = jobs.drain(..);
        while let Some(job) = jobs.next() {
            if out_of_reach.contains(&job.operator_id) {
                job.answer(Reply::Unavailable("somebody keeps the account locked".to_owned()));
                continue;
            }
            let outcome = self.commit_connected(session, slice::from_ref(&job)).await;
            match &outcome {
                Err(GroupError::NotCommitted(_)) => return answer(iter::once(job).chain(jobs), outcome),
                Err(error) if error.is_lock_timeout() => drop(out_of_reach.insert(job.operator_id)),
                _ => {}
            }
            answer(iter::once(job), outcome);
        }
    }

    /// As [`Writer::commit_group`], connecting first if need be, and once more if the connection turns out to be dead.
    async fn commit_connected(
        &self,
        session: &mut Option<Session>,
        jobs: &[Job],
    ) -> Result<Vec<Reply>, GroupError> {
        let was_connected = session.is_some();
        let outcome = self.commit_on(session, jobs).await;
        match outcome {
            Err(GroupError::NotCommitted(_)) if was_connected => self.commit_on(session, jobs).await,
            outcome => outcome,
        }
    }

    async fn commit_on(&self, session: &mut Option<Session>, jobs: &[Job]) -> Result<Vec<Reply>, GroupError> {
        let mut open = match session.take().filter(|open| !open.client.is_closed()) {
            Some(open) => open,
            None => match self.connect().await {
                Ok(open) => open,
                Err(cause) => {
                    tokio::time::sleep(RECONNECT_AFTER).await;
                    return Err(GroupError::NotCommitted(cause));
                }
            },
        };
        // A database that accepts connections and then says nothing must not keep callers waiting for ever.
        let outcome = timeout(MAX_WAIT, self.commit_group(&mut open, jobs)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(GroupError::Unknown("no answer for 30 s".to_owned())));
        if !matches!(outcome, Err(GroupError::NotCommitted(_) | GroupError::Unknown(_))) {
            *session = Some(open);
        }
        outcome
    }

    async fn connect(&self) -> Result<Session, String> {
        let opened = timeout(OPEN_WITHIN, self.open()).await;
        let opened = opened.map_err(|_| "the database does not answer".to_owned())?;
        opened.map_err(|error| error.to_string())
    }

    async fn open(&self) -> Result<Session, tokio_postgres::Error> {
        let (client, connection) = self.config.connect(NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(platform::db::SESSION_SETUP).await?;
        client.batch_execute(PLAN_SETUP).await?;
        let charges = ChargeWriter::prepare(&client).await?;
        let messages = MessageWriter::prepare(&client).await?;
        let facts = FactReader::prepare(&client).await?;
        Ok(Session { client, charges, messages, facts })
    }

    async fn commit_group(&self, session: &mut Session, jobs: &[Job]) -> Result<Vec<Reply>, GroupError> {
        let Session { client, charges, messages, facts } = session;
        let mut operators: Vec<Uuid> = jobs.iter().map(|job| job.operator_id.uuid()).collect();
        operators.sort_unstable();
        operators.dedup();
        let (begun, locked, read) = future::join3(
            client.batch_execute("BEGIN"),
            charges.lock_accounts(client, &operators),
            facts.read(client, jobs),
        )
        .await;
        let first_flight = begun.and(locked.and_then(|locked| read.map(|read| (locked, read))));
        let (locked, read) = match first_flight {
            Ok(read) => read,
            Err(error) => return Err(roll_back(client, &error).await),
        };
        let locked: Result<Vec<LockedAccount>, _> = locked.iter().map(LockedAccount::from_row).collect();
        let locked = match locked {
            Ok(locked) => locked,
            Err(error) => {
                drop(client.batch_execute("ROLLBACK").await);
                let cause = error.to_string();
                return Err(GroupError::RolledBack { code: None, cause });
            }
        };
        let facts = match facts.complete(client, read, &locked).await {
            Ok(facts) => facts,
            Err(error) => return Err(roll_back(client, &error).await),
        };
        let decided = group::decide_all(locked, facts, jobs, &self.settings.current(), self.clock.now());
        commit(client, charges, messages, &decided).await?;
        let charged: Vec<_> = decided.charges.iter().map(|charge| charge.operator_id).collect();
        self.observer.charged(&charged);
        Ok(decided.replies)
    }
}

/// Tells each job's caller what became of it.
fn answer(jobs: impl Iterator<Item = Job>, outcome: Result<Vec<Reply>, GroupError>) {
    match outcome {
        Ok(replies) => jobs.zip(replies).for_each(|(job, reply)| job.answer(reply)),
        Err(error) => jobs.for_each(|job| job.answer(error.to_reply())),
    }
}

/// Writes and commits in one flight. A statement that fails leaves the COMMIT behind it nothing to commit, which
/// PostgreSQL answers without an error: so every result is looked at, not only the last.
async fn commit(
    client: &Client,
    charges: &ChargeWriter,
    messages: &MessageWriter,
    decided: &Decided,
) -> Result<(), GroupError> {
    let (inserted, updated, told, committed) = future::join4(
        charges.insert_charges(client, &decided.charges),
        charges.update_accounts(client, &decided.locked),
        messages.insert(client, &decided.messages),
        client.batch_execute("COMMIT"),
    )
    .await;
    let written = inserted.and(updated).and(told);
    match (written, committed) {
        (Ok(()), Ok(())) => Ok(()),
        // The statement's own error proves that the transaction had failed before its COMMIT.
        (Err(error), _) if error.as_db_error().is_some() => Err(rolled_back(&error)),
        (Ok(()), Err(error)) if error.code().is_some_and(|code| !code.code().starts_with("57")) => {
            Err(rolled_back(&error))
        }
        (Err(error), _) | (_, Err(error)) => Err(GroupError::Unknown(error.to_string())),
    }
}

fn rolled_back(error: &tokio_postgres::Error) -> GroupError {
    let cause = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
    GroupError::RolledBack { code: error.code().cloned(), cause }
}

/// Ends a transaction whose first flight failed. Nothing was written yet.
async fn roll_back(client: &Client, error: &tokio_postgres::Error) -> GroupError {
    if error.as_db_error().is_none() || client.batch_execute("ROLLBACK").await.is_err() {
        return GroupError::NotCommitted(error.to_string());
    }
    rolled_back(error)
}

impl GroupError {
    fn is_lock_timeout(&self) -> bool {
        matches!(self, GroupError::RolledBack { code: Some(code), .. } if *code == SqlState::LOCK_NOT_AVAILABLE)
    }

    fn to_reply(&self) -> Reply {
        match self {
            GroupError::RolledBack { code, cause } => {
                let is_transient = code.as_ref().is_some_and(|code| is_transient_sqlstate(code.code()));
                if is_transient { Reply::Unavailable(cause.clone()) } else { Reply::Failed(cause.clone()) }
            }
            GroupError::NotCommitted(cause) => Reply::Unavailable(cause.clone()),
            GroupError::Unknown(cause) => {
                Reply::Unavailable(format!("outcome of the commit unknown: {cause}"))
            }
        }
    }
}
