//! What administrators see of the clockwork and the queue, and what they can do about it.

use base::clock::UtcTime;
use base::ids::JobId;
use serde_json::{Value, json};

use crate::games::{at, server_at};
use crate::harness::Server;
use crate::people::Person;
use crate::scratch::wait_for;

const NOW: &str = "2025-06-15T12:00:00Z";
const JOBS: &str = "/v1/admin/jobs";

async fn start() -> (Server, Person) {
    let server = server_at(NOW, "Asia/Shanghai").await;
    let admin = server.staff("admin", "super_admin").await;
    (server, admin)
}

async fn listed(server: &Server, admin: &Person) -> Value {
    admin.get(server, JOBS).await.expect(200, "").clone()
}

fn schedule<'a>(list: &'a Value, name: &str) -> &'a Value {
    list["schedules"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap()
}

/// A job that was given up.
async fn dead(server: &Server, kind: &str, payload: &Value, now: UtcTime) -> JobId {
    let id = JobId::generate(now);
    let sql = "INSERT INTO jobs (id, kind, payload, status, due_at, attempts, last_error, created_at)
               VALUES ($1, $2, $3, 'dead', $4, 20, 'no luck', $4)";
    server.change(sqlx::query(sql).bind(id).bind(kind).bind(payload).bind(now)).await;
    id
}

async fn audited(server: &Server) -> Vec<(String, String, String)> {
    sqlx::query_as(
        "SELECT operation_type, target_resource_id, outcome FROM audit_log
         WHERE operation_type LIKE 'job%' ORDER BY seq",
    )
    .fetch_all(&mut server.owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn every_schedule_is_listed_in_the_callers_language_with_its_next_run() {
    let (server, admin) = start().await;
    let list = listed(&server, &admin).await;
    let names: Vec<&str> =
        list["schedules"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, server.app.schedules().iter().map(|schedule| schedule.name).collect::<Vec<_>>());
    let monthly = json!({
        "name": "recompute_categories",
        "description": "按上月消费重新评定客户等级",
        "schedule": "每月 1 日 02:00",
        "next_run": "2025-06-30T18:00:00.000Z",
    });
    assert_eq!(schedule(&list, "recompute_categories"), &monthly);
    let headers = [("Accept-Language", "en")];
    let answer = server.call_with(Some(&admin.token), "GET", JOBS, &Value::Null, &headers).await;
    let monthly = schedule(answer.expect(200, ""), "recompute_categories").clone();
    assert_eq!(monthly["schedule"], "on the 1st of each month at 02:00");
    assert_eq!(monthly["description"], "Sets the customer categories by the consumption of the past month");
    assert_eq!(
        (&list["pending_jobs"], &list["dead_jobs"], &list["dead"]),
        (&json!(0), &json!(0), &json!([]))
    );
}

#[tokio::test]
async fn a_run_that_is_asked_for_begins_at_once_and_is_audited() {
    let (server, admin) = start().await;
    admin.post(&server, &format!("{JOBS}/purge_expired/run"), json!({})).await.expect(200, "");
    let run = wait_for("it is done", async || {
        let list = listed(&server, &admin).await;
        let run = schedule(&list, "purge_expired")["last_run"].clone();
        (run["result"] == "succeeded").then_some(run)
    })
    .await;
    let by: String = sqlx::query_scalar("SELECT username FROM staff_accounts WHERE kind = 'admin'")
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap();
    let now = "2025-06-15T12:00:00.000Z";
    let expected = json!({"slot": now, "requested_by": by, "started_at": now, "finished_at": now,
                          "duration_ms": 0, "result": "succeeded"});
    assert_eq!(run, expected);
    admin.post(&server, &format!("{JOBS}/no_such/run"), json!({})).await.expect(404, "RESOURCE_NOT_FOUND");
    admin.post(&server, &format!("{JOBS}/%ff/run"), json!({})).await.expect(404, "RESOURCE_NOT_FOUND");
    let success = ("job_run".to_owned(), "purge_expired".to_owned(), "success".to_owned());
    assert_eq!(audited(&server).await, [success]);
}

#[tokio::test]
async fn no_second_run_begins_while_one_is_not_finished() {
    let (server, admin) = start().await;
    let sql = "INSERT INTO schedule_runs (name, slot, error) VALUES ('purge_expired', $1, 'busy')";
    server.change(sqlx::query(sql).bind(at("2025-06-14T20:00:00Z"))).await;
    let answer = admin.post(&server, &format!("{JOBS}/purge_expired/run"), json!({})).await;
    answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.body["message"], "该任务的上一次执行尚未结束");
    assert_eq!(audited(&server).await[0].2, "failed: INVALID_PARAMS");
    wait_for("the schedule is known", async || {
        let list = listed(&server, &admin).await;
        let run = schedule(&list, "purge_expired").get("last_run").cloned();
        run.map(|run| {
            assert_eq!(
                run,
                json!({"slot": "2025-06-14T20:00:00.000Z", "result": "running", "error": "busy"})
            );
        })
    })
    .await;
}

#[tokio::test]
async fn dead_jobs_are_counted_and_the_newest_listed() {
    let (server, admin) = start().await;
    for second in 0..101 {
        let now = at(NOW).plus(jiff::SignedDuration::from_secs(second));
        dead(&server, "send_email", &json!({}), now).await;
    }
    let list = listed(&server, &admin).await;
    assert_eq!((&list["dead_jobs"], &list["pending_jobs"]), (&json!(101), &json!(0)));
    let items = list["dead"].as_array().unwrap();
    assert_eq!(items.len(), 100);
    let mut newest = items[0].clone();
    newest.as_object_mut().unwrap().remove("job_id");
    let created_at = "2025-06-15T12:01:40.000Z";
    let expected =
        json!({"kind": "send_email", "attempts": 20, "last_error": "no luck", "created_at": created_at});
    assert_eq!(newest, expected);
}

#[tokio::test]
async fn a_run_that_was_given_up_can_be_tried_again_for_its_slot() {
    let (server, admin) = start().await;
    let slot = at("2025-06-14T20:00:00Z");
    let id = dead(&server, "purge_expired", &json!({"slot": slot}), at(NOW)).await;
    let sql = "INSERT INTO schedule_runs (name, slot, finished_at, result, error)
               VALUES ('purge_expired', $1, $1, 'failed', 'no luck')";
    server.change(sqlx::query(sql).bind(slot)).await;
    let path = format!("{JOBS}/dead/{id}/retry");
    admin.post(&server, &path, json!({})).await.expect(200, "");
    wait_for("it is done", async || {
        let (result, error): (Option<String>, Option<String>) =
            sqlx::query_as("SELECT result, error FROM schedule_runs WHERE name = 'purge_expired'")
                .fetch_one(&mut server.owner().await)
                .await
                .unwrap();
        result.map(|result| assert_eq!((result.as_str(), error), ("succeeded", None)))
    })
    .await;
    admin.post(&server, &path, json!({})).await.expect(404, "RESOURCE_NOT_FOUND");
    let retried = ("job_retry".to_owned(), id.to_string());
    let expected = ["success", "failed: RESOURCE_NOT_FOUND"]
        .map(|outcome| (retried.0.clone(), retried.1.clone(), outcome.to_owned()));
    assert_eq!(audited(&server).await, expected);
}

#[tokio::test]
async fn a_dead_job_stays_dead_while_another_run_is_not_finished_or_nobody_can_do_it() {
    let (server, admin) = start().await;
    let slot = at("2025-06-14T20:00:00Z");
    let run = dead(&server, "purge_expired", &json!({"slot": slot}), at(NOW)).await;
    let sql = "INSERT INTO schedule_runs (name, slot) VALUES ('purge_expired', $1)";
    server.change(sqlx::query(sql).bind(at("2025-06-13T20:00:00Z"))).await;
    // There is no mail server.
    let email = dead(&server, "send_email", &json!({}), at(NOW)).await;
    for id in [run, email] {
        let answer = admin.post(&server, &format!("{JOBS}/dead/{id}/retry"), json!({})).await;
        answer.expect(400, "INVALID_PARAMS");
    }
    assert_eq!(listed(&server, &admin).await["dead_jobs"], 2);
}
