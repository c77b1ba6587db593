//! `trade_status`, and what it says about money.

use jiff::Timestamp;
use serde::Deserialize;

/// The state of a trade. `WAIT_BUYER_PAY` → `TRADE_SUCCESS` → `TRADE_FINISHED`, and `TRADE_CLOSED` from the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TradeStatus {
    /// `WAIT_BUYER_PAY`: scanned, not paid.
    #[serde(rename = "WAIT_BUYER_PAY")]
    WaitBuyerPay,
    /// `TRADE_SUCCESS`: paid, and can be refunded. Stays so when a part was refunded.
    #[serde(rename = "TRADE_SUCCESS")]
    Success,
    /// `TRADE_FINISHED`: paid, and can no longer be refunded.
    #[serde(rename = "TRADE_FINISHED")]
    Finished,
    /// `TRADE_CLOSED`: never paid in time, *or* paid and wholly refunded.
    #[serde(rename = "TRADE_CLOSED")]
    Closed,
}

impl TradeStatus {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "WAIT_BUYER_PAY" => Self::WaitBuyerPay,
            "TRADE_SUCCESS" => Self::Success,
            "TRADE_FINISHED" => Self::Finished,
            "TRADE_CLOSED" => Self::Closed,
            _ => return None,
        })
    }

    /// Whether the buyer has paid at some time, whatever was refunded since. A closed trade was paid if it has a time of
    /// payment (`gmt_payment` in notifications, `send_pay_date` in queries).
    #[must_use]
    pub fn was_paid(self, paid_at: Option<Timestamp>) -> bool {
        match self {
            Self::Success | Self::Finished => true,
            Self::Closed => paid_at.is_some(),
            Self::WaitBuyerPay => false,
        }
    }
}
