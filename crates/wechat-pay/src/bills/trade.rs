//! The bill of trades, `bill_type=ALL` (format-trade).

use std::io::BufRead;

use jiff::Timestamp;
use money::Fen;
use pay_protocol::amount::{count, fen_of_yuan};
use pay_protocol::beijing;

use super::fee::Fee;
use super::table::{Line, length, read_table, sum};
use super::{BillError, BillFile};

/// All trades of a day. Orders that were not paid are absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeBill {
    /// Payments and refunds, in the order of the file.
    pub rows: Vec<TradeRow>,
}

/// One payment, or one refund. Texts are WeChat's; numbers of ours may have been given by another system of the same
/// merchant, so they are texts too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeRow {
    /// 交易时间
    pub traded_at: Timestamp,
    /// 公众账号ID
    pub appid: String,
    /// 商户号
    pub mchid: String,
    /// 设备号
    pub device: Option<String>,
    /// 微信订单号
    pub transaction_id: String,
    /// 商户订单号
    pub out_trade_no: String,
    /// 用户标识
    pub openid: String,
    /// 交易类型, such as `NATIVE`
    pub trade_type: String,
    /// 交易状态: `SUCCESS`, `REFUND`, `REVOKED` (taken back as a whole), or a word of tomorrow
    pub trade_state: String,
    /// 付款银行
    pub bank: String,
    /// 货币种类
    pub currency: String,
    /// 应结订单金额: what is settled with the merchant
    pub settlement_total: Fen,
    /// 代金券金额
    pub coupon: Fen,
    /// Of a refund. It stands in the bill of the day it was accepted on, and its status is not updated later.
    pub refund: Option<TradeRefund>,
    /// 商品名称
    pub description: String,
    /// 商户数据包: the order's `attach`
    pub attach: Option<String>,
    /// 手续费: negative where it is given back with a refund
    pub fee: Fee,
    /// 费率, as WeChat writes it, such as `0.60%`
    pub rate: String,
    /// 订单金额
    pub total: Fen,
    /// 费率备注
    pub rate_note: Option<String>,
}

/// The refund a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeRefund {
    /// 微信退款单号
    pub refund_id: String,
    /// 商户退款单号
    pub out_refund_no: String,
    /// 退款金额
    pub amount: Fen,
    /// 充值券退款金额
    pub coupon: Fen,
    /// 申请退款金额: what was asked for, which the refund is known by; coupons included
    pub requested: Fen,
    /// 退款类型, such as `ORIGINAL`
    pub channel: String,
    /// 退款状态, such as `PROCESSING`
    pub status: String,
}

impl TradeBill {
    /// Reads the file and compares its totals with its rows.
    ///
    /// # Errors
    ///
    /// [`BillError`], with the line or the total that is wrong. A bill is read as a whole or not at all.
    pub fn read(file: &BillFile) -> Result<Self, BillError> {
        file.read(Self::read_stream)
    }

    fn read_stream(input: &mut dyn BufRead) -> Result<Self, BillError> {
        let (rows, totals) = read_table(input, "总交易单数", row)?;
        check(&totals, &rows)?;
        Ok(TradeBill { rows: rows.into_iter().map(|(row, _)| row).collect() })
    }
}

/// The amounts of a row that totals are made of but payments have no field for.
struct RefundColumns {
    amount: Fen,
    coupon: Fen,
    requested: Fen,
}

fn row(line: &Line) -> Result<(TradeRow, RefundColumns), BillError> {
    let text = |column| line.text(column).map(str::to_owned);
    let columns = RefundColumns {
        amount: line.fen("退款金额")?,
        coupon: line.fen("充值券退款金额")?,
        requested: line.fen("申请退款金额")?,
    };
    let row = TradeRow {
        traded_at: line.value("交易时间", beijing::from_wall_clock)?,
        appid: text("公众账号ID")?,
        mchid: text("商户号")?,
        device: line.given("设备号")?,
        transaction_id: text("微信订单号")?,
        out_trade_no: text("商户订单号")?,
        openid: text("用户标识")?,
        trade_type: text("交易类型")?,
        trade_state: text("交易状态")?,
        bank: text("付款银行")?,
        currency: text("货币种类")?,
        settlement_total: line.fen("应结订单金额")?,
        coupon: line.fen("代金券金额")?,
        refund: refund(line, &columns)?,
        description: text("商品名称")?,
        attach: Some(text("商户数据包")?).filter(|text| !text.is_empty()),
        fee: line.value("手续费", Fee::parse)?,
        rate: text("费率")?,
        total: line.fen("订单金额")?,
        rate_note: line.given("费率备注")?,
    };
    Ok((row, columns))
}

fn refund(line: &Line, columns: &RefundColumns) -> Result<Option<TradeRefund>, BillError> {
    let Some(refund_id) = line.given("微信退款单号")? else { return Ok(None) };
    Ok(Some(TradeRefund {
        refund_id,
        out_refund_no: line.text("商户退款单号")?.to_owned(),
        amount: columns.amount,
        coupon: columns.coupon,
        requested: columns.requested,
        channel: line.text("退款类型")?.to_owned(),
        status: line.text("退款状态")?.to_owned(),
    }))
}

fn check(totals: &Line, rows: &[(TradeRow, RefundColumns)]) -> Result<(), BillError> {
    let settled = sum(rows.iter().map(|(row, _)| row.settlement_total));
    let refunded = sum(rows.iter().map(|(_, refund)| refund.amount));
    let coupons = sum(rows.iter().map(|(_, refund)| refund.coupon));
    let fees = rows.iter().map(|(row, _)| row.fee).try_fold(Fee::default(), Fee::checked_add);
    let total = sum(rows.iter().map(|(row, _)| row.total));
    let requested = sum(rows.iter().map(|(_, refund)| refund.requested));
    totals.check("总交易单数", count, length(rows))?;
    totals.check("应结订单总金额", fen_of_yuan, settled)?;
    totals.check("退款总金额", fen_of_yuan, refunded)?;
    totals.check("充值券退款总金额", fen_of_yuan, coupons)?;
    totals.check("手续费总金额", Fee::parse, fees)?;
    totals.check("订单总金额", fen_of_yuan, total)?;
    totals.check("申请退款总金额", fen_of_yuan, requested)
}

#[cfg(test)]
#[path = "trade_tests.rs"]
mod tests;
