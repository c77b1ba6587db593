//! The job that makes a report.

use std::sync::Arc;

use async_trait::async_trait;
use base::clock::{Clock, UtcTime};
use base::ids::ReportId;
use base::problem::{ErrorCode, Problem};
use platform::db::Database;
use platform::jobs::{Ending, Failure, Handler};
use platform::settings::SettingsStore;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};

use super::contents::{self, Contents, Cover, Order};
use super::files::{Directory, Written};
use super::progress::Progress;
use super::{Report, ReportFormat, ReportStatus, excel, find, pdf};

/// The kind of the jobs that make reports.
pub const KIND: &str = "make_report";

#[derive(Deserialize)]
struct Payload {
    report_id: ReportId,
}

pub(super) fn payload(id: ReportId) -> Value {
    json!({"report_id": id})
}

/// Makes reports.
#[derive(Debug)]
pub struct Production {
    database: Database,
    settings: Arc<SettingsStore>,
    clock: Clock,
    directory: Directory,
}

impl Production {
    #[must_use]
    pub fn new(database: Database, settings: Arc<SettingsStore>, clock: Clock, directory: Directory) -> Self {
        Production { database, settings, clock, directory }
    }

    async fn read(&self, report: &Report, progress: &Progress) -> Result<(Cover, Contents), Problem> {
        let settings = self.settings.current();
        let order = Order {
            period: report.period(),
            sections: report.sections(),
            timezone: settings.business_timezone.clone(),
        };
        progress.read(0).await;
        let read_at = self.clock.now();
        let mut connection = self.database.connect_apart().await?;
        let contents = contents::read(&mut connection, &order, progress).await?;
        let cover = Cover {
            report_id: report.id.to_string(),
            report_type: report.report_type,
            period: report.period(),
            company: settings.invoice_issuer_name.clone(),
            created_by: report.created_by.clone(),
            read_at,
            timezone: order.timezone,
        };
        Ok((cover, contents))
    }

    /// Sets the document on a thread that may block.
    async fn set(&self, format: ReportFormat, cover: Cover, contents: Contents) -> Result<Vec<u8>, Problem> {
        let set = tokio::task::spawn_blocking(move || match format {
            ReportFormat::Pdf => pdf::render(&cover, &contents),
            ReportFormat::Excel => excel::render(&cover, &contents),
        });
        set.await.map_err(Problem::internal)?
    }

    /// A disk that is full now may have room later.
    async fn write(&self, report: &Report, bytes: Vec<u8>) -> Result<Written, Failure> {
        let (directory, id, format) = (self.directory.clone(), report.id, report.format);
        let written = tokio::task::spawn_blocking(move || directory.write(id, format, &bytes)).await;
        written
            .map_err(|error| Failure::Fail(error.to_string()))?
            .map_err(|error| Failure::Retry(format!("the file cannot be written: {error}")))
    }
}

/// A database that is away comes back; anything else would be the same the next time.
fn failure(problem: &Problem) -> Failure {
    let text = problem.reason().to_owned();
    match problem.code() {
        ErrorCode::ServiceUnavailable => Failure::Retry(text),
        _ => Failure::Fail(text),
    }
}

/// The file is there; that the report is complete is written with the end of the job.
async fn note_file(pool: &PgPool, id: ReportId, written: &Written) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE reports SET file_size = $2, file_sha256 = $3 WHERE id = $1 AND status = 'generating'",
        id.uuid(),
        written.size,
        written.sha256,
    )
    .execute(pool)
    .await
    .map(drop)
}

#[async_trait]
impl Handler for Production {
    async fn run(&self, payload: &Value) -> Result<(), Failure> {
        let Payload { report_id } = Payload::deserialize(payload)?;
        let found = async { Ok(find(&mut *self.database.acquire().await?, report_id).await?) };
        let report = found.await.map_err(|problem| failure(&problem))?;
        // What was made or given up is not made again; what was removed is not missed.
        let Some(report) = report.filter(|report| report.status == ReportStatus::Generating) else {
            return Ok(());
        };
        let progress = Progress::new(self.database.pool(), report_id);
        let (cover, contents) = self.read(&report, &progress).await.map_err(|problem| failure(&problem))?;
        let bytes = self.set(report.format, cover, contents).await.map_err(|problem| failure(&problem))?;
        progress.set().await;
        let written = self.write(&report, bytes).await?;
        note_file(self.database.pool(), report_id, &written).await.map_err(|error| failure(&error.into()))
    }

    async fn note(
        &self,
        connection: &mut PgConnection,
        payload: &Value,
        ending: &Ending,
        now: UtcTime,
    ) -> sqlx::Result<()> {
        // A job that names no report is dead, and there is nothing to note it in.
        let Ok(Payload { report_id }) = Payload::deserialize(payload) else { return Ok(()) };
        let (status, error) = match ending {
            Ending::Done => ("completed", None),
            Ending::Postponed { error, .. } => ("generating", Some(error)),
            Ending::Dead { error } => ("failed", Some(error)),
        };
        // A report that was removed or completed meanwhile stays as it is.
        sqlx::query!(
            "UPDATE reports
             SET status = $2, last_error = $3, progress = CASE $2 WHEN 'completed' THEN 100 ELSE progress END,
                 completed_at = CASE $2 WHEN 'completed' THEN $4::timestamptz END
             WHERE id = $1 AND status = 'generating' AND ($2 <> 'completed' OR file_size IS NOT NULL)",
            report_id.uuid(),
            status,
            error,
            now as _,
        )
        .execute(connection)
        .await
        .map(drop)
    }

    /// A report that was given up is to be made after all. One that was removed meanwhile is not missed.
    async fn reopen(&self, connection: &mut PgConnection, payload: &Value) -> Result<(), Problem> {
        let Payload { report_id } = Payload::deserialize(payload).map_err(Problem::internal)?;
        sqlx::query!(
            "UPDATE reports SET status = 'generating', progress = 0, last_error = NULL
             WHERE id = $1 AND status = 'failed'",
            report_id.uuid(),
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}
