//! An operator that tops up, on a server with a clock that stands still.

use base::clock::{Clock, UtcTime};
use base::ids::OrderId;
use jiff::SignedDuration;
use office::payments::providers::{PaymentMethod, order_number};
use office::payments::sandbox::channel_of;
use pay_sandbox::{Channel, Fault, Forgery, Letter, PaymentResult};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::cluster;
use crate::harness::{Answer, Server, Venue, start_at};
use crate::people::Person;
use crate::scratch::wait_for;

/// 2026-11-24 10:00 in Beijing.
const START: i64 = 1_795_485_600_000;

pub(super) const RECHARGE: &str = "/v1/operators/me/recharge";
pub(super) const RECHARGES: &str = "/v1/operators/me/recharges";
pub(super) const ALERTS: &str = "finance@example.com";

pub(super) struct Shop {
    pub(super) server: Server,
    pub(super) clock: Clock,
    pub(super) method: PaymentMethod,
    pub(super) venue: Venue,
    pub(super) operator: Person,
}

/// A notification as a provider sent it.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// An order as it stands in the database.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) status: String,
    pub(super) paid_late: bool,
    pub(super) query_failures: i32,
    pub(super) next_query_at: Option<UtcTime>,
    pub(super) provider_transaction_id: Option<String>,
    pub(super) last_answer: Option<String>,
}

impl Shop {
    pub(super) async fn open(method: PaymentMethod) -> Self {
        let database = cluster::database().await;
        let clock = Clock::fixed(START);
        let server = start_at(database.url(), clock.clone()).await;
        server.set("web_rate_limit_per_minute", json!(1_000_000)).await;
        server.set("alert_email", json!(ALERTS)).await;
        let venue = server.venue(0).await;
        let operator = server.owner_of(&venue).await;
        Shop { server, clock, method, venue, operator }
    }

    pub(super) fn now(&self) -> UtcTime {
        self.clock.now()
    }

    /// Moves the clock, and gives the operator a token that is good then.
    pub(super) async fn advance(&mut self, by: SignedDuration) {
        self.clock.set(self.now().plus(by).as_millis());
        self.operator = self.server.owner_of(&self.venue).await;
    }

    pub(super) fn channel(&self) -> Channel {
        channel_of(self.method)
    }

    pub(super) fn request(&self, amount: &str) -> Value {
        json!({"amount": amount, "payment_method": self.method})
    }

    pub(super) async fn ask(&self, amount: &str) -> Answer {
        self.operator.post(&self.server, RECHARGE, self.request(amount)).await
    }

    /// An order over 50.00.
    pub(super) async fn order(&self) -> OrderId {
        let answer = self.ask("50.00").await;
        answer.expect(201, "")["order_id"].as_str().unwrap().parse().unwrap()
    }

    pub(super) fn pay(&self, order: OrderId, result: PaymentResult) {
        self.server.sandbox().pay(self.channel(), &order_number(order), result).unwrap();
    }

    pub(super) fn scan(&self, order: OrderId) {
        self.server.sandbox().scan(self.channel(), &order_number(order));
    }

    pub(super) fn set_fault(&self, fault: Fault) {
        self.server.sandbox().set_fault(self.channel(), fault);
    }

    pub(super) async fn row(&self, order: OrderId) -> Row {
        sqlx::query_as(
            "SELECT status, paid_late, query_failures, next_query_at, provider_transaction_id, last_answer
             FROM recharge_orders WHERE id = $1",
        )
        .bind(order)
        .fetch_one(&mut self.server.owner().await)
        .await
        .unwrap()
    }

    pub(super) async fn until_status(&self, order: OrderId, status: &str) {
        let what = format!("the order is {status}");
        wait_for(&what, async || (self.row(order).await.status == status).then_some(())).await;
    }

    /// Asks about what is due. A question that the background has taken is waited for, too.
    pub(super) async fn reconcile(&self) {
        wait_for("nothing is due", async || {
            office::payments::reconcile_once(self.server.app.cashier()).await.unwrap();
            let taken: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM recharge_orders
                 WHERE next_query_at <= $1 OR (next_query_at = $1 + interval '120 s' AND updated_at < $1)",
            )
            .bind(self.now())
            .fetch_one(&mut self.server.owner().await)
            .await
            .unwrap();
            (taken == 0).then_some(())
        })
        .await;
    }

    pub(super) async fn expire(&self) {
        let mut connection = self.server.app.database().acquire().await.unwrap();
        office::payments::expire_once(&mut connection, self.now()).await.unwrap();
    }

    pub(super) async fn balance(&self) -> i64 {
        self.server.balance_fen(&self.venue).await
    }

    /// The verdicts on what the provider sent, sorted: the clock stands still.
    pub(super) async fn verdicts(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT verdict FROM payment_notifications ORDER BY verdict")
            .fetch_all(&mut self.server.owner().await)
            .await
            .unwrap()
    }

    /// The first notification about an order that was believed, to be sent again.
    pub(super) async fn sent(&self, order: OrderId) -> Sent {
        let (headers, body): (Value, Vec<u8>) = wait_for("the notification has come", async || {
            sqlx::query_as(
                "SELECT headers, body FROM payment_notifications WHERE order_id = $1 ORDER BY id LIMIT 1",
            )
            .bind(order)
            .fetch_optional(&mut self.server.owner().await)
            .await
            .unwrap()
        })
        .await;
        let headers = headers.as_object().unwrap().iter();
        let headers = headers.map(|(name, value)| {
            let value = HeaderValue::from_str(value.as_str().unwrap()).unwrap();
            (name.parse::<HeaderName>().unwrap(), value)
        });
        Sent { headers: headers.collect(), body }
    }

    /// What the provider has to tell of a paid order, genuine or not, to be posted by the test.
    pub(super) fn letter(&self, order: OrderId, forgery: Option<Forgery>) -> Sent {
        let letter = self.server.sandbox().letter(self.channel(), &order_number(order), forgery);
        let Letter { headers, body } = letter.unwrap();
        Sent { headers, body }
    }

    /// Pays an order; nobody is told, and the notification comes back.
    pub(super) fn unsent(&self, order: OrderId) -> Sent {
        self.pay(order, PaymentResult::SuccessWithoutNotify);
        self.letter(order, None)
    }

    pub(super) async fn notify(&self, server: &Server, sent: &Sent) -> Answer {
        let path = format!("{}/v1/payments/{}/notify", server.base_url, self.method.into_str());
        server.send(server.client.post(path).headers(sent.headers.clone()).body(sent.body.clone())).await
    }

    /// Whether the provider would send it again.
    pub(super) fn is_taken(&self, answer: &Answer) -> bool {
        match self.method {
            PaymentMethod::Wechat => answer.status == 204,
            PaymentMethod::Alipay => answer.status == 200 && answer.body == "success",
        }
    }

    /// How often this was counted.
    pub(super) async fn counted(&self, status: &str) -> u64 {
        let text = self.server.visit("/metrics").await.body;
        let line = format!(
            "mr_payment_callback_total{{channel=\"{}\",status=\"{status}\"}} ",
            self.method.into_str()
        );
        let found = text.as_str().unwrap().lines().find_map(|found| found.strip_prefix(&line));
        found.map_or(0, |count| count.parse().unwrap())
    }

    /// The subjects of the e-mails to whoever looks after the money.
    pub(super) async fn alerts(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT subject FROM email_outbox WHERE recipient = $1 ORDER BY id")
            .bind(ALERTS)
            .fetch_all(&mut self.server.owner().await)
            .await
            .unwrap()
    }

    /// Everything is in order, and the operator has what these orders over 50.00 bring.
    pub(super) async fn expect_credited(&self, orders: i64) {
        assert_eq!(self.balance().await, orders * 5_000);
        self.server.verify().await;
    }

    /// A member of the finance staff, at this time.
    pub(super) async fn finance(&self) -> Person {
        let mut connection = self.server.owner().await;
        let username = format!("f{}", &uuid::Uuid::new_v4().simple().to_string()[..16]);
        let role = office::staff::StaffRole::Finance(platform::security::roles::FinanceRole::Manager);
        let new =
            office::staff::NewStaff { role, username: &username, password_hash: "", name: "财务小李" };
        let id = office::staff::insert(&mut connection, &new, self.now()).await.unwrap().unwrap();
        let subject = base::ids::FinanceId::from_uuid(id).to_string();
        let role = platform::security::jwt::Role::Finance;
        let token = crate::fixtures::token(&mut connection, &self.server.app, subject, id, role).await;
        Person { token, data: Value::Null }
    }
}

pub(super) const fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

pub(super) const fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}
