//! XLSX in constant memory: each row goes to disk as it comes, and the file is put together at the end.
//!
//! Everything on disk is a file without a name, so that nothing is left behind, whatever happens.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use base::clock::UtcTime;
use base::problem::Problem;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc::Receiver;

use super::about::write_about;
use super::cell::escaped;
use super::column::ColumnKind;
use super::totals::Totals;
use super::{Cell, Page, Row, Setting, Table};

/// Rows of a sheet below its header.
pub const MAX_ROWS: i64 = 1_048_575;
pub const MAX_COLUMNS: usize = 16_384;
const FIRST_YEAR: i16 = 1900;
/// Characters of a cell.
const MAX_TEXT_CHARS: usize = 32_767;

/// Why there is no file.
#[derive(Debug)]
pub enum Failure {
    /// Nobody waits for it any more.
    Abandoned,
    Problem(Problem),
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Self {
        Failure::Problem(Problem::internal(error))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Problem(Problem::internal(error))
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Problem(problem)
    }
}

/// How cells of each kind look.
pub(super) struct Formats {
    pub(super) header: CellFormat,
    money: CellFormat,
    number: CellFormat,
    decimal: CellFormat,
    time: CellFormat,
    date: CellFormat,
}

impl Formats {
    fn new() -> Self {
        let of = |format: &str| CellFormat::new().set_num_format(format);
        Formats {
            header: CellFormat::new().set_bold(),
            money: of("¥#,##0.00"),
            number: of("#,##0"),
            decimal: of("0.00"),
            time: of("yyyy-mm-dd hh:mm:ss"),
            date: of("yyyy-mm-dd"),
        }
    }
}

/// Takes all pages and returns the finished file, rewound. Blocks; `is_wanted` is asked now and then.
///
/// # Errors
/// [`Failure::Abandoned`] when the pages end early or nobody wants the file any more; what the reader came upon; a disk
/// that is full.
pub fn write(
    table: &Table,
    setting: &Setting,
    mut pages: Receiver<Page>,
    dir: &Path,
    is_wanted: impl Fn() -> bool + Sync,
) -> Result<File, Failure> {
    let formats = Formats::new();
    let mut workbook = Workbook::new();
    workbook.set_tempdir(dir)?;
    workbook.set_properties(
        &DocProperties::new().set_creation_datetime(&excel_time(setting.made_at, &TimeZone::UTC)?),
    );
    let mut totals = Totals::new(table);
    let mut written = 0_u32;
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    begin_sheet(sheet, table, setting, &formats)?;
    loop {
        let rows = pages.blocking_recv().ok_or(Failure::Abandoned)??;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            written += 1;
            totals.add(row)?;
            write_row(sheet, written, row, &formats, &setting.timezone)?;
        }
    }
    let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, written.max(1), last_column)?;
    let about = workbook.add_worksheet();
    write_about(about, table, setting, &formats, written, &totals)?;
    save(workbook, dir, is_wanted)
}

fn begin_sheet(
    sheet: &mut Worksheet,
    table: &Table,
    setting: &Setting,
    formats: &Formats,
) -> Result<(), Failure> {
    sheet.set_name(table.name.in_language(setting.language))?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, title) in (0_u16..).zip(table.header(setting)) {
        let kind = table.columns.get(usize::from(column)).map_or(ColumnKind::Text, |column| column.kind);
        sheet.set_column_width(column, kind.width())?;
        sheet.write_string_with_format(0, column, title, &formats.header)?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    line: u32,
    row: &Row,
    formats: &Formats,
    timezone: &TimeZone,
) -> Result<(), Failure> {
    for (column, cell) in (0_u16..).zip(row) {
        write_cell(sheet, line, column, cell, formats, timezone)?;
    }
    Ok(())
}

/// Text is written as text, never as a formula, and escaped as in CSV, so that it stays text when it is copied.
pub(super) fn write_cell(
    sheet: &mut Worksheet,
    line: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
    timezone: &TimeZone,
) -> Result<(), Failure> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            let text = escaped(text);
            let end = text.char_indices().nth(MAX_TEXT_CHARS).map_or(text.len(), |(end, _)| end);
            sheet.write_string(line, column, &text[..end])?;
        }
        Cell::Number(number) => {
            sheet.write_number_with_format(line, column, nearest(&number.to_string())?, &formats.number)?;
        }
        Cell::Money(amount) => {
            sheet.write_number_with_format(line, column, nearest(&amount.to_string())?, &formats.money)?;
        }
        Cell::Decimal(number) => {
            sheet.write_number_with_format(line, column, nearest(&number.to_string())?, &formats.decimal)?;
        }
        Cell::Time(time) => {
            sheet.write_datetime_with_format(line, column, excel_time(*time, timezone)?, &formats.time)?;
        }
        // Spreadsheets know no date before 1900, and a range may be of any time.
        Cell::Date(date) if date.year() < FIRST_YEAR => {
            sheet.write_string(line, column, date.to_string())?;
        }
        Cell::Date(date) => {
            let (year, month, day) = (date.year(), date.month(), date.day());
            let date = excel_date(year, month, day)?;
            sheet.write_datetime_with_format(line, column, date, &formats.date)?;
        }
    }
    Ok(())
}

/// Spreadsheets know doubles only: the one nearest to a decimal of up to 15 digits shows as that decimal again.
fn nearest(decimal: &str) -> Result<f64, Failure> {
    decimal.parse().map_err(|error| Failure::Problem(Problem::internal(error)))
}

fn excel_date(year: i16, month: i8, day: i8) -> Result<ExcelDateTime, Failure> {
    let date = u16::try_from(year).ok().zip(u8::try_from(month).ok().zip(u8::try_from(day).ok()));
    let (year, (month, day)) = date.ok_or_else(|| Problem::internal("a date that no spreadsheet knows"))?;
    Ok(ExcelDateTime::from_ymd(year, month, day)?)
}

fn excel_time(time: UtcTime, timezone: &TimeZone) -> Result<ExcelDateTime, Failure> {
    let zoned = time.timestamp().to_zoned(timezone.clone());
    let small = |number: i8| u8::try_from(number).map_err(Problem::internal);
    let date = excel_date(zoned.year(), zoned.month(), zoned.day())?;
    let (hour, minute, second) = (small(zoned.hour())?, small(zoned.minute())?, small(zoned.second())?);
    let millisecond = u16::try_from(zoned.millisecond()).map_err(Problem::internal)?;
    Ok(date.and_hms_milli(hour.into(), minute, second, millisecond)?)
}

/// Puts the file together, which takes as long as reading the rows: it ends early when nobody waits.
fn save(mut workbook: Workbook, dir: &Path, is_wanted: impl Fn() -> bool + Sync) -> Result<File, Failure> {
    let mut file = tempfile::tempfile_in(dir)?;
    let output = BufWriter::new(Wanted { file: &mut file, is_wanted: &is_wanted });
    let saved = workbook.save_to_writer(output);
    if !is_wanted() {
        return Err(Failure::Abandoned);
    }
    saved?;
    file.rewind()?;
    Ok(file)
}

/// A file that refuses to be written when nobody wants it.
struct Wanted<'a, F> {
    file: &'a mut File,
    is_wanted: &'a F,
}

impl<F: Fn() -> bool> Write for Wanted<'_, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !(self.is_wanted)() {
            return Err(io::Error::other("nobody waits for the file"));
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
