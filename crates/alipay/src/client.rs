//! The client: makes a request, signs it, sends it, believes only what is signed, and judges the answer.

use std::time::Duration;

use jiff::Timestamp;
use pay_protocol::{Doubt, Outcome, beijing};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::credentials::Credentials;
use crate::envelope::{Envelope, Verified};
use crate::fields::{FieldError, FieldProblem, text};
use crate::notification::{Notification, NotificationError};
use crate::signing::{Parameters, form, request_content};
use crate::transport::Transport;
use crate::verdict::{Judged, Method};

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
    /// Where requests go: [`PRODUCTION_GATEWAY`], [`SANDBOX_GATEWAY`] or another, `https` except on this machine.
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

impl Client {
    /// # Errors
    /// [`SetupError`] when a URL is none, or the HTTP client cannot be set up.
    pub fn new(credentials: Credentials, settings: Settings) -> Result<Self, SetupError> {
        let not_a_url = |field| FieldError { field, problem: FieldProblem::NotAUrl };
        let gateway = pay_protocol::http::address(&settings.gateway).ok_or(not_a_url("gateway"))?;
        if let Some(notify_url) = &settings.notify_url {
            let url = Url::parse(&text("notify_url", notify_url.clone(), 256)?).ok();
            let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            url.ok_or(not_a_url("notify_url"))?;
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
    ) -> Outcome<T> {
        let Some(form) = self.signed_form(method, content, now) else {
            return Outcome::Unknown(Doubt::NotSent);
        };
        let attempts = if method.only_asks() { ATTEMPTS } else { 1 };
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(method, form.clone()).await;
            match &outcome {
                Outcome::Unknown(doubt) if is_passing(doubt) && attempt < attempts => {
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
        set("timestamp", &beijing::wall_clock(now));
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

    async fn attempt<T: DeserializeOwned>(&self, method: Method, form: String) -> Outcome<T> {
        match self.transport.post(form).await {
            Ok(answer) => self.believe(method, &answer),
            Err(doubt) => Outcome::Unknown(doubt),
        }
    }

    /// Verifies an answer and judges it.
    fn believe<T: DeserializeOwned>(&self, method: Method, answer: &str) -> Outcome<T> {
        let unverified = |reason: String| Outcome::Unknown(Doubt::Unverified { status: 200, reason });
        let Some(envelope) = Envelope::open(answer, &method.node()) else {
            return unverified("it is not an envelope of this method".to_owned());
        };
        let Verified { text, is_error } = match envelope.verify(&self.credentials) {
            Ok(verified) => verified,
            Err(reason) => return unverified(reason.to_string()),
        };
        let judged: Judged = match serde_json::from_str(text) {
            Ok(judged) => judged,
            Err(error) => return Outcome::Unknown(Doubt::Unreadable(error.to_string())),
        };
        judged.outcome().and_then(|()| {
            if is_error {
                return Err(Doubt::Unreadable("an error that says it is a success".to_owned()));
            }
            // In the words of the JSON reader: what it missed or met, and where.
            serde_json::from_str(text).map_err(|error| Doubt::Unreadable(error.to_string()))
        })
    }
}

/// Whether asking again at once may help, provided that asking again does no harm.
const fn is_passing(doubt: &Doubt) -> bool {
    match doubt {
        Doubt::NotSent | Doubt::TimedOut | Doubt::Broken | Doubt::OutOfOrder(_) => true,
        Doubt::Unverified { status, .. } => *status >= 500,
        _ => false,
    }
}
