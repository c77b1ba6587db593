//! Sends notices, and sends them again on the provider's schedule until the merchant takes them or it gives up.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

use crate::alipay;
use crate::sandbox::{Sandbox, later};
use crate::wechat;

/// How often the injected clock is looked at while a notice waits for its time.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What a notice says; it is signed anew for each attempt.
#[derive(Clone)]
pub(crate) enum Notice {
    Wechat { event: &'static str, kind: &'static str, content: Value },
    Alipay { fields: alipay::Fields },
}

#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) url: String,
    pub(crate) notice: Notice,
    pub(crate) due: Timestamp,
    /// Attempts that failed.
    pub(crate) attempts: usize,
}

impl Sandbox {
    /// Sends notices when they are due, one at a time, for ever: a task for the caller to spawn, once.
    pub async fn deliver_notices(self) {
        loop {
            match self.next_due() {
                Some(delivery) => {
                    let tried = self.now();
                    if !self.attempt(&delivery).await {
                        self.postpone(delivery, tried);
                    }
                }
                None if self.state().deliveries.is_empty() => self.0.wake.notified().await,
                None => {
                    let _ = tokio::time::timeout(LOOK_AGAIN, self.0.wake.notified()).await;
                }
            }
        }
    }

    /// How many notices wait to be sent, or to be sent again.
    #[must_use]
    pub fn pending_notices(&self) -> usize {
        self.state().deliveries.len()
    }

    /// Takes the delivery out whose time came first.
    fn next_due(&self) -> Option<Delivery> {
        let now = self.now();
        let mut state = self.state();
        let due = state.deliveries.iter().enumerate().filter(|(_, delivery)| delivery.due <= now);
        let (index, _) = due.min_by_key(|(_, delivery)| delivery.due)?;
        Some(state.deliveries.remove(index))
    }

    /// The next attempt is so long after this one began.
    fn postpone(&self, delivery: Delivery, tried: Timestamp) {
        let schedules = &self.config().schedules;
        let waits = match delivery.notice {
            Notice::Wechat { .. } => &schedules.wechat,
            Notice::Alipay { .. } => &schedules.alipay,
        };
        let Some(wait) = waits.get(delivery.attempts) else { return };
        let (due, attempts) = (later(tried, *wait), delivery.attempts + 1);
        self.state().deliveries.push(Delivery { due, attempts, ..delivery });
    }

    /// Whether the merchant took the notice.
    async fn attempt(&self, delivery: &Delivery) -> bool {
        let Some((headers, body)) = self.compose(delivery) else { return false };
        let request = self.0.http.post(&delivery.url).headers(headers).body(body);
        let Ok(response) = request.send().await else { return false };
        let status = response.status().as_u16();
        match delivery.notice {
            Notice::Wechat { .. } => matches!(status, 200 | 204),
            Notice::Alipay { .. } => {
                status == 200 && response.bytes().await.is_ok_and(|body| body.as_ref() == b"success")
            }
        }
    }

    fn compose(&self, delivery: &Delivery) -> Option<(HeaderMap, Vec<u8>)> {
        match &delivery.notice {
            Notice::Wechat { event, kind, content } => {
                wechat::compose_notice(self, delivery, event, kind, content)
            }
            Notice::Alipay { fields } => Some(alipay::compose_notice(self, delivery, fields)),
        }
    }
}
