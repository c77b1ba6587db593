//! `alipay.trade.query`: the state of a trade.
//!
//! Source: the page "统一收单交易查询" of <https://opendocs.alipay.com>.

use jiff::Timestamp;
use money::Fen;
use serde::{Deserialize, Serialize};

use crate::client::{Client, Reply};
use crate::fields::TradeRef;
use crate::outcome::{Outcome, Unknown};
use crate::status::TradeStatus;
use crate::verdict::Method;
use crate::wire::{optional_text, optional_time, optional_yuan, yuan};

/// What a query found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queried {
    /// `ACQ.TRADE_NOT_EXIST`: nobody has scanned the code yet (or there never was such an order). Not a failure; and as
    /// long as the code can be scanned, a trade may still come.
    NoTrade,
    /// There is a trade.
    Trade(Box<Trade>),
}

/// A trade as Alipay sees it now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trade {
    /// Alipay's number.
    pub trade_no: String,
    /// Our number.
    pub out_trade_no: String,
    /// Its state; see [`Trade::was_paid`].
    #[serde(rename = "trade_status")]
    pub status: TradeStatus,
    /// What was asked. Compare it with the order before crediting.
    #[serde(rename = "total_amount", deserialize_with = "yuan")]
    pub total: Fen,
    /// What we get: `receipt_amount`.
    #[serde(rename = "receipt_amount", default, deserialize_with = "optional_yuan")]
    pub receipt: Option<Fen>,
    /// What the buyer paid: `buyer_pay_amount`.
    #[serde(rename = "buyer_pay_amount", default, deserialize_with = "optional_yuan")]
    pub buyer_pay: Option<Fen>,
    /// What may be invoiced to the buyer: `invoice_amount`.
    #[serde(rename = "invoice_amount", default, deserialize_with = "optional_yuan")]
    pub invoice: Option<Fen>,
    /// What was paid with points: `point_amount`.
    #[serde(rename = "point_amount", default, deserialize_with = "optional_yuan")]
    pub point: Option<Fen>,
    /// The buyer's account, masked.
    #[serde(default, deserialize_with = "optional_text")]
    pub buyer_logon_id: Option<String>,
    /// The buyer's user id; newer applications get [`Trade::buyer_open_id`] instead.
    #[serde(default, deserialize_with = "optional_text")]
    pub buyer_user_id: Option<String>,
    /// The buyer's id within our application.
    #[serde(default, deserialize_with = "optional_text")]
    pub buyer_open_id: Option<String>,
    /// When the buyer paid: `send_pay_date`.
    #[serde(rename = "send_pay_date", default, deserialize_with = "optional_time")]
    pub paid_at: Option<Timestamp>,
    /// The channels the money came through.
    #[serde(rename = "fund_bill_list", default)]
    pub fund_bills: Vec<FundBill>,
}

/// A part of a payment by the channel it came through.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FundBill {
    /// Such as `ALIPAYACCOUNT`, `PCREDIT`, `COUPON`. Queries call it `fund_channel`, notifications `fundChannel`.
    #[serde(rename = "fund_channel", alias = "fundChannel")]
    pub channel: String,
    /// How much.
    #[serde(deserialize_with = "yuan")]
    pub amount: Fen,
}

impl Trade {
    /// Whether the buyer has paid at some time, whatever was refunded since.
    #[must_use]
    pub fn was_paid(&self) -> bool {
        self.status.was_paid(self.paid_at)
    }

    /// How much was refunded, where the state alone tells: nothing of a trade that was never paid, everything of a
    /// closed one that was. `None` for other paid trades, which tell nothing of partial refunds: ask for the refund.
    #[must_use]
    pub fn refunded(&self) -> Option<Fen> {
        match (self.was_paid(), self.status) {
            (false, _) => Some(Fen::ZERO),
            (true, TradeStatus::Closed) => Some(self.total),
            (true, _) => None,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct TradeContent<'a> {
    #[serde(flatten)]
    pub(crate) trade: &'a TradeRef,
}

impl Client {
    /// Asks for a trade. Changes nothing, so it is repeated by itself when the line or the service fails.
    pub async fn query(&self, trade: &TradeRef, now: Timestamp) -> Outcome<Queried> {
        self.call(Method::Query, &TradeContent { trade }, now).await.try_map(
            |reply: Reply<Trade>| match reply {
                Reply::Answer(found) if trade.agrees(Some(&found.out_trade_no), Some(&found.trade_no)) => {
                    Ok(Queried::Trade(Box::new(found)))
                }
                Reply::Answer(_) => Err(Unknown::OtherSubject),
                Reply::Expected(_) => Ok(Queried::NoTrade),
            },
        )
    }
}
