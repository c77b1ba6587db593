//! The values a request may carry, checked before anything is sent.
//!
//! Limits are those of the pages of the methods; lengths are in characters.

use std::fmt;

use money::Fen;
use serde::Serialize;

/// The smallest amount, in fen: `0.01` yuan.
pub const MIN_AMOUNT_FEN: i64 = 1;
/// The largest amount, in fen: `100000000.00` yuan.
pub const MAX_AMOUNT_FEN: i64 = 10_000_000_000;

/// A field that Alipay would refuse, by its name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {problem}")]
pub struct FieldError {
    /// Such as `out_trade_no`.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: FieldProblem,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// It is empty.
    #[error("is empty")]
    Empty,
    /// It has more characters than allowed.
    #[error("has more than {max} characters")]
    TooLong {
        /// How many are allowed.
        max: usize,
    },
    /// It has characters other than ASCII letters, digits and `_`.
    #[error("may have ASCII letters, digits and _ only")]
    Characters,
    /// It has `/`, `=` or `&`.
    #[error("may not have /, = or &")]
    Special,
    /// A number or amount outside its range.
    #[error("is out of range")]
    OutOfRange,
    /// Not an absolute URL, or not one that may be spoken to: `https`, or `http` on this machine.
    #[error("is not an https URL (http on this machine alone)")]
    NotAUrl,
}

pub(crate) fn text(field: &'static str, value: String, max: usize) -> Result<String, FieldError> {
    if value.is_empty() {
        return Err(FieldError { field, problem: FieldProblem::Empty });
    }
    if value.chars().count() > max {
        return Err(FieldError { field, problem: FieldProblem::TooLong { max } });
    }
    Ok(value)
}

/// A text that comes back in notifications, where Alipay forbids `/`, `=` and `&`. With reason: what is signed there is
/// `k=v&k=v` with raw values, so a text with `&total_amount=` in it could be told as an amount.
pub(crate) fn plain_text(field: &'static str, value: String, max: usize) -> Result<String, FieldError> {
    let value = text(field, value, max)?;
    if value.contains(['/', '=', '&']) {
        return Err(FieldError { field, problem: FieldProblem::Special });
    }
    Ok(value)
}

fn number(field: &'static str, value: String) -> Result<String, FieldError> {
    let value = text(field, value, 64)?;
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        Ok(value)
    } else {
        Err(FieldError { field, problem: FieldProblem::Characters })
    }
}

/// An amount between 0.01 and 100 000 000.00 yuan.
pub(crate) fn amount(field: &'static str, value: Fen) -> Result<Fen, FieldError> {
    if (MIN_AMOUNT_FEN..=MAX_AMOUNT_FEN).contains(&value.get()) {
        Ok(value)
    } else {
        Err(FieldError { field, problem: FieldProblem::OutOfRange })
    }
}

/// Our number of an order: 1 to 64 letters, digits and `_`, unique within the merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct OutTradeNo(String);

/// Alipay's number of a trade.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct TradeNo(String);

/// Our number of one refund, which makes it happen once: 1 to 64 letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct OutRequestNo(String);

macro_rules! number_type {
    ($type:ident, $field:literal) => {
        impl $type {
            /// Checks the text.
            ///
            /// # Errors
            /// [`FieldError`] when it is empty, longer than 64, or has other characters than ASCII letters, digits and `_`.
            pub fn new(text: impl Into<String>) -> Result<Self, FieldError> {
                number($field, text.into()).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

number_type!(OutTradeNo, "out_trade_no");
number_type!(TradeNo, "trade_no");
number_type!(OutRequestNo, "out_request_no");

/// Which trade is meant: by our number or by Alipay's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TradeRef {
    /// `out_trade_no`
    OutTradeNo(OutTradeNo),
    /// `trade_no`
    TradeNo(TradeNo),
}

impl TradeRef {
    /// Whether an answer with these numbers is about this trade. A number that is absent proves nothing.
    pub(crate) fn agrees(&self, out_trade_no: Option<&str>, trade_no: Option<&str>) -> bool {
        let (ours, theirs) = match self {
            Self::OutTradeNo(number) => (number.as_str(), out_trade_no),
            Self::TradeNo(number) => (number.as_str(), trade_no),
        };
        theirs.is_none_or(|theirs| theirs == ours)
    }
}

#[cfg(test)]
mod tests;
