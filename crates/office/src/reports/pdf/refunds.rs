//! What went back.

use documents::{Document, Table, mm};
use jiff::tz::TimeZone;
use money::Fen;

use super::{figure, middle, note, text};
use crate::refunds::{RefundSummary, Tally};
use crate::reports::labels::{self, NOTHING};

const EXPLANATION: &str = "各项按其发生的日期统计：申请、审核与打款可能在不同期间。通过金额为审核时的实际余额，驳回金额为申请时的余额。";

pub(super) fn add(document: &mut Document, summary: &RefundSummary, timezone: &TimeZone) {
    let mut table = Table::ruled([text("项目", 3.0), figure("笔数", 1.0), figure("金额", 1.5)]);
    for (name, Tally { count, amount }) in labels::refund_tallies(summary) {
        table.row([name.to_owned(), labels::count(count), amount.grouped()]);
    }
    document.table(&table);
    note(document, EXPLANATION);
    document.subheading("退款明细");
    if summary.refunds.is_empty() {
        return document.paragraph(NOTHING);
    }
    document.table(&listed(summary, timezone));
    if let Some(text) = labels::left_out(summary) {
        note(document, &text);
    }
    document.space(mm(2.0));
}

fn listed(summary: &RefundSummary, timezone: &TimeZone) -> Table {
    let mut table = Table::ruled([
        text("申请时间", 1.4),
        text("客户", 2.3),
        figure("申请金额", 1.2),
        figure("实退金额", 1.2),
        middle("状态", 0.8),
        text("审核人", 1.0),
        text("审核时间", 1.4),
    ]);
    for refund in &summary.refunds {
        table.row([
            labels::time(refund.created_at, timezone),
            refund.operator_name.clone(),
            refund.requested.grouped(),
            refund.actual.map_or_else(|| "—".to_owned(), Fen::grouped),
            labels::refund_status(refund).to_owned(),
            refund.reviewed_by.clone().unwrap_or_default(),
            refund.reviewed_at.map_or_else(String::new, |at| labels::time(at, timezone)),
        ]);
    }
    table
}
