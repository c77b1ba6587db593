//! Sends notices, and sends them again on the provider's schedule until the merchant takes them or it gives up.

use std::time::{Duration, Instant};

use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::alipay;
use crate::crypto::random_text;
use crate::sandbox::{Sandbox, later};
use crate::state::State;
use crate::store::StoreError;
use crate::wechat;

/// How often the injected clock is looked at while a notice waits for its time.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// How often the store is asked for notices that others have to send.
const ASK_STORE: Duration = Duration::from_secs(1);
/// Whoever sends a notice has it for so long. If nothing is heard of him by then, another sends it.
const IN_HAND: SignedDuration = SignedDuration::from_secs(30);

/// What a notice says; it is signed anew for each attempt.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Notice {
    Wechat { event: String, kind: String, content: Value },
    Alipay { fields: alipay::Fields },
}

impl Notice {
    /// Makes it one for somebody else.
    pub(crate) fn change_merchant(&mut self) {
        match self {
            Notice::Wechat { content, .. } => content["mchid"] = json!("1900000999"),
            Notice::Alipay { fields } => {
                fields.insert("seller_id".to_owned(), "2088000000000999".to_owned());
            }
        }
    }

    /// Makes it one over a fen.
    pub(crate) fn change_amount(&mut self) {
        match self {
            Notice::Wechat { content, .. } => content["amount"]["total"] = json!(1),
            Notice::Alipay { fields } => {
                fields.insert("total_amount".to_owned(), "0.01".to_owned());
            }
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) url: String,
    pub(crate) notice: Notice,
    pub(crate) due: Timestamp,
    /// Attempts that failed.
    pub(crate) attempts: usize,
    /// Notices of one moment are sent in the order in which they came about.
    place: u64,
    /// Until when somebody is sending it.
    in_hand_until: Option<Timestamp>,
}

impl Delivery {
    pub(crate) fn new(
        id: String,
        created: Timestamp,
        url: String,
        notice: Notice,
        due: Timestamp,
        place: u64,
    ) -> Self {
        Delivery { id, created, url, notice, due, attempts: 0, place, in_hand_until: None }
    }

    fn waits(&self, now: Timestamp) -> bool {
        self.in_hand_until.is_none_or(|until| until <= now)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.due <= now && self.waits(now)
    }
}

impl State {
    /// Has a notice sent.
    pub(crate) fn enqueue(&mut self, mut delivery: Delivery) {
        let last = self.deliveries.values().map(|delivery| delivery.place).max();
        delivery.place = last.map_or(0, |place| place + 1);
        self.deliveries.insert(random_text(24), delivery);
    }

    /// Takes the delivery in hand whose time came first.
    fn take_due(&mut self, now: Timestamp) -> Option<(String, Delivery)> {
        let due = self.deliveries.iter().filter(|(_, delivery)| delivery.is_due(now));
        let first = due.min_by_key(|(_, delivery)| (delivery.due, delivery.place));
        let number = first?.0.clone();
        let delivery = self.deliveries.get_mut(&number)?;
        delivery.in_hand_until = Some(later(now, IN_HAND));
        Some((number, delivery.clone()))
    }
}

impl Sandbox {
    /// Sends notices when they are due, one at a time, for ever: a task for the caller to spawn, once.
    pub async fn deliver_notices(self) {
        let mut asked: Option<Instant> = None;
        loop {
            let ask = asked.is_none_or(|asked| asked.elapsed() >= ASK_STORE);
            if ask {
                asked = Some(Instant::now());
            }
            // A store that is away is asked again.
            match self.take_due(ask).await {
                Ok(Some((number, delivery))) => {
                    let tried = self.now();
                    let is_taken = self.attempt(&delivery).await;
                    let settled = self.in_turn(|| self.settle(&number, tried, is_taken)).await;
                    if settled.is_err() {
                        tokio::time::sleep(ASK_STORE).await;
                    }
                }
                Ok(None) => self.rest().await,
                Err(_) => tokio::time::sleep(ASK_STORE).await,
            }
        }
    }

    /// How many notices wait to be sent, or to be sent again.
    #[must_use]
    pub fn pending_notices(&self) -> usize {
        let now = self.now();
        self.state().deliveries.values().filter(|delivery| delivery.waits(now)).count()
    }

    /// The next delivery, taken in hand. The store is asked only if there is reason to.
    async fn take_due(&self, ask: bool) -> Result<Option<(String, Delivery)>, StoreError> {
        let now = self.now();
        let has_reason = {
            let state = self.state();
            ask || state.has_changes() || state.deliveries.values().any(|delivery| delivery.is_due(now))
        };
        if !has_reason {
            return Ok(None);
        }
        self.in_turn(|| self.state().take_due(now)).await
    }

    async fn rest(&self) {
        let wait = if self.state().deliveries.is_empty() { ASK_STORE } else { LOOK_AGAIN };
        let _ = tokio::time::timeout(wait, self.0.wake.notified()).await;
    }

    /// Strikes a delivery that was taken. Otherwise the next attempt is so long after this one began.
    fn settle(&self, number: &str, tried: Timestamp, is_taken: bool) {
        let mut state = self.state();
        let Some(delivery) = state.deliveries.get_mut(number) else { return };
        let schedules = &self.config().schedules;
        let waits = match delivery.notice {
            Notice::Wechat { .. } => &schedules.wechat,
            Notice::Alipay { .. } => &schedules.alipay,
        };
        match waits.get(delivery.attempts).filter(|_| !is_taken) {
            Some(wait) => {
                delivery.due = later(tried, *wait);
                delivery.attempts += 1;
                delivery.in_hand_until = None;
            }
            None => state.deliveries.remove(number),
        }
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

    pub(crate) fn compose(&self, delivery: &Delivery) -> Option<(HeaderMap, Vec<u8>)> {
        match &delivery.notice {
            Notice::Wechat { event, kind, content } => {
                wechat::compose_notice(self, delivery, event, kind, content)
            }
            Notice::Alipay { fields } => Some(alipay::compose_notice(self, delivery, fields)),
        }
    }
}
