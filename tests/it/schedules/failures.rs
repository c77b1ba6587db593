//! Runs that fail.

use platform::jobs::schedules::{Rhythm, RunResult};
use platform::jobs::{Failure, MAX_ATTEMPTS};
use serde_json::json;

use super::Bench;
use crate::games::at;

fn busy() -> Result<(), Failure> {
    Err(Failure::Retry("busy".to_owned()))
}

fn broken() -> Result<(), Failure> {
    Err(Failure::Fail("broken".to_owned()))
}

impl Bench {
    async fn alert(&self) {
        self.server.set("alert_email", json!("ops@example.com")).await;
        self.refresh_settings().await;
    }

    /// Recipient, subject and body of each e-mail.
    async fn mails(&self) -> Vec<(String, String, String)> {
        sqlx::query_as("SELECT recipient, subject, body FROM email_outbox ORDER BY id")
            .fetch_all(&mut self.server.owner().await)
            .await
            .unwrap()
    }

    async fn jobs_left(&self) -> Vec<(String, i32)> {
        sqlx::query_as("SELECT status, attempts FROM jobs WHERE kind = 'test' ORDER BY id")
            .fetch_all(&mut self.server.owner().await)
            .await
            .unwrap()
    }

    fn counted(&self, result: &str) -> bool {
        let line = format!("mr_scheduled_job_total{{name=\"test\",result=\"{result}\"}} 1\n");
        self.server.app.metrics().render().contains(&line)
    }
}

#[tokio::test]
async fn a_failure_that_may_pass_is_shown_and_tried_again() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-15T00:00:00Z").await;
    bench.alert().await;
    bench.let_it(busy());
    assert_eq!(bench.tick_at("2025-01-15T20:00:00Z").await, 1);
    assert_eq!(bench.work_off().await, 1);
    let run = bench.last_run().await.unwrap();
    assert_eq!((run.result, run.error.as_deref()), (RunResult::Running, Some("busy")));
    assert!(!bench.counted("failed") && !bench.counted("succeeded"));
    bench.let_it(Ok(()));
    bench.clock.set(at("2025-01-15T20:00:30Z").as_millis());
    assert_eq!(bench.work_off().await, 1);
    let run = bench.last_run().await.unwrap();
    assert_eq!((run.result, run.error, run.slot), (RunResult::Succeeded, None, at("2025-01-15T20:00:00Z")));
    assert!(bench.counted("succeeded"));
    assert_eq!((bench.mails().await, bench.jobs_left().await), (vec![], vec![]));
}

#[tokio::test]
async fn a_run_that_is_given_up_is_seen_counted_and_told_of_and_the_next_begins() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-15T00:00:00Z").await;
    bench.alert().await;
    bench.let_it(busy());
    assert_eq!(bench.tick_at("2025-01-15T20:00:00Z").await, 1);
    for _ in 0..MAX_ATTEMPTS {
        assert_eq!(bench.work_off().await, 1);
        bench.clock.set(bench.clock.now().as_millis() + 3_600_000);
    }
    assert_eq!(bench.jobs_left().await, [("dead".to_owned(), MAX_ATTEMPTS)]);
    let run = bench.last_run().await.unwrap();
    assert_eq!((run.result, run.error.as_deref()), (RunResult::Failed, Some("busy")));
    assert!(bench.counted("failed"));
    let mails = bench.mails().await;
    let [(recipient, subject, body)] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(
        (recipient.as_str(), subject.as_str()),
        ("ops@example.com", "[运行告警] 定时任务失败：测试任务")
    );
    assert!(body.contains("计划时间：2025-01-16 04:00\n原因：busy\n"), "{body}");
    bench.let_it(broken());
    assert_eq!(bench.tick_at("2025-01-16T20:00:00Z").await, 1);
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.mails().await.len(), 2, "each failure of a daily schedule");
    assert_eq!(bench.jobs_left().await.len(), 2);
}

#[tokio::test]
async fn without_an_address_nobody_is_told_and_the_failure_is_seen_all_the_same() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-15T00:00:00Z").await;
    bench.let_it(broken());
    assert_eq!(bench.tick_at("2025-01-15T20:00:00Z").await, 1);
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.last_run().await.unwrap().result, RunResult::Failed);
    assert_eq!(bench.mails().await, []);
}

#[tokio::test]
async fn what_runs_every_few_minutes_is_not_tried_again_and_told_of_twice_a_day() {
    let bench = Bench::start(Rhythm::Minutes(5), "2025-01-15T00:00:00Z").await;
    bench.alert().await;
    bench.let_it(busy());
    for (now, mails) in [
        ("2025-01-15T00:05:00Z", 1),
        ("2025-01-15T00:10:00Z", 1),
        ("2025-01-15T12:00:00Z", 1),
        ("2025-01-15T12:05:00Z", 2),
        ("2025-01-15T12:10:00Z", 2),
    ] {
        assert_eq!(bench.tick_at(now).await, 1, "{now}");
        assert_eq!(bench.work_off().await, 1, "{now}");
        let run = bench.last_run().await.unwrap();
        assert_eq!((run.slot, run.result), (at(now), RunResult::Failed));
        assert_eq!((bench.mails().await.len(), bench.jobs_left().await), (mails, vec![]), "{now}");
    }
}
