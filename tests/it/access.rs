//! Every operation of the OpenAPI document, called by every kind of caller, against the approved table `access.txt`.
//!
//! Who is not let in is told so before anything of the request is looked at: a malformed id, a wrong content type and a
//! body that is no JSON make no difference to a 401 or 403.

use std::collections::{BTreeMap, BTreeSet};

use api::app::App;
use office::staff::{self, NewStaff, StaffRole};
use platform::security::jwt::Role;
use platform::security::roles::{AdminRole, FinanceRole};
use platform::security::tokens::Subject;
use serde_json::{Value, json};

use crate::fixtures::{operator, token};
use crate::harness::{Server, start};

/// An operation, such as `GET /v1/operators/me`.
type Operation = (String, String);

/// Who is let in: `anyone`, `headset`, a role, or a role with a permission.
fn approved() -> BTreeMap<Operation, Vec<&'static str>> {
    let lines = include_str!("access.txt").lines();
    let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|row| {
        let mut words = row.split_whitespace();
        let operation = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
        (operation, words.collect())
    })
    .collect()
}

pub(crate) fn described() -> BTreeSet<Operation> {
    let document = serde_json::to_value(api::router::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = |(path, item): (&String, &Value)| -> Vec<Operation> {
        let methods = ["get", "post", "put", "delete", "patch"].into_iter();
        let found = methods.filter(|method| item.get(method).is_some());
        found.map(|method| (method.to_uppercase(), path.clone())).collect()
    };
    paths.iter().flat_map(operations).collect()
}

#[test]
fn the_table_names_every_operation() {
    let approved: BTreeSet<Operation> = approved().into_keys().collect();
    let described = described();
    let missing: Vec<_> = described.difference(&approved).collect();
    let gone: Vec<_> = approved.difference(&described).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "not in the table: {missing:?}; not in the code: {gone:?}"
    );
}

/// A signed-in account, and which words of the table let it in.
struct Caller {
    name: String,
    subject: Subject,
    words: BTreeSet<String>,
}

impl Caller {
    fn is_let_in(&self, callers: &[&str]) -> bool {
        callers.iter().any(|word| *word == "anyone" || self.words.contains(*word))
    }

    /// A token of its own for each call, because one of the calls signs out.
    async fn token(&self, app: &App) -> String {
        let mut connection = app.database().acquire().await.unwrap();
        let subject = self.subject;
        token(&mut connection, app, subject.to_string(), subject.uuid(), subject.role()).await
    }
}

/// An account of the role that holds exactly these permissions.
async fn staff_member(server: &Server, role: StaffRole, all: &[&str], held: &[&str], name: &str) -> Caller {
    let mut connection = server.owner().await;
    let username = format!("u{}", &uuid::Uuid::new_v4().simple().to_string()[..16]);
    let new = NewStaff { role, username: &username, password_hash: "", name };
    let id = staff::insert(&mut connection, &new, server.app.clock().now()).await.unwrap().unwrap();
    let overrides: serde_json::Map<String, Value> =
        all.iter().map(|permission| ((*permission).to_owned(), json!(held.contains(permission)))).collect();
    let sql = "UPDATE staff_accounts SET permission_overrides = $2 WHERE id = $1";
    server.change(sqlx::query(sql).bind(id).bind(Value::Object(overrides))).await;
    let role = match role {
        StaffRole::Admin(_) => Role::Admin,
        StaffRole::Finance(_) => Role::Finance,
        StaffRole::Analyst => Role::Analyst,
    };
    let words = held.iter().map(|permission| format!("{}:{permission}", role.into_str()));
    let words = words.chain([role.into_str().to_owned()]).collect();
    Caller { name: name.to_owned(), subject: Subject::new(role, id), words }
}

/// For each permission somebody who holds nothing else and somebody who holds everything else; and an operator and an
/// analyst.
async fn callers(server: &Server) -> Vec<Caller> {
    let operator = operator(&server.app, "venue").await;
    let words = ["operator".to_owned()].into();
    let mut callers =
        vec![Caller { name: "operator".to_owned(), subject: Subject::Operator(operator.id), words }];
    callers.push(staff_member(server, StaffRole::Analyst, &[], &[], "analyst").await);
    for (role, all) in [
        (StaffRole::Admin(AdminRole::Admin), AdminRole::SuperAdmin.preset().by_name()),
        (StaffRole::Finance(FinanceRole::Manager), FinanceRole::Manager.preset().by_name()),
    ] {
        let all: Vec<&str> = all.into_keys().collect();
        for permission in &all {
            let others: Vec<&str> = all.iter().copied().filter(|other| other != permission).collect();
            let only = format!("{role:?} with only {permission}");
            callers.push(staff_member(server, role, &all, &[permission], &only).await);
            let but = format!("{role:?} with all but {permission}");
            callers.push(staff_member(server, role, &all, &others, &but).await);
        }
    }
    callers
}

const SOME_IDS: [(&str, &str); 12] = [
    ("/recharges/{id}", "ord_01h455vb4pex5vsknk084sn02q"),
    ("/sites/{id}", "site_01h455vb4pex5vsknk084sn02q"),
    ("/applications/{id}", "app_01h455vb4pex5vsknk084sn02q"),
    ("/app-requests/{id}", "req_01h455vb4pex5vsknk084sn02q"),
    ("/authorizations/{id}", "auth_01h455vb4pex5vsknk084sn02q"),
    ("/refunds/{id}", "refund_01h455vb4pex5vsknk084sn02q"),
    ("/reports/{id}", "rpt_01h455vb4pex5vsknk084sn02q"),
    ("/invoices/{id}", "inv_01h455vb4pex5vsknk084sn02q"),
    ("/messages/{id}", "msg_01h455vb4pex5vsknk084sn02q"),
    ("/emails/{id}", "email_01h455vb4pex5vsknk084sn02q"),
    ("/jobs/dead/{id}", "job_01h455vb4pex5vsknk084sn02q"),
    ("/accounts/{id}", "admin_01h455vb4pex5vsknk084sn02q"),
];

/// The path with well-formed ids of nothing, or with malformed ones.
fn fill(path: &str, is_well_formed: bool) -> String {
    let well_formed = || {
        let known = SOME_IDS.iter().find(|(part, _)| path.contains(part)).map(|(_, id)| *id);
        known.unwrap_or("op_01h455vb4pex5vsknk084sn02q")
    };
    let id = if is_well_formed { well_formed() } else { "nonsense" };
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}

/// Only the status: one of the answers is a stream without an end.
async fn status(server: &Server, method: &str, path: &str, token: Option<&str>, body: Option<&str>) -> u16 {
    let mut request = server.client.request(method.parse().unwrap(), format!("{}{path}", server.base_url));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if method != "GET" {
        let kind = if body.is_some() { "application/json" } else { "text/plain" };
        request = request.header("Content-Type", kind).body(body.unwrap_or("{").to_owned());
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn nobody_is_let_in_without_a_live_token() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let dead = operator.token;
    server.call(Some(&dead), "POST", "/v1/auth/logout", &json!({})).await.expect(200, "");
    for ((method, path), callers) in approved() {
        if callers == ["anyone"] {
            continue;
        }
        // Of a headset's call the transport comes first: what is no JSON is told before who is not known.
        let body = (callers == ["headset"]).then_some("{}");
        for token in [None, Some("no.token.here"), Some(dead.as_str())] {
            let found = status(&server, &method, &fill(&path, false), token, body).await;
            assert_eq!(found, 401, "{method} {path} {token:?}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn each_caller_is_let_in_exactly_where_the_table_says() {
    let server = start().await;
    let callers = callers(&server).await;
    for ((method, path), approved) in approved() {
        if approved.iter().any(|word| ["anyone", "headset"].contains(word)) {
            continue;
        }
        for caller in &callers {
            let token = caller.token(&server.app).await;
            if caller.is_let_in(&approved) {
                let found = status(&server, &method, &fill(&path, true), Some(&token), Some("{}")).await;
                assert!(![401, 403].contains(&found), "{method} {path}: {} got {found}", caller.name);
                assert!(found < 500, "{method} {path}: {} got {found}", caller.name);
            } else {
                let found = status(&server, &method, &fill(&path, false), Some(&token), None).await;
                assert_eq!(found, 403, "{method} {path}: {}", caller.name);
            }
        }
    }
    server.stop().await;
}
