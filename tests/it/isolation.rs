//! One operator can neither see nor change anything of another, whichever endpoint and whatever kind of id.

use money::Fen;
use office::applications;
use serde_json::{Value, json};

use crate::access::described;
use crate::fixtures::{application, top_up};
use crate::harness::{Server, Venue, start};

/// What belongs to one operator.
struct Belongings {
    venue: Venue,
    token: String,
    session_id: String,
    /// Ids in wire form, by the part of the path they stand behind.
    ids: Vec<(&'static str, String)>,
}

impl Belongings {
    /// Everything by which the owner could be recognised in an answer.
    fn traces(&self) -> Vec<&str> {
        let ids = self.ids.iter().map(|(_, id)| id.as_str());
        ids.chain([self.session_id.as_str(), self.venue.api_key.as_str()]).collect()
    }

    fn id(&self, kind: &str) -> &str {
        &self.ids.iter().find(|(part, _)| *part == kind).unwrap().1
    }
}

async fn text(server: &Server, token: &str, method: &str, path: &str, body: &Value) -> String {
    let answer = server.call(Some(token), method, path, body).await;
    assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.body);
    answer.body.to_string()
}

async fn post(server: &Server, token: &str, path: &str, body: Value, field: &str) -> String {
    let answer = server.call(Some(token), "POST", path, &body).await;
    let data = answer.expect(201, "");
    data[field].as_str().unwrap_or_else(|| panic!("{path}: no {field} in {data}")).to_owned()
}

/// An operator that has one of everything.
async fn owner(server: &Server) -> Belongings {
    let (venue, token) = server.signed_in_venue(100_000).await;
    let session_id = venue.session();
    let usage_id = server.authorize(&venue, &session_id, 5).await.expect(200, "")["usage_id"].clone();
    let order_id = top_up(&server.app, venue.operator_id, 50_000).await;
    let other_app = application(&server.app, "星际战争", 1_200).await;
    let me = "/v1/operators/me";
    let request = json!({"app_id": other_app, "reason": "想开设新的体验项目内容"});
    let request_id = post(server, &token, &format!("{me}/app-requests"), request, "request_id").await;
    let refund = json!({"reason": "门店停业，申请退款处理"});
    let refund_id = post(server, &token, &format!("{me}/refunds"), refund, "refund_id").await;
    let invoice =
        json!({"amount": "100.00", "invoice_title": "梦境互动娱乐有限公司", "tax_id": "91110105MA01ABCD2X"});
    let invoice_id = post(server, &token, &format!("{me}/invoices"), invoice, "invoice_id").await;
    let mut connection = server.app.database().acquire().await.unwrap();
    let now = server.app.clock().now();
    applications::change_price(&mut connection, venue.app_id, Fen::new(1_100), None, "test", now)
        .await
        .unwrap();
    drop(connection);
    let messages = server.call(Some(&token), "GET", &format!("{me}/messages"), &Value::Null).await;
    let message_id = messages.body["items"][0]["message_id"].as_str().unwrap().to_owned();
    let ids = vec![
        ("operators", venue.operator_id.to_string()),
        ("sites", venue.site_id.to_string()),
        ("usage", usage_id.as_str().unwrap().to_owned()),
        ("app-requests", request_id),
        ("recharges", order_id.to_string()),
        ("refunds", refund_id),
        ("invoices", invoice_id),
        ("messages", message_id),
    ];
    Belongings { venue, token, session_id, ids }
}

/// What the owner sees of itself.
async fn view(server: &Server, token: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for path in [
        "",
        "/balance",
        "/sites",
        "/app-requests",
        "/recharges",
        "/refunds",
        "/invoices",
        "/messages",
        "/usage-records",
    ] {
        seen.push(text(server, token, "GET", &format!("/v1/operators/me{path}"), &Value::Null).await);
    }
    seen
}

#[tokio::test]
async fn an_id_of_another_operator_in_a_path_is_not_found_and_changes_nothing() {
    let server = start().await;
    let owner = owner(&server).await;
    let (_, other) = server.signed_in_venue(100_000).await;
    let before = view(&server, &owner.token).await;
    let mut tried = 0;
    for (method, path) in described() {
        let Some(rest) = path.strip_prefix("/v1/operators/me/").filter(|_| path.contains('{')) else {
            continue;
        };
        let kind = rest.split('/').next().unwrap();
        let path = path.replace("{id}", owner.id(kind));
        let body = if method == "GET" { Value::Null } else { json!({"name": "我的名字"}) };
        let answer = server.call(Some(&other), &method, &path, &body).await;
        assert_eq!(answer.status.as_u16(), 404, "{method} {path}: {}", answer.body);
        tried += 1;
    }
    assert!(tried >= 4, "{tried}");
    assert_eq!(view(&server, &owner.token).await, before);
}

#[tokio::test]
async fn no_answer_to_one_operator_tells_of_another() {
    let server = start().await;
    let owner = owner(&server).await;
    let (_, other) = server.signed_in_venue(100_000).await;
    for (method, path) in described() {
        if method != "GET" || !path.starts_with("/v1/operators/me") || path.contains('{') {
            continue;
        }
        let filters = format!(
            "?operator_id={}&site_id={}&app_id={}&include_deleted=true",
            owner.id("operators"),
            owner.id("sites"),
            owner.venue.app_id
        );
        for query in ["", filters.as_str()] {
            // A file that can be read, with the parameter that one of them requires.
            let file = if path.ends_with("/export") { "format=csv&report=by-site" } else { "" };
            let path = match query {
                "" => format!("{path}?{file}"),
                filters => format!("{path}{filters}&{file}"),
            };
            let seen = text(&server, &other, "GET", &path, &Value::Null).await;
            for trace in owner.traces() {
                assert!(!seen.contains(trace), "{path} tells {trace}: {seen}");
            }
        }
    }
    let filtered = format!("/v1/operators/me/usage-records?site_id={}", owner.id("sites"));
    let answer = server.call(Some(&owner.token), "GET", &filtered, &Value::Null).await;
    assert_eq!(answer.body["total"], 1, "the owner itself sees what the filter names");
}

#[tokio::test]
async fn a_headset_server_reaches_nothing_of_another_operator() {
    let server = start().await;
    let owner = owner(&server).await;
    let (other, _) = server.signed_in_venue(100_000).await;
    let before = view(&server, &owner.token).await;

    let foreign_site = Venue { site_id: owner.venue.site_id, ..other.clone() };
    let answer = server.authorize(&foreign_site, &other.session(), 3).await;
    answer.expect(404, "SITE_NOT_FOUND");
    let foreign_app = Venue { app_id: owner.venue.app_id, ..other.clone() };
    let answer = server.authorize(&foreign_app, &other.session(), 3).await;
    answer.expect(403, "APP_NOT_AUTHORIZED");
    let answer = server.authorize(&other, &owner.session_id, 5).await;
    answer.expect(400, "INVALID_SESSION_ID");
    let path = format!("/v1/auth/game/sessions/{}/end", owner.session_id);
    let body = json!({"duration_seconds": 60}).to_string();
    let answer = server.send(server.signed(&other, "POST", &path, Some(&body))).await;
    assert_eq!(answer.status.as_u16(), 404, "{}", answer.body);
    let answer = server.send(server.signed(&other, "GET", "/v1/auth/game/config", None)).await;
    let seen = answer.expect(200, "").to_string();
    assert!(owner.traces().iter().all(|trace| !seen.contains(trace)), "{seen}");

    assert_eq!(view(&server, &owner.token).await, before);
}
