//! E-mail: from the transaction of its cause to the mail server, and what becomes of it in between.

mod instances;

use std::sync::Arc;

use base::clock::{Clock, UtcTime};
use coinslot::demo;
use office::anomaly::{Rule, look};
use platform::email::{self, Delivery};
use platform::jobs::{Handler, Handlers, Pace, Worker};
use platform::settings::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::cluster;
use crate::fixtures::top_up;
use crate::harness::{self, Server};
use crate::scratch::wait_for;
use crate::smtp::{Mail, MailServer, smtp_at};

const SUBJECT: &str = "[安全告警] 203.0.113.7 行为异常，已锁定三个运营商账号，请尽快核实";
const BODY: &str = "时间：2025-01-15T00:00:00.000Z\n.\n\n已锁定以下账号，核实后请由管理员解锁：\n- op_1 测试";

/// An instance with demo data that sends through `mail`.
async fn sending(mail: &MailServer, clock: Clock) -> Server {
    let database = cluster::database().await;
    let server = harness::start_with(database.url(), clock, mail.config()).await;
    demo::insert(&server.app).await.unwrap();
    server
}

async fn enqueue(server: &Server, subject: &str) {
    enqueue_at(server, subject, server.app.clock().now()).await;
}

async fn enqueue_at(server: &Server, subject: &str, now: UtcTime) {
    let mut transaction = server.app.database().begin().await.unwrap();
    email::enqueue(&mut transaction, "ops@example.com", subject, BODY, now).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Status, attempts and error of the only e-mail.
async fn only(server: &Server) -> (String, i32, String) {
    sqlx::query_as("SELECT status, attempts, coalesce(last_error, '') FROM email_outbox")
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap()
}

async fn wait_until(server: &Server, status: &str, attempts: i32) -> String {
    wait_for(&format!("{attempts} attempts leave it {status}"), async || {
        let found = only(server).await;
        (found.0 == status && found.1 == attempts).then_some(found.2)
    })
    .await
}

async fn first(mail: &MailServer) -> Mail {
    wait_for("an e-mail arrives", async || mail.mails().into_iter().next()).await
}

async fn job_count(server: &Server) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM jobs").fetch_one(&mut server.owner().await).await.unwrap()
}

#[tokio::test]
async fn a_chinese_mail_arrives_as_it_was_written() {
    let mail = MailServer::start().await;
    let server = sending(&mail, Clock::system()).await;
    enqueue(&server, SUBJECT).await;
    let arrived = first(&mail).await;
    assert_eq!(arrived.text_of("Subject"), SUBJECT);
    assert_eq!(arrived.body(), BODY);
    assert_eq!(arrived.text_of("From"), "运营平台 <no-reply@coinslot.example>");
    assert_eq!(arrived.header("To"), "ops@example.com");
    assert_eq!(arrived.header("Content-Type"), "text/plain; charset=utf-8");
    wait_until(&server, "sent", 1).await;
    assert_eq!(job_count(&server).await, 0);
    let list = server.admin().await.get(&server, "/v1/admin/emails?status=sent").await;
    let item = &list.body["items"][0];
    let id = item["id"].as_str().unwrap();
    assert_eq!(arrived.header("Message-ID"), format!("<{id}@coinslot.example>"));
    assert!(item["created_at"].as_str() <= item["sent_at"].as_str(), "{item}");
    let known = json!({
        "id": id, "recipient": "ops@example.com", "subject": SUBJECT, "status": "sent", "attempts": 1,
        "created_at": item["created_at"], "sent_at": item["sent_at"],
    });
    assert_eq!((item, &list.body["total"]), (&known, &json!(1)));
    server.stop().await;
}

#[tokio::test]
async fn what_is_rolled_back_is_not_sent() {
    let mail = MailServer::start().await;
    let server = sending(&mail, Clock::system()).await;
    let mut transaction = server.app.database().begin().await.unwrap();
    email::enqueue(&mut transaction, "ops@example.com", "never", BODY, server.app.clock().now())
        .await
        .unwrap();
    transaction.rollback().await.unwrap();
    enqueue(&server, "sent").await;
    assert_eq!(first(&mail).await.header("Subject"), "sent");
    wait_until(&server, "sent", 1).await;
    server.stop().await;
    assert_eq!(mail.mails().len(), 1);
}

/// The last refusal is about us, not about the e-mail.
#[tokio::test]
async fn a_temporary_refusal_is_tried_again() {
    let mail = MailServer::start().await;
    let clock = Clock::fixed(Clock::system().now().as_millis());
    let server = sending(&mail, clock.clone()).await;
    let mut at = clock.now().as_millis();
    let refusals = ["450 mailbox busy", "421 closing", "530 authentication required"];
    mail.refuse_with(Some(refusals[0]));
    enqueue(&server, SUBJECT).await;
    for (refusal, attempts) in refusals.into_iter().zip(1..) {
        mail.refuse_with(Some(refusal));
        clock.set(at);
        let error = wait_until(&server, "pending", attempts).await;
        assert!(error.contains(&refusal[..3]), "{error}");
        at += 30_000 << (attempts - 1);
    }
    mail.refuse_with(None);
    clock.set(at);
    assert_eq!(wait_until(&server, "sent", 4).await, "");
    assert_eq!(mail.mails().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_permanent_refusal_is_final_until_an_admin_retries() {
    let mail = MailServer::start().await;
    let server = sending(&mail, Clock::system()).await;
    mail.refuse_with(Some("550 5.1.1 no such user"));
    enqueue(&server, SUBJECT).await;
    wait_until(&server, "failed", 1).await;
    let admin = server.admin().await;
    let list = admin.get(&server, "/v1/admin/emails?status=failed").await;
    let item = &list.body["items"][0];
    assert!(item["last_error"].as_str().unwrap().contains("no such user"), "{item}");
    let dead: String =
        sqlx::query_scalar("SELECT status FROM jobs").fetch_one(&mut server.owner().await).await.unwrap();
    assert_eq!(dead, "dead");
    mail.refuse_with(None);
    let retry = format!("/v1/admin/emails/{}/retry", item["id"].as_str().unwrap());
    admin.post(&server, &retry, Value::Null).await.expect(200, "");
    wait_until(&server, "sent", 2).await;
    admin.post(&server, &retry, Value::Null).await.expect(400, "INVALID_PARAMS");
    let unknown = "/v1/admin/emails/email_01h455vb4pex5vsknk084sn02q/retry";
    admin.post(&server, unknown, Value::Null).await.expect(404, "RESOURCE_NOT_FOUND");
    assert_eq!((mail.mails().len(), job_count(&server).await), (1, 0));
    let log = admin.get(&server, "/v1/admin/audit-logs?operation_type=email_retry").await;
    let mut outcomes: Vec<&str> =
        log.body["items"].as_array().unwrap().iter().map(|item| item["outcome"].as_str().unwrap()).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["failed: INVALID_PARAMS", "failed: RESOURCE_NOT_FOUND", "success"]);
    assert_eq!(log.body["items"][2]["target_resource_id"], item["id"]);
    server.stop().await;
}

#[tokio::test]
async fn a_mail_server_that_does_not_listen_is_a_temporary_failure() {
    let server = harness::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let pool = server.app.database().pool().clone();
    let delivery: Arc<dyn Handler> = Arc::new(Delivery::new(pool.clone(), &smtp_at(port)).unwrap());
    let handlers = Handlers::from([(email::KIND, delivery)]);
    enqueue(&server, SUBJECT).await;
    let worker = Worker::new(pool, server.app.clock().clone(), handlers, Pace::default());
    assert_eq!(worker.work_off().await.unwrap(), 1);
    let (status, attempts, error) = only(&server).await;
    assert_eq!((status.as_str(), attempts), ("pending", 1));
    assert!(error.contains("onnection"), "{error}");
}

#[tokio::test]
async fn a_mail_that_is_sent_again_after_a_crash_has_the_same_message_id() {
    let (mail, server) = (MailServer::start().await, harness::start().await);
    enqueue(&server, SUBJECT).await;
    let pool = server.app.database().pool().clone();
    let delivery = Delivery::new(pool, mail.config().smtp.as_ref().unwrap()).unwrap();
    let payload: Value =
        sqlx::query_scalar("SELECT payload FROM jobs").fetch_one(&mut server.owner().await).await.unwrap();
    for _ in 0..2 {
        delivery.run(&payload).await.unwrap();
    }
    let ids: Vec<String> = mail.mails().iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    server.change(sqlx::query("UPDATE email_outbox SET status = 'sent', sent_at = now()")).await;
    delivery.run(&payload).await.unwrap();
    assert_eq!(mail.mails().len(), 2, "what is known to be sent is not");
}

#[tokio::test]
async fn an_incident_is_in_the_mailbox_of_whoever_is_to_be_alerted() {
    let mail = MailServer::start().await;
    let server = sending(&mail, Clock::system()).await;
    // Long past, where the watch in the background does not look.
    let now = UtcTime::from_millis(1_736_899_200_000).unwrap();
    let failure = "INSERT INTO authorization_log (id, created_at, result, error_code, call, ip_address)
                   VALUES ($1, $2, 'refused', 'INVALID_API_KEY', 'authorize', '203.0.113.7')";
    for _ in 0..21 {
        server.change(sqlx::query(failure).bind(Uuid::new_v4()).bind(now)).await;
    }
    let settings = Settings { alert_email: "ops@example.com".to_owned(), ..Settings::defaults() };
    let mut connection = server.app.database().acquire().await.unwrap();
    look(&mut connection, &settings, Rule::Failures, now).await.unwrap();
    let arrived = first(&mail).await;
    assert_eq!(arrived.header("To"), "ops@example.com");
    assert_eq!(arrived.text_of("Subject"), "[安全告警] 203.0.113.7 行为异常");
    let told = "ip_failures：203.0.113.7 在 300 秒内鉴权失败 21 次";
    assert!(arrived.body().contains(told), "{}", arrived.body());
    drop(connection);
    server.stop().await;
}

#[tokio::test]
async fn an_approved_invoice_is_mailed_to_the_address_that_was_named() {
    let mail = MailServer::start().await;
    let server = sending(&mail, Clock::system()).await;
    let venue = server.venue(0).await;
    top_up(&server.app, venue.operator_id, 10_000).await;
    let (operator, finance) = (server.owner_of(&venue).await, server.finance().await);
    let wanted = json!({"amount": "30.00", "invoice_title": "梦境互动娱乐有限公司",
        "tax_id": "91110000MA01ABCD0X", "email": "books@example.com"});
    let asked = operator.post(&server, "/v1/operators/me/invoices", wanted).await;
    let id = asked.expect(201, "")["invoice_id"].as_str().unwrap().to_owned();
    let approved = finance.post(&server, &format!("/v1/finance/invoices/{id}/approve"), json!({})).await;
    let number = approved.expect(200, "")["invoice_number"].as_str().unwrap().to_owned();

    let arrived = first(&mail).await;
    assert_eq!(arrived.header("To"), "books@example.com");
    assert_eq!(arrived.text_of("Subject"), format!("电子收款凭证 {number}"));
    let parts = arrived.parts();
    assert_eq!(parts.len(), 2);
    assert!(parts[0].body().contains("金额 30.00 元"), "{}", parts[0].body());
    assert_eq!(parts[1].header("Content-Type"), "application/pdf");
    assert_eq!(parts[1].header("Content-Disposition"), format!("attachment; filename=\"{number}.pdf\""));
    let url = format!("{}/v1/operators/me/invoices/{id}/pdf", server.base_url);
    let pdf = server.client.get(url).bearer_auth(&operator.token).send().await.unwrap();
    assert_eq!(parts[1].file(), pdf.bytes().await.unwrap());
    server.stop().await;
}

#[tokio::test]
async fn a_failed_email_is_sent_when_its_job_is_tried_again() {
    let mail = MailServer::start().await;
    let server = sending(&mail, Clock::system()).await;
    mail.refuse_with(Some("550 no such user"));
    enqueue(&server, SUBJECT).await;
    wait_until(&server, "failed", 1).await;
    mail.refuse_with(None);
    let admin = server.admin().await;
    let list = admin.get(&server, "/v1/admin/jobs").await;
    let id = list.expect(200, "")["dead"][0]["job_id"].as_str().unwrap().to_owned();
    admin.post(&server, &format!("/v1/admin/jobs/dead/{id}/retry"), json!({})).await.expect(200, "");
    wait_until(&server, "sent", 2).await;
    assert_eq!(first(&mail).await.text_of("Subject"), SUBJECT);
    server.stop().await;
}
