//! An operator's messages: lists, reading, and who may do so.

use std::ops::RangeInclusive;

use base::clock::UtcTime;
use base::ids::{MessageId, OperatorId};
use jiff::SignedDuration;
use platform::messages::{self, MessageKind, NewMessage};
use serde_json::{Value, json};

use crate::fixtures::{Operator, application, grant, operator};
use crate::harness::{self, Answer, Server};
use crate::people::{Person, demo_server};

const PATH: &str = "/v1/operators/me/messages";
const UNKNOWN: &str = "msg_01h455vb4pex5vsknk084sn02q";

fn person(operator: &Operator) -> Person {
    Person { token: operator.token.clone(), data: Value::Null }
}

/// Sends messages that are titled by these numbers, each as many seconds after the first.
async fn send(server: &Server, operator_id: OperatorId, numbers: RangeInclusive<i64>) {
    let mut connection = server.app.database().acquire().await.unwrap();
    let start = UtcTime::from_millis(1_736_944_200_000).unwrap();
    for number in numbers {
        let message = NewMessage {
            kind: MessageKind::System,
            title: number.to_string(),
            content: format!("第 {number} 条消息"),
            announcement_id: None,
        };
        let at = start.plus(SignedDuration::from_secs(number - 1));
        messages::send(&mut connection, &[operator_id], &message, at).await.unwrap();
    }
}

/// The titles as numbers.
fn numbers(answer: &Answer) -> Vec<i64> {
    answer.column("title").into_iter().map(|title| title.as_str().unwrap().parse().unwrap()).collect()
}

async fn read(server: &Server, reader: &Person, message_id: &Value) -> Answer {
    reader.put(server, &format!("{PATH}/{}/read", message_id.as_str().unwrap()), Value::Null).await
}

#[tokio::test]
async fn a_message_has_the_shape_of_the_contract_before_and_after_it_is_read() {
    let server = harness::start().await;
    let operator = operator(&server.app, "venue").await;
    let reader = person(&operator);
    let empty = server.messages(&reader, "").await;
    assert_eq!(empty.body, json!({"page": 1, "page_size": 20, "total": 0, "items": [], "unread_count": 0}));
    send(&server, operator.id, 1..=1).await;
    let unread = server.messages(&reader, "").await;
    let id = unread.body["items"][0]["message_id"].clone();
    assert!(id.as_str().unwrap().parse::<MessageId>().is_ok(), "{id}");
    let mut expected = json!({
        "page": 1, "page_size": 20, "total": 1, "unread_count": 1,
        "items": [{"message_id": id, "title": "1", "content": "第 1 条消息", "type": "system", "is_read": false,
                   "created_at": "2025-01-15T12:30:00.000Z", "read_at": null}],
    });
    assert_eq!(unread.body, expected);

    assert_eq!(read(&server, &reader, &id).await.expect(200, ""), &json!({}));
    let first = server.messages(&reader, "").await;
    let read_at = first.body["items"][0]["read_at"].clone();
    assert!(read_at.as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{read_at}");
    (expected["unread_count"], expected["items"][0]["is_read"]) = (json!(0), json!(true));
    expected["items"][0]["read_at"] = read_at;
    assert_eq!(first.body, expected);
    read(&server, &reader, &id).await.expect(200, "");
    reader.put(&server, &format!("{PATH}/read-all"), Value::Null).await.expect(200, "");
    assert_eq!(server.messages(&reader, "").await.body, expected, "the first time stands");
}

#[tokio::test]
async fn one_message_is_looked_at_without_being_read() {
    let server = harness::start().await;
    let (owner, other) = (operator(&server.app, "venue").await, operator(&server.app, "other").await);
    let reader = person(&owner);
    send(&server, owner.id, 1..=2).await;
    let listed = server.messages(&reader, "").await.body["items"][1].clone();
    let path = format!("{PATH}/{}", listed["message_id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(reader.get(&server, &path).await.expect(200, ""), &listed);
    }
    read(&server, &reader, &listed["message_id"]).await.expect(200, "");
    assert_eq!(reader.get(&server, &path).await.expect(200, "")["is_read"], true);
    person(&other).get(&server, &path).await.expect(404, "RESOURCE_NOT_FOUND");
    for unknown in [UNKNOWN, "msg_1"] {
        reader.get(&server, &format!("{PATH}/{unknown}")).await.expect(404, "RESOURCE_NOT_FOUND");
    }
}

#[tokio::test]
async fn pages_and_cursors_show_the_newest_first_and_each_once() {
    let server = harness::start().await;
    let operator = operator(&server.app, "venue").await;
    let reader = person(&operator);
    send(&server, operator.id, 1..=7).await;
    for (query, expected) in [
        ("?page_size=3", vec![7, 6, 5]),
        ("?page_size=3&page=2", vec![4, 3, 2]),
        ("?page_size=3&page=3", vec![1]),
        ("?page_size=3&page=4", vec![]),
        ("?unread_only=false", vec![7, 6, 5, 4, 3, 2, 1]),
    ] {
        let answer = server.messages(&reader, query).await;
        assert_eq!(numbers(&answer), expected, "{query}");
        assert_eq!((&answer.body["total"], &answer.body["unread_count"]), (&json!(7), &json!(7)), "{query}");
    }
    for unread_only in [false, true] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let query = format!("?page_size=3&unread_only={unread_only}{cursor}");
            let answer = server.messages(&reader, &query).await;
            seen.extend(numbers(&answer));
            match answer.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
            // What arrives meanwhile is newer than the cursor.
            send(&server, operator.id, 8..=8).await;
        }
        seen.retain(|number| *number <= 7);
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1], "{unread_only}");
    }
    for (query, field) in [
        ("?page=0", "page"),
        ("?page_size=101", "page_size"),
        ("?cursor=x", "cursor"),
        ("?unread_only=maybe", "unread_only"),
    ] {
        let answer = reader.get(&server, &format!("{PATH}{query}")).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field]);
    }
}

#[tokio::test]
async fn unread_messages_are_listed_and_counted_apart() {
    let server = harness::start().await;
    let operator = operator(&server.app, "venue").await;
    let reader = person(&operator);
    send(&server, operator.id, 1..=5).await;
    let all = server.messages(&reader, "").await;
    for position in [1, 3] {
        read(&server, &reader, &all.body["items"][position]["message_id"]).await.expect(200, "");
    }
    let unread = server.messages(&reader, "?unread_only=true&page_size=2").await;
    assert_eq!((numbers(&unread), &unread.body["total"]), (vec![5, 3], &json!(3)));
    let all = server.messages(&reader, "").await;
    assert_eq!((numbers(&all), &all.body["total"]), (vec![5, 4, 3, 2, 1], &json!(5)));
    assert_eq!(all.column("is_read"), [false, true, false, true, false]);
    assert_eq!(all.body["unread_count"], 3);

    let read_all = reader.put(&server, &format!("{PATH}/read-all"), Value::Null).await;
    assert_eq!(read_all.expect(200, ""), &json!({"read_count": 3}));
    let unread = server.messages(&reader, "?unread_only=true").await;
    assert_eq!((numbers(&unread), &unread.body["unread_count"]), (vec![], &json!(0)));
    assert_eq!(server.messages(&reader, "").await.column("is_read"), [true; 5]);
}

#[tokio::test]
async fn another_operators_messages_do_not_exist() {
    let server = harness::start().await;
    let (owner, other) = (operator(&server.app, "venue").await, operator(&server.app, "other").await);
    send(&server, owner.id, 1..=2).await;
    send(&server, other.id, 1..=1).await;
    let id = server.messages(&person(&owner), "").await.body["items"][0]["message_id"].clone();
    for id in [id.as_str().unwrap(), UNKNOWN, "nonsense", "op_01h455vb4pex5vsknk084sn02q"] {
        read(&server, &person(&other), &json!(id)).await.expect(404, "RESOURCE_NOT_FOUND");
    }
    let read_all = person(&other).put(&server, &format!("{PATH}/read-all"), Value::Null).await;
    assert_eq!(read_all.expect(200, "")["read_count"], 1);
    let mine = server.messages(&person(&owner), "").await;
    assert_eq!((&mine.body["unread_count"], &mine.body["total"]), (&json!(2), &json!(2)));
}

#[tokio::test]
async fn only_operators_have_messages() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let calls = [
        ("GET", PATH.to_owned()),
        ("PUT", format!("{PATH}/read-all")),
        ("PUT", format!("{PATH}/nonsense/read")),
    ];
    for (method, path) in calls {
        let by_admin = server.call(Some(&admin.token), method, &path, &Value::Null).await;
        by_admin.expect(403, "PERMISSION_DENIED");
        server.call(None, method, &path, &Value::Null).await.expect(401, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn a_new_price_reaches_exactly_who_has_a_live_grant() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let now = server.app.clock().now();
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let elsewhere = application(&server.app, "别的游戏", 1_000).await;
    let hour = SignedDuration::from_hours(1);
    let expiries = [
        ("forever", Some(None), None, 1),
        ("dated", Some(Some(now.plus(hour))), None, 1),
        ("expired", Some(Some(now.plus(-hour))), None, 0),
        ("revoked", Some(None), Some("UPDATE grants SET revoked_at = now() WHERE operator_id = $1"), 0),
        ("replaced", Some(None), Some("UPDATE grants SET is_current = false WHERE operator_id = $1"), 0),
        ("gone", Some(None), Some("UPDATE operators SET deactivated_at = now() WHERE id = $1"), 0),
        ("locked", Some(None), Some("UPDATE operators SET locked_at = now() WHERE id = $1"), 1),
        ("stranger", None, None, 0),
    ];
    let mut told = Vec::new();
    for (name, expires_at, change, count) in expiries {
        let operator = operator(&server.app, name).await;
        match expires_at {
            Some(expires_at) => grant(&server.app, operator.id, app_id, expires_at).await,
            None => grant(&server.app, operator.id, elsewhere, None).await,
        }
        if let Some(sql) = change {
            server.change(sqlx::query(sql).bind(operator.id)).await;
        }
        told.push((name, operator, count));
    }
    let path = format!("/v1/admin/applications/{app_id}/price");
    let changed = admin.put(&server, &path, json!({"unit_price": "12"})).await;
    assert_eq!(changed.expect(200, "")["notified_operators_count"], 3);
    for (name, operator, count) in &told {
        assert_eq!(server.told(operator.id, "price_change").await.len(), *count, "{name}");
    }
    let inbox = server.messages(&person(&told[0].1), "?unread_only=true").await;
    assert_eq!(inbox.column("type"), ["price_change"]);
}

#[tokio::test]
async fn a_grant_given_or_revoked_by_an_administrator_is_told() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let operator = operator(&server.app, "venue").await;
    let app_id = application(&server.app, "深海寻宝", 1_000).await;
    let grants = "/v1/admin/authorizations";
    let body = json!({"operator_id": operator.id, "app_id": app_id});
    let given = admin.post(&server, grants, body.clone()).await;
    let first = format!("{grants}/{}", given.expect(201, "")["authorization_id"].as_str().unwrap());
    admin.post(&server, grants, body.clone()).await.expect(400, "INVALID_PARAMS");
    admin.delete(&server, &first, json!({"reason": " 合同结束 "})).await.expect(200, "");
    admin.delete(&server, &first, Value::Null).await.expect(400, "INVALID_PARAMS");
    let mut dated = body;
    dated["expires_at"] = json!("2099-01-01T00:00:00Z");
    let given = admin.post(&server, grants, dated).await;
    let second = given.expect(201, "")["authorization_id"].as_str().unwrap();
    // What had expired anyway is taken back without a word.
    let sql = "UPDATE grants SET expires_at = now() WHERE id = $1";
    server.change(sqlx::query(sql).bind(second.parse::<base::ids::GrantId>().unwrap())).await;
    admin.delete(&server, &format!("{grants}/{second}"), Value::Null).await.expect(200, "");

    let told = server.told(operator.id, "authorization").await;
    let titles: Vec<&str> = told.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["应用授权已开通：深海寻宝", "应用授权已撤销：深海寻宝", "应用授权已开通：深海寻宝"]);
    for (position, part) in [(0, "长期有效"), (1, "原因：合同结束。"), (2, "有效期至 2099-01-01 08:00")]
    {
        assert!(told[position].1.contains(part), "{told:?}");
    }
}
