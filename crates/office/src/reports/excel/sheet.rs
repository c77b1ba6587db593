//! One table on one sheet: a header that stays in sight, typed cells, and a row of sums.

use base::clock::UtcTime;
use base::problem::Problem;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::Fen;
use rust_xlsxwriter::{
    Chart, ChartType, Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError,
};

use super::{WorkbookError, date_time};
use crate::exports::escaped;
use crate::statistics::Hundredths;

const A4: u8 = 9;
/// Pixels.
const CHART_SIZE: (u32, u32) = (720, 360);

/// A value with its type.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Count(i64),
    /// In yuan, as accountants want to go on computing.
    Amount(Fen),
    Number(Hundredths),
    /// 33.33 is shown as `33.33%`.
    Percentage(Hundredths),
    Date(Date),
    Time(UtcTime, TimeZone),
}

/// A column and its width in characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column(pub(super) &'static str, pub(super) f64);

/// How cells look.
#[derive(Debug)]
pub(super) struct Styles {
    header: Format,
    text: Format,
    count: Format,
    amount: Format,
    number: Format,
    percentage: Format,
    date: Format,
    time: Format,
}

impl Default for Styles {
    fn default() -> Self {
        let numbers = |format: &str| Format::new().set_num_format(format);
        Styles {
            header: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00F0_F2F5))
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            text: Format::new(),
            count: numbers("#,##0"),
            amount: numbers("#,##0.00"),
            number: numbers("0.00"),
            percentage: numbers("0.00\"%\""),
            date: numbers("yyyy-mm-dd"),
            time: numbers("yyyy-mm-dd hh:mm"),
        }
    }
}

impl Styles {
    fn of(&self, cell: &Cell) -> &Format {
        match cell {
            Cell::Empty | Cell::Text(_) => &self.text,
            Cell::Count(_) => &self.count,
            Cell::Amount(_) => &self.amount,
            Cell::Number(_) => &self.number,
            Cell::Percentage(_) => &self.percentage,
            Cell::Date(_) => &self.date,
            Cell::Time(..) => &self.time,
        }
    }
}

/// A table that grows row by row.
pub(super) struct Sheet<'a> {
    name: &'static str,
    worksheet: &'a mut Worksheet,
    styles: &'a Styles,
    columns: &'a [Column],
    next: u32,
}

impl<'a> Sheet<'a> {
    /// A new sheet with the header of its table.
    pub(super) fn begin(
        workbook: &'a mut Workbook,
        styles: &'a Styles,
        name: &'static str,
        columns: &'a [Column],
    ) -> Result<Self, WorkbookError> {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(name)?;
        worksheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        worksheet.set_footer("&C第 &P 页 / 共 &N 页");
        worksheet.set_freeze_panes(1, 0)?;
        worksheet.set_repeat_rows(0, 0)?;
        worksheet.set_row_height(0, 20)?;
        for (index, Column(title, width)) in (0..).zip(columns) {
            worksheet.set_column_width(index, *width)?;
            worksheet.write_string_with_format(0, index, *title, &styles.header)?;
        }
        Ok(Sheet { name, worksheet, styles, columns, next: 1 })
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), WorkbookError> {
        for (index, cell) in (0..).zip(cells) {
            self.write(index, &cell, self.styles.of(&cell))?;
        }
        self.next += 1;
        Ok(())
    }

    /// The sums of the rows above: counts and amounts as formulas, which follow when somebody changes a row.
    pub(super) fn total(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), WorkbookError> {
        let last = self.next;
        for (index, cell) in (0..).zip(cells) {
            let format = self.styles.of(&cell).clone().set_bold().set_border_top(FormatBorder::Thin);
            let sum = match &cell {
                Cell::Count(count) => Some(count.to_string()),
                Cell::Amount(amount) => Some(amount.to_string()),
                _ => None,
            };
            // The last row of the sheet, counted from one, is the one above.
            match sum.filter(|_| last > 1) {
                Some(sum) => {
                    let column = rust_xlsxwriter::utility::column_number_to_name(index);
                    let formula = Formula::new(format!("=SUM({column}2:{column}{last})")).set_result(sum);
                    self.worksheet.write_formula_with_format(self.next, index, formula, &format)?;
                }
                None => self.write(index, &cell, &format)?,
            }
        }
        self.next += 1;
        Ok(())
    }

    /// How many rows there are, without the header.
    pub(super) const fn rows(&self) -> u32 {
        self.next - 1
    }

    /// A chart of some columns over so many rows, beside the table; `names` is the column with the categories.
    pub(super) fn chart(
        &mut self,
        kind: ChartType,
        title: &str,
        columns: &[u16],
        rows: u32,
        names: u16,
    ) -> Result<(), WorkbookError> {
        if rows == 0 {
            return Ok(());
        }
        let mut chart = Chart::new(kind);
        chart.title().set_name(title);
        chart.y_axis().set_num_format("#,##0");
        // Names stay as they are; days would be shown as numbers.
        chart.x_axis().set_num_format("m/d");
        chart.set_width(CHART_SIZE.0).set_height(CHART_SIZE.1);
        for column in columns {
            let series = chart.add_series();
            series.set_name((self.name, 0, *column));
            series.set_categories((self.name, 1, names, rows, names));
            series.set_values((self.name, 1, *column, rows, *column));
        }
        if let [_] = columns {
            chart.legend().set_hidden();
        } else {
            chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
        }
        if kind == ChartType::Bar {
            // The first place stands at the top.
            chart.x_axis().set_reverse();
        }
        let beside = u16::try_from(self.columns.len() + 1).map_err(Problem::internal)?;
        self.worksheet.insert_chart(1, beside, &chart)?;
        Ok(())
    }

    fn write(&mut self, column: u16, cell: &Cell, format: &Format) -> Result<(), XlsxError> {
        let (row, sheet) = (self.next, &mut *self.worksheet);
        match cell {
            Cell::Empty => sheet.write_blank(row, column, format)?,
            Cell::Text(text) => sheet.write_string_with_format(row, column, escaped(text), format)?,
            Cell::Count(count) => sheet.write_number_with_format(row, column, number(count)?, format)?,
            Cell::Amount(amount) => sheet.write_number_with_format(row, column, number(amount)?, format)?,
            Cell::Number(value) | Cell::Percentage(value) => {
                sheet.write_number_with_format(row, column, number(value)?, format)?
            }
            Cell::Date(date) => {
                let date = ExcelDateTime::parse_from_str(&date.to_string())?;
                sheet.write_datetime_with_format(row, column, &date, format)?
            }
            Cell::Time(at, timezone) => {
                sheet.write_datetime_with_format(row, column, &date_time(*at, timezone)?, format)?
            }
        };
        Ok(())
    }
}

/// A workbook knows doubles only: the one nearest to the decimal, which shows as the decimal again.
fn number(value: &impl ToString) -> Result<f64, XlsxError> {
    let text = value.to_string();
    text.parse().map_err(|_| XlsxError::ParameterError(format!("{text} is no number")))
}
