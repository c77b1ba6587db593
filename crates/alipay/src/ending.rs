//! `alipay.trade.close` and `alipay.trade.cancel`: ending a trade.
//!
//! Sources: the pages "统一收单交易关闭" and "统一收单交易撤销" of <https://opendocs.alipay.com>.

use jiff::Timestamp;
use pay_protocol::{Answer, Doubt, Outcome, Refusal, RefusalReason};
use serde::Deserialize;

use crate::client::Client;
use crate::fields::TradeRef;
use crate::query::TradeContent;
use crate::verdict::{HAS_CLOSED, Method, NO_TRADE};
use crate::wire::optional_text;

/// What became of a request to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The trade was unpaid and is closed now.
    Now,
    /// `ACQ.TRADE_HAS_CLOSE`: it was closed before. It may have been paid and refunded; query to know.
    Already,
    /// `ACQ.TRADE_NOT_EXIST`: nobody has scanned the code, so nothing could be closed. *The code can still be scanned and
    /// paid* until it lapses: keep asking until then, or cancel.
    NoTrade,
}

/// What a cancellation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// The trade was unpaid and is closed now.
    Closed,
    /// The trade was paid, and all of it is refunded.
    Refunded,
    /// There was nothing to undo.
    Nothing,
}

#[derive(Deserialize)]
struct Ended {
    #[serde(default, deserialize_with = "optional_text")]
    trade_no: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    out_trade_no: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    action: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    retry_flag: Option<String>,
}

impl Ended {
    fn about(self, trade: &TradeRef) -> Answer<Self> {
        if trade.agrees(self.out_trade_no.as_deref(), self.trade_no.as_deref()) {
            Ok(self)
        } else {
            Err(Doubt::OfAnother("trade"))
        }
    }

    fn cancelled(&self) -> Answer<Cancelled> {
        if self.retry_flag.as_deref() == Some("Y") {
            let (code, text) = ("retry_flag".to_owned(), "Alipay: 10000 retry_flag=Y".to_owned());
            return Err(Doubt::Undecided(Refusal { reason: RefusalReason::Other, code, text }));
        }
        match self.action.as_deref() {
            Some("close") => Ok(Cancelled::Closed),
            Some("refund") => Ok(Cancelled::Refunded),
            None => Ok(Cancelled::Nothing),
            Some(_) => Err(Doubt::Unreadable("action is neither close nor refund".to_owned())),
        }
    }
}

impl Client {
    /// Closes an unpaid trade. A paid one is refused (`ACQ.TRADE_HAS_SUCCESS`, `ACQ.REASON_TRADE_STATUS_INVALID`): the
    /// buyer was faster. Query afterwards in any case.
    pub async fn close(&self, trade: &TradeRef, now: Timestamp) -> Outcome<Closed> {
        match self.call::<Ended>(Method::Close, &TradeContent { trade }, now).await {
            Outcome::Refused(refusal) if refusal.code == NO_TRADE => Outcome::Succeeded(Closed::NoTrade),
            Outcome::Refused(refusal) if refusal.code == HAS_CLOSED => Outcome::Succeeded(Closed::Already),
            called => called.and_then(|ended| ended.about(trade)).map(|_| Closed::Now),
        }
    }

    /// Undoes a trade whose outcome is unknown: closes it if it is unpaid, refunds it if it is paid. May be repeated, and
    /// has to be when Alipay asks for that.
    pub async fn cancel(&self, trade: &TradeRef, now: Timestamp) -> Outcome<Cancelled> {
        match self.call::<Ended>(Method::Cancel, &TradeContent { trade }, now).await {
            Outcome::Refused(refusal) if refusal.code == NO_TRADE => Outcome::Succeeded(Cancelled::Nothing),
            called => called.and_then(|ended| ended.about(trade)?.cancelled()),
        }
    }
}
