//! The table that decides, per act and code, whether a failure is final or the question is to be asked again.

use pay_protocol::{Doubt, Outcome, Refusal, RefusalReason};

/// What was asked of WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    CreateOrder,
    CloseOrder,
    CreateRefund,
    ApplyAbnormalRefund,
    /// Any question. What its codes mean, the one who asks knows: a refused question is doubt.
    Ask,
}

/// The acts for which a code is final. For all others it says: ask again.
type FinalFor = &'static [Call];

const EVERY: FinalFor = &[Call::CreateOrder, Call::CloseOrder, Call::CreateRefund, Call::ApplyAbnormalRefund];

/// Codes without underscores, because older pages spell them so, and for which acts they are final.
///
/// A code is final for an act only if it tells that the request changed nothing and, as it is, would be refused again.
/// `SIGN_ERROR` does not: our key, serial number or clock is at fault, and the same number succeeds once that is mended.
/// Nor does `RULE_LIMIT`, which also stands for "too often", except for new orders: nobody can pay one without its
/// `code_url`, so giving one up early does no harm. Nor do codes that are not here.
#[rustfmt::skip]
const FINAL: &[(&str, FinalFor)] = &[
    ("PARAMERROR",          EVERY),
    ("INVALIDREQUEST",      EVERY),
    ("APPIDMCHIDNOTMATCH",  EVERY),
    ("MCHNOTEXISTS",        EVERY),
    ("MCHNOTEXIST",         EVERY),
    ("NOAUTH",              EVERY),
    ("RESOURCENOTEXISTS",   EVERY),
    ("OUTTRADENOUSED",      &[Call::CreateOrder]),
    ("ORDERNOTEXIST",       &[Call::CloseOrder, Call::CreateRefund]),
    ("ORDERCLOSED",         &[Call::CreateOrder, Call::CloseOrder]),
    ("ORDERPAID",           &[Call::CreateOrder, Call::CloseOrder]),
    ("RULELIMIT",           &[Call::CreateOrder]),
    ("TRADEERROR",          &[Call::CreateOrder, Call::CloseOrder, Call::CreateRefund]),
    ("NOTENOUGH",           &[Call::CreateRefund]),
    ("USERACCOUNTABNORMAL", &[Call::CreateRefund]),
];

/// Whether WeChat's code is this one, with underscores or without.
pub(crate) fn is(refusal: &Refusal, code: &str) -> bool {
    bare(&refusal.code) == bare(code)
}

fn bare(code: &str) -> String {
    code.chars().filter(|c| *c != '_').collect()
}

/// What a verified answer other than 2xx means. Only a 4xx with a code that the table calls final is a refusal of an act,
/// or of a question, whose doubt the caller makes of it; 429, every 5xx, and codes nobody has told us of are open.
pub(crate) fn judge<T>(call: Call, status: u16, code: String, message: &str) -> Outcome<T> {
    let found = FINAL.iter().find(|(known, _)| *known == bare(&code));
    let is_final = found.is_some_and(|(_, final_for)| final_for.contains(&call)) || call == Call::Ask;
    let reason = match bare(&code).as_str() {
        "NOTENOUGH" => RefusalReason::NotEnoughMoney,
        _ => RefusalReason::Other,
    };
    let text = format!("WeChat Pay: {status} {code}: {message}");
    let refusal = Refusal { reason, code, text };
    match status {
        400..500 if is_final && status != 429 => Outcome::Refused(refusal),
        500.. => Outcome::Unknown(Doubt::OutOfOrder(refusal)),
        _ => Outcome::Unknown(Doubt::Undecided(refusal)),
    }
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
