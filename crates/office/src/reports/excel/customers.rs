//! Who spent most.

use rust_xlsxwriter::{ChartType, Workbook};

use super::WorkbookError;
use super::sheet::{Cell, Column, Sheet, Styles};
use crate::reports::labels;
use crate::statistics::TopCustomers;

const COLUMNS: [Column; 7] = [
    Column("排名", 8.0),
    Column("客户编号", 32.0),
    Column("客户", 30.0),
    Column("类别", 10.0),
    Column("场次", 12.0),
    Column("消费金额", 16.0),
    Column("占比", 10.0),
];
const NAMES: u16 = 2;
const CHARTED: [u16; 1] = [5];
const BARS: u32 = 10;

pub(super) fn add(workbook: &mut Workbook, styles: &Styles, top: &TopCustomers) -> Result<(), WorkbookError> {
    let mut sheet = Sheet::begin(workbook, styles, "大客户排行", &COLUMNS)?;
    for (rank, customer) in (1..).zip(&top.customers) {
        sheet.row([
            Cell::Count(rank),
            Cell::Text(customer.operator_id.to_string()),
            Cell::Text(customer.operator_name.clone()),
            Cell::Text(labels::category(&customer.category).to_owned()),
            Cell::Count(customer.total_sessions),
            Cell::Amount(customer.total_consumption),
            Cell::Percentage(customer.percentage),
        ])?;
    }
    let bars = sheet.rows().min(BARS);
    sheet.chart(ChartType::Bar, "消费金额前 10 名（元）", &CHARTED, bars, NAMES)
}
