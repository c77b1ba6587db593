//! Income by day, and by month where there are many days.

use base::problem::Problem;
use rust_xlsxwriter::{ChartType, Workbook};

use super::WorkbookError;
use super::sheet::{Cell, Column, Sheet, Styles};
use crate::reports::contents::{Income, sum};
use crate::reports::labels::spans;
use crate::statistics::DayOfIncome;

const AMOUNTS: [Column; 7] = [
    Column("微信充值", 16.0),
    Column("支付宝充值", 16.0),
    Column("其他充值", 16.0),
    Column("充值合计", 16.0),
    Column("消费", 16.0),
    Column("退款", 16.0),
    Column("净收入", 16.0),
];
/// What is charted: top-ups, consumption, refunds.
const CHARTED: [u16; 3] = [4, 5, 6];

pub(super) fn add(workbook: &mut Workbook, styles: &Styles, income: &Income) -> Result<(), WorkbookError> {
    let days = income.days.iter().map(|day| (Cell::Date(day.date), *day));
    let spans = spans(&income.days, |day| day.date);
    let chart = (!spans.are_months).then_some("每日收入（元）");
    add_sheet(workbook, styles, ("收入汇总", "日期"), days, &income.total, chart)?;
    if !spans.are_months {
        return Ok(());
    }
    let months = spans.names.into_iter().zip(spans.values);
    let months: Vec<(Cell, DayOfIncome)> =
        months.map(|(name, days)| Ok((Cell::Text(name), sum(days)?))).collect::<Result<_, Problem>>()?;
    let names = ("收入汇总（按月）", "月份");
    add_sheet(workbook, styles, names, months.into_iter(), &income.total, Some("每月收入（元）"))
}

fn add_sheet(
    workbook: &mut Workbook,
    styles: &Styles,
    (name, first): (&'static str, &'static str),
    rows: impl Iterator<Item = (Cell, DayOfIncome)>,
    total: &DayOfIncome,
    chart: Option<&str>,
) -> Result<(), WorkbookError> {
    let columns: Vec<Column> = [Column(first, 14.0)].into_iter().chain(AMOUNTS).collect();
    let mut sheet = Sheet::begin(workbook, styles, name, &columns)?;
    for (date, part) in rows {
        sheet.row(cells(date, &part)?)?;
    }
    let count = sheet.rows();
    sheet.total(cells(Cell::Text("合计".to_owned()), total)?)?;
    match chart {
        Some(title) => sheet.chart(ChartType::Column, title, &CHARTED, count, 0),
        None => Ok(()),
    }
}

fn cells(first: Cell, part: &DayOfIncome) -> Result<Vec<Cell>, WorkbookError> {
    let (money, recharged) = (part.money, part.recharged);
    let amounts = [
        recharged.wechat,
        recharged.alipay,
        recharged.other,
        money.recharge,
        money.consumption,
        money.refund,
        money.net_income()?,
    ];
    Ok([first].into_iter().chain(amounts.map(Cell::Amount)).collect())
}
