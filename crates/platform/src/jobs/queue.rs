//! The table of jobs.

use base::clock::UtcTime;
use base::ids::JobId;
use serde_json::Value;
use sqlx::PgConnection;

use super::Ending;
use super::hint::CHANNEL;

/// A job that this instance has taken.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: JobId,
    pub(super) kind: String,
    pub(super) payload: Value,
    /// How often it was taken, this time included.
    pub(super) attempts: i32,
}

/// Enqueues a job; it is done when the caller's transaction has committed.
///
/// # Errors
/// The database's.
pub async fn enqueue(
    connection: &mut PgConnection,
    kind: &str,
    payload: &Value,
    now: UtcTime,
) -> sqlx::Result<()> {
    enqueue_at(connection, kind, payload, now, now).await?;
    tell(connection).await
}

/// Enqueues a job that is done from `due` on.
///
/// # Errors
/// The database's.
pub async fn enqueue_at(
    connection: &mut PgConnection,
    kind: &str,
    payload: &Value,
    due: UtcTime,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO jobs (id, kind, payload, due_at, created_at) VALUES ($1, $2, $3, $4, $5)",
        JobId::generate(now).uuid(),
        kind,
        payload,
        due as _,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Enqueues a job that was given up as a new one in its place.
///
/// # Errors
/// The database's.
pub async fn enqueue_again(
    connection: &mut PgConnection,
    kind: &str,
    payload: &Value,
    now: UtcTime,
) -> sqlx::Result<()> {
    forget_dead(connection, kind, payload).await?;
    enqueue(connection, kind, payload, now).await
}

/// Removes a job that was given up and is not worth trying again.
pub(super) async fn forget_dead(
    connection: &mut PgConnection,
    kind: &str,
    payload: &Value,
) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM jobs WHERE status = 'dead' AND kind = $1 AND payload = $2", kind, payload)
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes a job that was given up pending again. The caller holds its row's lock.
pub(super) async fn revive(connection: &mut PgConnection, id: JobId, now: UtcTime) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE jobs SET status = 'pending', attempts = 0, due_at = $2 WHERE id = $1",
        id.uuid(),
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    tell(connection).await
}

/// Those of a transaction with the same text are one notification.
async fn tell(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("SELECT pg_notify($1, '')", CHANNEL).execute(connection).await?;
    Ok(())
}

/// Takes the job of these kinds that has been due longest, until the lease ends.
pub(super) async fn take(
    connection: &mut PgConnection,
    kinds: &[String],
    now: UtcTime,
    lease_end: UtcTime,
) -> sqlx::Result<Option<Job>> {
    sqlx::query_as!(
        Job,
        r#"UPDATE jobs SET attempts = attempts + 1, due_at = $3
           WHERE id = (
               SELECT id FROM jobs WHERE status = 'pending' AND due_at <= $2 AND kind = ANY($1)
               ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING id AS "id: JobId", kind, payload, attempts"#,
        kinds,
        now as _,
        lease_end as _,
    )
    .fetch_optional(connection)
    .await
}

/// Prolongs the lease. False when it has ended and somebody else has taken the job.
pub(super) async fn prolong(
    connection: &mut PgConnection,
    job: &Job,
    lease_end: UtcTime,
) -> sqlx::Result<bool> {
    let prolonged = sqlx::query!(
        "UPDATE jobs SET due_at = $3 WHERE id = $1 AND attempts = $2 AND status = 'pending'",
        job.id.uuid(),
        job.attempts,
        lease_end as _,
    )
    .execute(connection)
    .await?;
    Ok(prolonged.rows_affected() == 1)
}

/// Gives a job back that was not done, as if it had not been taken. False when the lease was lost.
pub(super) async fn release(connection: &mut PgConnection, job: &Job, now: UtcTime) -> sqlx::Result<bool> {
    let released = sqlx::query!(
        "UPDATE jobs SET due_at = $3, attempts = attempts - 1
         WHERE id = $1 AND attempts = $2 AND status = 'pending'",
        job.id.uuid(),
        job.attempts,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(released.rows_affected() == 1)
}

/// Writes what became of an attempt. False when the lease was lost: then somebody else writes it.
pub(super) async fn end(connection: &mut PgConnection, job: &Job, ending: &Ending) -> sqlx::Result<bool> {
    let (id, attempts) = (job.id.uuid(), job.attempts);
    let ended = match ending {
        Ending::Done => sqlx::query!(
            "DELETE FROM jobs WHERE id = $1 AND attempts = $2 AND status = 'pending'",
            id,
            attempts
        )
        .execute(connection),
        Ending::Postponed { error, until } => sqlx::query!(
            "UPDATE jobs SET due_at = $3, last_error = $4
             WHERE id = $1 AND attempts = $2 AND status = 'pending'",
            id,
            attempts,
            *until as _,
            error,
        )
        .execute(connection),
        Ending::Dead { error } => sqlx::query!(
            "UPDATE jobs SET status = 'dead', last_error = $3
             WHERE id = $1 AND attempts = $2 AND status = 'pending'",
            id,
            attempts,
            error,
        )
        .execute(connection),
    };
    Ok(ended.await?.rows_affected() == 1)
}
