//! What went back.

use jiff::tz::TimeZone;
use rust_xlsxwriter::Workbook;

use super::WorkbookError;
use super::sheet::{Cell, Column, Sheet, Styles};
use crate::refunds::{RefundSummary, Tally};
use crate::reports::labels;

pub(super) fn add(
    workbook: &mut Workbook,
    styles: &Styles,
    summary: &RefundSummary,
    timezone: &TimeZone,
) -> Result<(), WorkbookError> {
    let columns = [Column("项目", 28.0), Column("笔数", 12.0), Column("金额", 16.0)];
    let mut sheet = Sheet::begin(workbook, styles, "退款汇总", &columns)?;
    for (name, Tally { count, amount }) in labels::refund_tallies(summary) {
        sheet.row([Cell::Text(name.to_owned()), Cell::Count(count), Cell::Amount(amount)])?;
    }
    add_list(workbook, styles, summary, timezone)
}

fn add_list(
    workbook: &mut Workbook,
    styles: &Styles,
    summary: &RefundSummary,
    timezone: &TimeZone,
) -> Result<(), WorkbookError> {
    let columns = [
        Column("申请时间", 18.0),
        Column("客户", 30.0),
        Column("申请金额", 16.0),
        Column("实退金额", 16.0),
        Column("状态", 10.0),
        Column("审核人", 16.0),
        Column("审核时间", 18.0),
    ];
    let mut sheet = Sheet::begin(workbook, styles, "退款明细", &columns)?;
    for refund in &summary.refunds {
        sheet.row([
            Cell::Time(refund.created_at, timezone.clone()),
            Cell::Text(refund.operator_name.clone()),
            Cell::Amount(refund.requested),
            refund.actual.map_or(Cell::Empty, Cell::Amount),
            Cell::Text(labels::refund_status(refund).to_owned()),
            refund.reviewed_by.clone().map_or(Cell::Empty, Cell::Text),
            refund.reviewed_at.map_or(Cell::Empty, |at| Cell::Time(at, timezone.clone())),
        ])?;
    }
    if let Some(text) = labels::left_out(summary) {
        sheet.row([Cell::Text(text)])?;
    }
    Ok(())
}
