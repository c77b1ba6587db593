//! Log rows of charges that a dying instance took with it are written again from the usage records.
//!
//! Every instance keeps a row in `instances` that says until when its share of the log is complete. Whoever finds a row
//! that has not been touched for a while heals the time since then, and takes the row away.

use std::sync::Arc;
use std::time::Duration;

use base::clock::{Clock, UtcTime};
use base::ids::{OperatorId, first_at};
use jiff::SignedDuration;
use platform::rounds::keep_doing;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

use super::log::Progress;
use super::session_id::SessionId;

/// How often an instance says that it lives, and looks for others that do not.
const BEAT_EVERY: Duration = Duration::from_secs(5);
/// An instance that has been silent for this long is dead.
const DEAD_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Between a charge's commit and its attempt's arrival in the log lie microseconds; clocks of instances differ by more.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// Rows healed at a time.
const ROWS: i64 = 10_000;

/// This instance's row in `instances`.
#[derive(Debug)]
pub struct Instance {
    id: Uuid,
    pool: PgPool,
    clock: Clock,
    progress: Arc<Progress>,
}

impl Instance {
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, progress: Arc<Progress>) -> Self {
        Instance { id: Uuid::new_v4(), pool, clock, progress }
    }

    /// Beats and heals until the task is dropped.
    pub async fn keep_alive(self: Arc<Self>) {
        keep_doing(Duration::ZERO, || async {
            if let Err(error) = self.beat_and_heal().await {
                tracing::warn!(%error, "instance not registered, or the log of a dead one not healed");
            }
            BEAT_EVERY
        })
        .await;
    }

    async fn beat_and_heal(&self) -> sqlx::Result<()> {
        let mut connection = self.pool.acquire().await?;
        let now = self.clock.now();
        sqlx::query!(
            "INSERT INTO instances (id, seen_at, logged_until) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, logged_until = excluded.logged_until",
            self.id,
            now as _,
            self.progress.written_until() as _,
        )
        .execute(&mut *connection)
        .await?;
        heal_after_dead_instances(&mut connection, now).await.map(drop)
    }

    /// Takes the row away after everything was written.
    ///
    /// # Errors
    /// The database's; the row then waits to be healed.
    pub async fn leave(&self) -> sqlx::Result<()> {
        sqlx::query!("DELETE FROM instances WHERE id = $1", self.id).execute(&self.pool).await.map(drop)
    }
}

/// Heals the share of every instance that has died, and returns the number of rows written.
///
/// # Errors
/// The database's.
pub async fn heal_after_dead_instances(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<u64> {
    let mut transaction = connection.begin().await?;
    let dead = sqlx::query!(
        "DELETE FROM instances WHERE id IN (
             SELECT id FROM instances WHERE seen_at < $1 FOR UPDATE SKIP LOCKED)
         RETURNING seen_at, logged_until",
        now.plus(-DEAD_AFTER) as _,
    )
    .fetch_all(&mut *transaction)
    .await?;
    let mut healed = 0;
    for instance in dead {
        let (since, until) = (instance.logged_until.plus(-MARGIN), instance.seen_at.plus(DEAD_AFTER));
        healed += heal(&mut transaction, since, until.min(now)).await?;
    }
    transaction.commit().await?;
    if healed > 0 {
        tracing::warn!(rows = healed, "log rows of charges were lost with an instance and are written again");
    }
    Ok(healed)
}

/// Writes the log rows that are missing for the charges of a time range. Latency and user agent are lost with the
/// process that knew them.
///
/// # Errors
/// The database's.
pub async fn heal(connection: &mut PgConnection, since: UtcTime, until: UtcTime) -> sqlx::Result<u64> {
    let mut healed = 0;
    loop {
        let rows = heal_some(connection, since, until).await?;
        healed += rows;
        if rows == 0 {
            return Ok(healed);
        }
    }
}

async fn heal_some(connection: &mut PgConnection, since: UtcTime, until: UtcTime) -> sqlx::Result<u64> {
    // Ids begin with the time, so each operator's range is read from the primary key.
    let missing = sqlx::query!(
        "SELECT u.operator_id, u.id, u.session_ms, u.session_nonce
         FROM operator_accounts a
         CROSS JOIN LATERAL (
             SELECT * FROM usage_records r WHERE r.operator_id = a.operator_id AND r.id >= $3 AND r.id < $4) u
         WHERE a.last_entry_at >= $1
           AND NOT EXISTS (
               SELECT 1 FROM authorization_log l
               WHERE l.id = u.id AND l.created_at = u.authorized_at AND l.created_at BETWEEN $1 AND $2)
         LIMIT $5",
        since as _,
        until as _,
        first_at(since),
        first_at(until),
        ROWS,
    )
    .fetch_all(&mut *connection)
    .await?;
    let sessions: Vec<String> = missing
        .iter()
        .map(|row| {
            let session = SessionId { ms: row.session_ms, nonce: row.session_nonce.clone() };
            session.display(OperatorId::from_uuid(row.operator_id)).to_string()
        })
        .collect();
    let written = sqlx::query!(
        "INSERT INTO authorization_log (id, created_at, operator_id, site_id, app_id, session_id, player_count, result,
             call, ip_address)
         SELECT u.id, u.authorized_at, u.operator_id, u.site_id, u.app_id, r.session_id, u.player_count, 'success',
                'authorize', u.client_ip
         FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS r (operator_id, id, session_id)
         JOIN usage_records u ON u.operator_id = r.operator_id AND u.id = r.id
         ON CONFLICT DO NOTHING",
        &missing.iter().map(|row| row.operator_id).collect::<Vec<_>>(),
        &missing.iter().map(|row| row.id).collect::<Vec<_>>(),
        &sessions,
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected())
}
