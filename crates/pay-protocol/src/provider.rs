//! A payment provider as the platform needs it: one vocabulary for WeChat Pay and Alipay.
//!
//! The merchant's numbers make repetition harmless: an order is known to the provider by its `out_trade_no`, a refund by
//! its `out_refund_no` (Alipay's `out_request_no`), so an unknown outcome is asked for again with the same number.

use std::fmt::Debug;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use jiff::civil::Date;
use money::Fen;

use crate::bill::DayBill;
use crate::outcome::{Answer, Outcome};
use crate::refund::{AbnormalDestination, RefundNotice, RefundOrder, RefundState};

/// The calls to a provider, in the platform's words. A value that the provider would not take is refused before it is
/// sent; an answer about another number, order, payment or amount than was asked is a doubt.
#[async_trait]
pub trait PaymentProvider: Debug + Send + Sync {
    /// Makes an order known. Sent once; safe to repeat with the same values.
    async fn create_order(&self, order: &NewOrder) -> Outcome<PaymentCode>;

    /// Where an order stands.
    async fn query_order(&self, out_trade_no: &str) -> Answer<OrderState>;

    /// Ends an order that nobody has paid, and says where it stands then: a payment may have been faster.
    ///
    /// Alipay has nothing to close before somebody scans the code: then the order is [`OrderState::Absent`], and can be
    /// paid until it expires.
    async fn close_order(&self, out_trade_no: &str) -> Outcome<OrderState>;

    /// Sends money back. Safe to repeat with the same number; success means accepted, the state says how far it is.
    async fn refund(&self, refund: &RefundOrder) -> Outcome<RefundState>;

    /// How far a refund is.
    async fn query_refund(&self, refund: &RefundOrder) -> Answer<RefundState>;

    /// Sends a refund on that is [`RefundState::Abnormal`]. `provider_refund_id` is the one of that state. Refused where
    /// the provider has no such refunds (Alipay).
    async fn apply_abnormal_refund(
        &self,
        refund: &RefundOrder,
        provider_refund_id: &str,
        destination: &AbnormalDestination,
    ) -> Outcome<RefundState>;

    /// What happened on a day in Beijing. It takes minutes at worst and up to [`crate::MAX_BILL_BYTES`] twice.
    async fn bill(&self, day: Date) -> Answer<DayBill>;

    /// What a notification says, if it can be believed.
    async fn read_notification(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification, Disbelief>;
}

/// An order to be made known to a provider. Repeating it must give the same values, the expiry above all.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Our number: 6 to 32 letters and digits.
    pub out_trade_no: String,
    /// What is to be paid.
    pub amount: Fen,
    /// What the payer reads, cut to what the provider takes.
    pub description: String,
    /// Until when it can be paid. WeChat Pay moves a time less than a minute away to one minute.
    pub expires_at: Timestamp,
}

/// What the payer scans: the text of the QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentCode(pub String);

/// Where an order stands at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// The provider knows of no order of this number *now*: it never got it, or lags behind, or (Alipay) nobody has
    /// scanned the code yet. Never the last word.
    Absent,
    /// Not paid yet.
    Open,
    /// Money was received, whatever was returned since.
    Paid(Payment),
    /// Ended without payment; nobody can pay it any more.
    Closed,
    /// The payment failed and the order ended with it.
    Failed,
}

/// A payment that was received. Application, merchant and currency have been compared; whoever credits compares the amount
/// with the order's, and credits nothing that has been [`Payment::returned`] already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What was paid.
    pub amount: Fen,
    /// What of it had gone back to the payer when this was said, by whomever.
    pub returned: Returned,
    /// When it was paid.
    pub paid_at: Timestamp,
}

/// How much of a payment has gone back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// Nothing that the provider tells of. Alipay's query says nothing of a part, only of the whole.
    Nothing,
    /// So much.
    Amount(Fen),
    /// Something, and the provider does not say how much (WeChat's state `REFUND`): its bills and refund queries do.
    Something,
}

/// What a provider tells without being asked. A notification about a refund may tell of its order too; one that tells of
/// neither is genuine, and nothing that anybody acts upon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notification {
    /// About an order.
    pub order: Option<OrderNotice>,
    /// About a refund, perhaps one that was not made by us.
    pub refund: Option<RefundNotice>,
}

/// The provider's word on where an order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderNotice {
    /// Our number, if it is ours.
    pub out_trade_no: String,
    /// Where it stands.
    pub state: OrderState,
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
