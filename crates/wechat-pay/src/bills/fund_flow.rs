//! The bill of an account's movements (4012084430).

use std::io::BufRead;

use jiff::Timestamp;
use money::Fen;
use pay_protocol::amount::{count, fen_of_yuan};
use pay_protocol::beijing;

use super::table::{Line, length, read_table, sum};
use super::{BillError, BillFile};

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
    pub fn read(file: &BillFile) -> Result<Self, BillError> {
        file.read(Self::read_stream)
    }

    fn read_stream(input: &mut dyn BufRead) -> Result<Self, BillError> {
        let (rows, totals) = read_table(input, "资金流水总笔数", row)?;
        check(&totals, &rows)?;
        Ok(FundFlowBill { rows })
    }
}

fn row(line: &Line) -> Result<FundFlowRow, BillError> {
    let text = |column| line.text(column).map(str::to_owned);
    Ok(FundFlowRow {
        booked_at: line.value("记账时间", beijing::from_wall_clock)?,
        business_id: text("微信支付业务单号")?,
        flow_id: text("资金流水单号")?,
        business_name: text("业务名称")?,
        business_type: text("业务类型")?,
        direction: line.value("收支类型", direction)?,
        amount: line
            .value("收支金额(元)", |text| fen_of_yuan(text).filter(|amount| !amount.is_negative()))?,
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

fn check(totals: &Line, rows: &[FundFlowRow]) -> Result<(), BillError> {
    let amounts = |wanted| {
        let found = rows.iter().filter(move |row| row.direction == wanted).map(|row| row.amount);
        found.collect::<Vec<_>>()
    };
    let (income, expense) = (amounts(Direction::Income), amounts(Direction::Expense));
    totals.check("资金流水总笔数", count, length(rows))?;
    totals.check("收入笔数", count, length(&income))?;
    totals.check("收入金额", fen_of_yuan, sum(income.into_iter()))?;
    totals.check("支出笔数", count, length(&expense))?;
    totals.check("支出金额", fen_of_yuan, sum(expense.into_iter()))
}

#[cfg(test)]
#[path = "fund_flow_tests.rs"]
mod tests;
