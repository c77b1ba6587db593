//! Bills: what WeChat has booked on a day, made from 09:00 of the next day on, to be fetched after 10:00, for 3 months.
//!
//! First the signed question where the file is ([`Client::request_trade_bill`] or [`Client::request_fund_flow_bill`]),
//! then the download, which has no signature but whose hash the signed answer gave ([`Client::download_bill`]), then
//! reading it ([`TradeBill::read`], [`FundFlowBill::read`]). A day without a bill is refused as `NO_STATEMENT_EXIST`.

mod download;
mod fund_flow;
mod table;
mod trade;
mod yuan;

pub use download::{Bill, FundAccount};
pub use fund_flow::{Direction, FundFlowBill, FundFlowRow};
pub use table::BillError;
pub use trade::{TradeBill, TradeRefund, TradeRow};
pub use yuan::Fee;

#[cfg(doc)]
use crate::client::Client;
