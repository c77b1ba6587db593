//! The authorization log: every attempt, written in the background so that no answer waits for it.
//!
//! A row is lost only if the server dies within the moment before it is flushed. For a charge nothing is lost even then:
//! the log's id is the usage record's, and [`super::heal`] writes the missing rows from the usage records.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{self, error::SendTimeoutError};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error, NoTls};
use uuid::Uuid;

use super::decide::Game;
use crate::clock::{Clock, UtcTime};
use crate::ids::OperatorId;

/// Attempts that may wait for the log; above it an answer waits for room, because an unlogged attempt is worse than a
/// slow one.
const BACKLOG: usize = 65_536;
/// How long a refusal waits for room. While the database is away nothing makes room, and callers must be told so.
const ROOM_WITHIN: Duration = Duration::from_secs(1);
/// Rows in one COPY.
const MAX_ROWS: usize = 4_096;
/// Pause between flushes: rows gather meanwhile.
const FLUSH_EVERY: Duration = Duration::from_millis(100);
const RETRY_AFTER: Duration = Duration::from_secs(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// For the rows of one COPY, and the connection if need be.
const WRITE_WITHIN: Duration = Duration::from_secs(15);
/// After the last sender is gone, a database that is away is tried this often before the rest is given up.
const LAST_TRIES: u32 = 5;

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    Success,
    Replayed,
    Refused(&'static str),
}

/// Which call of the headset server it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Authorize,
    PreAuthorize,
    Config,
    EndSession,
}

impl Endpoint {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::PreAuthorize => "pre_authorize",
            Self::Config => "config",
            Self::EndSession => "end_session",
        }
    }
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The usage record's id for a charge; anything else gets an id when it is taken to be written.
    pub id: Option<Uuid>,
    pub at: UtcTime,
    /// From the arrival of the request to its answer.
    pub latency_us: Option<i64>,
    pub operator_id: Option<OperatorId>,
    pub game: Option<Game>,
    /// As the client sent it.
    pub session_id: Option<String>,
    pub result: AttemptResult,
    pub call: Endpoint,
    pub client_ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
}

/// Where attempts are handed in.
#[derive(Debug)]
pub struct AuthorizationLog {
    sender: mpsc::Sender<Attempt>,
    progress: Arc<Progress>,
}

/// How far the log has been written.
#[derive(Debug)]
pub struct Progress {
    clock: Clock,
    waiting: AtomicUsize,
    /// Every attempt handed in before this time is written; Unix milliseconds.
    written_until_ms: AtomicI64,
}

impl Progress {
    fn new(clock: Clock) -> Self {
        let started_ms = clock.now().as_millis();
        Progress { clock, waiting: AtomicUsize::new(0), written_until_ms: AtomicI64::new(started_ms) }
    }

    /// Every attempt handed in before this time is written.
    #[must_use]
    pub fn written_until(&self) -> UtcTime {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return self.clock.now();
        }
        UtcTime::from_millis(self.written_until_ms.load(Ordering::Acquire))
            .unwrap_or_else(|| self.clock.now())
    }
}

impl AuthorizationLog {
    /// Starts the background writer on a connection of its own. It ends when the log is dropped, and says whether
    /// everything was written.
    ///
    /// # Errors
    /// A URL that cannot be parsed.
    pub fn start(url: &str, clock: Clock) -> Result<(Self, JoinHandle<bool>), tokio_postgres::Error> {
        let config: Config = url.parse()?;
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let progress = Arc::new(Progress::new(clock));
        let writer = tokio::spawn(write_behind(config, receiver, Arc::clone(&progress)));
        Ok((AuthorizationLog { sender, progress }, writer))
    }

    /// Hands in an attempt. A charge waits until there is room; anything else that finds none goes to the server's own
    /// log instead.
    pub async fn record(&self, attempt: Attempt) {
        self.progress.waiting.fetch_add(1, Ordering::AcqRel);
        let sent = if attempt.result == AttemptResult::Success {
            self.sender.send(attempt).await.map_err(|error| error.0)
        } else {
            let sent = self.sender.send_timeout(attempt, ROOM_WITHIN).await;
            sent.map_err(SendTimeoutError::into_inner)
        };
        if let Err(attempt) = sent {
            self.progress.waiting.fetch_sub(1, Ordering::AcqRel);
            tracing::error!(?attempt, "no room in the authorization log");
        }
    }

    #[must_use]
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }
}

async fn write_behind(
    mut config: Config,
    mut receiver: mpsc::Receiver<Attempt>,
    progress: Arc<Progress>,
) -> bool {
    config.application_name("coinslot-log").connect_timeout(CONNECT_TIMEOUT);
    let mut client = None;
    let mut attempts = Vec::with_capacity(MAX_ROWS);
    let mut last_tries = LAST_TRIES;
    loop {
        let taken = receiver.recv_many(&mut attempts, MAX_ROWS).await;
        if taken == 0 {
            return true;
        }
        // The same in every try: one whose COPY came through without a word about it must not be written twice.
        for attempt in &mut attempts {
            attempt.id.get_or_insert_with(Uuid::new_v4);
        }
        // A batch that is not full holds everything that had been handed in.
        let taken_at = (taken < MAX_ROWS).then(|| progress.clock.now());
        while let Err(error) = write_in_time(&config, &mut client, &mut attempts).await {
            tracing::warn!(error, rows = attempts.len(), "authorization log not written, trying again");
            if receiver.is_closed() {
                last_tries -= 1;
            }
            if last_tries == 0 {
                tracing::error!(
                    rows = attempts.len() + receiver.len(),
                    "authorization log given up; charges are healed later"
                );
                return false;
            }
            tokio::time::sleep(RETRY_AFTER).await;
        }
        attempts.clear();
        progress.waiting.fetch_sub(taken, Ordering::AcqRel);
        if let Some(taken_at) = taken_at {
            progress.written_until_ms.store(taken_at.as_millis(), Ordering::Release);
        }
        if receiver.len() < MAX_ROWS && !receiver.is_closed() {
            tokio::time::sleep(FLUSH_EVERY).await;
        }
    }
}

/// A database that takes the connection and then says nothing must not keep the log, and so at last the answers, waiting.
async fn write_in_time(
    config: &Config,
    client: &mut Option<Client>,
    attempts: &mut Vec<Attempt>,
) -> Result<(), String> {
    match timeout(WRITE_WITHIN, write(config, client, attempts)).await {
        Ok(written) => written.map_err(|error| error.to_string()),
        Err(_) => Err("the database does not answer".to_owned()),
    }
}

async fn write(
    config: &Config,
    client: &mut Option<Client>,
    attempts: &mut Vec<Attempt>,
) -> Result<(), Error> {
    let open = match client.take().filter(|open| !open.is_closed()) {
        Some(open) => open,
        None => connect(config).await?,
    };
    let mut copied = copy(&open, attempts).await;
    // A row may be there already: another instance healed it while it waited here, or an earlier try came through.
    if copied.as_ref().is_err_and(|error| error.code() == Some(&SqlState::UNIQUE_VIOLATION)) {
        let known = known(&open, attempts).await?;
        attempts.retain(|attempt| attempt.id.is_none_or(|id| !known.contains(&id)));
        copied = copy(&open, attempts).await;
    }
    *client = Some(open);
    copied
}

/// Which of the attempts are in the log. The primary key begins with the time, so that is asked for too.
async fn known(client: &Client, attempts: &[Attempt]) -> Result<HashSet<Uuid>, Error> {
    const KNOWN: &str =
        "SELECT id FROM authorization_log WHERE created_at BETWEEN $1 AND $2 AND id = ANY($3)";
    let ids: Vec<Uuid> = attempts.iter().filter_map(|attempt| attempt.id).collect();
    let times = || attempts.iter().map(|attempt| attempt.at.timestamp());
    let rows = client.query(KNOWN, &[&times().min(), &times().max(), &ids]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn connect(config: &Config) -> Result<Client, Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(crate::db::SESSION_SETUP).await?;
    // What a crash of the database takes from the last moments is healed (charges) or only a refusal's trace.
    client.batch_execute("SET synchronous_commit = off").await?;
    Ok(client)
}

async fn copy(client: &Client, attempts: &[Attempt]) -> Result<(), Error> {
    const COPY: &str = "
        COPY authorization_log (id, created_at, latency_us, operator_id, site_id, app_id, session_id, player_count,
            result, error_code, call, ip_address, user_agent, request_id) FROM STDIN BINARY";
    const TYPES: &[Type] = &[
        Type::UUID,
        Type::TIMESTAMPTZ,
        Type::INT8,
        Type::UUID,
        Type::UUID,
        Type::UUID,
        Type::TEXT,
        Type::INT4,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::INET,
        Type::TEXT,
        Type::TEXT,
    ];
    let writer = BinaryCopyInWriter::new(client.copy_in(COPY).await?, TYPES);
    tokio::pin!(writer);
    for attempt in attempts {
        let site_id = attempt.game.map(|game| game.site_id.uuid());
        let app_id = attempt.game.map(|game| game.app_id.uuid());
        writer
            .as_mut()
            .write(&[
                &attempt.id,
                &attempt.at.timestamp(),
                &attempt.latency_us,
                &attempt.operator_id.map(OperatorId::uuid),
                &site_id,
                &app_id,
                &attempt.session_id,
                &attempt.game.map(|game| game.player_count),
                &attempt.result.as_str(),
                &attempt.result.error_code(),
                &attempt.call.as_str(),
                &attempt.client_ip,
                &attempt.user_agent,
                &attempt.request_id,
            ])
            .await?;
    }
    writer.finish().await.map(drop)
}

impl AttemptResult {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Replayed => "replayed",
            Self::Refused(_) => "refused",
        }
    }

    const fn error_code(self) -> Option<&'static str> {
        match self {
            Self::Refused(code) => Some(code),
            Self::Success | Self::Replayed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal() -> Attempt {
        Attempt {
            id: None,
            at: Clock::system().now(),
            latency_us: None,
            operator_id: None,
            game: None,
            session_id: None,
            result: AttemptResult::Refused("SERVICE_UNAVAILABLE"),
            call: Endpoint::Authorize,
            client_ip: None,
            user_agent: None,
            request_id: None,
        }
    }

    #[tokio::test]
    async fn a_refusal_does_not_wait_for_ever_while_nothing_is_written() {
        let (sender, mut receiver) = mpsc::channel(1);
        let progress = Arc::new(Progress::new(Clock::system()));
        let log = AuthorizationLog { sender, progress };
        log.record(refusal()).await;
        log.record(refusal()).await;
        assert!(receiver.try_recv().is_ok());
        assert!(receiver.try_recv().is_err());
        assert_eq!(log.progress.waiting.load(Ordering::Acquire), 1);
    }
}
