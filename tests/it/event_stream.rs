//! A client of `GET /v1/events`, and causes of events.

use std::time::Duration;

use base::ids::{OperatorId, OrderId, RefundId};
use platform::messages::{self, MessageKind, NewMessage};
use platform::security::jwt::Role;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::fixtures::token;
use crate::harness::{Server, Venue};

/// How long an event may take before the test gives up; nothing is said about how long it should take.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) struct EventStream {
    response: reqwest::Response,
    buffer: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl Server {
    /// The open stream of whoever has the token.
    pub(crate) async fn events(&self, token: &str) -> EventStream {
        let request = self.client.get(format!("{}/v1/events", self.base_url)).bearer_auth(token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{:?}", response.text().await);
        EventStream { response, buffer: Vec::new() }
    }

    pub(crate) async fn operator_token(&self, id: OperatorId) -> String {
        let mut owner = self.owner().await;
        token(&mut owner, &self.app, id.to_string(), id.uuid(), Role::Operator).await
    }

    /// The open stream of an operator, after the events that every stream of an operator begins with.
    pub(crate) async fn operator_events(&self, id: OperatorId) -> EventStream {
        let token = self.operator_token(id).await;
        let mut stream = self.events(&token).await;
        stream.until("balance", |_| true).await;
        stream.until("message", |_| true).await;
        stream
    }
}

impl EventStream {
    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// What comes next; `None` at the end. An instance that has only just connected to the database says `refresh`.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        let next = async {
            loop {
                let event = self.read().await?;
                if event.name != "refresh" {
                    return Some(event);
                }
            }
        };
        tokio::time::timeout(DEADLINE, next).await.expect("there is an event or an end")
    }

    /// Reads on until the event comes, and returns it and what came before it.
    pub(crate) async fn until(&mut self, name: &str, is_it: impl Fn(&Value) -> bool) -> (Event, Vec<Event>) {
        let mut before = Vec::new();
        let search = async {
            loop {
                let event = self.read().await?;
                if event.name == name && is_it(&event.data) {
                    return Some(event);
                }
                before.push(event);
            }
        };
        match tokio::time::timeout(DEADLINE, search).await {
            Ok(Some(event)) => (event, before),
            Ok(None) => panic!("the stream ended before {name}, after {before:?}"),
            Err(_) => panic!("waited in vain for {name}, after {before:?}"),
        }
    }

    /// Reads on until a field of the event has the value.
    pub(crate) async fn told(&mut self, name: &str, field: &str, value: impl Into<Value>) -> Vec<Event> {
        let value = value.into();
        self.until(name, |data| data[field] == value).await.1
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            while let Some(block) = self.take_block() {
                if let Some(event) = parse(&block) {
                    return Some(event);
                }
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.buffer.extend_from_slice(&chunk);
        }
    }

    /// The lines up to the next empty one.
    fn take_block(&mut self) -> Option<String> {
        let end = self.buffer.windows(2).position(|two| two == b"\n\n")?;
        let rest = self.buffer.split_off(end + 2);
        Some(String::from_utf8(std::mem::replace(&mut self.buffer, rest)).unwrap())
    }
}

/// `None` for a comment.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_start);
    let name = field("event:")?.to_owned();
    Some(Event { name, data: serde_json::from_str(field("data:").unwrap()).unwrap() })
}

pub(crate) async fn charge(server: &Server, venue: &Venue) {
    server.authorize(venue, &venue.session(), 2).await.expect(200, "");
}

pub(crate) async fn message(server: &Server, operators: &[OperatorId]) {
    let message = NewMessage {
        kind: MessageKind::System,
        title: "通知".to_owned(),
        content: "内容".to_owned(),
        announcement_id: None,
    };
    messages::send(&mut server.owner().await, operators, &message, server.app.clock().now()).await.unwrap();
}

/// A pending order, and its id.
pub(crate) async fn order(server: &Server, operator_id: OperatorId) -> OrderId {
    let now = server.app.clock().now();
    let id = OrderId::generate(now);
    let sql = "INSERT INTO recharge_orders (operator_id, id, amount_fen, payment_method, created_at, expires_at, updated_at)
               VALUES ($1, $2, 1000, 'wechat', $3, $3, $3)";
    server.change(sqlx::query(sql).bind(operator_id).bind(id).bind(now)).await;
    id
}

pub(crate) async fn refund(server: &Server, operator_id: OperatorId) -> RefundId {
    let now = server.app.clock().now();
    let id = RefundId::generate(now);
    let sql = "INSERT INTO refunds (operator_id, id, requested_fen, reason, created_at) VALUES ($1, $2, 100, '关店', $3)";
    server.change(sqlx::query(sql).bind(operator_id).bind(id).bind(now)).await;
    id
}
