//! The second sheet: what the file is, what was chosen, and what it comes to.

use base::problem::{Language, Text};
use rust_xlsxwriter::Worksheet;

use super::totals::Totals;
use super::xlsx::{Failure, Formats, write_cell};
use super::{Cell, Setting, Table};

const WIDTHS: [u8; 2] = [30, 60];

/// Fills the sheet with a label and a value in each row.
pub(super) fn write_about(
    sheet: &mut Worksheet,
    table: &Table,
    setting: &Setting,
    formats: &Formats,
    written: u32,
    totals: &Totals,
) -> Result<(), Failure> {
    sheet.set_name(Text::new("信息", "About").in_language(setting.language))?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    for (line, (label, value)) in (0..).zip(lines(table, setting, written, totals)) {
        write_label(sheet, line, label, formats)?;
        write_cell(sheet, line, 1, &value, formats, &setting.timezone)?;
    }
    Ok(())
}

fn write_label(sheet: &mut Worksheet, line: u32, label: String, formats: &Formats) -> Result<(), Failure> {
    sheet.write_string_with_format(line, 0, label, &formats.header)?;
    Ok(())
}

fn lines(table: &Table, setting: &Setting, written: u32, totals: &Totals) -> Vec<(String, Cell)> {
    let told = |text: &Text| text.in_language(setting.language).to_owned();
    let mut lines = vec![(told(&Text::new("内容", "Content")), Cell::Text(told(&table.name)))];
    lines.extend(table.selection.facts.iter().map(|(label, value)| (told(label), value.clone())));
    lines.extend([
        (told(&Text::new("时区", "Time zone")), Cell::from(setting.timezone_name())),
        (told(&Text::new("生成时间", "Made at")), Cell::Time(setting.made_at)),
        (told(&Text::new("行数", "Rows")), Cell::Number(written.into())),
    ]);
    for (column, group, sum) in totals.cells(table) {
        let title = table.columns.get(column).map_or("", |column| column.title.in_language(setting.language));
        lines.push((sum_label(title, group, setting.language), sum));
    }
    lines
}

fn sum_label(title: &str, group: &str, language: Language) -> String {
    match (language, group) {
        (Language::Zh, "") => format!("合计：{title}"),
        (Language::Zh, group) => format!("合计：{title}（{group}）"),
        (Language::En, "") => format!("Total: {title}"),
        (Language::En, group) => format!("Total: {title} ({group})"),
    }
}
