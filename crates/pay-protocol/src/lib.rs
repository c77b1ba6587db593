//! What the clients of WeChat Pay and Alipay share.
//!
//! - How a call can end: [`Outcome`] for an act, [`Answer`] for a question. They are different types because a *refused
//!   question* is doubt and never an answer about the order or refund it asked about; so is the refused *repetition* of an
//!   act whose first outcome is not known ([`Outcome::of_repetition`]).
//! - A provider as the platform needs it: [`PaymentProvider`], which each client implements and one suite of tests holds
//!   both to.
//! - The wire: decimal amounts ([`amount`]), Beijing time ([`beijing`]), RSA keys and X.509 ([`PrivateKey`],
//!   [`PublicKey`], [`Certificate`]), and HTTP whose failures are doubts ([`http`]).
//!
//! Amounts are whole fen ([`money::Fen`]), instants [`jiff::Timestamp`]. Nothing here reads the clock or the environment.

#![warn(missing_docs)]

pub mod amount;
pub mod beijing;
mod bill;
mod certificate;
pub mod http;
mod keys;
mod outcome;
mod provider;
mod refund;
mod text;

pub use bill::{Bill, BillRow, BillRowKind, DayBill};
pub use certificate::Certificate;
pub use keys::{KeyError, PrivateKey, PublicKey, SignError};
pub use outcome::{Answer, Doubt, Outcome, Refusal, RefusalReason};
pub use provider::{
    Disbelief, NewOrder, Notification, OrderNotice, OrderState, Payment, PaymentCode, PaymentProvider,
    Returned,
};
pub use refund::{AbnormalDestination, RefundNotice, RefundOrder, RefundState};
pub use text::fit;

/// Where the time comes from. It stands in signatures and bounds how old an answer may be, so it must be within a few
/// minutes of the provider's.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> jiff::Timestamp;
}

/// The largest bill, in bytes, as it is fetched and, file by file, as it is unpacked: some 200 000 rows. A small archive
/// cannot fill the memory.
pub const MAX_BILL_BYTES: usize = 64 << 20;
