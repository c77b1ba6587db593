//! `alipay.trade.precreate`: an order as a code that the buyer scans.
//!
//! Source: the page "统一收单线下交易预创建" of <https://opendocs.alipay.com>.

use jiff::Timestamp;
use money::Fen;
use pay_protocol::{Doubt, Outcome, beijing};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::fields::{FieldError, FieldProblem, OutTradeNo, amount, plain_text, text};
use crate::verdict::Method;

/// 15 days, the longest time an order may be paid in.
const MAX_MINUTES: u32 = 15 * 24 * 60;

/// An order to be paid by scanning. Made by [`Precreate::new`], so that what exists is within Alipay's limits.
#[derive(Clone, Debug, Serialize)]
pub struct Precreate {
    out_trade_no: OutTradeNo,
    total_amount: Fen,
    subject: String,
    product_code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passback_params: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_expire: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_express: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_code_timeout_express: Option<String>,
}

impl Precreate {
    /// `total_amount` from 0.01 to 100 000 000 yuan; `subject`, which the buyer sees, of at most 256 characters without
    /// `/`, `=` and `&`.
    ///
    /// # Errors
    /// [`FieldError`] naming the field that is outside these limits.
    pub fn new(
        out_trade_no: OutTradeNo,
        total_amount: Fen,
        subject: impl Into<String>,
    ) -> Result<Self, FieldError> {
        Ok(Self {
            out_trade_no,
            total_amount: amount("total_amount", total_amount)?,
            subject: plain_text("subject", subject.into(), 256)?,
            product_code: "FACE_TO_FACE_PAYMENT",
            body: None,
            passback_params: None,
            time_expire: None,
            timeout_express: None,
            qr_code_timeout_express: None,
        })
    }

    /// A description, at most 128 characters without `/`, `=` and `&`.
    ///
    /// # Errors
    /// [`FieldError`] when it is empty, too long, or has one of these.
    pub fn with_body(mut self, body: impl Into<String>) -> Result<Self, FieldError> {
        self.body = Some(plain_text("body", body.into(), 128)?);
        Ok(self)
    }

    /// A text that comes back in notifications, as it is given here; URL-encoded on the wire, where it may have 512
    /// characters.
    ///
    /// # Errors
    /// [`FieldError`] when it is empty or too long.
    pub fn with_passback_params(mut self, params: &str) -> Result<Self, FieldError> {
        let encoded = form_urlencoded::byte_serialize(params.as_bytes()).collect();
        self.passback_params = Some(text("passback_params", encoded, 512)?);
        Ok(self)
    }

    /// The instant after which the order can no longer be paid, to the second.
    #[must_use]
    pub fn with_time_expire(mut self, instant: Timestamp) -> Self {
        self.time_expire = Some(beijing::wall_clock(instant));
        self
    }

    /// How long the trade can be paid once it exists, that is, after the scan: 1 minute to 15 days.
    ///
    /// # Errors
    /// [`FieldError`] outside that range.
    pub fn with_timeout_minutes(mut self, minutes: u32) -> Result<Self, FieldError> {
        self.timeout_express = Some(duration("timeout_express", minutes)?);
        Ok(self)
    }

    /// How long the code can be scanned: 1 minute to 15 days; 2 hours if not set.
    ///
    /// # Errors
    /// [`FieldError`] outside that range.
    pub fn with_code_timeout_minutes(mut self, minutes: u32) -> Result<Self, FieldError> {
        self.qr_code_timeout_express = Some(duration("qr_code_timeout_express", minutes)?);
        Ok(self)
    }
}

fn duration(field: &'static str, minutes: u32) -> Result<String, FieldError> {
    if (1..=MAX_MINUTES).contains(&minutes) {
        Ok(format!("{minutes}m"))
    } else {
        Err(FieldError { field, problem: FieldProblem::OutOfRange })
    }
}

/// An order that can be scanned. There is no trade yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Precreated {
    /// Our number, as it was sent.
    pub out_trade_no: String,
    /// The text to show as a QR code, such as `https://qr.alipay.com/…`.
    pub qr_code: String,
}

impl Client {
    /// Asks for a code. Repeating the same order gives a code again; the same number with other values is refused with
    /// `ACQ.CONTEXT_INCONSISTENT`, a paid one with `ACQ.TRADE_HAS_SUCCESS`.
    pub async fn precreate(&self, order: &Precreate, now: Timestamp) -> Outcome<Precreated> {
        self.call(Method::Precreate, order, now).await.and_then(|answer: Precreated| {
            if answer.out_trade_no == order.out_trade_no.as_str() {
                Ok(answer)
            } else {
                Err(Doubt::OfAnother("out_trade_no"))
            }
        })
    }
}
