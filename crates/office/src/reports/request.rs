//! How reports come into being: somebody asks for one, or a schedule does.

use base::clock::UtcTime;
use base::ids::ReportId;
use base::problem::{Problem, Text};
use jiff::civil::Date;
use platform::jobs;
use sqlx::PgConnection;

use super::job::{KIND, payload};
use super::{Period, ReportFormat, ReportType, Section};
use crate::review::SYSTEM;

/// Seconds that even a report about one day may take, most of them before it is taken in hand.
const LEAST_SECONDS: i64 = 2;
/// A year of an ordinary platform takes about 20 s.
const DAYS_PER_SECOND: i64 = 20;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewReport {
    report_type: ReportType,
    period: Period,
    format: ReportFormat,
    sections: Vec<Section>,
}

impl NewReport {
    /// Without sections the report has all of them.
    ///
    /// # Errors
    /// `INVALID_PARAMS` naming `include_sections` when there is none in the list.
    pub fn new(
        report_type: ReportType,
        period: Period,
        format: ReportFormat,
        sections: Option<Vec<Section>>,
    ) -> Result<Self, Problem> {
        let mut sections = sections.unwrap_or_else(|| Section::ALL.to_vec());
        if sections.is_empty() {
            let text = Text::new("至少选择一个部分", "must name at least one section");
            return Err(Problem::invalid_field("include_sections", text));
        }
        sections.sort_unstable();
        sections.dedup();
        Ok(NewReport { report_type, period, format, sections })
    }

    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }
}

/// Asks for a report: it is made after the commit.
///
/// # Errors
/// The database's.
pub async fn request(
    connection: &mut PgConnection,
    new: &NewReport,
    created_by: &str,
    now: UtcTime,
) -> sqlx::Result<ReportId> {
    let id = ReportId::generate(now);
    insert(connection, id, new, created_by, false, now).await?;
    jobs::enqueue(connection, KIND, &payload(id), now).await?;
    Ok(id)
}

/// Asks for the report of a schedule, with all sections. `None` when there is one of this type, period and format already.
///
/// # Errors
/// The database's.
pub async fn request_automatic(
    connection: &mut PgConnection,
    report_type: ReportType,
    period: Period,
    format: ReportFormat,
    now: UtcTime,
) -> Result<Option<ReportId>, Problem> {
    let new = NewReport::new(report_type, period, format, None)?;
    let id = ReportId::generate(now);
    if !insert(connection, id, &new, SYSTEM, true, now).await? {
        return Ok(None);
    }
    jobs::enqueue(connection, KIND, &payload(id), now).await?;
    Ok(Some(id))
}

/// Makes a report again whose file is gone. False when somebody has asked for that already, or it is gone itself.
///
/// # Errors
/// The database's.
pub async fn remake(connection: &mut PgConnection, id: ReportId, now: UtcTime) -> sqlx::Result<bool> {
    let reset = sqlx::query!(
        "UPDATE reports
         SET status = 'generating', progress = 0, file_size = NULL, file_sha256 = NULL, completed_at = NULL
         WHERE id = $1 AND status = 'completed'",
        id.uuid(),
    )
    .execute(&mut *connection)
    .await?;
    if reset.rows_affected() == 0 {
        return Ok(false);
    }
    jobs::enqueue(connection, KIND, &payload(id), now).await?;
    Ok(true)
}

/// About how long the report will take.
#[must_use]
pub fn estimated_seconds(period: Period) -> i64 {
    LEAST_SECONDS + i64::from(period.days()) / DAYS_PER_SECOND
}

/// False when a schedule has made the same report before.
async fn insert(
    connection: &mut PgConnection,
    id: ReportId,
    new: &NewReport,
    created_by: &str,
    is_automatic: bool,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let sections: Vec<String> = new.sections.iter().map(|section| section.into_str().to_owned()).collect();
    let date = |date: Date| jiff_sqlx::Date::from(date);
    let inserted = sqlx::query!(
        "INSERT INTO reports (id, report_type, start_date, end_date, format, sections, is_automatic, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (report_type, start_date, end_date, format) WHERE is_automatic DO NOTHING",
        id.uuid(),
        new.report_type as _,
        date(new.period.start) as _,
        date(new.period.end) as _,
        new.format as _,
        &sections,
        is_automatic,
        created_by,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
