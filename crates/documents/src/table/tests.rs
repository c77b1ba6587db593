use super::*;
use crate::document::Setup;

fn table() -> Table {
    Table::new([Column::new("名称", 3.0, Align::Left), Column::new("金额", 1.0, Align::Right)])
}

fn pages(table: &Table, used: f32) -> Vec<Vec<String>> {
    let mut document = Document::new(Setup::default());
    document.drawing(used, |_, _| {});
    document.table(table);
    let own = |page: Vec<&str>| page.into_iter().map(str::to_owned).collect();
    document.texts().into_iter().map(own).collect()
}

fn body_height() -> f32 {
    Document::new(Setup::default()).body().height
}

/// Of a row, or the header, of one line.
fn row_height() -> f32 {
    CELL.line_height() + 2.0 * PADDING
}

#[test]
fn the_header_stands_on_every_page_and_every_row_once() {
    let mut table = table();
    for number in 0..120 {
        table.row([format!("第{number}行"), "1.00".to_owned()]);
    }
    let pages = pages(&table, 0.0);
    assert!(pages.len() >= 3, "{}", pages.len());
    for page in &pages {
        assert_eq!(page[..2], ["名称", "金额"]);
    }
    let rows: Vec<&String> = pages.iter().flatten().filter(|text| text.starts_with('第')).collect();
    let expected: Vec<String> = (0..120).map(|number| format!("第{number}行")).collect();
    assert_eq!(rows, expected.iter().collect::<Vec<_>>());
}

#[test]
fn a_row_of_several_lines_is_not_divided() {
    let mut table = table();
    table.row(["短", "1.00"]);
    table.row(["一\n二\n三\n四", "2.00"]);
    let pages = pages(&table, body_height() - 4.0 * row_height());
    assert_eq!(pages[0], ["名称", "金额", "短", "1.00"]);
    assert_eq!(pages[1], ["名称", "金额", "一", "二", "三", "四", "2.00"]);
}

#[test]
fn the_header_does_not_stand_alone_at_the_end_of_a_page() {
    let mut table = table();
    table.row(["甲", "1.00"]);
    let pages = pages(&table, body_height() - 1.5 * row_height());
    assert_eq!(pages, [vec![], vec!["名称", "金额", "甲", "1.00"]]);
}

#[test]
fn totals_take_the_last_row_with_them_to_the_next_page() {
    let mut table = table();
    table.row(["甲", "1.00"]);
    table.row(["乙", "2.00"]);
    table.total(["合计", "3.00"]);
    let pages = pages(&table, body_height() - 3.5 * row_height());
    assert_eq!(pages[0], ["名称", "金额", "甲", "1.00"]);
    assert_eq!(pages[1], ["名称", "金额", "乙", "2.00", "合计", "3.00"]);
}

#[test]
fn a_row_higher_than_a_page_goes_on_on_the_next_and_loses_nothing() {
    let mut table = table();
    let lines: Vec<String> = (0..150).map(|line| line.to_string()).collect();
    table.row([lines.join("\n"), "1.00".to_owned()]);
    let pages = pages(&table, 0.0);
    assert!(pages.len() >= 3);
    let body: Vec<&String> =
        pages.iter().flatten().filter(|text| !["名称", "金额", "1.00"].contains(&text.as_str())).collect();
    assert_eq!(body, lines.iter().collect::<Vec<_>>());
}

#[test]
fn a_table_without_titles_has_no_header_and_one_without_rows_only_that() {
    let mut form = Table::new([Column::label(1.0), Column::new("", 3.0, Align::Left)]);
    form.row(["备注"]);
    assert_eq!(pages(&form, 0.0), [["备注"]]);
    assert_eq!(pages(&table(), 0.0), [["名称", "金额"]]);
}

#[test]
fn no_text_leaves_its_column() {
    let mut table = table();
    table.row(["91110105MA01ABCD2X".repeat(9), "1,234,567,890,123,456.78".repeat(3)]);
    table.total(["上海某某互动娱乐有限公司（".repeat(9), "12".to_owned()]);
    let widths = table.widths(400.0);
    for row in &table.rows {
        let laid = table.lay(row.0, &row.1, &widths);
        for cell in &laid.cells {
            assert!(cell.lines.iter().all(|line| line.width <= cell.width - 2.0 * PADDING + 0.02));
        }
    }
}

#[test]
fn a_header_higher_than_a_page_does_not_keep_the_table_from_ending() {
    let mut table = Table::new([Column::new(&"长".repeat(5_000), 1.0, Align::Left)]);
    table.row(["一\n二"]);
    let pages = pages(&table, 0.0);
    assert!(pages.concat().ends_with(&["一".to_owned(), "二".to_owned()]));
}

#[test]
fn widths_are_shares_of_the_page() {
    assert_eq!(table().widths(400.0), [300.0, 100.0]);
}
