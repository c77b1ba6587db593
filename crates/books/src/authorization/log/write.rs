//! The background writer of the log: batches by COPY, each once, however often it has to be tried.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base::ids::OperatorId;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error, NoTls};
use uuid::Uuid;

use super::{Attempt, Progress};

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

/// Writes until the last sender is gone. Says whether everything was written.
pub(super) async fn write_behind(
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
    client.batch_execute(platform::db::SESSION_SETUP).await?;
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
                &attempt.call.into_str(),
                &attempt.client_ip,
                &attempt.user_agent,
                &attempt.request_id,
            ])
            .await?;
    }
    writer.finish().await.map(drop)
}
