//! What each code means for each method: the one place where that is decided.
//!
//! Sources: "公共错误码" of the open platform for `code`, and "业务错误码" on the page of each method for `sub_code`.

use pay_protocol::{Doubt, Outcome, Refusal, RefusalReason};
use serde::Deserialize;

use crate::wire::optional_text;

/// The methods this crate calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `alipay.trade.precreate`
    Precreate,
    /// `alipay.trade.query`
    Query,
    /// `alipay.trade.close`
    Close,
    /// `alipay.trade.cancel`
    Cancel,
    /// `alipay.trade.refund`
    Refund,
    /// `alipay.trade.fastpay.refund.query`
    RefundQuery,
    /// `alipay.data.dataservice.bill.downloadurl.query`
    BillUrl,
}

impl Method {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Precreate => "alipay.trade.precreate",
            Self::Query => "alipay.trade.query",
            Self::Close => "alipay.trade.close",
            Self::Cancel => "alipay.trade.cancel",
            Self::Refund => "alipay.trade.refund",
            Self::RefundQuery => "alipay.trade.fastpay.refund.query",
            Self::BillUrl => "alipay.data.dataservice.bill.downloadurl.query",
        }
    }

    /// The name of the object in the answer: `alipay_trade_query_response`.
    #[must_use]
    pub fn node(self) -> String {
        format!("{}_response", self.name().replace('.', "_"))
    }

    /// Whether it changes nothing, so that asking twice is safe.
    #[must_use]
    pub const fn only_asks(self) -> bool {
        matches!(self, Self::Query | Self::RefundQuery | Self::BillUrl)
    }
}

/// Nobody has scanned the code, so there is no trade; or there never was such an order.
pub(crate) const NO_TRADE: &str = "ACQ.TRADE_NOT_EXIST";
pub(crate) const HAS_CLOSED: &str = "ACQ.TRADE_HAS_CLOSE";
/// The documents say the second, the gateway says the first.
pub(crate) const NO_BILL: [&str; 2] = ["isp.bill_not_exist", "BILL_NOT_EXIST"];
const NO_MONEY: &str = "ACQ.SELLER_BALANCE_NOT_ENOUGH";
/// Another refund of this number was made.
const OTHER_REFUND: &str = "ACQ.DISCORDANT_REPEAT_REQUEST";
/// Business failures after which nobody knows.
const SYSTEM_ERRORS: [&str; 3] = ["ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "SYSTEM_ERROR"];

/// The codes that begin every inner object.
#[derive(Debug, Deserialize)]
pub(crate) struct Judged {
    code: String,
    #[serde(default, deserialize_with = "optional_text")]
    msg: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    sub_code: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    sub_msg: Option<String>,
}

impl Judged {
    /// What the codes of a signed answer mean. What is not known is open, never refused: a refusal ends a payment. That of a
    /// question is none, but the caller makes a doubt of it, unless its code is an answer in itself.
    pub(crate) fn outcome(self) -> Outcome<()> {
        let sub_code = self.sub_code.as_deref().unwrap_or_default();
        match self.code.as_str() {
            "10000" => Outcome::Succeeded(()),
            "20000" => Outcome::Unknown(Doubt::OutOfOrder(self.refusal())),
            "40004" if NO_BILL.contains(&sub_code) => Outcome::Refused(self.refusal()),
            // isv: the developer's fault; isp: the platform's.
            "40004" if SYSTEM_ERRORS.contains(&sub_code) || sub_code.starts_with("isp.") => {
                Outcome::Unknown(Doubt::OutOfOrder(self.refusal()))
            }
            "40004" if matches!(sub_code, "" | OTHER_REFUND) => {
                Outcome::Unknown(Doubt::Undecided(self.refusal()))
            }
            "20001" | "40001" | "40002" | "40003" | "40004" | "40006" => Outcome::Refused(self.refusal()),
            // 10003 (in progress), 40005 (too many calls), and what nobody has told us of.
            _ => Outcome::Unknown(Doubt::Undecided(self.refusal())),
        }
    }

    /// Alipay's words for it.
    pub(crate) fn refusal(self) -> Refusal {
        let Judged { code, msg, sub_code, sub_msg } = self;
        let mut text = format!("Alipay: {code} {}", msg.unwrap_or_default());
        if let Some(sub_code) = &sub_code {
            text = format!("{text}, {sub_code}");
        }
        if let Some(sub_msg) = sub_msg {
            text = format!("{text} {sub_msg}");
        }
        let reason = match sub_code.as_deref() {
            Some(NO_MONEY) => RefusalReason::NotEnoughMoney,
            _ => RefusalReason::Other,
        };
        Refusal { reason, code: sub_code.unwrap_or(code), text }
    }
}

#[cfg(test)]
mod tests;
