//! How far the making of a report is, written as it goes.

use base::ids::ReportId;
use sqlx::PgPool;

/// In percent: when it is taken in hand, when everything is read, and when the document is set. What lies between is reading.
const BEGUN: i32 = 5;
const READ: i32 = 85;
const SET: i32 = 95;

/// Writes the progress of one report, outside the snapshot that the report is read in.
#[derive(Debug)]
pub(super) struct Progress {
    pool: PgPool,
    report_id: ReportId,
}

impl Progress {
    pub(super) fn new(pool: &PgPool, report_id: ReportId) -> Self {
        Progress { pool: pool.clone(), report_id }
    }

    pub(super) async fn read(&self, percent_read: i32) {
        self.write(BEGUN + (READ - BEGUN) * percent_read / 100).await;
    }

    pub(super) async fn set(&self) {
        self.write(SET).await;
    }

    /// For people who wait; a report is made without it as well.
    async fn write(&self, percent: i32) {
        let written = sqlx::query!(
            "UPDATE reports SET progress = $2 WHERE id = $1 AND status = 'generating' AND progress < $2",
            self.report_id.uuid(),
            percent,
        )
        .execute(&self.pool)
        .await;
        if let Err(error) = written {
            tracing::warn!(%error, report = %self.report_id, "the progress of a report was not written");
        }
    }
}
