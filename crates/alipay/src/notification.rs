//! Notifications: what Alipay posts to `notify_url` when a trade was paid, refunded or closed.
//!
//! Answer with exactly [`RECEIVED`] and status 200 once the notification is dealt with, else it comes again: eight times
//! in about 25 hours. It may come twice, late, out of order or never, so also query.
//! Source: the page "当面付异步通知" of <https://opendocs.alipay.com>.

use jiff::Timestamp;
use money::Fen;

use crate::credentials::Credentials;
use crate::query::FundBill;
use crate::signing::{Parameters, notification_content, notification_content_without_empty};
use crate::status::TradeStatus;
use crate::wire::{fen, instant};

/// The answer that stops the repetitions: these seven bytes and nothing else.
pub const RECEIVED: &str = "success";

/// A notification that Alipay signed for our application.
///
/// Compare `out_trade_no` and `total` with the order before crediting, and credit once: the same status comes again with
/// every partial refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The same in every repetition of one notification.
    pub notify_id: String,
    /// When this copy was sent.
    pub notify_time: Timestamp,
    /// Alipay's number of the trade.
    pub trade_no: String,
    /// Our number of the order.
    pub out_trade_no: String,
    /// The number of the refund, in a notification of a refund.
    pub out_biz_no: Option<String>,
    /// The state of the trade; see [`Notification::was_paid`].
    pub status: TradeStatus,
    /// What was asked.
    pub total: Fen,
    /// What we get.
    pub receipt: Option<Fen>,
    /// What may be invoiced to the buyer.
    pub invoice: Option<Fen>,
    /// What the buyer paid.
    pub buyer_pay: Option<Fen>,
    /// What was paid with points.
    pub point: Option<Fen>,
    /// How much was refunded so far, in a notification of a refund.
    pub refund_fee: Option<Fen>,
    /// Who gets the money, where the notification says so.
    pub seller_id: Option<String>,
    /// The buyer's user id, or their id within our application.
    pub buyer_id: Option<String>,
    /// The buyer's account, masked.
    pub buyer_logon_id: Option<String>,
    /// The subject of the order.
    pub subject: Option<String>,
    /// What was given to `Precreate::with_passback_params`, URL-decoded.
    pub passback_params: Option<String>,
    /// When the trade came about (`gmt_create`).
    pub created_at: Option<Timestamp>,
    /// When it was paid (`gmt_payment`).
    pub paid_at: Option<Timestamp>,
    /// When it was last refunded (`gmt_refund`).
    pub refunded_at: Option<Timestamp>,
    /// When it ended (`gmt_close`).
    pub closed_at: Option<Timestamp>,
    /// The channels the money came through.
    pub fund_bills: Vec<FundBill>,
}

/// Why a body is not a notification for us. Do not answer [`RECEIVED`] to any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationError {
    /// A name comes twice, or a value holds `&name=`, which is signed like a parameter: two readers could see different
    /// notifications. Orders of this crate cannot cause it.
    #[error("it can be read in two ways")]
    Ambiguous,
    /// There is no `sign`.
    #[error("it is not signed")]
    Unsigned,
    /// `sign_type` is not `RSA2`.
    #[error("it is not signed with RSA2")]
    SignType,
    /// Signed with a certificate that is not the one configured.
    #[error("it was signed with another certificate")]
    OtherCertificate,
    /// The signature is not Alipay's over this content.
    #[error("the signature is wrong")]
    Signature,
    /// Alipay's, for another application.
    #[error("it is for another application")]
    OtherApp,
    /// Alipay's, for another seller.
    #[error("it is for another seller")]
    OtherSeller,
    /// Alipay's, and this field is missing or cannot be read.
    #[error("{0} is missing or cannot be read")]
    Field(&'static str),
}

impl Notification {
    /// Verifies and reads the body of a notification as it was posted.
    ///
    /// `seller_id`, if given, is compared with that of the notification, where it has one.
    ///
    /// # Errors
    /// [`NotificationError`] when it is not Alipay's, not for this application and seller, or cannot be read.
    pub fn read(
        body: &[u8],
        credentials: &Credentials,
        seller_id: Option<&str>,
    ) -> Result<Self, NotificationError> {
        let parameters = parse(body)?;
        verify(&parameters, credentials)?;
        if parameters.get("app_id").map(String::as_str) != Some(credentials.app_id()) {
            return Err(NotificationError::OtherApp);
        }
        let notification = Fields(&parameters).notification()?;
        match (seller_id, notification.seller_id.as_deref()) {
            (Some(ours), Some(theirs)) if ours != theirs => Err(NotificationError::OtherSeller),
            _ => Ok(notification),
        }
    }

    /// Whether the buyer has paid at some time, whatever was refunded since.
    #[must_use]
    pub fn was_paid(&self) -> bool {
        self.status.was_paid(self.paid_at)
    }

    /// How much was refunded so far. A closed trade that was paid is wholly refunded.
    #[must_use]
    pub fn refunded(&self) -> Fen {
        match (self.refund_fee, self.status) {
            (Some(refund_fee), _) => refund_fee,
            (None, TradeStatus::Closed) if self.was_paid() => self.total,
            (None, _) => Fen::ZERO,
        }
    }
}

fn parse(body: &[u8]) -> Result<Parameters, NotificationError> {
    let mut parameters = Parameters::new();
    for (name, value) in form_urlencoded::parse(body) {
        let holds_a_parameter = holds_a_parameter(&value);
        let comes_twice = parameters.insert(name.into_owned(), value.into_owned()).is_some();
        if comes_twice || holds_a_parameter {
            return Err(NotificationError::Ambiguous);
        }
    }
    Ok(parameters)
}

/// Whether a value holds `&name=`. What is signed is the same if that is told as a parameter of its own.
fn holds_a_parameter(value: &str) -> bool {
    value.split('&').skip(1).any(|part| {
        part.split_once('=')
            .is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
    })
}

fn verify(parameters: &Parameters, credentials: &Credentials) -> Result<(), NotificationError> {
    let get = |name: &str| parameters.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let sign = get("sign").ok_or(NotificationError::Unsigned)?;
    if get("sign_type") != Some("RSA2") {
        return Err(NotificationError::SignType);
    }
    if !credentials.accepts_certificate(get("alipay_cert_sn")) {
        return Err(NotificationError::OtherCertificate);
    }
    let verifies = |content: String| credentials.alipay_key().verifies(content.as_bytes(), sign);
    // An empty value is read as none, so both contents say the same.
    if verifies(notification_content(parameters)) || verifies(notification_content_without_empty(parameters))
    {
        Ok(())
    } else {
        Err(NotificationError::Signature)
    }
}

struct Fields<'a>(&'a Parameters);

impl Fields<'_> {
    fn notification(&self) -> Result<Notification, NotificationError> {
        Ok(Notification {
            notify_id: self.required("notify_id", |text| Some(text.to_owned()))?,
            notify_time: self.required("notify_time", instant)?,
            trade_no: self.required("trade_no", |text| Some(text.to_owned()))?,
            out_trade_no: self.required("out_trade_no", |text| Some(text.to_owned()))?,
            out_biz_no: self.text("out_biz_no"),
            status: self.required("trade_status", TradeStatus::parse)?,
            total: self.required("total_amount", fen)?,
            receipt: self.optional("receipt_amount", fen)?,
            invoice: self.optional("invoice_amount", fen)?,
            buyer_pay: self.optional("buyer_pay_amount", fen)?,
            point: self.optional("point_amount", fen)?,
            refund_fee: self.optional("refund_fee", fen)?,
            seller_id: self.text("seller_id"),
            buyer_id: self.text("buyer_id").or_else(|| self.text("buyer_open_id")),
            buyer_logon_id: self.text("buyer_logon_id"),
            subject: self.text("subject"),
            passback_params: self.text("passback_params").map(|encoded| url_decode(&encoded)),
            created_at: self.optional("gmt_create", instant)?,
            paid_at: self.optional("gmt_payment", instant)?,
            refunded_at: self.optional("gmt_refund", instant)?,
            closed_at: self.optional("gmt_close", instant)?,
            fund_bills: self.optional("fund_bill_list", fund_bills)?.unwrap_or_default(),
        })
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn optional<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, NotificationError> {
        let Some(value) = self.text(name) else { return Ok(None) };
        read(&value).map(Some).ok_or(NotificationError::Field(name))
    }

    fn required<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, NotificationError> {
        self.optional(name, read)?.ok_or(NotificationError::Field(name))
    }
}

/// The list is JSON text, whose quotes some notifications escape for HTML.
fn fund_bills(text: &str) -> Option<Vec<FundBill>> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace("&quot;", "\""))).ok()
}

/// It was URL-encoded twice: once by us, once by the form.
fn url_decode(text: &str) -> String {
    let one_pair = format!("v={}", text.replace('&', "%26"));
    form_urlencoded::parse(one_pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests;
