//! A client of the Alipay Open Platform for payments by QR code: the protocol, and nothing of what is sold.
//!
//! The classic gateway ("v2"): one address, a form signed with RSA2, answers signed over their exact text. A payment goes
//! like this:
//!
//! 1. [`Client::precreate`] gives a text to show as a QR code. There is no trade yet.
//! 2. The buyer scans it: [`Client::query`] turns from [`Queried::NoTrade`] to a [`Trade`].
//! 3. The buyer pays: Alipay posts a notification, read by [`Client::read_notification`]; the query tells the same.
//! 4. [`Client::close`] ends an order nobody paid, [`Client::refund`] gives money back, [`Bill::read`] reconciles a day.
//!
//! An act ends in an [`Outcome`](pay_protocol::Outcome), a question in an [`Answer`](pay_protocol::Answer). Unknown is not a
//! failure: money may have moved. Ask again with the same numbers. [`Alipay`] says the same in the words of
//! [`PaymentProvider`](pay_protocol::PaymentProvider).
//!
//! Amounts are whole fen ([`money::Fen`]), yuan with two decimals on the wire; times are instants, Beijing time on the
//! wire. The time of a call is a parameter: this crate has no clock. Keys are shown by no `Debug` and no error.
//!
//! Source of the protocol: <https://opendocs.alipay.com>, and the page there that each module names.

mod bill;
mod certificates;
mod client;
mod credentials;
mod ending;
mod envelope;
mod fields;
mod notification;
mod precreate;
mod provider;
mod query;
mod refund;
mod signing;
mod status;
#[cfg(test)]
mod test_keys;
mod transport;
mod verdict;
mod wire;

pub use bill::{Bill, BillError, BillFile, BillKind, BillLink, BillRow, BillUrl};
pub use certificates::Certificates;
pub use client::{Client, PRODUCTION_GATEWAY, SANDBOX_GATEWAY, Settings, SetupError};
pub use credentials::Credentials;
pub use ending::{Cancelled, Closed};
pub use fields::{
    FieldError, FieldProblem, MAX_AMOUNT_FEN, MIN_AMOUNT_FEN, OutRequestNo, OutTradeNo, TradeNo, TradeRef,
};
pub use notification::{Notification, NotificationError, RECEIVED};
pub use precreate::{Precreate, Precreated};
pub use provider::Alipay;
pub use query::{Queried, Trade};
pub use refund::{Refund, RefundState, Refunded};
pub use signing::{Parameters, notification_content, request_content};
pub use status::TradeStatus;
pub use verdict::Method;
