//! An order, which is a code to scan, and its trade, which there is from the moment somebody scans it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Fields;
use crate::crypto::{random_digits, random_text};
use crate::notifier::Notice;
use crate::past::PastPayment;
use crate::sandbox::{Sandbox, later};
use crate::times;
use crate::yuan::yuan;

/// A payment can be refunded for a year; then the trade is finished.
const WINDOW: SignedDuration = SignedDuration::from_hours(365 * 24);
/// The payer's account, masked as Alipay does.
pub(super) const BUYER: &str = "sandbox***@example.com";

/// The payer's number.
pub(super) const BUYER_ID: &str = "2088000000000009";

#[derive(Serialize, Deserialize)]
pub(crate) struct Order {
    /// What was asked for, to compare with.
    pub(super) content: Value,
    pub(crate) number: String,
    pub(crate) subject: String,
    pub(crate) total: i64,
    pub(crate) notify_url: String,
    pub(crate) qr_code: String,
    pub(super) code_expires: Timestamp,
    pub(super) expires: Option<Timestamp>,
    pub(crate) trade: Option<Trade>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Trade {
    pub(crate) no: String,
    pub(crate) created: Timestamp,
    pub(super) closed: Option<Timestamp>,
    pub(crate) paid: Option<Timestamp>,
    pub(super) parts: Vec<Part>,
}

/// A refund.
#[derive(Serialize, Deserialize)]
pub(crate) struct Part {
    pub(super) request_no: String,
    pub(super) amount: i64,
    pub(super) at: Timestamp,
}

impl Trade {
    pub(crate) fn refunded(&self) -> i64 {
        self.parts.iter().map(|part| part.amount).sum()
    }
}

pub(crate) fn new_code() -> String {
    format!("https://qr.alipay.com/bax{}", random_text(21).to_ascii_lowercase())
}

pub(crate) fn new_trade_no(at: Timestamp) -> String {
    format!("{}22001{}", times::compact_day(at), random_digits(15))
}

impl Order {
    /// An order that was paid before anybody asked for it here. Its buyer paid as soon as the code was scanned.
    pub(crate) fn past(payment: &PastPayment<'_>) -> Self {
        let trade = Trade {
            no: payment.transaction_id.to_owned(),
            created: payment.paid,
            closed: None,
            paid: Some(payment.paid),
            parts: Vec::new(),
        };
        Order {
            content: Value::Null,
            number: payment.out_trade_no.to_owned(),
            subject: payment.description.to_owned(),
            total: payment.amount,
            notify_url: payment.notify_url.to_owned(),
            qr_code: payment.code.to_owned(),
            code_expires: payment.expires,
            expires: Some(payment.expires),
            trade: Some(trade),
        }
    }

    /// The state of the trade, if there is one.
    pub(crate) fn status(&self, now: Timestamp) -> Option<&'static str> {
        let trade = self.trade.as_ref()?;
        let expired = self.expires.is_some_and(|expires| now >= expires);
        Some(match trade.paid {
            Some(_) if trade.refunded() >= self.total => "TRADE_CLOSED",
            Some(paid) if now > later(paid, WINDOW) => "TRADE_FINISHED",
            Some(_) => "TRADE_SUCCESS",
            None if trade.closed.is_some() || expired => "TRADE_CLOSED",
            None => "WAIT_BUYER_PAY",
        })
    }

    /// Whether a buyer who scans the code now can pay. Who has scanned it in time may take longer than the code lasts.
    pub(crate) fn is_payable(&self, now: Timestamp) -> bool {
        match self.status(now) {
            Some(status) => status == "WAIT_BUYER_PAY",
            None => now < self.code_expires && self.expires.is_none_or(|expires| now < expires),
        }
    }

    /// The buyer scans the code: from now on there is a trade.
    pub(crate) fn scan(&mut self, now: Timestamp) -> &mut Trade {
        self.trade.get_or_insert_with(|| Trade {
            no: new_trade_no(now),
            created: now,
            closed: None,
            paid: None,
            parts: Vec::new(),
        })
    }

    /// What a notice says of the trade as it is.
    pub(crate) fn notice(&self, sandbox: &Sandbox, now: Timestamp) -> Option<Notice> {
        let (trade, status) = (self.trade.as_ref()?, self.status(now)?);
        let mut fields = Fields::new();
        let mut set = |name: &str, value: &str| fields.insert(name.to_owned(), value.to_owned());
        set("trade_no", &trade.no);
        set("out_trade_no", &self.number);
        set("trade_status", status);
        set("total_amount", &yuan(self.total));
        set("subject", &self.subject);
        set("seller_id", &sandbox.config().seller_id);
        set("buyer_id", BUYER_ID);
        set("buyer_logon_id", BUYER);
        set("gmt_create", &times::wall_clock(trade.created));
        for name in ["body", "passback_params"] {
            if let Some(text) = self.content[name].as_str() {
                set(name, text);
            }
        }
        if let Some(paid) = trade.paid {
            let amount = yuan(self.total);
            for name in ["receipt_amount", "invoice_amount", "buyer_pay_amount"] {
                set(name, &amount);
            }
            set("point_amount", "0.00");
            set("gmt_payment", &times::wall_clock(paid));
            let bills = json!([{ "amount": amount, "fundChannel": "ALIPAYACCOUNT" }]);
            set("fund_bill_list", &bills.to_string());
        }
        if let Some(part) = trade.parts.last() {
            set("refund_fee", &yuan(trade.refunded()));
            set("gmt_refund", &format!("{}.000", times::wall_clock(part.at)));
            set("out_biz_no", &part.request_no);
        }
        if status == "TRADE_CLOSED" {
            set("gmt_close", &times::wall_clock(now));
        }
        Some(Notice::Alipay { fields })
    }
}
