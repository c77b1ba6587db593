//! Notifications: what Alipay posts to `notify_url` when a trade was paid, refunded or closed.
//!
//! Answer with exactly [`RECEIVED`] and status 200 once the notification is dealt with, else it comes again: eight times
//! in about 25 hours. It may come twice, late, out of order or never, so also query.
//! Source: the page "当面付异步通知" of <https://opendocs.alipay.com>.

use jiff::Timestamp;
use money::Fen;
use pay_protocol::amount::fen_of_yuan;
use pay_protocol::beijing;

use crate::credentials::{Credentials, SignatureError};
use crate::signing::{Parameters, notification_content, notification_content_without_empty};
use crate::status::TradeStatus;

/// The answer that stops the repetitions: these seven bytes and nothing else.
pub const RECEIVED: &str = "success";

/// A notification that Alipay signed for our application: the fields that are needed. Any other may be absent or of
/// another shape without making a good notification a bad one.
///
/// Compare `out_trade_no` and `total` with the order before crediting, and credit once: the same status comes again with
/// every partial refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The same in every repetition of one notification, where Alipay gives it.
    pub notify_id: Option<String>,
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
    /// How much was refunded so far, in a notification of a refund.
    pub refund_fee: Option<Fen>,
    /// Who gets the money, where the notification says so.
    pub seller_id: Option<String>,
    /// When it was paid (`gmt_payment`).
    pub paid_at: Option<Timestamp>,
    /// Whether it tells of a refund (`gmt_refund`).
    pub is_of_refund: bool,
}

/// Why a body is not a notification for us. Do not answer [`RECEIVED`] to any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationError {
    /// A name comes twice or holds `=` or `&`, or a value holds `&name=`, which is signed like a parameter: two readers could
    /// see different notifications. Orders of this crate cannot cause it.
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
        let hides_one = name.contains(['=', '&']) || holds_a_parameter(&value);
        let comes_twice = parameters.insert(name.into_owned(), value.into_owned()).is_some();
        if comes_twice || hides_one {
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
    let certificate = get("alipay_cert_sn");
    let verify = |content: String| credentials.verify(&content, sign, certificate);
    // An empty value is read as none, so both contents say the same.
    verify(notification_content(parameters))
        .or_else(|_| verify(notification_content_without_empty(parameters)))
        .map_err(|error| match error {
            SignatureError::OtherCertificate => NotificationError::OtherCertificate,
            SignatureError::Wrong => NotificationError::Signature,
        })
}

struct Fields<'a>(&'a Parameters);

impl Fields<'_> {
    fn notification(&self) -> Result<Notification, NotificationError> {
        Ok(Notification {
            notify_id: self.text("notify_id"),
            trade_no: self.required("trade_no", |text| Some(text.to_owned()))?,
            out_trade_no: self.required("out_trade_no", |text| Some(text.to_owned()))?,
            out_biz_no: self.text("out_biz_no"),
            status: self.required("trade_status", TradeStatus::parse)?,
            total: self.required("total_amount", fen_of_yuan)?,
            refund_fee: self.optional("refund_fee", fen_of_yuan)?,
            seller_id: self.text("seller_id"),
            paid_at: self.optional("gmt_payment", beijing::from_wall_clock)?,
            is_of_refund: self.text("gmt_refund").is_some(),
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

#[cfg(test)]
mod tests;
