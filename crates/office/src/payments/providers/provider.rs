//! The providers of this instance, and the calls to them, with a limit to the time they take.

use std::fmt::Display;
use std::time::Duration;

use base::clock::Clock;
use base::ids::OrderId;
use http::HeaderMap;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use pay_sandbox::Sandbox;
use platform::config::ConfigError;
use url::Url;

use super::alipay::Alipay;
use super::condition::{Condition, Watch};
use super::wechat::Wechat;
use super::{
    DayBill, Disbelief, Doubt, NewOrder, Notification, OrderState, Outcome, PaymentCode, PaymentMethod,
    RefundOrder, RefundState, Refusal, RefusalReason, order_number,
};
use crate::payments::config::{AlipayConfig, WechatConfig};
use crate::payments::sandbox::channel_of;

/// Nobody waits longer for a provider, whatever a call is made of. Bills are fetched in the background and may take
/// longer.
const LONGEST_CALL: Duration = Duration::from_secs(6);
/// Both providers live by Beijing's time, and have the bill of a day at this hour of the next.
const BEIJING: Offset = Offset::constant(8);
const BILL_HOUR: i8 = 10;

/// The providers this instance can reach.
#[derive(Debug, Default)]
pub struct Providers {
    wechat: Option<Provider>,
    alipay: Option<Provider>,
    sandbox: Option<Pages>,
}

/// The gateway that stands in for the providers, and the address that its pages are shown at.
#[derive(Debug)]
struct Pages {
    sandbox: Sandbox,
    base: Url,
}

impl Providers {
    /// The real providers.
    pub(in crate::payments) fn live(
        wechat: Option<&WechatConfig>,
        alipay: Option<&AlipayConfig>,
        clock: &Clock,
    ) -> Result<Self, ConfigError> {
        let wechat = wechat.map(|config| Wechat::new(config, clock)).transpose()?;
        let alipay = alipay.map(|config| Alipay::new(config, clock)).transpose()?;
        let provider = |adapter| Provider { adapter, clock: clock.clone(), watch: Watch::default() };
        Ok(Providers {
            wechat: wechat.map(|adapter| provider(Adapter::Wechat(Box::new(adapter)))),
            alipay: alipay.map(|adapter| provider(Adapter::Alipay(Box::new(adapter)))),
            sandbox: None,
        })
    }

    /// Adds the gateway that stands in for them, whose pages people reach under `base`.
    pub(in crate::payments) fn with_sandbox(self, sandbox: Sandbox, base: Url) -> Self {
        Providers { sandbox: Some(Pages { sandbox, base }), ..self }
    }

    /// The provider of a method. `None`: not configured.
    #[must_use]
    pub const fn of(&self, method: PaymentMethod) -> Option<&Provider> {
        match method {
            PaymentMethod::Wechat => self.wechat.as_ref(),
            PaymentMethod::Alipay => self.alipay.as_ref(),
        }
    }

    /// A page where an order can be paid: of the sandbox, and the payer is whoever opens it. The real providers have
    /// none; their codes are scanned.
    #[must_use]
    pub fn payment_url(&self, method: PaymentMethod, order_id: OrderId) -> Option<Url> {
        let Pages { base, .. } = self.sandbox.as_ref()?;
        let page = Sandbox::payment_path(channel_of(method), &order_number(order_id));
        let mut url = base.clone();
        url.set_path(&format!("{}{page}", base.path().trim_end_matches('/')));
        Some(url)
    }

    /// The gateway that stands in for the providers, if one does.
    #[must_use]
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref().map(|pages| &pages.sandbox)
    }
}

/// One provider.
#[derive(Debug)]
pub struct Provider {
    adapter: Adapter,
    clock: Clock,
    watch: Watch,
}

#[derive(Debug)]
enum Adapter {
    Wechat(Box<Wechat>),
    Alipay(Box<Alipay>),
}

impl Provider {
    /// Makes an order known. Safe to repeat with the same values. Sent once: whoever calls decides whether to ask again.
    pub async fn create_order(&self, order: &NewOrder) -> Outcome<PaymentCode> {
        self.ask(async {
            match &self.adapter {
                Adapter::Wechat(wechat) => settled(wechat.create_order(order).await),
                Adapter::Alipay(alipay) => settled(alipay.create_order(order).await),
            }
        })
        .await
    }

    /// Where an order stands.
    pub async fn query_order(&self, order_id: OrderId) -> Outcome<OrderState> {
        self.ask(async {
            match &self.adapter {
                Adapter::Wechat(wechat) => settled(wechat.query_order(order_id).await),
                Adapter::Alipay(alipay) => settled(alipay.query_order(order_id).await),
            }
        })
        .await
    }

    /// Ends an order that nobody has paid, and says where it stands then: a payment may have been faster.
    ///
    /// Alipay has nothing to close before somebody scans the code: then the order is [`OrderState::Absent`], and can be
    /// paid until it expires.
    pub async fn close_order(&self, order_id: OrderId) -> Outcome<OrderState> {
        self.ask(async {
            match &self.adapter {
                Adapter::Wechat(wechat) => settled(wechat.close_order(order_id).await),
                Adapter::Alipay(alipay) => settled(alipay.close_order(order_id).await),
            }
        })
        .await
    }

    /// Sends money back. Safe to repeat with the same number; success means accepted, the state says how far it is.
    pub async fn refund(&self, refund: &RefundOrder) -> Outcome<RefundState> {
        self.ask(async {
            match &self.adapter {
                Adapter::Wechat(wechat) => settled(wechat.refund(refund).await),
                Adapter::Alipay(alipay) => settled(alipay.refund(refund).await),
            }
        })
        .await
    }

    /// How far a refund is.
    pub async fn query_refund(&self, refund: &RefundOrder) -> Outcome<RefundState> {
        self.ask(async {
            match &self.adapter {
                Adapter::Wechat(wechat) => settled(wechat.query_refund(refund).await),
                Adapter::Alipay(alipay) => settled(alipay.query_refund(refund).await),
            }
        })
        .await
    }

    /// What happened on a day (Beijing time). The providers have the bill of a day from 10:00 of the next, and are not
    /// asked before: Alipay does not tell a bill that is not made yet from one that never will be.
    pub async fn bill(&self, day: Date) -> Outcome<DayBill> {
        if self.clock.now().timestamp() < bill_ready(day) {
            return Outcome::Succeeded(DayBill::NotReady);
        }
        match &self.adapter {
            Adapter::Wechat(wechat) => wechat.bill(day).await,
            Adapter::Alipay(alipay) => alipay.bill(day).await,
        }
    }

    /// What a notification says, if it can be believed.
    ///
    /// # Errors
    /// [`Disbelief`].
    pub async fn read_notification(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification, Disbelief> {
        match &self.adapter {
            Adapter::Wechat(wechat) => wechat.read_notification(headers, body).await,
            Adapter::Alipay(alipay) => alipay.read_notification(body),
        }
    }

    /// What the recent calls tell of the provider.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.watch.condition()
    }

    /// Asks something light if nothing good was heard of the provider for so long.
    pub async fn probe(&self, after: Duration) {
        if self.watch.needs_probe(after) {
            // There is no such order, and to say so the provider has to be there.
            let _ = self.query_order(OrderId::from_uuid(uuid::Uuid::nil())).await;
        }
    }

    /// Fetches those certificates and says how many there are. None where nothing is fetched.
    pub(in crate::payments) async fn refresh_certificates(&self) -> Outcome<usize> {
        match &self.adapter {
            Adapter::Wechat(wechat) => self.ask(wechat.refresh_certificates()).await,
            Adapter::Alipay(_) => Outcome::Succeeded(0),
        }
    }

    /// Whether signatures are verified with certificates that have to be fetched.
    pub(in crate::payments) fn fetches_certificates(&self) -> bool {
        matches!(&self.adapter, Adapter::Wechat(wechat) if wechat.fetches_certificates())
    }

    const fn name(&self) -> &'static str {
        match self.adapter {
            Adapter::Wechat(_) => "wechat",
            Adapter::Alipay(_) => "alipay",
        }
    }

    /// Waits for a call, not for ever, and remembers how it ended.
    async fn ask<T>(&self, call: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        let outcome = tokio::time::timeout(LONGEST_CALL, call).await.unwrap_or_else(|_| {
            Outcome::Unknown(Doubt { is_away: false, text: format!("{}: no answer in time", self.name()) })
        });
        let doubt = match &outcome {
            Outcome::Unknown(doubt) => Some(doubt),
            Outcome::Succeeded(_) | Outcome::Refused(_) => None,
        };
        if self.watch.note(doubt.is_none(), self.clock.now()) {
            match doubt {
                Some(doubt) => tracing::warn!(provider = self.name(), %doubt, "the provider does not answer"),
                None => tracing::info!(provider = self.name(), "the provider answers again"),
            }
        }
        outcome
    }
}

/// A value that a provider would refuse is refused before it is sent.
fn settled<T>(asked: Result<Outcome<T>, impl Display>) -> Outcome<T> {
    asked.unwrap_or_else(|invalid| {
        Outcome::Refused(Refusal { reason: RefusalReason::Other, text: invalid.to_string() })
    })
}

/// When the bill of a day can be had. Never, at the end of the calendar.
fn bill_ready(day: Date) -> jiff::Timestamp {
    let ready = day.tomorrow().map(|next| next.at(BILL_HOUR, 0, 0, 0));
    let ready = ready.and_then(|ready| ready.to_zoned(TimeZone::fixed(BEIJING)));
    ready.map_or(jiff::Timestamp::MAX, |ready| ready.timestamp())
}
