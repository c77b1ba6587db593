//! The logs that people read: shapes, filters, and paging that neither skips nor repeats, at a cost of its page.

use std::collections::HashSet;
use std::net::IpAddr;

use coinslot::audit;
use coinslot::audit::list::EntryFilter;
use coinslot::authorization::attempts::{self, AttemptFilter, Outcome};
use coinslot::clock::UtcTime;
use coinslot::http::cursor::Seek;
use coinslot::http::page::PageRequest;
use coinslot::http::place::{Place, PlaceRange};
use coinslot::ids::OperatorId;
use coinslot::security::jwt::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::harness::{self, Server};
use crate::people::{Person, demo_server};
use crate::requests::{CONFIG, Call};
use crate::scratch::wait_for;

const AUTHORIZATION_LOGS: &str = "/v1/admin/authorization-logs";
const AUDIT_LOGS: &str = "/v1/admin/audit-logs";
const SECURITY_EVENTS: &str = "/v1/admin/security-events";
const FINANCE_AUDIT_LOGS: &str = "/v1/finance/audit-logs";

/// 2025-01-15T00:00:00Z.
const START_MS: i64 = 1_736_899_200_000;

async fn get(server: &Server, person: &Person, path: &str) -> Value {
    let answer = person.get(server, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

fn items(body: &Value) -> &Vec<Value> {
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

/// A row of the authorization log.
struct Row {
    ms: i64,
    id: Uuid,
    operator_id: Option<OperatorId>,
    result: &'static str,
    ip: &'static str,
}

/// 60 rows in three milliseconds, whose ids say nothing of the time.
async fn write_rows(server: &Server) -> Vec<Row> {
    let operators = [OperatorId::from_uuid(Uuid::from_u128(1)), OperatorId::from_uuid(Uuid::from_u128(2))];
    let rows: Vec<Row> = (0..60_i64)
        .map(|n| Row {
            ms: n % 3,
            id: Uuid::new_v4(),
            operator_id: if n % 5 == 4 { None } else { Some(operators[usize::from(n % 2 == 0)]) },
            result: ["success", "refused", "replayed", "success"][usize::try_from(n % 4).unwrap()],
            ip: ["203.0.113.1", "203.0.113.2", "2001:db8::1"][usize::try_from(n / 2 % 3).unwrap()],
        })
        .collect();
    let mut owner = server.owner().await;
    for row in &rows {
        sqlx::query(
            "INSERT INTO authorization_log (id, created_at, operator_id, result, call, ip_address)
             VALUES ($1, $2, $3, $4, 'authorize', $5::inet)",
        )
        .bind(row.id)
        .bind(UtcTime::from_millis(START_MS + row.ms).unwrap())
        .bind(row.operator_id)
        .bind(row.result)
        .bind(row.ip)
        .execute(&mut owner)
        .await
        .unwrap();
    }
    rows
}

/// Everything a list shows, by cursors.
async fn by_cursors(server: &Server, person: &Person, path: &str, page_size: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let body = get(server, person, &format!("{path}page_size={page_size}{cursor}")).await;
        all.extend(items(&body).iter().cloned());
        match body.get("next_cursor").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// Everything a list shows, by page numbers.
async fn by_pages(server: &Server, person: &Person, path: &str, page_size: usize) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let body = get(server, person, &format!("{path}page={page}&page_size={page_size}")).await;
        let shown = items(&body).len();
        all.extend(items(&body).iter().cloned());
        if shown < page_size {
            assert_eq!(body["total"], all.len(), "{path}");
            break;
        }
    }
    all
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["log_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_and_cursors_show_rows_of_one_millisecond_once() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let rows = write_rows(&server).await;
    let operator = OperatorId::from_uuid(Uuid::from_u128(1));
    let at = |ms| UtcTime::from_millis(START_MS + ms).unwrap();
    type Fits<'a> = Box<dyn Fn(&Row) -> bool + 'a>;
    let queries: Vec<(String, Fits<'_>)> = vec![
        (String::new(), Box::new(|_| true)),
        (format!("start_time={}&end_time={}&", at(1), at(2)), Box::new(|row| row.ms == 1)),
        (format!("start_time={}&", at(1)), Box::new(|row| row.ms >= 1)),
        (format!("operator_id={operator}&"), Box::new(|row| row.operator_id == Some(operator))),
        ("result=refused&".to_owned(), Box::new(|row| row.result == "refused")),
        ("result=replayed&".to_owned(), Box::new(|row| row.result == "replayed")),
        ("result=success&".to_owned(), Box::new(|row| row.result == "success")),
        ("ip=203.0.113.2&".to_owned(), Box::new(|row| row.ip == "203.0.113.2")),
        ("ip=::ffff:203.0.113.2&".to_owned(), Box::new(|row| row.ip == "203.0.113.2")),
        ("ip=2001:db8:0::1&".to_owned(), Box::new(|row| row.ip == "2001:db8::1")),
        (
            format!("operator_id={operator}&result=refused&ip=203.0.113.1&"),
            Box::new(|row| {
                row.operator_id == Some(operator) && row.result == "refused" && row.ip == "203.0.113.1"
            }),
        ),
    ];
    for (query, fits) in queries {
        let path = format!("{AUTHORIZATION_LOGS}?{query}");
        let mut expected: Vec<&Row> = rows.iter().filter(|row| fits(row)).collect();
        expected.sort_by_key(|row| std::cmp::Reverse((row.ms, row.id)));
        let expected: Vec<String> =
            expected.iter().map(|row| coinslot::ids::AuditId::from_uuid(row.id).to_string()).collect();
        assert!(!expected.is_empty(), "{query}");
        for page_size in [3, 7, 60, 100] {
            let shown = by_cursors(&server, &admin, &path, page_size).await;
            assert_eq!(ids(&shown), expected, "{query} by cursors of {page_size}");
        }
        assert_eq!(ids(&by_pages(&server, &admin, &path, 7).await), expected, "{query} by pages");
    }
}

#[tokio::test]
async fn a_cursor_neither_skips_nor_repeats_while_rows_arrive() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let before: HashSet<String> = {
        write_rows(&server).await;
        let all = by_cursors(&server, &admin, &format!("{AUTHORIZATION_LOGS}?"), 100).await;
        ids(&all).into_iter().map(str::to_owned).collect()
    };
    let first = get(&server, &admin, &format!("{AUTHORIZATION_LOGS}?page_size=30")).await;
    write_rows(&server).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = get(&server, &admin, &format!("{AUTHORIZATION_LOGS}?page_size=100&cursor={cursor}")).await;
    let shown: Vec<&str> = ids(items(&first)).into_iter().chain(ids(items(&rest))).collect();
    let distinct: HashSet<String> = shown.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(distinct.len(), shown.len());
    assert!(before.is_subset(&distinct));
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
    assert_eq!(by_cursors(&server, &admin, &format!("{AUDIT_LOGS}?"), 1).await, *items(&all));
}

/// The account with this id, calling from somewhere.
fn actor(id: &str) -> audit::Actor {
    let subject = coinslot::security::tokens::Subject::parse(id).unwrap();
    let origin = coinslot::http::origin::Origin { ip: "192.0.2.1".parse().unwrap(), user_agent: None };
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
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let body = get(&server, &admin, &format!("{SECURITY_EVENTS}?page_size=1{cursor}")).await;
        seen.extend(items(&body).iter().cloned());
        let Some(next) = body.get("next_cursor").and_then(Value::as_str) else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, *items(&all));
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
        for query in ["start_time=-009998-06-01T00:00:00Z&page=1000000", "end_time=-009998-06-01T00:00:00Z"] {
            assert_eq!(
                items(&get(&server, &admin, &format!("{path}?{query}")).await).len(),
                0,
                "{path}?{query}"
            );
        }
    }
}

/// 100,000 attempts and as many audit entries in two months, of which one in ten was refused or is of the finance staff.
/// Operator 1 and address 10.0.0.1 have one in twenty, operator 9 and address 10.0.0.9 nothing.
const FILL: &str = "
    SET session_replication_role = replica;
    SELECT create_log_partitions('2025-01-01', 1);
    INSERT INTO authorization_log (id, created_at, operator_id, result, error_code, call, ip_address)
    SELECT gen_random_uuid(), '2025-01-15'::timestamptz + n * interval '20 s',
           ('00000000-0000-0000-0000-00000000000' || CASE WHEN n % 20 = 3 THEN 1 ELSE 2 END)::uuid,
           CASE WHEN n % 10 = 5 THEN 'refused' ELSE 'success' END, CASE WHEN n % 10 = 5 THEN 'INVALID_SIGNATURE' END,
           'authorize', ('10.0.0.' || CASE WHEN n % 20 = 7 THEN 1 ELSE 2 END)::inet
    FROM generate_series(1, 100000) n;
    INSERT INTO audit_log (id, created_at, actor_type, actor_id, actor_name, operation_type, outcome, seq, entry_hash)
    SELECT gen_random_uuid(), '2025-01-15'::timestamptz + n * interval '20 s',
           CASE WHEN n % 10 = 5 THEN 'finance' ELSE 'operator' END,
           ('00000000-0000-0000-0000-00000000000' || CASE WHEN n % 20 = 3 THEN 1 ELSE 2 END)::uuid, '',
           CASE WHEN n % 20 = 7 THEN 'refund_approve' ELSE 'sign_in' END, 'success', n, ''
    FROM generate_series(1, 100000) n;";

/// How many rows of a log's partitions the transaction has read.
async fn rows_read(connection: &mut PgConnection, log: &str) -> i64 {
    sqlx::query_scalar(
        "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables
         WHERE relname LIKE $1 || '%'",
    )
    .bind(log)
    .fetch_one(connection)
    .await
    .unwrap()
}

fn page_of_20(before: Option<Place>) -> Seek<Place> {
    Seek { page: PageRequest { page: 1, page_size: 20 }, before }
}

/// Places at the end, in the middle of the log, and no place.
fn places() -> [Option<Place>; 2] {
    let middle = UtcTime::from_millis(START_MS).unwrap().plus(SignedDuration::from_hours(24 * 12));
    [None, Some(Place { at: middle, id: Uuid::from_u128(7) })]
}

/// How many rows of a log are read while `work` is done.
async fn cost_of(connection: &mut PgConnection, log: &str, work: impl AsyncFn(&mut PgConnection)) -> i64 {
    let before = rows_read(connection, log).await;
    work(connection).await;
    rows_read(connection, log).await - before
}

#[tokio::test]
async fn a_page_reads_what_it_shows_wherever_it_stands_and_whatever_is_asked_for() {
    let server = harness::start().await;
    let mut owner = server.owner().await;
    owner.execute(FILL).await.unwrap();
    owner.execute("ANALYZE").await.unwrap();
    let all = PlaceRange::between(None, None);
    let every = AttemptFilter { range: all, operator_id: None, outcome: None, ip: None };
    let operator = |n| Some(OperatorId::from_uuid(Uuid::from_u128(n)));
    let ip = |text: &str| Some(text.parse::<IpAddr>().unwrap());
    let filters = [
        every,
        AttemptFilter { operator_id: operator(1), ..every },
        AttemptFilter { operator_id: operator(9), ..every },
        AttemptFilter { outcome: Some(Outcome::Refused), ..every },
        AttemptFilter { outcome: Some(Outcome::Replayed), ..every },
        AttemptFilter { outcome: Some(Outcome::Success), ..every },
        AttemptFilter { ip: ip("10.0.0.1"), ..every },
        AttemptFilter { ip: ip("10.0.0.9"), ..every },
        // Operator 1 is never refused.
        AttemptFilter { operator_id: operator(1), outcome: Some(Outcome::Refused), ..every },
    ];
    let mut connection = PgConnection::connect(&server.database_url).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    for filter in filters {
        for before in places() {
            // More often than it takes a statement to be planned once for all values.
            for _ in 0..7 {
                let read = cost_of(&mut transaction, "authorization_log", async |connection| {
                    attempts::page(connection, &filter, page_of_20(before)).await.map(drop).unwrap();
                })
                .await;
                assert!(read < 200, "{read} rows for {filter:?} before {before:?}");
            }
        }
    }
    let every = EntryFilter { range: all, role: None, actor: None, operation_type: None };
    let operation = |text: &str| Some(text.to_owned());
    let subject = coinslot::security::tokens::Subject::Operator;
    let filters = [
        every.clone(),
        EntryFilter { role: Some(Role::Finance), ..every.clone() },
        EntryFilter { actor: operator(1).map(subject), ..every.clone() },
        EntryFilter { actor: operator(9).map(subject), ..every.clone() },
        EntryFilter { operation_type: operation("refund_approve"), ..every.clone() },
        EntryFilter { operation_type: operation("nothing"), ..every },
    ];
    for filter in filters {
        for before in places() {
            let read = cost_of(&mut transaction, "audit_log", async |connection| {
                audit::list::page(connection, &filter, page_of_20(before)).await.map(drop).unwrap();
            })
            .await;
            assert!(read < 200, "{read} rows for {filter:?} before {before:?}");
        }
    }
}

#[tokio::test]
async fn counting_stops_at_its_bound() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut owner = server.owner().await;
    owner.execute(FILL).await.unwrap();
    let bounded = get(&server, &admin, AUTHORIZATION_LOGS).await;
    assert_eq!((&bounded["total"], bounded.get("total_is_lower_bound")), (&json!(100_000), None));
    owner
        .execute(
            "INSERT INTO authorization_log (id, created_at, result, call)
             SELECT gen_random_uuid(), now(), 'success', 'config'",
        )
        .await
        .unwrap();
    let bounded = get(&server, &admin, AUTHORIZATION_LOGS).await;
    assert_eq!((&bounded["total"], &bounded["total_is_lower_bound"]), (&json!(100_000), &json!(true)));
    let exact = get(&server, &admin, &format!("{AUTHORIZATION_LOGS}?result=refused")).await;
    assert_eq!((&exact["total"], exact.get("total_is_lower_bound")), (&json!(10_000), None));
}
