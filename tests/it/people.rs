//! People at their desks: signed-in callers of the web endpoints.

use base::ids::OperatorId;
use coinslot::demo;
use platform::security::jwt::Role;
use serde_json::{Value, json};

use crate::harness::{self, Answer, Server, Venue};
use crate::{contract, fixtures};

/// A signed-in account.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) token: String,
    /// What the sign-in answered.
    pub(crate) data: Value,
}

/// A server with the demo data, and every limit out of the way.
pub(crate) async fn demo_server() -> Server {
    let server = harness::start().await;
    server.set("login_attempts_per_minute", json!(1_000_000)).await;
    server.set("web_rate_limit_per_minute", json!(1_000_000)).await;
    demo::insert(&server.app).await.unwrap();
    server
}

impl Server {
    /// A call without a body, or with one when it is not null.
    pub(crate) async fn call(&self, token: Option<&str>, method: &str, path: &str, body: &Value) -> Answer {
        self.call_with(token, method, path, body, &[]).await
    }

    pub(crate) async fn call_with(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = format!("{}{path}", self.base_url);
        let mut request = self.client.request(method.parse().unwrap(), url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.send(request).await;
        contract::check(method, path, answer.status.as_u16(), &answer.body);
        answer
    }

    /// A GET by nobody.
    pub(crate) async fn visit(&self, path: &str) -> Answer {
        self.call(None, "GET", path, &Value::Null).await
    }

    /// Status and body of a GET.
    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        self.call(Some(token), "GET", path, &Value::Null).await.into_parts()
    }

    pub(crate) async fn try_sign_in(&self, door: &str, username: &str, password: &str) -> Answer {
        let body = json!({"username": username, "password": password});
        self.call(None, "POST", &format!("/v1/auth/{door}/login"), &body).await
    }

    pub(crate) async fn sign_in(&self, door: &str, username: &str, password: &str) -> Person {
        let answer = self.try_sign_in(door, username, password).await;
        let data = answer.expect(200, "").clone();
        let token = data["access_token"].as_str().unwrap().to_owned();
        Person { token, data }
    }

    pub(crate) async fn admin(&self) -> Person {
        self.sign_in("admin", "admin", "Admin12345").await
    }

    pub(crate) async fn support(&self) -> Person {
        self.sign_in("admin", "support", "Support12345").await
    }

    pub(crate) async fn finance(&self) -> Person {
        self.sign_in("finance", "finance", "Finance12345").await
    }

    /// Finance staff that reads and never decides.
    pub(crate) async fn auditor(&self) -> Person {
        self.sign_in("finance", "auditor", "Auditor12345").await
    }

    pub(crate) async fn operator2(&self) -> Person {
        self.sign_in("operators", "operator2", "Operator12345").await
    }

    /// The operator of a venue.
    pub(crate) async fn owner_of(&self, venue: &Venue) -> Person {
        let mut connection = self.app.database().acquire().await.unwrap();
        let id = venue.operator_id;
        let token =
            fixtures::token(&mut connection, &self.app, id.to_string(), id.uuid(), Role::Operator).await;
        Person { token, data: json!({"operator": {"operator_id": id}}) }
    }

    pub(crate) async fn operator1(&self) -> Person {
        self.sign_in("operators", "operator1", "Operator12345").await
    }
}

impl Person {
    /// The operator's id.
    pub(crate) fn operator_id(&self) -> OperatorId {
        self.data["operator"]["operator_id"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn get(&self, server: &Server, path: &str) -> Answer {
        server.call(Some(&self.token), "GET", path, &Value::Null).await
    }

    pub(crate) async fn post(&self, server: &Server, path: &str, body: Value) -> Answer {
        server.call(Some(&self.token), "POST", path, &body).await
    }

    pub(crate) async fn post_once(&self, server: &Server, path: &str, body: &Value, key: &str) -> Answer {
        server.call_with(Some(&self.token), "POST", path, body, &[("Idempotency-Key", key)]).await
    }

    pub(crate) async fn put(&self, server: &Server, path: &str, body: Value) -> Answer {
        server.call(Some(&self.token), "PUT", path, &body).await
    }

    pub(crate) async fn delete(&self, server: &Server, path: &str, body: Value) -> Answer {
        server.call(Some(&self.token), "DELETE", path, &body).await
    }
}

impl Answer {
    pub(crate) fn into_parts(self) -> (u16, Value) {
        (self.status.as_u16(), self.body)
    }

    /// The names of `details.fields`.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let fields = self.body["details"]["fields"].as_array();
        fields.into_iter().flatten().filter_map(|field| field["field"].as_str()).collect()
    }
}
