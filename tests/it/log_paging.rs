//! Paging through logs neither skips nor repeats, also among rows of one millisecond.

use std::collections::HashSet;

use base::clock::UtcTime;
use base::ids::{AuditId, OperatorId};
use serde_json::Value;
use uuid::Uuid;

use crate::harness::Server;
use crate::logs::{AUTHORIZATION_LOGS, get, items};
use crate::people::{Person, demo_server};

/// 2025-01-15T00:00:00Z.
const START_MS: i64 = 1_736_899_200_000;

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

/// What parts a path, with or without a query, from another parameter.
fn joint(path: &str) -> &'static str {
    if path.contains('?') { "&" } else { "?" }
}

/// Everything a list shows, by cursors.
pub(crate) async fn by_cursors(server: &Server, person: &Person, path: &str, page_size: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let body = get(server, person, &format!("{path}{}page_size={page_size}{cursor}", joint(path))).await;
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
        let body =
            get(server, person, &format!("{path}{}page={page}&page_size={page_size}", joint(path))).await;
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
        ("x=y".to_owned(), Box::new(|_| true)),
        (format!("start_time={}&end_time={}", at(1), at(2)), Box::new(|row| row.ms == 1)),
        (format!("start_time={}", at(1)), Box::new(|row| row.ms >= 1)),
        (format!("operator_id={operator}"), Box::new(|row| row.operator_id == Some(operator))),
        ("result=refused".to_owned(), Box::new(|row| row.result == "refused")),
        ("result=replayed".to_owned(), Box::new(|row| row.result == "replayed")),
        ("result=success".to_owned(), Box::new(|row| row.result == "success")),
        ("ip=203.0.113.2".to_owned(), Box::new(|row| row.ip == "203.0.113.2")),
        ("ip=::ffff:203.0.113.2".to_owned(), Box::new(|row| row.ip == "203.0.113.2")),
        ("ip=2001:db8:0::1".to_owned(), Box::new(|row| row.ip == "2001:db8::1")),
        (
            format!("operator_id={operator}&result=refused&ip=203.0.113.1"),
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
            expected.iter().map(|row| AuditId::from_uuid(row.id).to_string()).collect();
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
        let all = by_cursors(&server, &admin, AUTHORIZATION_LOGS, 100).await;
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
