//! Bills: what WeChat has booked on a day, made from 09:00 of the next day on, to be fetched after 10:00, for 3 months.
//!
//! First the signed question where the file is ([`Client::request_trade_bill`] or [`Client::request_fund_flow_bill`]),
//! then the download, which has no signature but whose hash the signed answer gave ([`Client::download_bill`]), then
//! reading it as a stream ([`TradeBill::read`], [`FundFlowBill::read`]), which takes a while: not on a thread that serves
//! requests.

mod download;
mod fee;
mod fund_flow;
mod table;
mod trade;

pub use download::{BillFile, BillLink, FundAccount, RequestedBill};
pub use fee::Fee;
pub use fund_flow::{Direction, FundFlowBill, FundFlowRow};
pub use table::BillError;
pub use trade::{TradeBill, TradeRefund, TradeRow};

#[cfg(doc)]
use crate::client::Client;
