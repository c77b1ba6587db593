//! The table that decides, per call and code, whether a failure is final or the question is to be asked again.

use crate::outcome::{Doubt, Outcome, Report};

/// What was asked of WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// [`Client::create_native_order`](crate::Client::create_native_order)
    CreateOrder,
    /// Either query of an order.
    QueryOrder,
    /// [`Client::close_order`](crate::Client::close_order)
    CloseOrder,
    /// [`Client::create_refund`](crate::Client::create_refund)
    CreateRefund,
    /// [`Client::query_refund`](crate::Client::query_refund)
    QueryRefund,
    /// Either question for a bill.
    RequestBill,
    /// [`Client::refresh_certificates`](crate::Client::refresh_certificates)
    FetchCertificates,
}

/// A code of WeChat's that we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// `PARAM_ERROR`: a field is missing or malformed.
    ParamError,
    /// `INVALID_REQUEST`: well formed, but against a rule of the business.
    InvalidRequest,
    /// `APPID_MCHID_NOT_MATCH`: application and merchant are not bound to each other.
    AppidMchidNotMatch,
    /// `MCH_NOT_EXISTS`: no such merchant.
    MchNotExists,
    /// `SIGN_ERROR`: our signature, serial number or clock is wrong.
    SignError,
    /// `NO_AUTH`: the merchant may not do this.
    NoAuth,
    /// `OUT_TRADE_NO_USED`: an order of this number exists with other values.
    OutTradeNoUsed,
    /// `ORDER_NOT_EXIST`: no order of this number.
    OrderNotExist,
    /// `ORDER_CLOSED`: the order is closed.
    OrderClosed,
    /// `ORDERPAID`: the order is paid.
    OrderPaid,
    /// `RULE_LIMIT`: a limit of the business, of amount or of frequency.
    RuleLimit,
    /// `TRADE_ERROR`: the trade failed for a reason of the business.
    TradeError,
    /// `NOT_ENOUGH`: the merchant has too little money for the refund.
    NotEnough,
    /// `USER_ACCOUNT_ABNORMAL`: the payer's account cannot take the refund.
    UserAccountAbnormal,
    /// `RESOURCE_NOT_EXISTS`: no such refund, payment or certificate.
    ResourceNotExists,
    /// `NO_STATEMENT_EXIST`: no bill for this day.
    NoStatementExist,
    /// `STATEMENT_CREATING`: the bill is being made.
    StatementCreating,
    /// `FREQUENCY_LIMITED`: too often.
    FrequencyLimited,
    /// `SYSTEM_ERROR`: a fault of WeChat's.
    SystemError,
}

/// The calls for which a code is final. For all others it says: ask again.
type FinalFor = &'static [Call];

const EVERY: FinalFor = &[
    Call::CreateOrder,
    Call::QueryOrder,
    Call::CloseOrder,
    Call::CreateRefund,
    Call::QueryRefund,
    Call::RequestBill,
    Call::FetchCertificates,
];
const NONE: FinalFor = &[];

/// Codes without underscores, because older pages spell them so; what they mean; for which calls they are final.
///
/// A code is final for a call only if it tells that the request changed nothing and, as it is, would be refused again.
/// `SIGN_ERROR` does not: our key, serial number or clock is at fault, and the same number succeeds once that is mended.
/// Nor does `RULE_LIMIT`, which also stands for "too often", except for new orders: nobody can pay one without its
/// `code_url`, so giving one up early does no harm. A refund that was `NOT_ENOUGH` may be asked for again with the same
/// number once there is money.
#[rustfmt::skip]
const TABLE: &[(&str, Code, FinalFor)] = &[
    ("PARAMERROR",          Code::ParamError,          EVERY),
    ("INVALIDREQUEST",      Code::InvalidRequest,      EVERY),
    ("APPIDMCHIDNOTMATCH",  Code::AppidMchidNotMatch,  EVERY),
    ("MCHNOTEXISTS",        Code::MchNotExists,        EVERY),
    ("MCHNOTEXIST",         Code::MchNotExists,        EVERY),
    ("NOAUTH",              Code::NoAuth,              EVERY),
    ("OUTTRADENOUSED",      Code::OutTradeNoUsed,      &[Call::CreateOrder]),
    ("ORDERNOTEXIST",       Code::OrderNotExist,       &[Call::QueryOrder, Call::CloseOrder, Call::CreateRefund]),
    ("ORDERCLOSED",         Code::OrderClosed,         &[Call::CreateOrder, Call::CloseOrder]),
    ("ORDERPAID",           Code::OrderPaid,           &[Call::CreateOrder, Call::CloseOrder]),
    ("RULELIMIT",           Code::RuleLimit,           &[Call::CreateOrder]),
    ("TRADEERROR",          Code::TradeError,          &[Call::CreateOrder, Call::CloseOrder, Call::CreateRefund]),
    ("NOTENOUGH",           Code::NotEnough,           &[Call::CreateRefund]),
    ("USERACCOUNTABNORMAL", Code::UserAccountAbnormal, &[Call::CreateRefund]),
    ("RESOURCENOTEXISTS",   Code::ResourceNotExists,   EVERY),
    ("NOSTATEMENTEXIST",    Code::NoStatementExist,    &[Call::RequestBill]),
    ("STATEMENTCREATING",   Code::StatementCreating,   NONE),
    ("SIGNERROR",           Code::SignError,           NONE),
    ("FREQUENCYLIMITED",    Code::FrequencyLimited,    NONE),
    ("FREQUENCYLIMITEXCEED", Code::FrequencyLimited,   NONE),
    ("RATELIMITEXCEEDED",   Code::FrequencyLimited,    NONE),
    ("SYSTEMERROR",         Code::SystemError,         NONE),
];

fn row(spelling: &str) -> Option<&'static (&'static str, Code, FinalFor)> {
    let bare: String = spelling.chars().filter(|c| *c != '_').collect();
    TABLE.iter().find(|(known, _, _)| *known == bare)
}

impl Code {
    /// The code of this spelling, with underscores or without.
    #[must_use]
    pub fn parse(spelling: &str) -> Option<Code> {
        row(spelling).map(|(_, code, _)| *code)
    }
}

/// What a verified answer other than 2xx means. Only a 4xx with a code that the table calls final is a refusal;
/// 429, every 5xx, and codes nobody has told us of are questions to be asked again.
pub(crate) fn judge<T>(call: Call, status: u16, spelling: String, message: String) -> Outcome<T> {
    let row = row(&spelling);
    let report = Report { status, code: row.map(|(_, code, _)| *code), spelling, message };
    let may_be_final = (400..500).contains(&status) && status != 429;
    if may_be_final && row.is_some_and(|(_, _, final_for)| final_for.contains(&call)) {
        return Outcome::Refused(report);
    }
    Outcome::Unknown(Doubt::Undecided(report))
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
