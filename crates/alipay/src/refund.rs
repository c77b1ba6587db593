//! `alipay.trade.refund` and `alipay.trade.fastpay.refund.query`: money back, once.
//!
//! Sources: the pages "统一收单交易退款" and "统一收单交易退款查询" of <https://opendocs.alipay.com>.

use jiff::Timestamp;
use money::Fen;
use pay_protocol::amount::{optional_yuan, yuan};
use pay_protocol::{Answer, Doubt, Outcome};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::fields::{FieldError, OutRequestNo, TradeRef, amount, text};
use crate::verdict::Method;
use crate::wire::optional_text;

/// A refund of a paid trade, in whole or in part. `out_request_no` is always sent: it is what makes the refund happen
/// once, so it has to be stored before the first attempt and kept for every other.
#[derive(Clone, Debug, Serialize)]
pub struct Refund {
    #[serde(flatten)]
    trade: TradeRef,
    refund_amount: Fen,
    out_request_no: OutRequestNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_reason: Option<String>,
}

impl Refund {
    /// # Errors
    /// [`FieldError`] when the amount is not between 0.01 and 100 000 000 yuan.
    pub fn new(
        trade: TradeRef,
        refund_amount: Fen,
        out_request_no: OutRequestNo,
    ) -> Result<Self, FieldError> {
        let refund_amount = amount("refund_amount", refund_amount)?;
        Ok(Self { trade, refund_amount, out_request_no, refund_reason: None })
    }

    /// A reason the buyer sees, at most 256 characters.
    ///
    /// # Errors
    /// [`FieldError`] when it is empty or too long.
    pub fn with_reason(mut self, reason: impl Into<String>) -> Result<Self, FieldError> {
        self.refund_reason = Some(text("refund_reason", reason.into(), 256)?);
        Ok(self)
    }
}

/// A refund that Alipay accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// Alipay's number of the trade.
    pub trade_no: Option<String>,
    /// Our number of the trade.
    pub out_trade_no: Option<String>,
    /// Whether money moved now (`fund_change` is `Y`). If not, it is a repetition of a refund that was made before, or
    /// one that is still to be paid: [`Client::query_refund`] tells.
    pub moved_now: bool,
    /// How much of the trade was refunded so far, by all its refunds: `refund_fee`.
    pub refunded_total: Fen,
}

#[derive(Deserialize)]
struct RefundAnswer {
    #[serde(default, deserialize_with = "optional_text")]
    trade_no: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    out_trade_no: Option<String>,
    fund_change: FundChange,
    #[serde(deserialize_with = "yuan")]
    refund_fee: Fen,
}

#[derive(Deserialize, PartialEq)]
enum FundChange {
    Y,
    N,
}

/// What is known of one refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// `REFUND_SUCCESS`: the money was sent back.
    Refunded {
        /// Alipay's number of the trade, where it says so.
        trade_no: Option<String>,
        /// Our number of the trade, where Alipay says so.
        out_trade_no: Option<String>,
        /// How much this refund sent back, where Alipay says so.
        amount: Option<Fen>,
    },
    /// No status: the refund failed, or Alipay never got it, or has not made it yet. Not the last word: send it again *with
    /// the same number*.
    NotRefunded,
}

#[derive(Serialize)]
struct RefundQueryContent<'a> {
    #[serde(flatten)]
    trade: &'a TradeRef,
    out_request_no: &'a OutRequestNo,
}

#[derive(Deserialize)]
struct RefundQueryAnswer {
    #[serde(default, deserialize_with = "optional_text")]
    trade_no: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    out_trade_no: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    out_request_no: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    refund_status: Option<String>,
    #[serde(default, deserialize_with = "optional_yuan")]
    refund_amount: Option<Fen>,
}

impl Client {
    /// Refunds. A repetition with the same `out_request_no` succeeds without a second refund. Refused, for example, with
    /// `ACQ.SELLER_BALANCE_NOT_ENOUGH`, `ACQ.TRADE_HAS_FINISHED`, `ACQ.REASON_TRADE_REFUND_FEE_ERR`.
    pub async fn refund(&self, refund: &Refund, now: Timestamp) -> Outcome<Refunded> {
        self.call(Method::Refund, refund, now).await.and_then(|answer: RefundAnswer| {
            if !refund.trade.agrees(answer.out_trade_no.as_deref(), answer.trade_no.as_deref()) {
                return Err(Doubt::OfAnother("trade"));
            }
            if answer.fund_change == FundChange::Y && answer.refund_fee < refund.refund_amount {
                return Err(Doubt::OfAnother("amount"));
            }
            Ok(Refunded {
                trade_no: answer.trade_no,
                out_trade_no: answer.out_trade_no,
                moved_now: answer.fund_change == FundChange::Y,
                refunded_total: answer.refund_fee,
            })
        })
    }

    /// Asks for one refund. Changes nothing, so it is repeated by itself when the line or the service fails.
    ///
    /// # Errors
    /// [`Doubt`], also when the question is refused: none of Alipay's codes is a word about the refund, not even
    /// `ACQ.TRADE_NOT_EXIST`.
    pub async fn query_refund(
        &self,
        trade: &TradeRef,
        out_request_no: &OutRequestNo,
        now: Timestamp,
    ) -> Answer<RefundState> {
        let content = RefundQueryContent { trade, out_request_no };
        let called = self.call::<RefundQueryAnswer>(Method::RefundQuery, &content, now).await;
        let answer = called.into_answer()?;
        if answer.out_request_no.as_deref().is_some_and(|number| number != out_request_no.as_str()) {
            return Err(Doubt::OfAnother("out_request_no"));
        }
        if !trade.agrees(answer.out_trade_no.as_deref(), answer.trade_no.as_deref()) {
            return Err(Doubt::OfAnother("trade"));
        }
        match answer.refund_status.as_deref() {
            Some("REFUND_SUCCESS") => Ok(RefundState::Refunded {
                trade_no: answer.trade_no,
                out_trade_no: answer.out_trade_no,
                amount: answer.refund_amount,
            }),
            None => Ok(RefundState::NotRefunded),
            Some(_) => Err(Doubt::Unreadable("refund_status is none that is known".to_owned())),
        }
    }
}
