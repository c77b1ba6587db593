//! The clockwork: slots are taken once, missed ones are caught up once, failures are seen and told of.

mod failures;

use std::sync::{Arc, Mutex};

use base::clock::{Clock, UtcTime};
use base::problem::Text;
use futures_util::future::join_all;
use platform::jobs::schedules::{self, Clockwork, Rhythm, Run, RunResult, Schedule};
use platform::jobs::{Failure, Pace, Worker};
use platform::settings::SettingsStore;
use serde_json::json;

use crate::games::at;
use crate::harness::{self, Server};
use crate::scratch::wait_for;

/// A schedule of the tests and what became of it. Other instances leave its jobs alone, because they do not know it.
struct Bench {
    server: Server,
    clock: Clock,
    schedules: Arc<[Schedule]>,
    settings: Arc<SettingsStore>,
    /// The slots that work was done for.
    done: Arc<Mutex<Vec<UtcTime>>>,
    outcome: Arc<Mutex<Result<(), Failure>>>,
}

const NAME: &str = "test";

impl Bench {
    /// A schedule that is known since `now`, Shanghai time.
    async fn start(rhythm: Rhythm, now: &str) -> Self {
        let bench = Self::unknown(rhythm, now).await;
        assert_eq!(bench.tick_at(now).await, 0);
        bench
    }

    async fn unknown(rhythm: Rhythm, now: &str) -> Self {
        let server = harness::start().await;
        let (done, outcome) = (Arc::<Mutex<Vec<UtcTime>>>::default(), Arc::new(Mutex::new(Ok(()))));
        let (noted, told) = (Arc::clone(&done), Arc::clone(&outcome));
        let schedule = Schedule::new(NAME, rhythm, Text::new("测试任务", "A test"), move |slot| {
            noted.lock().unwrap().push(slot);
            let outcome: Result<(), Failure> = told.lock().unwrap().clone();
            async move { outcome }
        });
        let settings = Arc::new(SettingsStore::default());
        let clock = Clock::fixed(at(now).as_millis());
        Bench { server, clock, schedules: Arc::new([schedule]), settings, done, outcome }
    }

    fn clockwork_of(&self, server: &Server) -> Clockwork {
        let pool = server.app.database().pool().clone();
        Clockwork::new(pool, self.clock.clone(), Arc::clone(&self.settings), Arc::clone(&self.schedules))
    }

    fn worker_of(&self, server: &Server) -> Worker {
        let metrics = self.server.app.metrics();
        let pool = server.app.database().pool().clone();
        let handlers = schedules::handlers(&self.schedules, &pool, &self.clock, &self.settings, metrics);
        Worker::new(pool, self.clock.clone(), handlers, Pace::default())
    }

    async fn tick_at(&self, now: &str) -> usize {
        self.clock.set(at(now).as_millis());
        self.clockwork_of(&self.server).tick().await.unwrap()
    }

    async fn work_off(&self) -> usize {
        self.worker_of(&self.server).work_off().await.unwrap()
    }

    fn done(&self) -> Vec<UtcTime> {
        self.done.lock().unwrap().clone()
    }

    fn let_it(&self, outcome: Result<(), Failure>) {
        *self.outcome.lock().unwrap() = outcome;
    }

    async fn last_run(&self) -> Option<Run> {
        schedules::last_runs(&mut self.server.owner().await).await.unwrap().remove(NAME)
    }

    async fn refresh_settings(&self) {
        self.settings.refresh(&mut self.server.owner().await).await.unwrap();
    }
}

#[tokio::test]
async fn slots_from_before_a_schedule_was_known_are_nobodys() {
    let bench = Bench::unknown(Rhythm::daily(4, 0), "2025-01-15T04:00:00+08:00").await;
    assert_eq!(bench.tick_at("2025-01-15T04:00:00+08:00").await, 0);
    assert_eq!(bench.tick_at("2025-01-15T23:59:59+08:00").await, 0);
    assert_eq!(bench.tick_at("2025-01-16T03:59:59.999+08:00").await, 0);
    assert!(bench.last_run().await.is_none());
    assert_eq!(bench.tick_at("2025-01-16T04:00:00+08:00").await, 1);
    assert_eq!(bench.tick_at("2025-01-16T04:00:05+08:00").await, 0);
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.done(), [at("2025-01-16T04:00:00+08:00")]);
    let run = bench.last_run().await.unwrap();
    assert_eq!((run.slot, run.result, run.error), (bench.done()[0], RunResult::Succeeded, None));
    let ended = Some(at("2025-01-16T04:00:05+08:00"));
    assert_eq!((run.started_at, run.finished_at, run.requested_by), (ended, ended, None));
    assert_eq!(bench.tick_at("2025-01-17T03:00:00+08:00").await, 0);
}

#[tokio::test]
async fn what_was_missed_is_caught_up_once_for_the_latest_slot() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-10T12:00:00+08:00").await;
    assert_eq!(bench.tick_at("2025-01-15T12:00:00+08:00").await, 1);
    assert_eq!(bench.tick_at("2025-01-15T12:00:00+08:00").await, 0, "its run is not finished");
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.tick_at("2025-01-15T12:00:01+08:00").await, 0);
    assert_eq!(bench.tick_at("2025-01-16T04:00:00+08:00").await, 1);
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.done(), [at("2025-01-15T04:00:00+08:00"), at("2025-01-16T04:00:00+08:00")]);
}

#[tokio::test]
async fn instances_that_tick_at_once_begin_one_run_and_do_it_once() {
    let bench = Bench::start(Rhythm::Minutes(5), "2025-01-15T12:00:00Z").await;
    let twin = bench.server.twin().await;
    let servers = [&bench.server, &twin];
    let clockworks: Vec<Clockwork> = (0..8).map(|n| bench.clockwork_of(servers[n % 2])).collect();
    let workers: Vec<Worker> = (0..4).map(|n| bench.worker_of(servers[n % 2])).collect();
    let start_ms = bench.clock.now().as_millis();
    for round in 1..=20 {
        bench.clock.set(start_ms + round * 300_000);
        let begun = join_all(clockworks.iter().map(Clockwork::tick)).await;
        assert_eq!(begun.into_iter().map(Result::unwrap).sum::<usize>(), 1, "round {round}");
        let worked = join_all(workers.iter().map(Worker::work_off)).await;
        assert_eq!(worked.into_iter().map(Result::unwrap).sum::<usize>(), 1, "round {round}");
    }
    let slots: Vec<i64> = bench.done().iter().map(|slot| (slot.as_millis() - start_ms) / 300_000).collect();
    assert_eq!(slots, (1..=20).collect::<Vec<i64>>());
    twin.stop().await;
}

#[tokio::test]
async fn while_a_run_is_not_finished_the_next_waits_and_is_caught_up_then() {
    let bench = Bench::start(Rhythm::Minutes(5), "2025-01-15T12:00:00Z").await;
    assert_eq!(bench.tick_at("2025-01-15T12:05:00Z").await, 1);
    for later in ["2025-01-15T12:10:00Z", "2025-01-15T12:15:00Z", "2025-01-15T12:17:00Z"] {
        assert_eq!(bench.tick_at(later).await, 0, "{later}");
    }
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.tick_at("2025-01-15T12:17:00Z").await, 1);
    assert_eq!(bench.tick_at("2025-01-15T12:17:05Z").await, 0);
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.done(), [at("2025-01-15T12:05:00Z"), at("2025-01-15T12:15:00Z")]);
}

#[tokio::test]
async fn of_many_who_ask_for_a_run_at_once_one_gets_it() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-15T00:00:00Z").await;
    let pool = bench.server.app.database().pool().clone();
    let ask = async |second: i64| {
        let now = bench.clock.now().plus(jiff::SignedDuration::from_secs(second));
        let mut transaction = pool.begin().await.unwrap();
        let asked = schedules::run_now(&mut transaction, NAME, "admin", now).await;
        transaction.commit().await.unwrap();
        asked
    };
    let asked = join_all((0..8).map(ask)).await;
    assert_eq!(asked.iter().filter(|asked| asked.is_ok()).count(), 1, "{asked:?}");
    assert_eq!(bench.tick_at("2025-01-15T20:00:00Z").await, 0, "it is not finished");
    assert_eq!(bench.work_off().await, 1);
    assert_eq!(bench.tick_at("2025-01-15T20:00:05Z").await, 1, "the slot is due all the same");
}

#[tokio::test]
async fn another_time_zone_makes_up_no_slots_in_the_past() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-15T03:00:00+08:00").await;
    assert_eq!(bench.tick_at("2025-01-15T12:00:00+08:00").await, 1);
    assert_eq!(bench.work_off().await, 1);
    // In both zones it has been 4 o'clock since the slot of Shanghai, or before it.
    for zone in ["Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata"] {
        bench.server.set("business_timezone", json!(zone)).await;
        bench.refresh_settings().await;
        assert_eq!(bench.tick_at("2025-01-15T12:00:05+08:00").await, 0, "{zone}");
    }
    assert_eq!(bench.tick_at("2025-01-16T03:59:59+05:30").await, 0);
    assert_eq!(bench.tick_at("2025-01-16T04:00:00+05:30").await, 1);
}

#[tokio::test]
async fn a_clock_that_was_wrong_for_a_while_neither_stops_nor_repeats_a_schedule() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-15T12:00:00Z").await;
    assert_eq!(bench.tick_at("2025-01-16T12:00:00Z").await, 1);
    bench.work_off().await;
    assert_eq!(bench.tick_at("2099-06-01T12:00:00Z").await, 1);
    bench.work_off().await;
    assert_eq!(bench.tick_at("2025-01-16T12:00:00Z").await, 0, "that slot has had its run");
    assert_eq!(bench.tick_at("2025-01-17T12:00:00Z").await, 1);
    bench.work_off().await;
    assert_eq!(bench.tick_at("2025-01-17T12:00:05Z").await, 0);
    assert_eq!(bench.done().len(), 3);
}

#[tokio::test]
async fn a_run_that_an_instance_took_to_its_grave_is_done_by_another() {
    let bench = Bench::start(Rhythm::daily(4, 0), "2025-01-15T00:00:00Z").await;
    assert_eq!(bench.tick_at("2025-01-15T20:00:00Z").await, 1);
    // Taken, and nothing heard of since.
    let lease_end = at("2025-01-15T20:01:00Z");
    let sql = "UPDATE jobs SET attempts = 1, due_at = $1 WHERE kind = 'test'";
    bench.server.change(sqlx::query(sql).bind(lease_end)).await;
    assert_eq!(bench.work_off().await, 0);
    bench.clock.set(lease_end.as_millis());
    assert_eq!(bench.work_off().await, 1);
    let run = bench.last_run().await.unwrap();
    assert_eq!((run.result, run.started_at), (RunResult::Succeeded, Some(lease_end)));
}

#[tokio::test]
async fn a_running_instance_does_what_is_due_by_itself() {
    let server = crate::games::server_at("2025-08-31T18:00:00Z", "UTC").await;
    let names = server.app.schedules().len();
    let count = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut server.owner().await).await.unwrap()
    };
    wait_for("every schedule is known", async || {
        let known = count("SELECT count(*) FROM schedules").await;
        (usize::try_from(known).unwrap() == names).then_some(())
    })
    .await;
    // A Monday, and the first of a month.
    server.app.clock().set(at("2025-09-01T04:00:00Z").as_millis());
    wait_for("every schedule has run", async || {
        let finished =
            count("SELECT count(DISTINCT name) FROM schedule_runs WHERE result = 'succeeded'").await;
        (usize::try_from(finished).unwrap() == names).then_some(())
    })
    .await;
    server.stop().await;
}
