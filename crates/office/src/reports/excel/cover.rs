//! The first sheet: what the report is about and what it comes to.

use money::Fen;
use rust_xlsxwriter::Workbook;

use super::WorkbookError;
use super::sheet::{Cell, Column, Sheet, Styles};
use crate::reports::contents::{Contents, Cover};
use crate::reports::labels;

const COLUMNS: [Column; 2] = [Column("项目", 24.0), Column("内容", 48.0)];

pub(super) fn add(
    workbook: &mut Workbook,
    styles: &Styles,
    cover: &Cover,
    contents: &Contents,
) -> Result<(), WorkbookError> {
    let mut sheet = Sheet::begin(workbook, styles, "概览", &COLUMNS)?;
    let text = |value: &str| Cell::Text(value.to_owned());
    let mut rows = vec![
        ("报表", text(cover.report_type.title())),
        ("报表期间", text(&labels::period(cover.period))),
        ("起始日期", Cell::Date(cover.period.start)),
        ("结束日期", Cell::Date(cover.period.end)),
        ("数据截至", Cell::Time(cover.read_at, cover.timezone.clone())),
        ("生成人", text(cover.created_by())),
        ("报表编号", text(&cover.report_id)),
        ("金额单位", text("人民币元")),
    ];
    if !cover.company.is_empty() {
        rows.insert(0, ("单位", text(&cover.company)));
    }
    rows.extend(sums(contents)?);
    for (name, value) in rows {
        sheet.row([text(name), value])?;
    }
    Ok(())
}

/// The figures that are looked for first.
fn sums(contents: &Contents) -> Result<Vec<(&'static str, Cell)>, WorkbookError> {
    let mut sums = Vec::new();
    let mut amount = |name, amount: Fen| sums.push((name, Cell::Amount(amount)));
    if let Some(income) = &contents.income {
        let money = income.total.money;
        amount("充值", money.recharge);
        amount("消费", money.consumption);
        amount("退款", money.refund);
        amount("净收入（充值 − 退款）", money.net_income()?);
    }
    if let Some(usage) = &contents.usage {
        sums.push(("游戏场次", Cell::Count(usage.total.sessions)));
        sums.push(("玩家人次", Cell::Count(usage.total.players)));
        sums.push(("场均人数", Cell::Number(usage.total.average_players())));
    }
    Ok(sums)
}
