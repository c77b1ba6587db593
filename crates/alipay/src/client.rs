//! The client: makes a request, signs it, sends it, believes only what is signed, and judges the answer.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::credentials::Credentials;
use crate::envelope::Envelope;
use crate::fields::{FieldError, FieldProblem, text};
use crate::notification::{Notification, NotificationError};
use crate::outcome::{Outcome, Unknown, Unverifiable};
use crate::signing::{Parameters, form, request_content};
use crate::transport::Transport;
use crate::verdict::{Expected, Judged, Method, Verdict, judge};
use crate::wire::beijing;

/// The gateway of production.
pub const PRODUCTION_GATEWAY: &str = "https://openapi.alipay.com/gateway.do";
/// The gateway of Alipay's sandbox, which has its own application ids and keys.
pub const SANDBOX_GATEWAY: &str = "https://openapi-sandbox.dl.alipaydev.com/gateway.do";

/// How often a call that only asks is sent when the line fails.
const ATTEMPTS: u32 = 3;
/// The wait before the second attempt; before the third it is twice as long.
const PAUSE: Duration = Duration::from_millis(200);

/// What a client needs besides its credentials. Start from [`Settings::new`].
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where requests go: [`PRODUCTION_GATEWAY`], [`SANDBOX_GATEWAY`] or a local one.
    pub gateway: String,
    /// Where Alipay tells of payments: an absolute URL of at most 256 characters. Without it nobody is told.
    pub notify_url: Option<String>,
    /// Our `seller_id` (16 digits, beginning with 2088). Notifications for another seller are refused.
    pub seller_id: Option<String>,
    /// How long connecting may take, TLS included.
    pub connect_timeout: Duration,
    /// How long one request may take, from connecting to the last byte of the answer. Calls that only ask are repeated
    /// when the line fails, so they may take three times that.
    pub timeout: Duration,
    /// How long the download of a bill may take.
    pub download_timeout: Duration,
}

impl Settings {
    /// 3 s to connect, 10 s for a call, 60 s for a download; no notifications.
    #[must_use]
    pub fn new(gateway: impl Into<String>) -> Self {
        Self {
            gateway: gateway.into(),
            notify_url: None,
            seller_id: None,
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(10),
            download_timeout: Duration::from_secs(60),
        }
    }
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A setting that cannot be right.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The HTTP client cannot be set up, for example because the system has no root certificates.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

/// A client of one application. Cheap to share behind an `Arc`; connections are kept and reused.
#[derive(Debug)]
pub struct Client {
    credentials: Credentials,
    settings: Settings,
    pub(crate) transport: Transport,
}

/// A signed answer that is neither refused nor open.
#[derive(Debug)]
pub(crate) enum Reply<T> {
    Answer(T),
    Expected(Expected),
}

impl<T> Reply<T> {
    /// The answer of a method that expects nothing else.
    pub(crate) fn answer(self) -> Result<T, Unknown> {
        match self {
            Self::Answer(answer) => Ok(answer),
            Self::Expected(expected) => Err(Unknown::Unreadable(format!("{expected:?} was not expected"))),
        }
    }
}

impl Client {
    /// # Errors
    /// [`SetupError`] when a URL is none, or the HTTP client cannot be set up.
    pub fn new(credentials: Credentials, settings: Settings) -> Result<Self, SetupError> {
        let gateway = url("gateway", &settings.gateway)?;
        if let Some(notify_url) = &settings.notify_url {
            url("notify_url", &text("notify_url", notify_url.clone(), 256)?)?;
        }
        let transport =
            Transport::new(gateway, settings.connect_timeout, settings.timeout).map_err(SetupError::Http)?;
        Ok(Self { credentials, settings, transport })
    }

    /// Verifies and reads the body of a notification, and that it is ours; see [`Notification::read`].
    ///
    /// # Errors
    /// [`NotificationError`] when it is not Alipay's, not ours, or cannot be read.
    pub fn read_notification(&self, body: &[u8]) -> Result<Notification, NotificationError> {
        Notification::read(body, &self.credentials, self.settings.seller_id.as_deref())
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Calls a method at the time `now`. Calls that only ask are repeated when the line or the service fails.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        content: &impl Serialize,
        now: Timestamp,
    ) -> Outcome<Reply<T>> {
        let Some(form) = self.signed_form(method, content, now) else {
            return Outcome::Unknown(Unknown::NotMade);
        };
        let attempts = if method.only_asks() { ATTEMPTS } else { 1 };
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(method, form.clone()).await;
            match &outcome {
                Outcome::Unknown(unknown) if unknown.is_passing() && attempt < attempts => {
                    tokio::time::sleep(PAUSE * attempt).await;
                    attempt += 1;
                }
                _ => return outcome,
            }
        }
    }

    /// The signed form, or `None` when it cannot be made, which takes a failing library.
    fn signed_form(&self, method: Method, content: &impl Serialize, now: Timestamp) -> Option<String> {
        let mut parameters = Parameters::new();
        let mut set = |name: &str, value: &str| parameters.insert(name.to_owned(), value.to_owned());
        set("app_id", self.credentials.app_id());
        set("method", method.name());
        set("format", "JSON");
        set("charset", "utf-8");
        set("sign_type", "RSA2");
        set("timestamp", &beijing(now));
        set("version", "1.0");
        set("biz_content", &serde_json::to_string(content).ok()?);
        if let (Method::Precreate, Some(notify_url)) = (method, &self.settings.notify_url) {
            set("notify_url", notify_url);
        }
        if let Some(certificates) = self.credentials.certificates() {
            set("app_cert_sn", certificates.app_number());
            set("alipay_root_cert_sn", certificates.root_number());
        }
        let sign = self.credentials.private_key().sign(request_content(&parameters).as_bytes()).ok()?;
        parameters.insert("sign".to_owned(), sign);
        Some(form(&parameters))
    }

    async fn attempt<T: DeserializeOwned>(&self, method: Method, form: String) -> Outcome<Reply<T>> {
        match self.transport.post(form).await {
            Ok(answer) => self.believe(method, &answer),
            Err(unknown) => Outcome::Unknown(unknown),
        }
    }

    /// Verifies an answer and judges it.
    fn believe<T: DeserializeOwned>(&self, method: Method, answer: &str) -> Outcome<Reply<T>> {
        let verified = match Envelope::open(answer, &method.node()) {
            Some(envelope) => envelope.verify(&self.credentials),
            None => Err(Unknown::Unverifiable(Unverifiable::Envelope)),
        };
        let verified = match verified {
            Ok(verified) => verified,
            Err(unknown) => return Outcome::Unknown(unknown),
        };
        let judged: Judged = match serde_json::from_str(verified.text) {
            Ok(judged) => judged,
            Err(error) => return Outcome::Unknown(unreadable(&error)),
        };
        match judge(method, &judged.code, judged.sub_code.as_deref()) {
            Verdict::Succeeded if verified.is_error => {
                Outcome::Unknown(Unknown::Unreadable("an error that says it is a success".to_owned()))
            }
            Verdict::Succeeded => match serde_json::from_str(verified.text) {
                Ok(answer) => Outcome::Succeeded(Reply::Answer(answer)),
                Err(error) => Outcome::Unknown(unreadable(&error)),
            },
            Verdict::Expected(expected) => Outcome::Succeeded(Reply::Expected(expected)),
            Verdict::Refused => Outcome::Refused(judged.reason()),
            Verdict::Open(doubt) => Outcome::Unknown(Unknown::Open { doubt, reason: judged.reason() }),
        }
    }
}

/// In the words of the JSON reader: what it missed or met, and where.
fn unreadable(error: &serde_json::Error) -> Unknown {
    Unknown::Unreadable(error.to_string())
}

pub(crate) fn url(field: &'static str, value: &str) -> Result<Url, FieldError> {
    Url::parse(value)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or(FieldError { field, problem: FieldProblem::NotAUrl })
}
