//! The payment providers as the platform needs them: one vocabulary for WeChat Pay and Alipay.
//!
//! Every call ends in one of three ways, [`Outcome`]. The platform's numbers make repetition harmless: an order is known to
//! the provider by its [`OrderId`], a refund by its own id, so an unknown outcome is asked for again with the same number.
//! Amounts are [`Fen`], instants [`UtcTime`]. Nothing here reads or writes the database.

mod alipay;
pub(super) mod clock;
mod condition;
mod numbers;
mod provider;
mod texts;
mod wechat;

use money::Fen;
use uuid::Uuid;

use base::clock::UtcTime;
use base::ids::OrderId;
pub use base::payment_method::PaymentMethod;

pub use condition::Condition;
pub use numbers::{order_number, order_of_number, refund_number, refund_of_number};
pub use provider::{Provider, Providers};

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome<T> {
    /// Done, and the provider signed that it is.
    Succeeded(T),
    /// Final: the provider will not do it, and this request has changed nothing. The text is the provider's, for staff
    /// and the log.
    Refused(Refusal),
    /// Perhaps done, perhaps not: ask again with the same number.
    Unknown(Doubt),
}

/// Why a provider will not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    pub reason: RefusalReason,
    /// The provider's code and words, for staff and the log.
    pub text: String,
}

/// What kind of refusal it is, as far as the platform acts upon it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// Our account at the provider has too little money for the refund: the same refund may be asked for again later.
    NotEnoughMoney,
    /// Anything else.
    Other,
}

/// Why an outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Doubt {
    /// Whether the provider is away: no connection came about, or it answered that it is out of order. Otherwise the
    /// request was sent and no believable answer came.
    pub is_away: bool,
    /// For the log; holds no secrets.
    pub text: String,
}

/// An order to be made known to a provider. Repeating it must give the same values, the expiry above all.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub id: OrderId,
    pub amount: Fen,
    /// What the payer reads.
    pub description: String,
    pub expires_at: UtcTime,
}

/// What the payer scans: the text of the QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentCode(pub String);

/// Where an order stands at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// The provider has no order of this number: it never got it, or (Alipay) nobody has scanned the code yet.
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
}

/// How far a refund is at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// The provider has no refund of this number.
    Absent,
    /// Accepted, on its way. `provider_refund_id` where the provider numbers refunds.
    Processing { provider_refund_id: Option<String> },
    /// The money has gone back.
    Completed { provider_refund_id: Option<String> },
    /// It will not be made through this channel; the money stays with us. The text is the provider's.
    Failed { text: String },
}

/// What a provider tells without being asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// About an order, with the provider's word on where it stands.
    Order { order_id: OrderId, state: OrderState },
    /// About a refund.
    Refund { number: Uuid, state: RefundState },
    /// Genuine, and nothing the platform acts upon.
    Other,
}

/// Why a notification is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disbelief {
    /// Forged, stale, replayed too late, or not signed by a key we know.
    #[error("not genuine: {0}")]
    NotGenuine(String),
    /// Genuine, but for another merchant or application, or unreadable.
    #[error("not ours: {0}")]
    NotOurs(String),
}

/// A day's bill of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayBill {
    /// Not made yet: ask later.
    NotReady,
    /// What happened on that day; nothing when the provider has no bill for it.
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
}
