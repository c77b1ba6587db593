//! The payment providers as the platform needs them: one vocabulary for WeChat Pay and Alipay.
//!
//! The clients speak that vocabulary themselves (`pay_protocol::PaymentProvider`); here it gets the platform's ids and times.
//! An act ends in an [`Outcome`], a question in an [`Answer`]. An order is known to the provider by its [`OrderId`], a refund by
//! its own id, so an unknown outcome is asked for again with the same number. Nothing here reads or writes the database.

pub(super) mod clock;
mod condition;
mod connect;
mod convert;
mod numbers;
mod provider;

use money::Fen;
use uuid::Uuid;

use base::clock::UtcTime;
use base::ids::OrderId;

pub use base::payment_method::PaymentMethod;
pub use condition::Condition;
pub use numbers::{order_number, order_of_number, refund_number, refund_of_number};
pub use pay_protocol::{
    AbnormalDestination, Answer, Disbelief, Doubt, Outcome, PaymentCode, RefundState, Refusal, RefusalReason,
    Returned,
};
pub use provider::{Provider, Providers};

/// An order to be made known to a provider. Repeating it must give the same values, the expiry above all.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub id: OrderId,
    pub amount: Fen,
    /// What the payer reads.
    pub description: String,
    pub expires_at: UtcTime,
}

/// Where an order stands at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// The provider knows of no order of this number *now*: it never got it, or lags behind, or (Alipay) nobody has scanned
    /// the code yet. Never the last word.
    Absent,
    /// Not paid yet.
    Open,
    /// Money was received, whatever was refunded since.
    Paid(Payment),
    /// Ended without payment; nobody can pay it any more.
    Closed,
    /// The payment failed and the order ended with it.
    Failed,
}

/// A payment that was received. Application, merchant and currency are ours: the adapters have compared them. Whoever
/// credits compares the amount with the order's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The provider's number of the payment.
    pub transaction_id: String,
    pub amount: Fen,
    /// What of it had gone back to the payer when this was said, by whomever.
    pub returned: Returned,
    pub paid_at: UtcTime,
}

/// A refund to be made of a paid order, in whole or in part.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// Our number of the refund: the id of the payout. It is what makes the refund happen once.
    pub number: Uuid,
    pub order_id: OrderId,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What goes back.
    pub amount: Fen,
    /// What was paid.
    pub total: Fen,
    pub reason: String,
    /// Whether the provider may have got this refund before: then a refusal is doubt.
    pub sent_before: bool,
}

/// What a provider tells without being asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// About an order, with the provider's word on where it stands.
    Order { order_id: OrderId, state: OrderState },
    /// About a refund. What the notice says of it is to be compared with it: [`pay_protocol::RefundNotice::check`] against
    /// [`RefundOrder::for_provider`].
    Refund { number: Uuid, notice: pay_protocol::RefundNotice },
    /// Genuine, and nothing the platform acts upon.
    Other,
}

/// A day's bill of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayBill {
    /// Not made yet: ask later.
    NotReady,
    /// What happened on that day; nothing when the provider still has no bill for it on the day after the next.
    Rows(Vec<BillRow>),
}

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    pub kind: BillRowKind,
    /// Our number of the order, if it is one of ours.
    pub order_id: Option<OrderId>,
    /// The number of the order as the bill has it.
    pub out_trade_no: String,
    pub transaction_id: String,
    /// What was paid or went back.
    pub amount: Fen,
    /// Our number of the refund, on lines about refunds.
    pub refund_number: Option<Uuid>,
    pub at: UtcTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillRowKind {
    Payment,
    Refund,
    /// A payment that was taken back as a whole, or something we have no word for: for a person to look at.
    Other,
}
