//! Refunds: `POST /v3/refund/domestic/refunds` and the query by our number (4012556457).

use jiff::Timestamp;
use money::Fen;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::codes::Call;
use crate::fields::{InvalidField, NotifyUrl, is_text, require};
use crate::numbers::{OutRefundNo, OutTradeNo, TransactionId, in_path};
use crate::outcome::{Doubt, Outcome};
use crate::transport::Request;

const PATH: &str = "/v3/refund/domestic/refunds";

/// Which payment is to be refunded, by either of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidOrder {
    /// By WeChat's number.
    TransactionId(TransactionId),
    /// By ours.
    OutTradeNo(OutTradeNo),
}

/// Where the money comes from; only for merchants whose unsettled and available funds are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundFunds {
    /// Money that is settled already.
    Available,
}

/// A refund to be made.
///
/// WeChat's rules that need more than the request to check: within 365 days of payment, at most 50 parts of one
/// payment, a minute apart, together no more than was paid. `out_refund_no` is the refund: repeat an unknown outcome
/// with the same one, never with a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefundRequest {
    #[serde(flatten)]
    order: PaidOrder,
    out_refund_no: OutRefundNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<NotifyUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    funds_account: Option<RefundFunds>,
    amount: RequestedAmount,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct RequestedAmount {
    #[serde(with = "crate::amount::whole_fen")]
    refund: Fen,
    #[serde(with = "crate::amount::whole_fen")]
    total: Fen,
    currency: &'static str,
}

impl RefundRequest {
    /// `refund` fen (at least one) of an order over `total` fen.
    ///
    /// # Errors
    ///
    /// Names `amount.refund`.
    pub fn new(
        order: PaidOrder,
        out_refund_no: OutRefundNo,
        refund: Fen,
        total: Fen,
    ) -> Result<Self, InvalidField> {
        require(refund >= Fen::new(1), "amount.refund", "must be at least 1 fen")?;
        require(refund <= total, "amount.refund", "must not be more than amount.total")?;
        let amount = RequestedAmount { refund, total, currency: "CNY" };
        Ok(RefundRequest {
            order,
            out_refund_no,
            reason: None,
            notify_url: None,
            funds_account: None,
            amount,
        })
    }

    /// What the payer is told, at most 80 bytes. Not shown for parts of up to one yuan.
    ///
    /// # Errors
    ///
    /// Names `reason`.
    pub fn with_reason(mut self, text: &str) -> Result<Self, InvalidField> {
        require(is_text(text, 80), "reason", "must have 1 to 80 bytes")?;
        self.reason = Some(text.to_owned());
        Ok(self)
    }

    /// Where the notice of its end goes, instead of the address set on the merchant platform.
    #[must_use]
    pub fn with_notify_url(mut self, url: NotifyUrl) -> Self {
        self.notify_url = Some(url);
        self
    }

    /// Takes the money from these funds.
    #[must_use]
    pub fn with_funds(mut self, funds: RefundFunds) -> Self {
        self.funds_account = Some(funds);
        self
    }
}

/// How far a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundStatus {
    /// Accepted, on its way.
    Processing,
    /// The money has arrived.
    Success,
    /// Will not be made; the money stays with the merchant.
    Closed,
    /// The payer's account cannot take it; somebody must see to it on the merchant platform.
    Abnormal,
}

/// Which way the money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefundChannel {
    /// The way it came.
    Original,
    /// To the payer's WeChat balance.
    Balance,
    /// To another balance, because the account it came from is no more.
    OtherBalance,
    /// To another bank card.
    OtherBankcard,
    /// One that WeChat has introduced since.
    #[serde(other)]
    Unheard,
}

/// A refund as WeChat Pay sees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// Our number of the refund.
    pub out_refund_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// Our number of the order.
    pub out_trade_no: String,
    /// Which way the money goes.
    pub channel: RefundChannel,
    /// The payer's bank and last digits, or "支付用户零钱".
    #[serde(default)]
    pub user_received_account: String,
    /// When the money arrived; there once the status is `Success`.
    #[serde(default, deserialize_with = "crate::times::optional")]
    pub success_time: Option<Timestamp>,
    /// When it was accepted.
    pub create_time: Timestamp,
    /// How far it is.
    pub status: RefundStatus,
    /// How much.
    pub amount: RefundAmounts,
}

/// The amounts of a refund, in fen. Those of the payer are smaller where coupons were used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefundAmounts {
    /// Of the order.
    #[serde(with = "crate::amount::whole_fen")]
    pub total: Fen,
    /// Of this refund.
    #[serde(with = "crate::amount::whole_fen")]
    pub refund: Fen,
    /// What the payer paid.
    #[serde(with = "crate::amount::whole_fen")]
    pub payer_total: Fen,
    /// What the payer gets back.
    #[serde(with = "crate::amount::whole_fen")]
    pub payer_refund: Fen,
    /// What the merchant got of the order.
    #[serde(default, deserialize_with = "crate::amount::optional")]
    pub settlement_total: Option<Fen>,
    /// What the merchant gives back.
    #[serde(default, deserialize_with = "crate::amount::optional")]
    pub settlement_refund: Option<Fen>,
    /// What goes back to whoever paid for coupons.
    #[serde(default, deserialize_with = "crate::amount::optional")]
    pub discount_refund: Option<Fen>,
}

impl Client {
    /// Asks for a refund. Success means *accepted*: how it ends is told by [`Refund::status`], a notice or the query.
    pub async fn create_refund(&self, request: &RefundRequest) -> Outcome<Refund> {
        let post = Request::post(PATH.to_owned(), request);
        let answer = self.call_for::<Refund>(Call::CreateRefund, post).await;
        answer.and_then(|refund| {
            let amount = &refund.amount;
            if (amount.refund, amount.total) != (request.amount.refund, request.amount.total) {
                return Err(Doubt::OfAnother("amount"));
            }
            let same_order = match &request.order {
                PaidOrder::TransactionId(id) => refund.transaction_id == id.as_str(),
                PaidOrder::OutTradeNo(number) => refund.out_trade_no == number.as_str(),
            };
            if !same_order {
                return Err(Doubt::OfAnother("order"));
            }
            same_refund(refund, &request.out_refund_no)
        })
    }

    /// How far a refund is. Refused with `RESOURCE_NOT_EXISTS` when WeChat has none of this number, which after an
    /// unknown request may also mean: not yet.
    pub async fn query_refund(&self, number: &OutRefundNo) -> Outcome<Refund> {
        let request = Request::get(format!("{PATH}/{}", in_path(number.as_str())));
        let answer = self.call_for::<Refund>(Call::QueryRefund, Some(request)).await;
        answer.and_then(|refund| same_refund(refund, number))
    }
}

fn same_refund(refund: Refund, number: &OutRefundNo) -> Result<Refund, Doubt> {
    if refund.out_refund_no == number.as_str() { Ok(refund) } else { Err(Doubt::OfAnother("out_refund_no")) }
}
