//! The providers of this instance, and the calls to them, with a limit to the time they take.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use jiff::civil::Date;
use pay_protocol::{PaymentProvider, beijing};
use pay_sandbox::Sandbox;
use url::Url;
use wechat_pay::Wechat;

use super::condition::{Condition, Watch};
use super::{
    AbnormalDestination, Answer, DayBill, Disbelief, Doubt, NewOrder, Notification, OrderState, Outcome,
    PaymentCode, PaymentMethod, RefundOrder, RefundState, connect, convert, order_number,
};
use crate::payments::config::{AlipayConfig, WechatConfig};
use crate::payments::sandbox::channel_of;
use base::clock::Clock;
use base::ids::OrderId;
use platform::config::ConfigError;

/// Nobody waits longer for a provider, whatever a call is made of. Bills are fetched in the background and may take
/// longer.
const LONGEST_CALL: Duration = Duration::from_secs(6);

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
        let provider = |method, client: Arc<dyn PaymentProvider>, certificates| Provider {
            method,
            client,
            certificates,
            clock: clock.clone(),
            watch: Watch::default(),
        };
        let wechat = wechat.map(|config| {
            let client = Arc::new(connect::wechat(config, clock)?);
            let certificates = config.fetches_certificates().then(|| Arc::clone(&client));
            Ok::<_, ConfigError>(provider(PaymentMethod::Wechat, client, certificates))
        });
        let alipay = alipay.map(|config| {
            let client = Arc::new(connect::alipay(config, clock)?);
            Ok::<_, ConfigError>(provider(PaymentMethod::Alipay, client, None))
        });
        Ok(Providers { wechat: wechat.transpose()?, alipay: alipay.transpose()?, sandbox: None })
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
    method: PaymentMethod,
    client: Arc<dyn PaymentProvider>,
    /// The client whose platform certificates have to be fetched.
    certificates: Option<Arc<Wechat>>,
    clock: Clock,
    watch: Watch,
}

impl Provider {
    /// Makes an order known. Safe to repeat with the same values. Sent once: whoever calls decides whether to ask again.
    pub async fn create_order(&self, order: &NewOrder) -> Outcome<PaymentCode> {
        self.act(self.client.create_order(&order.for_provider())).await
    }

    /// Where an order stands.
    ///
    /// # Errors
    /// [`Doubt`], also when the provider refuses the question.
    pub async fn query_order(&self, order_id: OrderId) -> Answer<OrderState> {
        self.ask(self.client.query_order(&order_number(order_id))).await.map(OrderState::from)
    }

    /// Ends an order that nobody has paid, and says where it stands then: a payment may have been faster.
    ///
    /// Alipay has nothing to close before somebody scans the code: then the order is [`OrderState::Absent`], and can be
    /// paid until it expires.
    pub async fn close_order(&self, order_id: OrderId) -> Outcome<OrderState> {
        self.act(self.client.close_order(&order_number(order_id))).await.map(OrderState::from)
    }

    /// Sends money back. Safe to repeat with the same number; success means accepted, the state says how far it is.
    pub async fn refund(&self, refund: &RefundOrder) -> Outcome<RefundState> {
        self.act(self.client.refund(&refund.for_provider())).await
    }

    /// How far a refund is.
    ///
    /// # Errors
    /// As for [`Provider::query_order`].
    pub async fn query_refund(&self, refund: &RefundOrder) -> Answer<RefundState> {
        self.ask(self.client.query_refund(&refund.for_provider())).await
    }

    /// Sends a refund on that is [`RefundState::Abnormal`].
    pub async fn apply_abnormal_refund(
        &self,
        refund: &RefundOrder,
        provider_refund_id: &str,
        destination: &AbnormalDestination,
    ) -> Outcome<RefundState> {
        let refund = refund.for_provider();
        self.act(self.client.apply_abnormal_refund(&refund, provider_refund_id, destination)).await
    }

    /// What happened on a day (Beijing time). The providers have the bill of a day from 10:00 of the next, and are not
    /// asked before. One that has no bill then may be late: that nothing happened is believed a day later.
    ///
    /// # Errors
    /// As for [`Provider::query_order`].
    pub async fn bill(&self, day: Date) -> Answer<DayBill> {
        let now = self.clock.now().timestamp();
        if now < beijing::bill_ready(day) {
            return Ok(DayBill::NotReady);
        }
        let is_late = day.tomorrow().is_ok_and(|next| now < beijing::bill_ready(next));
        let bill = match self.client.bill(day).await? {
            pay_protocol::DayBill::Ready(bill) => bill,
            pay_protocol::DayBill::Absent if !is_late => pay_protocol::Bill::default(),
            pay_protocol::DayBill::Absent | pay_protocol::DayBill::NotReady => return Ok(DayBill::NotReady),
        };
        if !bill.of_other_applications.is_empty() {
            let rows = bill.of_other_applications.len();
            tracing::info!(provider = self.name(), %day, rows, "rows of other applications are none of ours");
        }
        Ok(DayBill::Rows(bill.rows.into_iter().map(convert::row).collect()))
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
        convert::notification(self.client.read_notification(headers, body).await?)
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
    pub(in crate::payments) async fn refresh_certificates(&self) -> Answer<usize> {
        match &self.certificates {
            Some(wechat) => self.ask(wechat.client().refresh_certificates()).await,
            None => Ok(0),
        }
    }

    /// Whether signatures are verified with certificates that have to be fetched.
    pub(in crate::payments) const fn fetches_certificates(&self) -> bool {
        self.certificates.is_some()
    }

    const fn name(&self) -> &'static str {
        self.method.into_str()
    }

    /// Waits for an act, not for ever, and remembers how it ended.
    async fn act<T>(&self, call: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        let ended = tokio::time::timeout(LONGEST_CALL, call).await;
        let outcome = ended.unwrap_or(Outcome::Unknown(Doubt::TimedOut));
        self.note(match &outcome {
            Outcome::Unknown(doubt) => Some(doubt),
            Outcome::Succeeded(_) | Outcome::Refused(_) => None,
        });
        outcome
    }

    /// The same for a question.
    async fn ask<T>(&self, call: impl Future<Output = Answer<T>>) -> Answer<T> {
        let ended = tokio::time::timeout(LONGEST_CALL, call).await;
        let answer = ended.unwrap_or(Err(Doubt::TimedOut));
        self.note(answer.as_ref().err());
        answer
    }

    fn note(&self, doubt: Option<&Doubt>) {
        if self.watch.note(doubt.is_none(), self.clock.now()) {
            match doubt {
                Some(doubt) => tracing::warn!(provider = self.name(), %doubt, "the provider does not answer"),
                None => tracing::info!(provider = self.name(), "the provider answers again"),
            }
        }
    }
}
