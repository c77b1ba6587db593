//! The tables of schedules and their runs: how a run begins and ends.

use std::collections::HashMap;

use base::clock::UtcTime;
use base::problem::Problem;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::jobs;

/// The payload of a run's job.
pub(super) fn payload(slot: UtcTime) -> Value {
    json!({"slot": slot})
}

/// Until when the slots of each schedule have been taken.
pub(super) async fn taken_until(connection: &mut PgConnection) -> sqlx::Result<HashMap<String, UtcTime>> {
    let rows = sqlx::query!("SELECT name, taken_until FROM schedules").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.taken_until)).collect())
}

/// Begins to look after a schedule: slots before `now` were nobody's.
pub(super) async fn register(connection: &mut PgConnection, name: &str, now: UtcTime) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO schedules (name, taken_until) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        name,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a slot and begins its run. False when another instance was first, or while an earlier run is not finished: then
/// the slot is left for later.
///
/// A `taken_until` after `now` was written by a clock that was wrong, or is ahead by a moment: the run's key decides.
pub(super) async fn take(
    connection: &mut PgConnection,
    name: &str,
    slot: UtcTime,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let mut transaction = connection.begin().await?;
    let taken = sqlx::query!(
        "UPDATE schedules SET taken_until = $3 WHERE name = $1 AND taken_until NOT BETWEEN $2 AND $3",
        name,
        slot as _,
        now as _,
    )
    .execute(&mut *transaction)
    .await?;
    if taken.rows_affected() != 1 || !begin(&mut transaction, name, slot, None, now).await? {
        return Ok(false);
    }
    transaction.commit().await?;
    Ok(true)
}

/// Writes a run and its job. False when the slot has had its run, or another run is not finished.
async fn begin(
    connection: &mut PgConnection,
    name: &str,
    slot: UtcTime,
    requested_by: Option<&str>,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "INSERT INTO schedule_runs (name, slot, requested_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        name,
        slot as _,
        requested_by,
    )
    .execute(&mut *connection)
    .await?;
    if written.rows_affected() != 1 {
        return Ok(false);
    }
    jobs::enqueue(connection, name, &payload(slot), now).await?;
    Ok(true)
}

/// Begins a run that somebody asks for; its slot is `now`. The next slot is due all the same.
///
/// # Errors
/// `INVALID_PARAMS` while a run is not finished; the database's.
pub async fn run_now(
    connection: &mut PgConnection,
    name: &str,
    requested_by: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    lock(connection, name).await?;
    if begin(connection, name, now, Some(requested_by), now).await? { Ok(()) } else { Err(unfinished()) }
}

/// The jobs of a schedule begin one after the other; whoever reopens a run must not meet one that begins.
async fn lock(connection: &mut PgConnection, name: &str) -> sqlx::Result<()> {
    sqlx::query!("SELECT name FROM schedules WHERE name = $1 FOR UPDATE", name)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

fn unfinished() -> Problem {
    Problem::not_allowed("该任务的上一次执行尚未结束", "The latest run of this schedule has not finished yet")
}

/// Reopens a run whose job was given up and is to be tried again.
///
/// # Errors
/// `INVALID_PARAMS` while another run is not finished; the database's.
pub(super) async fn reopen(connection: &mut PgConnection, name: &str, slot: UtcTime) -> Result<(), Problem> {
    lock(connection, name).await?;
    let is_busy = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM schedule_runs WHERE name = $1 AND finished_at IS NULL) AS "busy!""#,
        name,
    )
    .fetch_one(&mut *connection)
    .await?;
    if is_busy {
        return Err(unfinished());
    }
    // The run may have been purged while its job was left lying.
    sqlx::query!(
        "INSERT INTO schedule_runs (name, slot) VALUES ($1, $2)
         ON CONFLICT (name, slot) DO UPDATE SET finished_at = NULL, result = NULL",
        name,
        slot as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that an attempt begins.
pub(super) async fn start(
    connection: &mut PgConnection,
    name: &str,
    slot: UtcTime,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE schedule_runs SET started_at = $3 WHERE name = $1 AND slot = $2 AND finished_at IS NULL",
        name,
        slot as _,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes what became of an attempt; `result` is that of the run if it was the last.
pub(super) async fn note(
    connection: &mut PgConnection,
    name: &str,
    slot: UtcTime,
    result: Option<&str>,
    error: Option<&str>,
    now: UtcTime,
) -> sqlx::Result<()> {
    let noted = sqlx::query!(
        "UPDATE schedule_runs
         SET result = $3, error = $4, finished_at = CASE WHEN $3::text IS NOT NULL THEN $5::timestamptz END
         WHERE name = $1 AND slot = $2 AND finished_at IS NULL",
        name,
        slot as _,
        result,
        error,
        now as _,
    )
    .execute(connection)
    .await?;
    if noted.rows_affected() == 0 {
        tracing::warn!(name, %slot, "a job found no run to note its end in");
    }
    Ok(())
}

/// Marks a failed run as told of, unless one of a slot after `quiet_after` was.
pub(super) async fn mark_alerted(
    connection: &mut PgConnection,
    name: &str,
    slot: UtcTime,
    quiet_after: UtcTime,
) -> sqlx::Result<bool> {
    let marked = sqlx::query!(
        "UPDATE schedule_runs SET alerted = true
         WHERE name = $1 AND slot = $2 AND NOT EXISTS (
             SELECT FROM schedule_runs WHERE name = $1 AND slot < $2 AND slot > $3 AND alerted)",
        name,
        slot as _,
        quiet_after as _,
    )
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}
