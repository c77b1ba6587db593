//! The reports that finance finds in the morning: of yesterday, of the past week, of the past month.

use base::clock::UtcTime;
use base::problem::Problem;
use jiff::tz::TimeZone;
use office::reports::{self, Period, ReportFormat, ReportType};
use platform::jobs::Failure;

use super::Tools;

pub(super) async fn daily(tools: Tools, slot: UtcTime) -> Result<(), Failure> {
    ask(tools, slot, ReportType::Daily, Period::last_day).await
}

pub(super) async fn weekly(tools: Tools, slot: UtcTime) -> Result<(), Failure> {
    ask(tools, slot, ReportType::Weekly, Period::last_week).await
}

pub(super) async fn monthly(tools: Tools, slot: UtcTime) -> Result<(), Failure> {
    ask(tools, slot, ReportType::Monthly, Period::last_month).await
}

/// Asks for the report of the period before the slot, as a document and as a workbook. There is one of each, however often
/// this is done.
async fn ask(
    tools: Tools,
    slot: UtcTime,
    report_type: ReportType,
    before: fn(UtcTime, &TimeZone) -> Result<Period, Problem>,
) -> Result<(), Failure> {
    let period = before(slot, &tools.settings.current().business_timezone)?;
    let mut transaction = tools.pool.begin().await?;
    for format in [ReportFormat::Pdf, ReportFormat::Excel] {
        reports::request_automatic(&mut transaction, report_type, period, format, tools.clock.now()).await?;
    }
    transaction.commit().await?;
    Ok(())
}
