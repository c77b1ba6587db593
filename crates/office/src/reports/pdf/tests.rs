use super::*;
use crate::pdf_text;
use crate::reports::ReportType;
use crate::reports::labels::NOTHING;
use crate::reports::sample::{LONG_NAME, contents, cover, nothing};

fn pages(report_type: ReportType, days: i32, contents: &Contents) -> Vec<Vec<String>> {
    pdf_text::pages(&render(&cover(report_type, days), contents).unwrap())
}

fn count(pages: &[Vec<String>], text: &str) -> usize {
    pages.iter().flatten().filter(|found| *found == text).count()
}

#[test]
fn the_cover_says_whose_report_of_which_days_it_is() {
    let pages = pages(ReportType::Monthly, 31, &contents(31));
    let first = &pages[0];
    assert_eq!(
        first[..3],
        ["北京某某混合现实科技有限公司", "财务月报", "2025年10月1日 至 2025年10月31日（共 31 天）"]
    );
    assert!(first.contains(&"报表编号：rpt_01h455vb4pex5vsknk084sn02q".to_owned()), "{first:?}");
    for (index, page) in pages.iter().enumerate() {
        assert_eq!(
            count(std::slice::from_ref(page), &format!("第 {} 页 / 共 {} 页", index + 1, pages.len())),
            1
        );
        let head = "北京某某混合现实科技有限公司　财务月报　2025年10月1日 至 2025年10月31日（共 31 天）";
        assert_eq!(count(std::slice::from_ref(page), head), usize::from(index > 0), "{page:?}");
    }
}

#[test]
fn every_day_has_its_row_and_the_sum_stands_below() {
    let contents = contents(31);
    let pages = pages(ReportType::Monthly, 31, &contents);
    for day in &contents.income.as_ref().unwrap().days {
        assert_eq!(count(&pages, &day.date.to_string()), 2, "income and usage");
        assert!(count(&pages, &day.money.recharge.grouped()) >= 1);
    }
    let total = contents.income.unwrap().total.money;
    assert!(count(&pages, &total.net_income().unwrap().grouped()) >= 1);
    assert_eq!(count(&pages, &format!("¥{}", total.recharge.grouped())), 1, "on the cover");
}

#[test]
fn a_year_is_charted_by_month_and_told_by_day() {
    let pages = pages(ReportType::Custom, 366, &contents(366));
    assert!((15..=40).contains(&pages.len()), "{}", pages.len());
    assert_eq!(count(&pages, "每月收入（元）"), 1);
    // The chart and the table of both sections, some names left out below a chart.
    assert!((2..=4).contains(&count(&pages, "2026年3月")), "{}", count(&pages, "2026年3月"));
    assert_eq!(count(&pages, "2026-03-15"), 2);
    assert!(count(&pages, "微信充值") > 8, "the header stands on every page");
}

#[test]
fn sections_that_were_not_asked_for_are_not_there_and_the_others_are_numbered() {
    let contents = Contents { income: None, usage: None, ..contents(31) };
    let pages = pages(ReportType::Monthly, 31, &contents);
    assert_eq!((count(&pages, "一、大客户排行"), count(&pages, "二、退款汇总")), (1, 1));
    assert_eq!(count(&pages, "每日收入（元）"), 0);
}

#[test]
fn a_time_without_anything_says_so_instead_of_showing_empty_charts() {
    let pages = pages(ReportType::Weekly, 7, &nothing(7));
    assert_eq!(count(&pages, NOTHING), 5, "four charts and the list of refunds");
}

#[test]
fn a_day_has_no_chart_over_time() {
    let pages = pages(ReportType::Daily, 1, &contents(1));
    assert_eq!(pages[0][2], "2025年10月1日");
    assert_eq!((count(&pages, "每日收入（元）"), count(&pages, "每日场次与人次")), (0, 0));
}

#[test]
fn long_names_are_wrapped_whole_in_tables_and_cut_in_charts() {
    let pages = pages(ReportType::Monthly, 31, &contents(31));
    let texts: String = pages.concat().concat();
    assert!(texts.contains(&LONG_NAME[..30]) && texts.contains('…'));
}

#[test]
fn the_same_contents_make_the_same_file() {
    let contents = contents(7);
    let render = || render(&cover(ReportType::Weekly, 7), &contents).unwrap();
    assert_eq!(render(), render());
}
