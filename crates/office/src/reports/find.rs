//! Reports as they are read.

use base::clock::UtcTime;
use base::ids::ReportId;
use base::paging::PageRequest;
use jiff::civil::Date;
use sqlx::PgConnection;

use super::{Period, ReportFormat, ReportStatus, ReportType, Section};

/// A report, made or not.
#[derive(Clone, Debug)]
pub struct Report {
    pub id: ReportId,
    pub report_type: ReportType,
    pub start_date: Date,
    pub end_date: Date,
    pub format: ReportFormat,
    sections: Vec<String>,
    pub status: ReportStatus,
    /// In percent; it never goes back while a report is made.
    pub progress: i32,
    /// In bytes, as soon as the file is there.
    pub file_size: Option<i64>,
    pub file_sha256: Option<Vec<u8>>,
    /// What the last attempt failed of, for those who look after the platform.
    pub last_error: Option<String>,
    pub is_automatic: bool,
    /// A name to sign in with, or `system`.
    pub created_by: String,
    pub created_at: UtcTime,
    pub completed_at: Option<UtcTime>,
}

impl Report {
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        self.sections.iter().filter_map(|name| Section::parse(name)).collect()
    }

    #[must_use]
    pub const fn period(&self) -> Period {
        Period { start: self.start_date, end: self.end_date }
    }
}

/// One page, newest first, and how many there are on all pages; of one type or of all.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    report_type: Option<ReportType>,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Report>)> {
    let report_type = report_type.map(|value| value.into_str());
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM reports WHERE $1::text IS NULL OR report_type = $1"#,
        report_type,
    )
    .fetch_one(&mut *connection)
    .await?;
    let reports = sqlx::query_as!(
        Report,
        r#"SELECT id AS "id: ReportId", report_type AS "report_type: ReportType",
                  start_date AS "start_date: jiff_sqlx::Date", end_date AS "end_date: jiff_sqlx::Date",
                  format AS "format: ReportFormat", sections, status AS "status: ReportStatus", progress, file_size,
                  file_sha256, last_error, is_automatic, created_by, created_at, completed_at
           FROM reports WHERE $1::text IS NULL OR report_type = $1
           ORDER BY id DESC LIMIT $2 OFFSET $3"#,
        report_type,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, reports))
}

/// # Errors
/// The database's.
pub async fn find(connection: &mut PgConnection, id: ReportId) -> sqlx::Result<Option<Report>> {
    sqlx::query_as!(
        Report,
        r#"SELECT id AS "id: ReportId", report_type AS "report_type: ReportType",
                  start_date AS "start_date: jiff_sqlx::Date", end_date AS "end_date: jiff_sqlx::Date",
                  format AS "format: ReportFormat", sections, status AS "status: ReportStatus", progress, file_size,
                  file_sha256, last_error, is_automatic, created_by, created_at, completed_at
           FROM reports WHERE id = $1"#,
        id.uuid(),
    )
    .fetch_optional(connection)
    .await
}
