//! Announcements: who gets them, who has read them, and who may send them.

use base::ids::{AnnouncementId, OperatorId};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::fixtures::operator;
use crate::harness::{Answer, Server};
use crate::people::{Person, demo_server};

const PATH: &str = "/v1/admin/announcements";

fn body() -> Value {
    json!({"title": "系统维护通知", "content": "本周日凌晨两点至四点系统维护，期间无法授权。"})
}

async fn operator1_id(server: &Server) -> OperatorId {
    server.operator1().await.data["operator"]["operator_id"].as_str().unwrap().parse().unwrap()
}

async fn send_with(server: &Server, admin: &Person, body: &Value, key: &str) -> Answer {
    server.call_with(Some(&admin.token), "POST", PATH, body, &[("Idempotency-Key", key)]).await
}

async fn sent(server: &Server) -> i64 {
    let sql = "SELECT count(*) FROM messages WHERE announcement_id IS NOT NULL";
    sqlx::query_scalar(sql).fetch_one(&mut server.owner().await).await.unwrap()
}

#[tokio::test]
async fn without_targets_every_operator_that_is_not_deactivated_gets_it() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let (gone, locked) = (operator(&server.app, "gone").await, operator(&server.app, "locked").await);
    for (sql, id) in [
        ("UPDATE operators SET deactivated_at = now() WHERE id = $1", gone.id),
        ("UPDATE operators SET locked_at = now() WHERE id = $1", locked.id),
    ] {
        server.change(sqlx::query(sql).bind(id)).await;
    }
    let answer = admin.post(&server, PATH, body()).await;
    let data = answer.expect(201, "");
    let id: AnnouncementId = data["announcement_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(data, &json!({"announcement_id": id.to_string(), "recipients_count": 3}));
    assert_eq!(server.told(gone.id, "system").await.len(), 0);
    assert_eq!(server.told(locked.id, "system").await.len(), 1);

    let inbox = server.messages(&server.operator1().await, "").await;
    assert_eq!(inbox.column("title"), [&body()["title"]]);
    assert_eq!(inbox.column("content"), [&body()["content"]]);
    assert_eq!(inbox.column("type"), ["system"]);
}

#[tokio::test]
async fn the_list_says_who_has_read() {
    let server = demo_server().await;
    let (admin, operator1) = (server.admin().await, server.operator1().await);
    let first = admin.post(&server, PATH, body()).await;
    let second = json!({"title": "  新游戏 ", "content": "  深海寻宝今日上架，欢迎申请。\n", "target_operators": null});
    admin.post(&server, PATH, second).await.expect(201, "");
    operator1.put(&server, "/v1/operators/me/messages/read-all", Value::Null).await.expect(200, "");
    let third = json!({"title": "第三条", "content": "还没有人读过的一条公告。"});
    admin.post(&server, PATH, third).await.expect(201, "");

    let listed = server.support().await.get(&server, PATH).await;
    assert_eq!(listed.body["total"], 3);
    assert_eq!(listed.column("title"), ["第三条", "新游戏", "系统维护通知"]);
    assert_eq!(listed.column("read_count"), [0, 1, 1]);
    assert_eq!(listed.column("recipients_count"), [2, 2, 2]);
    assert_eq!(listed.body["items"][1]["content"], "深海寻宝今日上架，欢迎申请。");
    let mut oldest = listed.body["items"][2].clone();
    assert!(oldest.as_object_mut().unwrap().remove("created_at").unwrap().as_str().unwrap().ends_with('Z'));
    let id = &first.expect(201, "")["announcement_id"];
    assert_eq!(
        oldest,
        json!({"announcement_id": id, "title": "系统维护通知", "content": body()["content"],
               "recipients_count": 2, "read_count": 1, "created_by": "admin"})
    );
    let page = admin.get(&server, &format!("{PATH}?page=2&page_size=2")).await;
    assert_eq!((page.column("title"), &page.body["total"]), (vec![&json!("系统维护通知")], &json!(3)));
    admin.get(&server, &format!("{PATH}?page_size=101")).await.expect(400, "INVALID_PARAMS");
}

#[tokio::test]
async fn chosen_operators_get_it_once_each() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let id = operator1_id(&server).await;
    let mut chosen = body();
    chosen["target_operators"] = json!([id, id]);
    let answer = admin.post(&server, PATH, chosen).await;
    assert_eq!(answer.expect(201, "")["recipients_count"], 1);
    assert_eq!((server.told(id, "system").await.len(), sent(&server).await), (1, 1));
}

#[tokio::test]
async fn a_wrong_announcement_is_refused_and_reaches_nobody() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let id = operator1_id(&server).await;
    let gone = operator(&server.app, "gone").await;
    let sql = "UPDATE operators SET deactivated_at = now() WHERE id = $1";
    server.change(sqlx::query(sql).bind(gone.id)).await;
    let (long_title, long_content) = ("题".repeat(101), "文".repeat(2_001));
    for (field, value) in [
        ("title", json!("x")),
        ("title", json!(long_title)),
        ("title", json!(5)),
        ("content", json!("太短了")),
        ("content", json!("         x          ")),
        ("content", json!(long_content)),
        ("content", json!("\u{0}这里有一个不可见的字符。")),
        ("title", json!("新游戏\n第二行")),
        ("target_operators", json!([])),
        ("target_operators", json!("all")),
        ("target_operators", json!([gone.id, id])),
    ] {
        let mut wrong = body();
        wrong[field] = value;
        let answer = admin.post(&server, PATH, wrong.clone()).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{wrong}");
    }
    let missing = admin.post(&server, PATH, json!({})).await;
    assert_eq!(missing.fields(), ["title", "content"]);
    let mut unknown = body();
    unknown["target_operators"] = json!([id, "op_01h455vb4pex5vsknk084sn02q"]);
    admin.post(&server, PATH, unknown).await.expect(404, "OPERATOR_NOT_FOUND");
    let mut malformed = body();
    malformed["target_operators"] = json!([id, "operator1"]);
    admin.post(&server, PATH, malformed).await.expect(400, "INVALID_PARAMS");
    assert_eq!(sent(&server).await, 0);
    assert_eq!(admin.get(&server, PATH).await.body["total"], 0);

    let mut longest = body();
    (longest["title"], longest["content"]) = (json!("题".repeat(100)), json!("文".repeat(2_000)));
    admin.post(&server, PATH, longest).await.expect(201, "");
}

#[tokio::test]
async fn only_who_may_send_notifications_sends() {
    let server = demo_server().await;
    let operator1 = server.operator1().await;
    let finance = server.sign_in("finance", "finance", "Finance12345").await;
    for person in [&operator1, &finance] {
        person.post(&server, PATH, json!({})).await.expect(403, "PERMISSION_DENIED");
        person.get(&server, PATH).await.expect(403, "PERMISSION_DENIED");
    }
    server.visit(PATH).await.expect(401, "UNAUTHORIZED");
    let sql = "UPDATE staff_accounts SET permission_overrides = '{\"can_send_notifications\": false}' WHERE username = 'support'";
    server.change(sqlx::query(sql)).await;
    let support = server.support().await;
    support.post(&server, PATH, json!({})).await.expect(403, "PERMISSION_DENIED");
    support.get(&server, PATH).await.expect(200, "");
    assert_eq!(sent(&server).await, 0);
}

#[tokio::test]
async fn a_key_sends_once_and_the_act_is_audited() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let body = body();
    let answers = join_all((0..4).map(|_| send_with(&server, &admin, &body, "once"))).await;
    let first = answers[0].expect(201, "").clone();
    for answer in &answers {
        assert_eq!(answer.expect(201, ""), &first);
    }
    let replayed = answers.iter().filter(|answer| answer.headers.contains_key("idempotent-replayed")).count();
    assert_eq!((replayed, sent(&server).await), (3, 2));
    let mut other = body.clone();
    other["title"] = json!("另一条");
    send_with(&server, &admin, &other, "once").await.expect(409, "IDEMPOTENCY_CONFLICT");
    other["target_operators"] = json!(["op_01h455vb4pex5vsknk084sn02q"]);
    admin.post(&server, PATH, other).await.expect(404, "OPERATOR_NOT_FOUND");

    let log: Vec<(String, Option<String>, Value)> = sqlx::query_as(
        "SELECT outcome, target_resource_id, operation_details FROM audit_log
         WHERE operation_type = 'announcement_send' ORDER BY seq",
    )
    .fetch_all(&mut server.owner().await)
    .await
    .unwrap();
    let id = first["announcement_id"].as_str().unwrap().to_owned();
    let details = json!({"title": "系统维护通知", "audience": "all", "recipients_count": 2});
    let refused = json!({"title": "另一条", "audience": "chosen"});
    assert_eq!(
        log,
        [("success".to_owned(), Some(id), details), ("failed: OPERATOR_NOT_FOUND".to_owned(), None, refused)]
    );
}

/// A field that nobody knows may hold what no type can, and must not make other bodies the same.
#[tokio::test]
async fn a_key_tells_bodies_apart_that_cannot_be_read_as_a_whole() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let send = async |body: &Value, unknown: &str| {
        let text = body.to_string().replacen('{', &format!("{{\"unknown\":{unknown},"), 1);
        let request = server.client.post(format!("{}{PATH}", server.base_url)).bearer_auth(&admin.token);
        let request = request.header("Content-Type", "application/json").header("Idempotency-Key", "once");
        server.send(request.body(text)).await
    };
    send(&body(), "1e400").await.expect(201, "");
    let again = send(&body(), "1e400").await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let mut other = body();
    other["title"] = json!("另一条公告");
    send(&other, "1e400").await.expect(409, "IDEMPOTENCY_CONFLICT");
    send(&other, r#""\ud800""#).await.expect(409, "IDEMPOTENCY_CONFLICT");
    assert_eq!(sent(&server).await, 2);
}

#[tokio::test]
async fn thousands_get_it_and_their_reads_are_counted() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let mut owner = server.owner().await;
    sqlx::query(
        "INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
         SELECT gen_random_uuid(), 'u' || n, '', '', '', '', now(), now() FROM generate_series(1, 3000) n",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    let answer = admin.post(&server, PATH, body()).await;
    assert_eq!(answer.expect(201, "")["recipients_count"], 3_002);
    sqlx::query("UPDATE messages SET read_at = now() WHERE operator_id IN (SELECT id FROM operators ORDER BY id LIMIT 1234)")
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(admin.get(&server, PATH).await.column("read_count"), [1_234]);
}
