//! The rows of a bill.

use jiff::Timestamp;
use money::Fen;

use super::archive::{BillError, unpack};
use super::summary::check;
use super::table::{BillFile, Table};

/// The payments and refunds of one day, complete: they add up to what the summary says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// In the order of the file.
    pub rows: Vec<BillRow>,
}

/// `业务类型`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillKind {
    /// `交易`: a payment.
    Trade,
    /// `退款`: a refund.
    Refund,
}

/// A payment or a refund. Amounts have the sign of the file: those of refunds are negative, and a fee is negative where
/// Alipay takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// `支付宝交易号`
    pub trade_no: String,
    /// `商户订单号`
    pub out_trade_no: String,
    /// `业务类型`
    pub kind: BillKind,
    /// `商品名称`
    pub subject: String,
    /// `创建时间`
    pub created_at: Timestamp,
    /// `完成时间`
    pub finished_at: Timestamp,
    /// `对方账户`, masked.
    pub counterparty: Option<String>,
    /// `订单金额（元）`
    pub amount: Fen,
    /// `商家实收（元）`
    pub receipt: Fen,
    /// `退款批次号/请求号`, the `out_request_no` of a refund.
    pub out_request_no: Option<String>,
    /// `服务费（元）`
    pub fee: Fen,
    /// `备注`
    pub remark: Option<String>,
}

impl Bill {
    /// Reads the archive that [`crate::Client::download_bill`] fetched, and checks the rows against the summary.
    ///
    /// # Errors
    /// [`BillError`] when the archive is damaged or incomplete, a cell cannot be read, or the summary says otherwise.
    pub fn read(archive: &[u8]) -> Result<Self, BillError> {
        let texts = unpack(archive)?;
        let rows = read_rows(&Table::read(BillFile::Detail, &texts.detail)?)?;
        check(&rows, &Table::read(BillFile::Summary, &texts.summary)?)?;
        Ok(Self { rows })
    }
}

fn read_rows(table: &Table) -> Result<Vec<BillRow>, BillError> {
    let trade_no = table.column("支付宝交易号")?;
    let out_trade_no = table.column("商户订单号")?;
    let kind = table.column("业务类型")?;
    let subject = table.column("商品名称")?;
    let created_at = table.column("创建时间")?;
    let finished_at = table.column("完成时间")?;
    let counterparty = table.column("对方账户")?;
    let amount = table.column("订单金额")?;
    let receipt = table.column("商家实收")?;
    let out_request_no = table.column("退款批次号/请求号")?;
    let fee = table.column("服务费")?;
    let remark = table.column("备注")?;
    table
        .rows()
        .map(|row| {
            Ok(BillRow {
                trade_no: row.required(trade_no)?,
                out_trade_no: row.required(out_trade_no)?,
                kind: row.cell(kind, kind_of)?,
                subject: row.text(subject).to_owned(),
                created_at: row.time(created_at)?,
                finished_at: row.time(finished_at)?,
                counterparty: row.optional(counterparty),
                amount: row.fen(amount)?,
                receipt: row.fen(receipt)?,
                out_request_no: row.optional(out_request_no),
                fee: row.fen(fee)?,
                remark: row.optional(remark),
            })
        })
        .collect()
}

fn kind_of(text: &str) -> Option<BillKind> {
    match text {
        "交易" => Some(BillKind::Trade),
        "退款" => Some(BillKind::Refund),
        _ => None,
    }
}
