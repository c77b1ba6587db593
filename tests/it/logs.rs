//! The logs that people read: shapes, filters, and who may see them.

use office::audit;
use serde_json::{Value, json};

use crate::harness::Server;
use crate::log_paging::by_cursors;
use crate::people::{Person, demo_server};
use crate::requests::{CONFIG, Call};
use crate::scratch::wait_for;

pub(crate) const AUTHORIZATION_LOGS: &str = "/v1/admin/authorization-logs";
pub(crate) const AUDIT_LOGS: &str = "/v1/admin/audit-logs";
pub(crate) const SECURITY_EVENTS: &str = "/v1/admin/security-events";
const FINANCE_AUDIT_LOGS: &str = "/v1/finance/audit-logs";

pub(crate) async fn get(server: &Server, person: &Person, path: &str) -> Value {
    let answer = person.get(server, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

pub(crate) fn items(body: &Value) -> &Vec<Value> {
    body["items"].as_array().unwrap()
}

fn values<'a>(body: &'a Value, field: &str) -> Vec<&'a str> {
    items(body).iter().map(|item| item[field].as_str().unwrap_or("")).collect()
}

async fn finance(server: &Server, username: &str, password: &str) -> Person {
    server.sign_in("finance", username, password).await
}

/// Takes the fields that a test cannot know out of an item, after looking that they are texts.
fn without(mut item: Value, unknown: &[&str]) -> Value {
    for field in unknown {
        let removed = item.as_object_mut().unwrap().remove(*field);
        assert!(removed.as_ref().is_some_and(Value::is_string), "{field}: {removed:?}");
    }
    item
}

#[tokio::test]
async fn an_attempt_is_shown_as_the_contract_says() {
    let server = demo_server().await;
    let support = server.support().await;
    let venue = server.venue(2_000).await;
    let mut call = Call::authorize(&server, &venue, 2);
    call.set("user-agent", "headset/1.0").set("x-request-id", "my-request");
    call.send(&server).await.expect(200, "");
    let mut unknown = Call::get(&venue, CONFIG, server.app.clock().now());
    unknown.set("x-api-key", "0".repeat(64)).send(&server).await.expect(401, "INVALID_API_KEY");
    let body = wait_for("both are logged", async || {
        let body = get(&server, &support, AUTHORIZATION_LOGS).await;
        (body["total"] == 2).then_some(body)
    })
    .await;
    assert_eq!(body.get("total_is_lower_bound"), None);
    let item = items(&body).iter().find(|item| item["result"] == "success").unwrap();
    assert!(item["latency_ms"].is_u64());
    let mut item = without(item.clone(), &["log_id", "created_at"]);
    item.as_object_mut().unwrap().remove("latency_ms");
    assert_eq!(
        item,
        json!({
            "call": "authorize", "operator_id": venue.operator_id, "operator_name": "测试运营商",
            "site_id": venue.site_id, "app_id": venue.app_id, "player_count": 2, "session_id": call.session(),
            "result": "success", "error_code": null, "ip_address": "127.0.0.1", "user_agent": "headset/1.0",
            "request_id": "my-request",
        })
    );
    let refused = items(&body).iter().find(|item| item["result"] == "refused").unwrap();
    assert_eq!((&refused["error_code"], &refused["call"]), (&json!("INVALID_API_KEY"), &json!("config")));
    assert_eq!((&refused["operator_id"], &refused["operator_name"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn an_audit_entry_is_shown_as_the_contract_says_and_found_by_its_filters() {
    let server = demo_server().await;
    let operator = server.operator1().await;
    let admin = server.admin().await;
    let body = json!({"rate_limit_per_minute": 20});
    admin.put(&server, "/v1/admin/settings", body).await.expect(200, "");
    admin
        .put(&server, "/v1/admin/settings", json!({"recharge_min": "99999.00"}))
        .await
        .expect(400, "INVALID_PARAMS");
    let operator_id = operator.data["operator"]["operator_id"].as_str().unwrap();
    act(&server, &audit::Actor::system(), "job_run").await;
    act(&server, &actor(operator_id), "api_key_regenerate").await;

    let admin_id = admin.data["admin"]["admin_id"].as_str().unwrap();
    let changes = get(&server, &admin, &format!("{AUDIT_LOGS}?operation_type=settings_update")).await;
    let by_outcome =
        |outcome| items(&changes).iter().find(|item| item["outcome"] == outcome).unwrap().clone();
    by_outcome("failed: INVALID_PARAMS");
    let item = without(by_outcome("success"), &["log_id", "created_at", "actor_name"]);
    assert_eq!(
        item,
        json!({
            "actor_type": "admin", "actor_id": admin_id, "operation_type": "settings_update",
            "target_resource_type": null, "target_resource_id": null,
            "operation_details": {"before": {"rate_limit_per_minute": 1_000_000}, "after": {"rate_limit_per_minute": 20}},
            "outcome": "success", "ip_address": "127.0.0.1", "user_agent": null,
        })
    );
    let all = get(&server, &admin, AUDIT_LOGS).await;
    let mut actors = values(&all, "actor_type");
    actors.sort_unstable();
    assert_eq!(actors, ["admin", "admin", "admin", "operator", "system"]);
    let system = items(&all).iter().find(|item| item["actor_type"] == "system").unwrap();
    assert_eq!((&system["actor_id"], &system["ip_address"]), (&Value::Null, &Value::Null));
    let of_operator = get(&server, &admin, &format!("{AUDIT_LOGS}?actor_id={operator_id}")).await;
    assert_eq!(values(&of_operator, "actor_id"), [operator_id]);
    let created_at = items(&all)[1]["created_at"].as_str().unwrap();
    let earlier = get(&server, &admin, &format!("{AUDIT_LOGS}?end_time={created_at}")).await;
    let later = get(&server, &admin, &format!("{AUDIT_LOGS}?start_time={created_at}")).await;
    assert_eq!(items(&earlier).len() + items(&later).len(), 5);
    assert_eq!(by_cursors(&server, &admin, AUDIT_LOGS, 1).await, *items(&all));
}

/// The account with this id, calling from somewhere.
fn actor(id: &str) -> audit::Actor {
    let subject = platform::security::tokens::Subject::parse(id).unwrap();
    let origin = office::audit::Origin { ip: "192.0.2.1".parse().unwrap(), user_agent: None };
    audit::Actor::of_account(subject, "某人".to_owned(), &origin)
}

/// Writes that somebody did something.
async fn act(server: &Server, actor: &audit::Actor, operation: &'static str) {
    let act = audit::Act::new(operation, json!({"amount": "5.00"})).on("refund", &"refund_x");
    let mut transaction = server.app.database().begin().await.unwrap();
    audit::succeeded(&mut transaction, actor, &act, server.app.clock().now()).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn the_finance_staff_see_what_the_finance_staff_did() {
    let server = demo_server().await;
    server.admin().await;
    let operator = server.operator1().await;
    let manager = finance(&server, "finance", "Finance12345").await;
    let auditor = finance(&server, "auditor", "Auditor12345").await;
    let finance_id = manager.data["finance"]["finance_id"].as_str().unwrap();
    act(&server, &actor(finance_id), "refund_approve").await;
    let all = get(&server, &auditor, FINANCE_AUDIT_LOGS).await;
    assert_eq!(values(&all, "operation_type"), ["refund_approve", "sign_in", "sign_in"]);
    assert_eq!(
        without(items(&all)[0].clone(), &["log_id", "created_at"]),
        json!({
            "finance_id": finance_id, "finance_name": "某人", "operation_type": "refund_approve",
            "target_resource_id": "refund_x", "operation_details": {"amount": "5.00"}, "outcome": "success",
            "ip_address": "192.0.2.1", "user_agent": null,
        })
    );
    let by = |query: String| {
        let (server, auditor) = (&server, &auditor);
        async move { get(server, auditor, &format!("{FINANCE_AUDIT_LOGS}?{query}")).await }
    };
    let of_manager = by(format!("finance_id={finance_id}")).await;
    assert_eq!(values(&of_manager, "operation_type"), ["refund_approve", "sign_in"]);
    let sign_ins = by(format!("finance_id={finance_id}&operation_type=sign_in")).await;
    assert_eq!(sign_ins["total"], 1);
    let none = by("end_time=2020-01-01T00:00:00Z".to_owned()).await;
    assert_eq!((&none["total"], items(&none).len()), (&json!(0), 0));
    // The bits of an operator's id make no member of the finance staff.
    let suffix = operator.data["operator"]["operator_id"].as_str().unwrap().split_once('_').unwrap().1;
    assert_eq!(by(format!("finance_id=fin_{suffix}")).await["total"], 0);
}

#[tokio::test]
async fn security_events_are_listed_by_kind_and_time() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let operator = server.operator1().await;
    let id = operator.data["operator"]["operator_id"].as_str().unwrap();
    for verb in ["lock", "unlock"] {
        let path = format!("/v1/admin/operators/{id}/{verb}");
        admin.post(&server, &path, json!({"reason": "异常操作"})).await.expect(200, "");
    }
    server.set("login_attempts_per_minute", json!(1)).await;
    server.try_sign_in("finance", "nobody", "Wrong12345").await;
    server.try_sign_in("finance", "nobody", "Wrong12345").await.expect(429, "RATE_LIMIT_EXCEEDED");
    let all = get(&server, &admin, SECURITY_EVENTS).await;
    assert_eq!(values(&all, "kind"), ["login_throttled", "unlocked", "locked"]);
    assert_eq!(
        without(items(&all)[2].clone(), &["created_at"]),
        json!({
            "kind": "locked", "ip_address": "127.0.0.1", "operator_ids": [id],
            "evidence": {"reason": "异常操作", "by": "admin"},
        })
    );
    let locked = get(&server, &admin, &format!("{SECURITY_EVENTS}?kind=locked")).await;
    assert_eq!((&locked["total"], values(&locked, "kind")), (&json!(1), vec!["locked"]));
    let time = items(&all)[1]["created_at"].as_str().unwrap();
    let earlier = get(&server, &admin, &format!("{SECURITY_EVENTS}?end_time={time}")).await;
    assert!(values(&earlier, "kind").iter().all(|kind| *kind == "locked"));
    assert_eq!(by_cursors(&server, &admin, SECURITY_EVENTS, 1).await, *items(&all));
}

#[tokio::test]
async fn each_log_is_shown_to_those_who_may_see_it() {
    let server = demo_server().await;
    let people = [
        ("admin", server.admin().await),
        ("support", server.support().await),
        ("auditor", finance(&server, "auditor", "Auditor12345").await),
        ("analyst", server.sign_in("analyst", "analyst", "Analyst12345").await),
        ("operator", server.operator1().await),
    ];
    for (path, allowed) in [
        (AUDIT_LOGS, &["admin"][..]),
        (AUTHORIZATION_LOGS, &["admin", "support"]),
        (SECURITY_EVENTS, &["admin", "support"]),
        (FINANCE_AUDIT_LOGS, &["auditor"]),
    ] {
        for (name, person) in &people {
            let answer = person.get(&server, &format!("{path}?page_size=0")).await;
            let expected =
                if allowed.contains(name) { (400, "INVALID_PARAMS") } else { (403, "PERMISSION_DENIED") };
            assert_eq!((answer.status.as_u16(), answer.code()), expected, "{path} by {name}");
        }
        server.visit(path).await.expect(401, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn malformed_filters_are_refused_by_name() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let auditor = finance(&server, "auditor", "Auditor12345").await;
    // What a cursor of another list, or of the year -9999, looks like.
    let (short, early) = ("AAAAAAAAAAAAAAAAAAAAAA", "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    for (person, path, field) in [
        (&admin, format!("{AUDIT_LOGS}?actor_id=site_01h455vb4pex5vsknk084sn02q"), "actor_id"),
        (&admin, format!("{AUDIT_LOGS}?operation_type=%00"), "operation_type"),
        (&admin, format!("{AUDIT_LOGS}?cursor={short}"), "cursor"),
        (&admin, format!("{AUTHORIZATION_LOGS}?operator_id=nobody"), "operator_id"),
        (&admin, format!("{AUTHORIZATION_LOGS}?result=failed"), "result"),
        (&admin, format!("{AUTHORIZATION_LOGS}?ip=10.0.0.0/8"), "ip"),
        (&admin, format!("{AUTHORIZATION_LOGS}?start_time=yesterday"), "start_time"),
        (&admin, format!("{AUTHORIZATION_LOGS}?cursor={early}"), "cursor"),
        (&admin, format!("{SECURITY_EVENTS}?kind=robbery"), "kind"),
        (&admin, format!("{SECURITY_EVENTS}?cursor=x"), "cursor"),
        (&auditor, format!("{FINANCE_AUDIT_LOGS}?finance_id=admin_01h455vb4pex5vsknk084sn02q"), "finance_id"),
        (&auditor, format!("{FINANCE_AUDIT_LOGS}?operation_type=%1F"), "operation_type"),
    ] {
        let answer = person.get(&server, &path).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{path}");
    }
    for path in [AUDIT_LOGS, AUTHORIZATION_LOGS, SECURITY_EVENTS] {
        for query in ["start_time=0000-06-01T00:00:00Z&page=1000000", "end_time=0000-06-01T00:00:00Z"] {
            assert_eq!(
                items(&get(&server, &admin, &format!("{path}?{query}")).await).len(),
                0,
                "{path}?{query}"
            );
        }
    }
}
