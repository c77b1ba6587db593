//! The bill of an account's movements (4012084430).

use jiff::Timestamp;
use money::Fen;

use super::BillError;
use super::table::{Line, Table, count, sum};
use super::yuan;
use crate::times;

/// All movements of an account on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundFlowBill {
    /// The movements, in the order of the file.
    pub rows: Vec<FundFlowRow>,
}

/// Whether money came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// 收入
    Income,
    /// 支出
    Expense,
}

/// One movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundFlowRow {
    /// 记账时间
    pub booked_at: Timestamp,
    /// 微信支付业务单号: the payment's or refund's number at WeChat
    pub business_id: String,
    /// 资金流水单号
    pub flow_id: String,
    /// 业务名称
    pub business_name: String,
    /// 业务类型
    pub business_type: String,
    /// 收支类型
    pub direction: Direction,
    /// 收支金额, never negative: the direction tells
    pub amount: Fen,
    /// 账户结余: the balance after it
    pub balance: Fen,
    /// 资金变更提交申请人
    pub applicant: String,
    /// 备注
    pub note: String,
    /// 业务凭证号: our number, of the order or of the refund
    pub voucher: String,
}

impl FundFlowBill {
    /// Reads the file and compares its totals with its rows.
    ///
    /// # Errors
    ///
    /// [`BillError`], with the line or the total that is wrong. A bill is read as a whole or not at all.
    pub fn read(file: &[u8]) -> Result<Self, BillError> {
        let table = Table::read(file, "资金流水总笔数")?;
        let rows = table.rows(row)?;
        check(table.totals(), &rows)?;
        Ok(FundFlowBill { rows })
    }
}

fn row(line: &Line<'_>) -> Result<FundFlowRow, BillError> {
    let text = |column| line.text(column).map(str::to_owned);
    Ok(FundFlowRow {
        booked_at: line.value("记账时间", times::from_wall_clock)?,
        business_id: text("微信支付业务单号")?,
        flow_id: text("资金流水单号")?,
        business_name: text("业务名称")?,
        business_type: text("业务类型")?,
        direction: line.value("收支类型", direction)?,
        amount: line
            .value("收支金额(元)", |text| yuan::parse(text).filter(|amount| !amount.is_negative()))?,
        balance: line.fen("账户结余(元)")?,
        applicant: text("资金变更提交申请人")?,
        note: text("备注")?,
        voucher: text("业务凭证号")?,
    })
}

fn direction(text: &str) -> Option<Direction> {
    match text {
        "收入" => Some(Direction::Income),
        "支出" => Some(Direction::Expense),
        _ => None,
    }
}

fn check(totals: &Line<'_>, rows: &[FundFlowRow]) -> Result<(), BillError> {
    let amounts = |wanted| rows.iter().filter(move |row| row.direction == wanted).map(|row| row.amount);
    totals.check("资金流水总笔数", count, Some(rows.len()))?;
    totals.check("收入笔数", count, Some(amounts(Direction::Income).count()))?;
    totals.check("收入金额", yuan::parse, sum(amounts(Direction::Income)))?;
    totals.check("支出笔数", count, Some(amounts(Direction::Expense).count()))?;
    totals.check("支出金额", yuan::parse, sum(amounts(Direction::Expense)))
}

#[cfg(test)]
#[path = "fund_flow_tests.rs"]
mod tests;
