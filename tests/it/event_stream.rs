//! A client of `GET /v1/events`.

use std::time::Duration;

use coinslot::ids::OperatorId;
use coinslot::security::jwt::Role;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::fixtures::token;
use crate::harness::Server;

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
        loop {
            let event = self.next_of_any_kind().await?;
            if event.name != "refresh" {
                return Some(event);
            }
        }
    }

    /// Reads on until the event comes, and returns it and what came before it.
    pub(crate) async fn until(&mut self, name: &str, is_it: impl Fn(&Value) -> bool) -> (Event, Vec<Event>) {
        let mut before = Vec::new();
        loop {
            let Some(event) = self.next_of_any_kind().await else {
                panic!("the stream ended before {name}, after {before:?}")
            };
            if event.name == name && is_it(&event.data) {
                return (event, before);
            }
            before.push(event);
        }
    }

    /// Reads on until a field of the event has the value.
    pub(crate) async fn told(&mut self, name: &str, field: &str, value: impl Into<Value>) -> Vec<Event> {
        let value = value.into();
        self.until(name, |data| data[field] == value).await.1
    }

    async fn next_of_any_kind(&mut self) -> Option<Event> {
        loop {
            while let Some(block) = self.take_block() {
                if let Some(event) = parse(&block) {
                    return Some(event);
                }
            }
            let chunk = tokio::time::timeout(DEADLINE, self.response.chunk()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("waited in vain for an event"));
            self.buffer.extend_from_slice(&chunk.unwrap()?);
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
