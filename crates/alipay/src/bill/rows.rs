//! The rows of a bill.

use jiff::Timestamp;
use money::Fen;

use super::archive::{Archive, BillError};
use super::summary::check;
use super::table::{BillFile, Column, Header, Row, read_table};

/// The payments and refunds of one day, complete: they add up to what the summary says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// In the order of the file.
    pub rows: Vec<BillRow>,
}

/// `业务类型`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillKind {
    /// `交易`: a payment.
    Trade,
    /// `退款`: a refund.
    Refund,
    /// Something else, by the name it has in the file. For a person to look at.
    Other(String),
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
        let mut archive = Archive::open(archive)?;
        let rows =
            archive.read(BillFile::Detail, |file| read_table(BillFile::Detail, file, Columns::find, row))?;
        archive.read(BillFile::Summary, |file| check(&rows, file))?;
        Ok(Self { rows })
    }
}

struct Columns {
    trade_no: Column,
    out_trade_no: Column,
    kind: Column,
    subject: Column,
    created_at: Column,
    finished_at: Column,
    counterparty: Column,
    amount: Column,
    receipt: Column,
    out_request_no: Column,
    fee: Column,
    remark: Column,
}

impl Columns {
    fn find(header: &Header) -> Result<Self, BillError> {
        Ok(Columns {
            trade_no: header.column("支付宝交易号")?,
            out_trade_no: header.column("商户订单号")?,
            kind: header.column("业务类型")?,
            subject: header.column("商品名称")?,
            created_at: header.column("创建时间")?,
            finished_at: header.column("完成时间")?,
            counterparty: header.column("对方账户")?,
            amount: header.column("订单金额")?,
            receipt: header.column("商家实收")?,
            out_request_no: header.column("退款批次号/请求号")?,
            fee: header.column("服务费")?,
            remark: header.column("备注")?,
        })
    }
}

fn row(columns: &Columns, row: &Row) -> Result<BillRow, BillError> {
    Ok(BillRow {
        trade_no: row.required(columns.trade_no)?,
        out_trade_no: row.required(columns.out_trade_no)?,
        kind: kind_of(&row.required(columns.kind)?),
        subject: row.text(columns.subject).to_owned(),
        created_at: row.time(columns.created_at)?,
        finished_at: row.time(columns.finished_at)?,
        counterparty: row.optional(columns.counterparty),
        amount: row.fen(columns.amount)?,
        receipt: row.fen(columns.receipt)?,
        out_request_no: row.optional(columns.out_request_no),
        fee: row.fen(columns.fee)?,
        remark: row.optional(columns.remark),
    })
}

fn kind_of(text: &str) -> BillKind {
    match text {
        "交易" => BillKind::Trade,
        "退款" => BillKind::Refund,
        other => BillKind::Other(other.to_owned()),
    }
}
