//! Notices: what WeChat posts to `notify_url` when a payment or refund has come to an end.
//!
//! Answer within 5 seconds: 200 or 204 without a body means "done", anything else makes WeChat repeat the notice for a
//! day, and the body [`failure`] tells it why. Notices are repeated, come in any order, and sometimes not at all: query
//! what you have heard nothing of. Before crediting compare number and total with the order's own.

use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::api_v3_key::Encrypted;
use crate::client::Client;
use crate::refunds::{RefundAmounts, RefundStatus};
use crate::transactions::{Misfit, Transaction, WireTransaction};
use crate::verification::Unverified;

/// A notice, verified and decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// `TRANSACTION.SUCCESS`
    Payment(PaymentNotice),
    /// `REFUND.SUCCESS`, `REFUND.ABNORMAL` or `REFUND.CLOSED`
    Refund(RefundNotice),
}

/// An order was paid. Merchant, application and currency are those of this client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentNotice {
    /// The same in every repetition of the notice.
    pub id: String,
    /// The order, which was paid. In state `Refund` something has gone back by now.
    pub transaction: Transaction,
}

/// A refund has come to an end: the money arrived, or the refund was closed or is abnormal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundNotice {
    /// The same in every repetition of the notice.
    pub id: String,
    /// Our number of the order.
    pub out_trade_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// Our number of the refund.
    pub out_refund_no: String,
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// Never `Processing`.
    pub status: RefundStatus,
    /// How much.
    pub amount: RefundAmounts,
}

/// Why a notice is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// WeChat did not say this: answer 401.
    #[error(transparent)]
    Unverified(#[from] Unverified),
    /// WeChat said it, but it is not encrypted under our APIv3 key.
    #[error("the notice is not encrypted under our APIv3 key")]
    Undecipherable,
    /// WeChat said it, but it does not say what it should.
    #[error("the notice is not understood: {0}")]
    Malformed(String),
    /// A notice of something else than payments and refunds.
    #[error("a notice of another event: {0}")]
    OtherEvent(String),
    /// It is about another merchant, application or currency.
    #[error("the notice has another {0}")]
    OfAnother(&'static str),
}

impl From<Misfit> for NoticeError {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::OfAnother(field) => NoticeError::OfAnother(field),
            Misfit::Missing(field) => NoticeError::Malformed(format!("{field} is missing or malformed")),
        }
    }
}

/// The body of an answer that refuses a notice, with a 4xx or 5xx.
#[must_use]
pub fn failure(message: &str) -> String {
    json!({ "code": "FAIL", "message": message }).to_string()
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    event_type: String,
    resource: Encrypted,
}

#[derive(Deserialize)]
struct WireRefund {
    mchid: String,
    out_trade_no: String,
    transaction_id: String,
    out_refund_no: String,
    refund_id: String,
    refund_status: RefundStatus,
    amount: RefundAmounts,
}

impl Client {
    /// Reads a notice from the headers and the bytes of the request that brought it, exactly as they came.
    ///
    /// # Errors
    ///
    /// [`NoticeError`]; only `Unverified` is anybody's doing but WeChat's.
    pub async fn read_notice(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notice, NoticeError> {
        self.verify(headers, body).await?;
        let envelope: Envelope = read(body)?;
        match envelope.event_type.as_str() {
            "TRANSACTION.SUCCESS" => self.read_payment(envelope).map(Notice::Payment),
            "REFUND.SUCCESS" => self.read_refund(envelope, RefundStatus::Success).map(Notice::Refund),
            "REFUND.ABNORMAL" => self.read_refund(envelope, RefundStatus::Abnormal).map(Notice::Refund),
            "REFUND.CLOSED" => self.read_refund(envelope, RefundStatus::Closed).map(Notice::Refund),
            _ => Err(NoticeError::OtherEvent(envelope.event_type)),
        }
    }

    fn read_payment(&self, envelope: Envelope) -> Result<PaymentNotice, NoticeError> {
        let wire: WireTransaction = self.open(&envelope.resource, "transaction")?;
        let transaction = wire.check(self)?;
        if transaction.paid.is_none() {
            return Err(Misfit::Missing("trade_state").into());
        }
        Ok(PaymentNotice { id: envelope.id, transaction })
    }

    fn read_refund(&self, envelope: Envelope, status: RefundStatus) -> Result<RefundNotice, NoticeError> {
        let wire: WireRefund = self.open(&envelope.resource, "refund")?;
        if wire.mchid != self.merchant.mchid.as_str() {
            return Err(NoticeError::OfAnother("mchid"));
        }
        if wire.refund_status != status {
            return Err(NoticeError::Malformed("event_type and refund_status differ".to_owned()));
        }
        Ok(RefundNotice {
            id: envelope.id,
            out_trade_no: wire.out_trade_no,
            transaction_id: wire.transaction_id,
            out_refund_no: wire.out_refund_no,
            refund_id: wire.refund_id,
            status,
            amount: wire.amount,
        })
    }

    fn open<T: DeserializeOwned>(&self, resource: &Encrypted, kind: &str) -> Result<T, NoticeError> {
        if resource.original_type.as_deref() != Some(kind) {
            return Err(NoticeError::Malformed("original_type does not go with event_type".to_owned()));
        }
        let plain = self.merchant.api_v3_key.open(resource).ok_or(NoticeError::Undecipherable)?;
        read(&plain)
    }
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, NoticeError> {
    serde_json::from_slice(json).map_err(|error| NoticeError::Malformed(error.to_string()))
}
