//! The queue as people look at it, and another try for a job that was given up.

use base::clock::UtcTime;
use base::ids::JobId;
use base::problem::{ErrorCode, Problem};
use sqlx::PgConnection;

use super::{Handlers, queue};

/// A job that was given up.
#[derive(Clone, Debug)]
pub struct Dead {
    pub id: JobId,
    pub kind: String,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub created_at: UtcTime,
}

/// What is in the queue.
#[derive(Clone, Debug)]
pub struct Overview {
    pub pending: i64,
    pub dead: i64,
    /// The newest.
    pub dead_jobs: Vec<Dead>,
}

/// Counts the jobs and lists those that were given up, newest first and at most `limit`.
///
/// # Errors
/// The database's.
pub async fn overview(connection: &mut PgConnection, limit: i64) -> sqlx::Result<Overview> {
    let counts = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE status = 'pending') AS "pending!",
                  count(*) FILTER (WHERE status = 'dead') AS "dead!"
           FROM jobs"#
    )
    .fetch_one(&mut *connection)
    .await?;
    let dead_jobs = sqlx::query_as!(
        Dead,
        r#"SELECT id AS "id: JobId", kind, attempts, last_error, created_at FROM jobs
           WHERE status = 'dead' ORDER BY id DESC LIMIT $1"#,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(Overview { pending: counts.pending, dead: counts.dead, dead_jobs })
}

/// Makes a job that was given up pending again, with all its attempts, and returns its kind.
///
/// # Errors
/// `RESOURCE_NOT_FOUND` unless such a job was given up; `INVALID_PARAMS` when this instance cannot do it, or what the
/// handler refuses; the database's.
pub async fn retry_dead(
    connection: &mut PgConnection,
    handlers: &Handlers,
    id: JobId,
    now: UtcTime,
) -> Result<String, Problem> {
    let job = sqlx::query!(
        "SELECT kind, payload FROM jobs WHERE id = $1 AND status = 'dead' FOR UPDATE",
        id.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ErrorCode::ResourceNotFound)?;
    let Some(handler) = handlers.get(job.kind.as_str()) else {
        return Err(Problem::not_allowed(
            "当前实例无法执行这类任务",
            "This instance has nothing that does such jobs",
        ));
    };
    handler.reopen(connection, &job.payload).await?;
    queue::revive(connection, id, now).await?;
    Ok(job.kind)
}
