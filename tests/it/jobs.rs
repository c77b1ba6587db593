//! Jobs: enqueued with their cause, done once, tried again, given up, taken over.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use base::clock::{Clock, UtcTime};
use platform::jobs::{self, Ending, Failure, Handler, Handlers, MAX_ATTEMPTS, Pace, Worker};
use serde_json::{Value, json};
use sqlx::PgConnection;
use tokio::sync::Semaphore;

use crate::harness::{self, Server};
use crate::scratch::wait_for;

const KIND: &str = "test";
const NOW_MS: i64 = 1_736_899_200_000;

/// Remembers what it was asked to do, and does as it is told.
#[derive(Debug)]
struct Recorder {
    outcome: Result<(), Failure>,
    /// Each run waits for one of these.
    leave: Semaphore,
    runs: Mutex<Vec<Value>>,
    notes: Mutex<Vec<Ending>>,
}

impl Recorder {
    fn new(outcome: Result<(), Failure>) -> Arc<Self> {
        let leave = Semaphore::new(Semaphore::MAX_PERMITS);
        Arc::new(Recorder { outcome, leave, runs: Mutex::default(), notes: Mutex::default() })
    }

    /// One whose runs do not end before they get leave.
    fn waiting() -> Arc<Self> {
        let recorder = Recorder::new(Ok(()));
        recorder.leave.forget_permits(Semaphore::MAX_PERMITS);
        recorder
    }

    fn runs(&self) -> usize {
        self.runs.lock().unwrap().len()
    }

    fn notes(&self) -> Vec<Ending> {
        self.notes.lock().unwrap().clone()
    }

    async fn has_run(&self, times: usize) {
        wait_for("the jobs are in hand", async || (self.runs() == times).then_some(())).await;
    }
}

#[async_trait]
impl Handler for Recorder {
    async fn run(&self, payload: &Value) -> Result<(), Failure> {
        self.runs.lock().unwrap().push(payload.clone());
        self.leave.acquire().await.unwrap().forget();
        self.outcome.clone()
    }

    async fn note(&self, _: &mut PgConnection, _: &Value, ending: &Ending, _: UtcTime) -> sqlx::Result<()> {
        self.notes.lock().unwrap().push(ending.clone());
        Ok(())
    }
}

/// A clock that stands still.
fn clock() -> Clock {
    Clock::fixed(NOW_MS)
}

fn set_seconds(clock: &Clock, seconds: i64) {
    clock.set(NOW_MS + seconds * 1_000);
}

/// An instance's worker with this one handler.
fn worker(server: &Server, clock: &Clock, handler: &Arc<Recorder>, pace: Pace) -> Worker {
    let handlers = Handlers::from([(KIND, Arc::clone(handler) as Arc<dyn Handler>)]);
    Worker::new(server.app.database().pool().clone(), clock.clone(), handlers, pace)
}

async fn enqueue(server: &Server, clock: &Clock, payload: Value) {
    let mut transaction = server.app.database().begin().await.unwrap();
    jobs::enqueue(&mut transaction, KIND, &payload, clock.now()).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Status, attempts and error of each job that is left.
async fn left(server: &Server) -> Vec<(String, i32, Option<String>)> {
    sqlx::query_as("SELECT status, attempts, last_error FROM jobs ORDER BY id")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_job_exists_exactly_when_its_cause_does() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::new(Ok(()));
    let worker = worker(&server, &clock, &recorder, Pace::default());
    let mut transaction = server.app.database().begin().await.unwrap();
    jobs::enqueue(&mut transaction, KIND, &json!("never"), clock.now()).await.unwrap();
    assert_eq!(worker.work_off().await.unwrap(), 0, "not before the commit");
    transaction.rollback().await.unwrap();
    assert_eq!(worker.work_off().await.unwrap(), 0);
    enqueue(&server, &clock, json!("done")).await;
    assert_eq!(worker.work_off().await.unwrap(), 1);
    assert_eq!(*recorder.runs.lock().unwrap(), [json!("done")]);
    assert_eq!(recorder.notes(), [Ending::Done]);
    assert_eq!(left(&server).await, []);
}

#[tokio::test]
async fn instances_that_work_at_once_do_each_job_once() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::new(Ok(()));
    for number in 0..40 {
        enqueue(&server, &clock, json!(number)).await;
    }
    let workers: Vec<Worker> = (0..4).map(|_| worker(&server, &clock, &recorder, Pace::default())).collect();
    let done = futures_util::future::join_all(workers.iter().map(Worker::work_off)).await;
    assert_eq!(done.into_iter().map(Result::unwrap).sum::<usize>(), 40);
    let mut runs: Vec<i64> =
        recorder.runs.lock().unwrap().iter().map(|payload| payload.as_i64().unwrap()).collect();
    runs.sort_unstable();
    assert_eq!(runs, (0..40).collect::<Vec<i64>>());
    assert_eq!(left(&server).await, []);
}

#[tokio::test]
async fn jobs_without_a_handler_wait_for_an_instance_that_has_one() {
    let (server, clock) = (harness::start().await, clock());
    enqueue(&server, &clock, json!({})).await;
    let pool = server.app.database().pool().clone();
    let without = Worker::new(pool.clone(), clock.clone(), Handlers::new(), Pace::default());
    assert_eq!(without.work_off().await.unwrap(), 0);
    let other = Handlers::from([("other", Recorder::new(Ok(())) as Arc<dyn Handler>)]);
    let other = Worker::new(pool, clock.clone(), other, Pace::default());
    assert_eq!(other.work_off().await.unwrap(), 0);
    assert_eq!(left(&server).await, [("pending".to_owned(), 0, None)]);
    let able = worker(&server, &clock, &Recorder::new(Ok(())), Pace::default());
    assert_eq!(able.work_off().await.unwrap(), 1);
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_after_growing_pauses_until_the_job_is_dead() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::new(Err(Failure::Retry("busy".to_owned())));
    let worker = worker(&server, &clock, &recorder, Pace::default());
    enqueue(&server, &clock, json!({})).await;
    let mut at = 0;
    for attempt in 1..=MAX_ATTEMPTS {
        if attempt > 1 {
            at += (30 << (attempt - 2).min(20)).min(3_600);
            set_seconds(&clock, at - 1);
            assert_eq!(worker.work_off().await.unwrap(), 0, "before attempt {attempt}");
        }
        set_seconds(&clock, at);
        assert_eq!(worker.work_off().await.unwrap(), 1, "attempt {attempt}");
        let status = if attempt < MAX_ATTEMPTS { "pending" } else { "dead" };
        assert_eq!(left(&server).await, [(status.to_owned(), attempt, Some("busy".to_owned()))]);
    }
    set_seconds(&clock, at + 1_000_000);
    assert_eq!(worker.work_off().await.unwrap(), 0);
    let notes = recorder.notes();
    assert_eq!(notes.len(), 20);
    assert_eq!(notes.last(), Some(&Ending::Dead { error: "busy".to_owned() }));
    assert!(notes[..19].iter().all(|note| matches!(note, Ending::Postponed { .. })), "{notes:?}");
}

#[tokio::test]
async fn a_failure_that_cannot_pass_is_not_tried_again_until_it_is_enqueued_again() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::new(Err(Failure::Fail("no such thing".to_owned())));
    let failing = worker(&server, &clock, &recorder, Pace::default());
    enqueue(&server, &clock, json!({"n": 1})).await;
    enqueue(&server, &clock, json!({"n": 2})).await;
    assert_eq!(failing.work_off().await.unwrap(), 2);
    assert_eq!(failing.work_off().await.unwrap(), 0);
    let dead = ("dead".to_owned(), 1, Some("no such thing".to_owned()));
    assert_eq!(left(&server).await, [dead.clone(), dead.clone()]);
    let mut connection = server.app.database().acquire().await.unwrap();
    jobs::enqueue_again(&mut connection, KIND, &json!({"n": 1}), clock.now()).await.unwrap();
    let able = worker(&server, &clock, &Recorder::new(Ok(())), Pace::default());
    assert_eq!(able.work_off().await.unwrap(), 1);
    assert_eq!(left(&server).await, [dead]);
}

#[tokio::test]
async fn another_instance_takes_the_job_of_one_that_died_when_its_lease_has_ended() {
    let (server, clock) = (harness::start().await, clock());
    let dying = Recorder::waiting();
    let first = worker(&server, &clock, &dying, Pace::default());
    enqueue(&server, &clock, json!({})).await;
    let killed = tokio::spawn(async move { first.work_off().await });
    dying.has_run(1).await;
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());
    let recorder = Recorder::new(Ok(()));
    let second = worker(&server, &clock, &recorder, Pace::default());
    set_seconds(&clock, 59);
    assert_eq!(second.work_off().await.unwrap(), 0);
    set_seconds(&clock, 60);
    assert_eq!(second.work_off().await.unwrap(), 1);
    assert_eq!((recorder.runs(), left(&server).await), (1, vec![]));
}

#[tokio::test]
async fn a_job_that_nobody_survives_is_dead_after_as_many_attempts() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::new(Ok(()));
    enqueue(&server, &clock, json!({})).await;
    server.change(sqlx::query("UPDATE jobs SET attempts = $1").bind(MAX_ATTEMPTS)).await;
    assert_eq!(worker(&server, &clock, &recorder, Pace::default()).work_off().await.unwrap(), 1);
    assert_eq!(recorder.runs(), 0);
    assert!(matches!(recorder.notes()[..], [Ending::Dead { .. }]));
    assert_eq!(left(&server).await[0].0, "dead");
}

#[tokio::test]
async fn a_long_job_keeps_its_lease() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::waiting();
    let pace = Pace { prolong_every: Duration::from_millis(10), ..Pace::default() };
    let slow = worker(&server, &clock, &recorder, pace);
    enqueue(&server, &clock, json!({})).await;
    let working = tokio::spawn(async move { slow.work_off().await.unwrap() });
    recorder.has_run(1).await;
    set_seconds(&clock, 50);
    let mut owner = server.owner().await;
    wait_for("the lease is prolonged", async || {
        let lease_end: UtcTime =
            sqlx::query_scalar("SELECT due_at FROM jobs").fetch_one(&mut owner).await.unwrap();
        (lease_end.as_millis() == NOW_MS + 110_000).then_some(())
    })
    .await;
    // The other one's clock is ahead of ours.
    let (ahead, idle) = (Clock::fixed(NOW_MS + 109_000), Recorder::new(Ok(())));
    assert_eq!(worker(&server, &ahead, &idle, Pace::default()).work_off().await.unwrap(), 0);
    recorder.leave.add_permits(1);
    assert_eq!(working.await.unwrap(), 1);
    assert_eq!((recorder.notes(), left(&server).await), (vec![Ending::Done], vec![]));
}

#[tokio::test]
async fn whoever_lost_the_lease_writes_nothing() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::waiting();
    let slow = worker(&server, &clock, &recorder, Pace::default());
    enqueue(&server, &clock, json!({})).await;
    let working = tokio::spawn(async move { slow.work_off().await.unwrap() });
    recorder.has_run(1).await;
    set_seconds(&clock, 60);
    let failing = Recorder::new(Err(Failure::Retry("busy".to_owned())));
    assert_eq!(worker(&server, &clock, &failing, Pace::default()).work_off().await.unwrap(), 1);
    recorder.leave.add_permits(1);
    working.await.unwrap();
    assert_eq!(recorder.notes(), []);
    assert_eq!(left(&server).await, [("pending".to_owned(), 2, Some("busy".to_owned()))]);
}

#[tokio::test]
async fn an_instance_that_ends_finishes_what_it_has_in_hand_and_takes_nothing_more() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::waiting();
    let pace = Pace { grace: Duration::from_secs(60), ..Pace::default() };
    let running = worker(&server, &clock, &recorder, pace).start();
    // One more than it takes in hand at a time.
    for number in 0..5 {
        enqueue(&server, &clock, json!(number)).await;
    }
    recorder.has_run(4).await;
    // The end is asked for before the jobs get leave.
    tokio::join!(biased; running.finish(), async { recorder.leave.add_permits(4) });
    assert_eq!((recorder.runs(), recorder.notes()), (4, vec![Ending::Done; 4]));
    assert_eq!(left(&server).await, [("pending".to_owned(), 0, None)]);
}

#[tokio::test]
async fn an_instance_that_ends_gives_back_what_takes_too_long() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::waiting();
    let pace = Pace { grace: Duration::ZERO, ..Pace::default() };
    let running = worker(&server, &clock, &recorder, pace).start();
    enqueue(&server, &clock, json!({})).await;
    recorder.has_run(1).await;
    running.finish().await;
    assert_eq!(left(&server).await, [("pending".to_owned(), 0, None)]);
    let next = worker(&server, &clock, &Recorder::new(Ok(())), Pace::default());
    assert_eq!(next.work_off().await.unwrap(), 1, "at once");
}

#[tokio::test]
async fn word_of_a_new_job_comes_before_the_next_look() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::new(Ok(()));
    let pace = Pace { look_every: Duration::from_secs(3_600), ..Pace::default() };
    let running = worker(&server, &clock, &recorder, pace).start();
    // The first ones may come before it listens.
    wait_for("a job is done", async || {
        enqueue(&server, &clock, json!({})).await;
        (recorder.runs() > 0).then_some(())
    })
    .await;
    running.finish().await;
}

#[tokio::test]
async fn a_job_that_becomes_due_without_a_word_is_found() {
    let (server, clock) = (harness::start().await, clock());
    let recorder = Recorder::new(Ok(()));
    enqueue(&server, &clock, json!({})).await;
    set_seconds(&clock, -1);
    let pace = Pace { look_every: Duration::from_millis(10), ..Pace::default() };
    let running = worker(&server, &clock, &recorder, pace).start();
    set_seconds(&clock, 0);
    recorder.has_run(1).await;
    running.finish().await;
    assert_eq!(left(&server).await, []);
}
