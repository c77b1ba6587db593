//! The sandbox itself: what both providers remember, behind one lock.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{any, get, post};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::config::Config;
use crate::faults;
use crate::notifier::{Delivery, Notice};
use crate::state::State;
use crate::{alipay, crypto, page, payer, times, wechat};

/// One of the two providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// WeChat Pay.
    Wechat,
    /// Alipay.
    Alipay,
}

impl Channel {
    /// As paths have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Channel::Wechat => "wechat",
            Channel::Alipay => "alipay",
        }
    }
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Notices cannot be sent.
    #[error("the HTTP client for notices cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) http: reqwest::Client,
    pub(crate) wake: Notify,
    /// Held during a turn at the store.
    pub(crate) turns: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

/// Both providers. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Sandbox(pub(crate) Arc<Inner>);

impl Sandbox {
    /// Sets the providers up, with no orders.
    ///
    /// # Errors
    ///
    /// [`SetupError`] when the HTTP client for notices cannot be set up.
    pub fn new(config: Config) -> Result<Self, SetupError> {
        let mut http = reqwest::Client::builder();
        for (name, address) in &config.hosts {
            http = http.resolve(name, *address);
        }
        let http = http
            .tls_certs_only([])
            .timeout(std::time::Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()?;
        let (wake, turns, state) = (Notify::new(), tokio::sync::Mutex::default(), Mutex::default());
        Ok(Sandbox(Arc::new(Inner { config, http, wake, turns, state })))
    }

    /// What the clients talk to.
    pub fn gateway(&self) -> Router {
        Router::new()
            .route("/v3/{*path}", any(wechat::answer))
            .route("/gateway.do", post(alipay::answer))
            .route("/alipay-bill/{token}", get(alipay::download))
            .with_state(self.clone())
    }

    /// Answers the clients until the task is dropped.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn serve_gateway(self, listener: TcpListener) -> io::Result<()> {
        axum::serve(listener, self.gateway()).await
    }

    /// What people and tests use: pay pages, the payer, the faults. All of it under `/sandbox`.
    pub fn console(&self) -> Router {
        Router::new()
            .route("/sandbox/pay.css", get(page::style))
            .route("/sandbox/pay/{channel}/{number}", get(page::show))
            .route("/sandbox/pay/{channel}/{number}/pay", post(payer::pay))
            .route("/sandbox/faults", post(faults::set))
            .with_state(self.clone())
    }

    /// Both.
    pub fn router(&self) -> Router {
        self.gateway().merge(self.console())
    }

    /// The path of an order's pay page in [`Sandbox::console`]; the order need not exist yet.
    #[must_use]
    pub fn payment_path(channel: Channel, out_trade_no: &str) -> String {
        format!("/sandbox/pay/{}/{}", channel.name(), page::segment(out_trade_no))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.config.clock.now()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a notice sent and says which, unless the order named nobody to send it to.
    pub(crate) fn notify(
        &self,
        state: &mut State,
        url: &str,
        notice: Notice,
        due: Timestamp,
    ) -> Option<Delivery> {
        if url.is_empty() {
            return None;
        }
        let now = self.now();
        let id = match notice {
            Notice::Wechat { .. } => format!("EV-{}{}", times::compact_day(now), crypto::random_digits(16)),
            Notice::Alipay { .. } => format!("{}00222{}", times::compact_day(now), crypto::random_digits(20)),
        };
        let delivery = Delivery::new(id, now, url.to_owned(), notice, due, 0);
        state.enqueue(delivery.clone());
        self.0.wake.notify_one();
        Some(delivery)
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("config", &self.0.config).finish_non_exhaustive()
    }
}

/// A time so much later. The end of time if there is none.
pub(crate) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
