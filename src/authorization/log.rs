//! The authorization log: every attempt, written in the background so that no answer waits for it.
//!
//! A row is lost only if the server dies within the moment before it is flushed. For a charge nothing is lost even then:
//! the log's id is the usage record's, and [`heal`] writes the rows that are missing from the usage records.

use std::collections::HashSet;
use std::net::IpAddr;
use std::time::Duration;

use jiff::SignedDuration;
use sqlx::{PgConnection, PgPool};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error, NoTls};
use uuid::Uuid;

use super::decide::Game;
use super::session_id::SessionId;
use crate::clock::{Clock, UtcTime};
use crate::ids::{OperatorId, first_at};

/// Attempts that may wait for the log; above it an answer waits for room, because an unlogged attempt is worse than a
/// slow one.
const BACKLOG: usize = 65_536;
/// Rows in one COPY.
const MAX_ROWS: usize = 4_096;
/// Pause between flushes: rows gather meanwhile.
const FLUSH_EVERY: Duration = Duration::from_millis(100);
const RETRY_AFTER: Duration = Duration::from_secs(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How far a restart looks back for charges without a log row.
const HEAL_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// Rows younger than this may still be in another instance's backlog.
const HEAL_MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// Rows healed at a time; the next round takes the rest.
const HEAL_ROWS: i64 = 10_000;

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
    /// The usage record's id for a charge, else any.
    pub id: Uuid,
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
pub struct AuthorizationLog(mpsc::Sender<Attempt>);

impl AuthorizationLog {
    /// Starts the background writer on a connection of its own. It ends, with everything written, when the log is dropped.
    ///
    /// # Errors
    /// A URL that cannot be parsed.
    pub fn start(url: &str) -> Result<(Self, JoinHandle<()>), tokio_postgres::Error> {
        let config: Config = url.parse()?;
        let (sender, receiver) = mpsc::channel(BACKLOG);
        Ok((AuthorizationLog(sender), tokio::spawn(write_behind(config, receiver))))
    }

    pub async fn record(&self, attempt: Attempt) {
        // The writer ends only after the last sender is gone.
        if self.0.send(attempt).await.is_err() {
            tracing::error!("authorization log closed early");
        }
    }
}

async fn write_behind(mut config: Config, mut receiver: mpsc::Receiver<Attempt>) {
    config.application_name("coinslot-log").connect_timeout(CONNECT_TIMEOUT);
    let mut client = None;
    let mut attempts = Vec::with_capacity(MAX_ROWS);
    while receiver.recv_many(&mut attempts, MAX_ROWS).await > 0 {
        while let Err(error) = write(&config, &mut client, &mut attempts).await {
            tracing::warn!(%error, rows = attempts.len(), "authorization log not written, trying again");
            tokio::time::sleep(RETRY_AFTER).await;
        }
        attempts.clear();
        if receiver.len() < MAX_ROWS && !receiver.is_closed() {
            tokio::time::sleep(FLUSH_EVERY).await;
        }
    }
}

async fn write(config: &Config, client: &mut Option<Client>, attempts: &mut Vec<Attempt>) -> Result<(), Error> {
    let open = match client.take().filter(|open| !open.is_closed()) {
        Some(open) => open,
        None => connect(config).await?,
    };
    let mut copied = copy(&open, attempts).await;
    // A row may be there already: another instance healed it while it waited here.
    if copied.as_ref().is_err_and(|error| error.code() == Some(&SqlState::UNIQUE_VIOLATION)) {
        let ids: Vec<Uuid> = attempts.iter().map(|attempt| attempt.id).collect();
        let known = open.query("SELECT id FROM authorization_log WHERE id = ANY($1)", &[&ids]).await?;
        let known: HashSet<Uuid> = known.iter().map(|row| row.get(0)).collect();
        attempts.retain(|attempt| !known.contains(&attempt.id));
        copied = copy(&open, attempts).await;
    }
    *client = Some(open);
    copied
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

/// Heals at the start and then once a minute.
pub async fn keep_healed(pool: PgPool, clock: Clock) {
    loop {
        let now = clock.now();
        let healed = async { heal(&mut *pool.acquire().await?, now).await }.await;
        match healed {
            Ok(0) => {}
            Ok(rows) => tracing::warn!(rows, "log rows of charges were missing and are written again"),
            Err(error) => tracing::warn!(%error, "authorization log not healed"),
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
}

/// Writes the log rows that are missing for charges of the last day, and returns their number. Latency and user agent
/// are lost with the process that knew them.
///
/// # Errors
/// The database's.
pub async fn heal(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<usize> {
    let since = now.plus(-HEAL_WINDOW);
    let until = now.plus(-HEAL_MARGIN);
    // Ids begin with the time, so each operator's range is read from the primary key.
    let missing = sqlx::query!(
        r#"SELECT u.operator_id, u.id, u.session_ms, u.session_nonce
           FROM operator_accounts a
           CROSS JOIN LATERAL (
               SELECT * FROM usage_records r WHERE r.operator_id = a.operator_id AND r.id >= $3 AND r.id < $4) u
           WHERE a.last_entry_at >= $1
             AND NOT EXISTS (
                 SELECT 1 FROM authorization_log l
                 WHERE l.id = u.id AND l.created_at = u.authorized_at AND l.created_at BETWEEN $1 AND $2)
           LIMIT $5"#,
        since as _,
        until as _,
        first_at(since),
        first_at(until),
        HEAL_ROWS,
    )
    .fetch_all(&mut *connection)
    .await?;
    let healed = missing.len();
    let each = || missing.iter();
    let sessions: Vec<String> = each()
        .map(|row| {
            let session = SessionId { ms: row.session_ms, nonce: row.session_nonce.clone() };
            session.display(OperatorId::from_uuid(row.operator_id)).to_string()
        })
        .collect();
    sqlx::query!(
        "INSERT INTO authorization_log (id, created_at, operator_id, site_id, app_id, session_id, player_count, result,
             call, ip_address)
         SELECT u.id, u.authorized_at, u.operator_id, u.site_id, u.app_id, r.session_id, u.player_count, 'success',
                'authorize', u.client_ip
         FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS r (operator_id, id, session_id)
         JOIN usage_records u ON u.operator_id = r.operator_id AND u.id = r.id
         ON CONFLICT DO NOTHING",
        &each().map(|row| row.operator_id).collect::<Vec<_>>(),
        &each().map(|row| row.id).collect::<Vec<_>>(),
        &sessions,
    )
    .execute(connection)
    .await?;
    Ok(healed)
}
