//! The authorization log: every attempt, written in the background so that no answer waits for it.
//!
//! A row is lost only if the server dies within the moment before it is flushed. For a charge nothing is lost even then:
//! the log's id is the usage record's, and [`heal`] writes the rows that are missing from the usage records.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use jiff::SignedDuration;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::session_id::SessionId;
use crate::clock::{Clock, UtcTime};
use crate::ids::{AppId, OperatorId, SiteId, first_uuid_at};

/// Attempts that may wait for the log; above it an answer waits for room, because an unlogged attempt is worse than a
/// slow one.
const BACKLOG: usize = 65_536;
/// How long an answer waits for room. While the database is away nothing makes room, and callers must be told so.
const ROOM_WITHIN: Duration = Duration::from_secs(1);
/// Rows in one INSERT.
const MAX_ROWS: usize = 4_096;
/// Pause between flushes: rows gather meanwhile.
const FLUSH_EVERY: Duration = Duration::from_millis(100);
const RETRY_AFTER: Duration = Duration::from_secs(1);
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

/// One attempt. Ids are the texts the client sent: what cannot be read is what one wants to see in a log.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The usage record's id for a charge, else any.
    pub id: Uuid,
    pub at: UtcTime,
    /// From the arrival of the request to its answer.
    pub latency_us: Option<i64>,
    pub operator_id: Option<OperatorId>,
    pub site_id: Option<String>,
    pub app_id: Option<String>,
    pub session_id: Option<String>,
    pub player_count: Option<i32>,
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
    /// Starts the background writer. It ends, with everything written, when the log is dropped.
    #[must_use]
    pub fn start(pool: PgPool) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        (
            AuthorizationLog(sender),
            tokio::spawn(write_behind(pool, receiver)),
        )
    }

    /// Hands in an attempt. One that finds no room goes to the server's own log instead.
    pub async fn record(&self, attempt: Attempt) {
        if let Err(error) = self.0.send_timeout(attempt, ROOM_WITHIN).await {
            let attempt = error.into_inner();
            tracing::error!(?attempt, "no room in the authorization log");
        }
    }
}

async fn write_behind(pool: PgPool, mut receiver: mpsc::Receiver<Attempt>) {
    let mut attempts = Vec::with_capacity(MAX_ROWS);
    while receiver.recv_many(&mut attempts, MAX_ROWS).await > 0 {
        while let Err(error) = flush(&pool, &attempts).await {
            tracing::warn!(%error, rows = attempts.len(), "authorization log not written, trying again");
            tokio::time::sleep(RETRY_AFTER).await;
        }
        attempts.clear();
        if receiver.len() < MAX_ROWS && !receiver.is_closed() {
            tokio::time::sleep(FLUSH_EVERY).await;
        }
    }
}

async fn flush(pool: &PgPool, attempts: &[Attempt]) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    // What a crash of the database takes from the last moments is healed (charges) or only a refusal's trace.
    sqlx::query!("SET LOCAL synchronous_commit = off")
        .execute(&mut *transaction)
        .await?;
    insert(&mut transaction, attempts).await?;
    transaction.commit().await
}

async fn insert(connection: &mut PgConnection, attempts: &[Attempt]) -> sqlx::Result<()> {
    let each = || attempts.iter();
    let ids: Vec<Uuid> = each().map(|a| a.id).collect();
    let at: Vec<UtcTime> = each().map(|a| a.at).collect();
    let latencies: Vec<Option<i64>> = each().map(|a| a.latency_us).collect();
    let operators: Vec<Option<Uuid>> = each().map(|a| a.operator_id.map(OperatorId::uuid)).collect();
    let sites: Vec<Option<String>> = each().map(|a| a.site_id.clone()).collect();
    let apps: Vec<Option<String>> = each().map(|a| a.app_id.clone()).collect();
    let sessions: Vec<Option<String>> = each().map(|a| a.session_id.clone()).collect();
    let players: Vec<Option<i32>> = each().map(|a| a.player_count).collect();
    let results: Vec<String> = each().map(|a| a.result.as_str().to_owned()).collect();
    let codes: Vec<Option<String>> = each().map(|a| a.result.error_code().map(str::to_owned)).collect();
    let calls: Vec<String> = each().map(|a| a.call.as_str().to_owned()).collect();
    let ips: Vec<Option<IpNet>> = each().map(|a| a.client_ip.map(IpNet::from)).collect();
    let agents: Vec<Option<String>> = each().map(|a| a.user_agent.clone()).collect();
    let requests: Vec<Option<String>> = each().map(|a| a.request_id.clone()).collect();
    // A row may be there already: another instance healed it while it waited here.
    sqlx::query!(
        "INSERT INTO authorization_log (id, created_at, latency_us, operator_id, site_id, app_id, session_id,
             player_count, result, error_code, call, ip_address, user_agent, request_id)
         SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::uuid[], $5::text[], $6::text[],
             $7::text[], $8::integer[], $9::text[], $10::text[], $11::text[], $12::inet[], $13::text[], $14::text[])
         ON CONFLICT DO NOTHING",
        &ids,
        &at as _,
        &latencies as _,
        &operators as _,
        &sites as _,
        &apps as _,
        &sessions as _,
        &players as _,
        &results,
        &codes as _,
        &calls,
        &ips as _,
        &agents as _,
        &requests as _,
    )
    .execute(connection)
    .await?;
    Ok(())
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
        r#"SELECT u.operator_id, u.id, u.authorized_at, u.site_id, u.app_id, u.session_ms, u.session_nonce,
                  u.player_count, u.client_ip
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
        first_uuid_at(since),
        first_uuid_at(until),
        HEAL_ROWS,
    )
    .fetch_all(&mut *connection)
    .await?;
    let attempts: Vec<Attempt> = missing
        .into_iter()
        .map(|row| {
            let operator_id = OperatorId::from_uuid(row.operator_id);
            let session = SessionId {
                ms: row.session_ms,
                nonce: row.session_nonce,
            };
            Attempt {
                id: row.id,
                at: row.authorized_at,
                latency_us: None,
                operator_id: Some(operator_id),
                site_id: Some(SiteId::from_uuid(row.site_id).to_string()),
                app_id: Some(AppId::from_uuid(row.app_id).to_string()),
                session_id: Some(session.display(operator_id).to_string()),
                player_count: Some(row.player_count),
                result: AttemptResult::Success,
                call: Endpoint::Authorize,
                client_ip: row.client_ip.map(|net| net.addr()),
                user_agent: None,
                request_id: None,
            }
        })
        .collect();
    if !attempts.is_empty() {
        insert(connection, &attempts).await?;
    }
    Ok(attempts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        Attempt {
            id: Uuid::nil(),
            at: UtcTime::from_millis(0).unwrap(),
            latency_us: None,
            operator_id: None,
            site_id: None,
            app_id: None,
            session_id: None,
            player_count: None,
            result: AttemptResult::Refused("SERVICE_UNAVAILABLE"),
            call: Endpoint::Authorize,
            client_ip: None,
            user_agent: None,
            request_id: None,
        }
    }

    #[tokio::test]
    async fn an_answer_does_not_wait_for_ever_while_nothing_is_written() {
        let (sender, mut receiver) = mpsc::channel(1);
        let log = AuthorizationLog(sender);
        log.record(attempt()).await;
        log.record(attempt()).await;
        assert!(receiver.try_recv().is_ok());
        assert!(receiver.try_recv().is_err());
    }
}
