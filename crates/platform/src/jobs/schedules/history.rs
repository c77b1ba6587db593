//! What the schedules have done.

use std::collections::HashMap;

use base::clock::UtcTime;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunResult {
    /// It waits for a worker, is being done, or waits to be tried again.
    Running,
    Succeeded,
    Failed,
}

/// One run of a schedule.
#[derive(Clone, Debug)]
pub struct Run {
    pub slot: UtcTime,
    /// Who asked for it; nobody did when it was due.
    pub requested_by: Option<String>,
    /// When the latest attempt began.
    pub started_at: Option<UtcTime>,
    pub finished_at: Option<UtcTime>,
    pub result: RunResult,
    /// Of the latest attempt.
    pub error: Option<String>,
}

/// The latest run of each schedule that has had one.
///
/// # Errors
/// The database's.
pub async fn last_runs(connection: &mut PgConnection) -> sqlx::Result<HashMap<String, Run>> {
    let rows = sqlx::query!(
        r#"SELECT s.name, r.slot, r.requested_by, r.started_at, r.finished_at, r.result, r.error
           FROM schedules s CROSS JOIN LATERAL (
               SELECT * FROM schedule_runs WHERE name = s.name ORDER BY slot DESC LIMIT 1) r"#
    )
    .fetch_all(connection)
    .await?;
    let runs = rows.into_iter().map(|row| {
        let result = match row.result.as_deref() {
            None => RunResult::Running,
            Some("succeeded") => RunResult::Succeeded,
            Some(_) => RunResult::Failed,
        };
        let run = Run {
            slot: row.slot,
            requested_by: row.requested_by,
            started_at: row.started_at,
            finished_at: row.finished_at,
            result,
            error: row.error,
        };
        (row.name, run)
    });
    Ok(runs.collect())
}

/// Removes runs that finished before a time, but never the latest of a schedule.
///
/// # Errors
/// The database's.
pub async fn purge_finished(connection: &mut PgConnection, before: UtcTime) -> sqlx::Result<u64> {
    let purged = sqlx::query!(
        "DELETE FROM schedule_runs r
         WHERE finished_at < $1 AND EXISTS (SELECT FROM schedule_runs n WHERE n.name = r.name AND n.slot > r.slot)",
        before as _,
    )
    .execute(connection)
    .await?;
    Ok(purged.rows_affected())
}
