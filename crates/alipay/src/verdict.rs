//! What each code means for each method: the one place where that is decided.
//!
//! Sources: "公共错误码" of the open platform for `code`, and "业务错误码" on the page of each method for `sub_code`.

use serde::Deserialize;

use crate::outcome::{Doubt, Reason};
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

/// What an answer with these codes means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Succeeded,
    /// Not a success by its code, and still an outcome that the method has a word for.
    Expected(Expected),
    Refused,
    Open(Doubt),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Nobody has scanned the code, so there is no trade.
    NoTrade,
    ClosedAlready,
    NoBill,
}

/// Decisions that hold for one method only: method, code, sub_code, verdict.
const SPECIAL: [(Method, &str, Option<&str>, Verdict); 13] = [
    // In progress. Only payment by the payer's bar code documents it; elsewhere the answer is still to come.
    (Method::Precreate, "10003", None, Verdict::Open(Doubt::InProgress)),
    (Method::Query, "10003", None, Verdict::Open(Doubt::InProgress)),
    (Method::Close, "10003", None, Verdict::Open(Doubt::InProgress)),
    (Method::Cancel, "10003", None, Verdict::Open(Doubt::InProgress)),
    (Method::Refund, "10003", None, Verdict::Open(Doubt::InProgress)),
    (Method::RefundQuery, "10003", None, Verdict::Open(Doubt::InProgress)),
    (Method::BillUrl, "10003", None, Verdict::Open(Doubt::InProgress)),
    // Before the scan there is no trade: nothing to find, close or cancel. To refund or to ask for a refund is a mistake.
    (Method::Query, "40004", Some("ACQ.TRADE_NOT_EXIST"), Verdict::Expected(Expected::NoTrade)),
    (Method::Close, "40004", Some("ACQ.TRADE_NOT_EXIST"), Verdict::Expected(Expected::NoTrade)),
    (Method::Cancel, "40004", Some("ACQ.TRADE_NOT_EXIST"), Verdict::Expected(Expected::NoTrade)),
    (Method::Close, "40004", Some("ACQ.TRADE_HAS_CLOSE"), Verdict::Expected(Expected::ClosedAlready)),
    // The documents say the second, the gateway says the first.
    (Method::BillUrl, "40004", Some("isp.bill_not_exist"), Verdict::Expected(Expected::NoBill)),
    (Method::BillUrl, "40004", Some("BILL_NOT_EXIST"), Verdict::Expected(Expected::NoBill)),
];

/// Business failures after which nobody knows.
const SYSTEM_ERRORS: [&str; 3] = ["ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "SYSTEM_ERROR"];

/// Judges the codes of a signed answer. What is not known is open, never refused: a refusal ends a payment.
pub(crate) fn judge(method: Method, code: &str, sub_code: Option<&str>) -> Verdict {
    let special = SPECIAL.iter().find(|(of, special_code, special_sub_code, _)| {
        *of == method
            && *special_code == code
            && special_sub_code.is_none_or(|wanted| Some(wanted) == sub_code)
    });
    if let Some((.., verdict)) = special {
        return *verdict;
    }
    match code {
        "10000" => Verdict::Succeeded,
        "20000" => Verdict::Open(Doubt::Unavailable),
        "40005" => Verdict::Open(Doubt::CallLimited),
        "40004" if sub_code.is_some_and(|sub_code| SYSTEM_ERRORS.contains(&sub_code)) => {
            Verdict::Open(Doubt::SystemError)
        }
        // isv: the developer's fault; isp: the platform's.
        "40004" if sub_code.is_some_and(|sub_code| sub_code.starts_with("isp.")) => {
            Verdict::Open(Doubt::Unavailable)
        }
        "20001" | "40001" | "40002" | "40003" | "40004" | "40006" => Verdict::Refused,
        _ => Verdict::Open(Doubt::Unrecognised),
    }
}

/// The codes that begin every inner object.
#[derive(Debug, Deserialize)]
pub(crate) struct Judged {
    pub(crate) code: String,
    #[serde(default)]
    msg: String,
    #[serde(default, deserialize_with = "optional_text")]
    pub(crate) sub_code: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    sub_msg: Option<String>,
}

impl Judged {
    pub(crate) fn reason(self) -> Reason {
        Reason { code: self.code, message: self.msg, sub_code: self.sub_code, sub_message: self.sub_msg }
    }
}

#[cfg(test)]
mod tests;
