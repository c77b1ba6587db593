use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use money::Fen;

use super::*;
use crate::reports::ReportType;
use crate::reports::sample::{contents, cover, nothing};

fn bytes(days: i32, contents: &Contents) -> Vec<u8> {
    render(&cover(ReportType::Custom, days), contents).unwrap()
}

fn sheet(bytes: &[u8], name: &str) -> Range<Data> {
    Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range(name).unwrap()
}

/// A column without its header.
fn column(range: &Range<Data>, index: usize) -> Vec<Data> {
    range.rows().skip(1).map(|row| row[index].clone()).collect()
}

fn amount(cell: &Data) -> Fen {
    Fen::new(format!("{:.2}", calamine::DataType::as_f64(cell).unwrap()).replace('.', "").parse().unwrap())
}

/// A workbook counts days from the end of 1899.
fn day(cell: &Data) -> String {
    let Data::DateTime(serial) = cell else { panic!("{cell:?} is no date") };
    let days = serial.as_f64() as i32;
    jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).unwrap().to_string()
}

#[test]
fn each_table_has_its_sheet() {
    let names = |contents: &Contents| Xlsx::new(Cursor::new(bytes(31, contents))).unwrap().sheet_names();
    let all = [
        "概览",
        "收入汇总",
        "大客户排行",
        "使用统计（按日）",
        "使用统计（按应用）",
        "使用统计（按运营点）",
        "使用统计（人数分布）",
        "退款汇总",
        "退款明细",
    ];
    assert_eq!(names(&contents(31)), all);
    assert_eq!(
        names(&Contents { usage: None, customers: None, ..contents(31) }),
        ["概览", "收入汇总", "退款汇总", "退款明细"]
    );
}

#[test]
fn days_are_dates_and_money_is_numbers() {
    let contents = contents(31);
    let income = contents.income.as_ref().unwrap();
    let range = sheet(&bytes(31, &contents), "收入汇总");
    let dates: Vec<String> = column(&range, 0)[..31].iter().map(day).collect();
    let expected: Vec<String> = income.days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!(dates, expected);
    let consumption: Vec<Fen> = column(&range, 5).iter().map(amount).collect();
    let days: Vec<Fen> = income.days.iter().map(|day| day.money.consumption).collect();
    assert_eq!(consumption[..31], days);
    assert_eq!(consumption[31], income.total.money.consumption, "the formula knows its result");
}

/// Text is text in the file, but formulas come alive where cells are copied to (FR-039).
#[test]
fn a_name_that_looks_like_a_formula_is_escaped() {
    let mut contents = contents(31);
    contents.customers.as_mut().unwrap().customers[0].operator_name = "=1+1".to_owned();
    let usage = contents.usage.as_mut().unwrap();
    usage.apps[0].label.name = "@SUM(A1)".to_owned();
    usage.sites[0].site_name = "+86".to_owned();
    usage.sites[0].operator_name = "-2".to_owned();
    contents.refunds.as_mut().unwrap().refunds[0].operator_name = "=2+2".to_owned();
    let bytes = bytes(31, &contents);
    for (name, line, expected) in [
        ("大客户排行", 2, "'=1+1"),
        ("使用统计（按应用）", 2, "'@SUM(A1)"),
        ("使用统计（按运营点）", 1, "'+86"),
        ("使用统计（按运营点）", 2, "'-2"),
        ("退款明细", 1, "'=2+2"),
    ] {
        assert_eq!(column(&sheet(&bytes, name), line)[0], Data::String(expected.to_owned()), "{name}");
    }
}

#[test]
fn sums_are_formulas() {
    let bytes = bytes(31, &contents(31));
    let mut workbook = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let formulas = workbook.worksheet_formula("收入汇总").unwrap();
    assert_eq!(formulas.get_value((32, 5)).map(String::as_str), Some("SUM(F2:F32)"));
}

#[test]
fn a_year_has_a_sheet_of_months_as_well() {
    let contents = contents(366);
    let range = sheet(&bytes(366, &contents), "收入汇总（按月）");
    let total = contents.income.unwrap().total.money;
    let recharge: Vec<Fen> = column(&range, 4).iter().map(amount).collect();
    let sum = recharge[..recharge.len() - 1].iter().map(|fen| fen.get()).sum();
    assert_eq!((recharge.len(), Fen::new(sum)), (14, total.recharge), "13 months and their sum");
}

#[test]
fn charts_are_those_of_excel() {
    let charts = |contents: &Contents| {
        let bytes = bytes(31, contents);
        let text = String::from_utf8_lossy(&bytes);
        // The directory of the archive names each file once more than its contents.
        (1..=9).filter(|number| text.contains(&format!("xl/charts/chart{number}.xml"))).count()
    };
    assert_eq!(charts(&contents(31)), 5);
    assert_eq!(charts(&nothing(31)), 3, "a ranking of nobody has none");
}
