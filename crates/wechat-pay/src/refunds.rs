//! Refunds: `POST /v3/refund/domestic/refunds`, the query by our number, and sending on what the payer's account could
//! not take (4012556457).

use money::Fen;
use pay_protocol::amount::whole_fen;
use pay_protocol::{AbnormalDestination, Answer, Doubt, Outcome};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::codes::{self, Call};
use crate::fields::{InvalidField, NotifyUrl, is_text, require};
use crate::numbers::{OutRefundNo, OutTradeNo, TransactionId, in_path};
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
    amount: RequestedAmount,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct RequestedAmount {
    #[serde(with = "whole_fen")]
    refund: Fen,
    #[serde(with = "whole_fen")]
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
        Ok(RefundRequest { order, out_refund_no, reason: None, notify_url: None, amount })
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
    /// The payer's account cannot take it. The money is on its way all the same: it is sent on with
    /// [`Client::apply_abnormal_refund`] or on the merchant platform, and ends as `Success` or `Closed`.
    Abnormal,
}

/// A refund as WeChat Pay sees it: the fields that are needed.
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
    /// How far it is.
    pub status: RefundStatus,
    /// How much.
    pub amount: RefundAmounts,
}

/// The amounts of a refund, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefundAmounts {
    /// Of the order.
    #[serde(with = "whole_fen")]
    pub total: Fen,
    /// Of this refund, coupons included.
    #[serde(with = "whole_fen")]
    pub refund: Fen,
}

/// Where a refund goes that the payer's account could not take.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
enum Destination {
    UserBankCard { bank_type: String, bank_account: String, real_name: String },
    MerchantBankCard,
}

#[derive(Serialize)]
struct AbnormalBody<'a> {
    out_refund_no: &'a OutRefundNo,
    #[serde(flatten)]
    destination: Destination,
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

    /// How far a refund is. `None`: WeChat has none of this number (`RESOURCE_NOT_EXISTS`), which after an unknown request
    /// may also mean "not yet".
    ///
    /// # Errors
    /// [`Doubt`], also when the question is refused: `NO_AUTH`, say, is no word about the refund.
    pub async fn query_refund(&self, number: &OutRefundNo) -> Answer<Option<Refund>> {
        let request = Request::get(format!("{PATH}/{}", in_path(number.as_str())));
        match self.call_for::<Refund>(Call::Ask, Some(request)).await {
            Outcome::Refused(refusal) if codes::is(&refusal, "RESOURCE_NOT_EXISTS") => Ok(None),
            asked => same_refund(asked.into_answer()?, number).map(Some),
        }
    }

    /// Sends a refund on that is [`RefundStatus::Abnormal`]: `POST …/{refund_id}/apply-abnormal-refund`. Success means
    /// accepted. Account and name are encrypted for WeChat; without a key to do that with nothing is sent.
    pub async fn apply_abnormal_refund(
        &self,
        refund_id: &str,
        number: &OutRefundNo,
        destination: &AbnormalDestination,
    ) -> Outcome<Refund> {
        let Some((serial, destination)) = self.sealed(destination) else {
            return Outcome::Unknown(Doubt::NotSent);
        };
        let body = AbnormalBody { out_refund_no: number, destination };
        let post = Request::post(format!("{PATH}/{}/apply-abnormal-refund", in_path(refund_id)), &body);
        let post = post.map(|post| post.encrypted_for(serial));
        let answer = self.call_for::<Refund>(Call::ApplyAbnormalRefund, post).await;
        answer.and_then(|refund| same_refund(refund, number))
    }

    /// The destination as it is sent, and the serial number or id of the key that it is encrypted for, if it is.
    fn sealed(&self, destination: &AbnormalDestination) -> Option<(Option<String>, Destination)> {
        let AbnormalDestination::PayersBankCard { bank, account, name } = destination else {
            return Some((None, Destination::MerchantBankCard));
        };
        let (serial, key) = self.platform_keys.for_encryption(self.clock.now())?;
        let (bank_account, real_name) = (key.encrypt(account).ok()?, key.encrypt(name).ok()?);
        Some((Some(serial), Destination::UserBankCard { bank_type: bank.clone(), bank_account, real_name }))
    }
}

fn same_refund(refund: Refund, number: &OutRefundNo) -> Answer<Refund> {
    if refund.out_refund_no == number.as_str() { Ok(refund) } else { Err(Doubt::OfAnother("out_refund_no")) }
}
