//! A report as a workbook: a sheet for each table, with numbers as numbers, dates as dates, and charts that Excel draws.

mod cover;
mod customers;
mod income;
mod refunds;
mod sheet;
mod usage;

use base::clock::UtcTime;
use base::problem::Problem;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sheet::Styles;

use super::contents::{Contents, Cover};

/// Sets a report. This is work for the processor, so call it where blocking is allowed.
///
/// # Errors
/// `INTERNAL_ERROR` when a sum leaves the range of 64 bits, or the file cannot be written.
pub(super) fn render(cover: &Cover, contents: &Contents) -> Result<Vec<u8>, Problem> {
    workbook(cover, contents).map_err(|error| error.0)
}

fn workbook(cover: &Cover, contents: &Contents) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    let made_at = date_time(cover.read_at, &cover.timezone)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(cover.report_type.title())
            .set_company(&cover.company)
            .set_creation_datetime(&made_at),
    );
    let styles = Styles::default();
    cover::add(&mut workbook, &styles, cover, contents)?;
    if let Some(income) = &contents.income {
        income::add(&mut workbook, &styles, income)?;
    }
    if let Some(customers) = &contents.customers {
        customers::add(&mut workbook, &styles, customers)?;
    }
    if let Some(usage) = &contents.usage {
        usage::add(&mut workbook, &styles, usage)?;
    }
    if let Some(refunds) = &contents.refunds {
        refunds::add(&mut workbook, &styles, refunds, &cover.timezone)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The wall clock of the business time zone: a workbook knows no time zones.
fn date_time(at: UtcTime, timezone: &TimeZone) -> Result<ExcelDateTime, XlsxError> {
    let at = at.timestamp().to_zoned(timezone.clone());
    ExcelDateTime::parse_from_str(&at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// Why a workbook was not made.
#[derive(Debug)]
struct WorkbookError(Problem);

impl From<Problem> for WorkbookError {
    fn from(problem: Problem) -> Self {
        WorkbookError(problem)
    }
}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> Self {
        WorkbookError(Problem::internal(error))
    }
}

#[cfg(test)]
mod tests;
