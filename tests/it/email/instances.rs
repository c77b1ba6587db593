//! E-mail and the instances that send it, or cannot.

use std::process::Stdio;

use jiff::SignedDuration;
use tokio::process::Command;

use super::*;
use crate::people::demo_server;
use crate::process::{Process, coinslot};

#[tokio::test]
async fn two_instances_send_each_mail_once() {
    let mail = MailServer::start().await;
    let server = sending(&mail, Clock::system()).await;
    let twin = harness::start_with(&server.database_url, Clock::system(), mail.config()).await;
    for number in 0..30 {
        enqueue(&server, &format!("{number:02}")).await;
    }
    wait_for("all are sent", async || (job_count(&server).await == 0).then_some(())).await;
    server.stop().await;
    twin.stop().await;
    let mut subjects: Vec<String> = mail.mails().iter().map(|mail| mail.header("Subject")).collect();
    subjects.sort();
    assert_eq!(subjects, (0..30).map(|number| format!("{number:02}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn without_a_mail_server_mails_wait_and_are_listed_until_there_is_one() {
    let server = demo_server().await;
    for (subject, seconds) in [("一", -2), ("二", -1), ("三", 0)] {
        let at = server.app.clock().now().plus(SignedDuration::from_secs(seconds));
        enqueue_at(&server, subject, at).await;
    }
    let admin = server.admin().await;
    let list = admin.get(&server, "/v1/admin/emails?page=2&page_size=1&status=pending").await;
    assert_eq!((&list.body["total"], &list.body["items"][0]["subject"]), (&json!(3), &json!("二")));
    assert_eq!(admin.get(&server, "/v1/admin/emails?status=sent").await.body["total"], 0);
    let wrong = admin.get(&server, "/v1/admin/emails?status=lost").await;
    wrong.expect(400, "INVALID_PARAMS");
    assert_eq!(wrong.fields(), ["status"]);
    let printed = coinslot(&server.database_url).args(["email", "list", "--limit", "2"]).output().await;
    let printed = String::from_utf8(printed.unwrap().stdout).unwrap();
    let lines: Vec<&str> = printed.lines().collect();
    assert!(lines[0].contains(" pending ") && lines[0].contains(" ops@example.com 三"), "{printed}");
    assert_eq!((lines.len(), lines[2]), (3, "2 of 3 e-mails"));
    let mail = MailServer::start().await;
    let twin = harness::start_with(&server.database_url, Clock::system(), mail.config()).await;
    wait_for("all are sent", async || (job_count(&server).await == 0).then_some(())).await;
    assert_eq!(mail.mails().len(), 3);
    assert_eq!(admin.get(&server, "/v1/admin/emails?status=sent").await.body["total"], 3);
    twin.stop().await;
    server.stop().await;
}

#[tokio::test]
async fn the_mail_server_is_named_by_the_environment_and_errors_name_the_variable() {
    let (mail, server) = (MailServer::start().await, harness::start().await);
    let mut wrong = serve(&server, &mail);
    wrong.env("SMTP_FROM", "").stderr(Stdio::piped());
    let ended = wrong.output().await.unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success() && said.contains("SMTP_FROM: must be set"), "{said}");
    let process = Process::serve(serve(&server, &mail)).await;
    enqueue(&server, SUBJECT).await;
    assert_eq!(first(&mail).await.header("From"), "no-reply@coinslot.example");
    assert!(process.terminate().await.success());
    assert_eq!(wait_until(&server, "sent", 1).await, "");
}

#[tokio::test]
async fn the_mail_of_an_instance_that_was_killed_is_sent_by_another_when_the_lease_has_ended() {
    let (silent, server) = (MailServer::start().await, harness::start().await);
    silent.fall_silent();
    let process = Process::serve(serve(&server, &silent)).await;
    enqueue(&server, SUBJECT).await;
    wait_for("it has the job in hand", async || {
        let sql = "SELECT attempts FROM jobs";
        let attempts: i32 = sqlx::query_scalar(sql).fetch_one(&mut server.owner().await).await.unwrap();
        (attempts == 1).then_some(())
    })
    .await;
    process.kill().await;
    let mail = MailServer::start().await;
    let now = server.app.clock().now().as_millis();
    assert_eq!(worker(&server, &mail, Clock::fixed(now)).work_off().await.unwrap(), 0);
    assert_eq!(worker(&server, &mail, Clock::fixed(now + 60_000)).work_off().await.unwrap(), 1);
    assert_eq!(only(&server).await, ("sent".to_owned(), 1, String::new()));
    assert_eq!((mail.mails().len(), job_count(&server).await), (1, 0));
}

/// What an instance would do at this time that sends through `mail`.
fn worker(server: &Server, mail: &MailServer, clock: Clock) -> Worker {
    let pool = server.app.database().pool().clone();
    let delivery = Delivery::new(pool.clone(), mail.config().smtp.as_ref().unwrap()).unwrap();
    let handlers = Handlers::from([(email::KIND, Arc::new(delivery) as Arc<dyn Handler>)]);
    Worker::new(pool, clock, handlers, Pace::default())
}

/// A process that sends through `mail`, as its environment says.
fn serve(server: &Server, mail: &MailServer) -> Command {
    let smtp = mail.config().smtp.unwrap();
    let mut command = coinslot(&server.database_url);
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("SMTP_HOST", &smtp.host)
        .env("SMTP_PORT", smtp.port.unwrap().to_string())
        .env("SMTP_TLS", "none")
        .env("SMTP_USERNAME", "")
        .env("SMTP_FROM", "no-reply@coinslot.example");
    command
}
