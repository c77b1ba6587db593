//! Clearing away what has been kept long enough.

use std::collections::HashMap;
use std::{fs, io};

use base::clock::UtcTime;
use base::ids::ReportId;
use base::problem::Problem;
use jiff::SignedDuration;
use sqlx::PgConnection;
use uuid::Uuid;

use super::files::{Directory, Found};

const HOURS_PER_DAY: i64 = 24;

/// Removes reports older than so many days, and the files of this directory that belong to no report any more or that
/// nobody will finish. Returns how many reports were removed. Whatever is left over is removed by the next call.
///
/// # Errors
/// The database's, the file system's.
pub async fn purge_expired(
    connection: &mut PgConnection,
    directory: &Directory,
    retention_days: i64,
    now: UtcTime,
) -> Result<u64, Problem> {
    let kept_since = now.plus(SignedDuration::from_hours(-HOURS_PER_DAY * retention_days));
    let removed = sqlx::query!(
        "DELETE FROM reports WHERE created_at < $1 AND status <> 'generating'",
        kept_since as _,
    )
    .execute(&mut *connection)
    .await?;
    let directory = directory.clone();
    let found = in_background(move || directory.files()).await?;
    let left_over = left_over(connection, found).await?;
    in_background(move || remove(&left_over)).await?;
    Ok(removed.rows_affected())
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Files without a report, and unfinished ones of reports that nobody is making.
async fn left_over(connection: &mut PgConnection, found: Vec<Found>) -> sqlx::Result<Vec<Found>> {
    let ids: Vec<Uuid> = found.iter().map(|file| file.report_id.uuid()).collect();
    let reports = sqlx::query!(
        r#"SELECT id AS "id: ReportId", status = 'generating' AS "is_being_made!" FROM reports WHERE id = ANY($1)"#,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let reports: HashMap<ReportId, bool> =
        reports.into_iter().map(|report| (report.id, report.is_being_made)).collect();
    let is_left_over = |file: &Found| match reports.get(&file.report_id) {
        None => true,
        Some(is_being_made) => file.is_part && !is_being_made,
    };
    Ok(found.into_iter().filter(is_left_over).collect())
}

fn remove(files: &[Found]) -> io::Result<()> {
    for file in files {
        match fs::remove_file(&file.path) {
            // Another instance on the same directory was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed?,
        }
    }
    Ok(())
}
