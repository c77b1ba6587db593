//! `alipay.trade.query`: the state of a trade.
//!
//! Source: the page "统一收单交易查询" of <https://opendocs.alipay.com>.

use jiff::Timestamp;
use money::Fen;
use pay_protocol::{Answer, Doubt, Outcome, amount, beijing};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::fields::TradeRef;
use crate::status::TradeStatus;
use crate::verdict::{Method, NO_TRADE};

/// What a query found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queried {
    /// `ACQ.TRADE_NOT_EXIST`: nobody has scanned the code yet (or there never was such an order). Not a failure; and as
    /// long as the code can be scanned, a trade may still come.
    NoTrade,
    /// There is a trade.
    Trade(Trade),
}

/// A trade as Alipay sees it now: the fields that are needed. Any other may be absent, null or of another shape.
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
    #[serde(rename = "total_amount", deserialize_with = "amount::yuan")]
    pub total: Fen,
    /// When the buyer paid: `send_pay_date`.
    #[serde(rename = "send_pay_date", default, deserialize_with = "beijing::optional_wall_clock")]
    pub paid_at: Option<Timestamp>,
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
    ///
    /// # Errors
    /// [`Doubt`], also when the question is refused.
    pub async fn query(&self, trade: &TradeRef, now: Timestamp) -> Answer<Queried> {
        match self.call::<Trade>(Method::Query, &TradeContent { trade }, now).await {
            Outcome::Refused(refusal) if refusal.code == NO_TRADE => Ok(Queried::NoTrade),
            asked => {
                let found = asked.into_answer()?;
                if trade.agrees(Some(&found.out_trade_no), Some(&found.trade_no)) {
                    Ok(Queried::Trade(found))
                } else {
                    Err(Doubt::OfAnother("trade"))
                }
            }
        }
    }
}
