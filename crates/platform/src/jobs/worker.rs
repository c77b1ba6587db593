//! The worker of an instance: takes what is due, and ends with the instance.

use std::sync::Arc;
use std::time::Duration;

use base::clock::Clock;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::queue::{self, Job};
use super::{Handlers, hint};

/// A database that says nothing must not keep the instance from ending.
const GIVE_BACK_TIMEOUT: Duration = Duration::from_secs(3);

/// How often the worker looks, and how long it holds on to a job.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Jobs in hand at a time.
    pub at_once: usize,
    /// Between two looks when no word comes.
    pub look_every: Duration,
    /// After this long without a sign of life a job is somebody else's. Far longer than clocks of instances differ.
    pub lease: SignedDuration,
    /// Between two signs of life.
    pub prolong_every: Duration,
    /// What is in hand at the end may take this long; then it is given back.
    pub grace: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            at_once: 4,
            look_every: Duration::from_secs(1),
            lease: SignedDuration::from_secs(60),
            prolong_every: Duration::from_secs(20),
            grace: Duration::from_secs(10),
        }
    }
}

/// How far the end of the instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Working,
    /// Nothing more is taken.
    Finishing,
    /// What is in hand is given back.
    GivingBack,
}

/// What takes and does jobs; cheap to clone.
#[derive(Clone, Debug)]
pub struct Worker(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) pool: PgPool,
    pub(super) clock: Clock,
    pub(super) handlers: Handlers,
    kinds: Vec<String>,
    pub(super) pace: Pace,
    pub(super) phase: watch::Sender<Phase>,
}

/// A worker that works until it is told to finish.
#[derive(Debug)]
pub struct Running {
    worker: Worker,
    task: JoinHandle<()>,
}

impl Running {
    /// Takes nothing more, and returns when what is in hand is done or given back.
    pub async fn finish(mut self) {
        let Inner { phase, pace, .. } = &*self.worker.0;
        phase.send_replace(Phase::Finishing);
        if tokio::time::timeout(pace.grace, &mut self.task).await.is_ok() {
            return;
        }
        phase.send_replace(Phase::GivingBack);
        if tokio::time::timeout(GIVE_BACK_TIMEOUT, &mut self.task).await.is_err() {
            tracing::warn!("jobs in hand were not given back; their leases will end");
            self.task.abort();
        }
    }
}

impl Worker {
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, handlers: Handlers, pace: Pace) -> Self {
        let kinds = handlers.keys().map(|kind| (*kind).to_owned()).collect();
        let phase = watch::Sender::new(Phase::Working);
        Worker(Arc::new(Inner { pool, clock, handlers, kinds, pace, phase }))
    }

    /// Works in the background.
    #[must_use]
    pub fn start(self) -> Running {
        let task = tokio::spawn(self.clone().work());
        Running { worker: self, task }
    }

    /// Does everything that is due, one after another, and returns how many jobs that were.
    ///
    /// # Errors
    /// The database's, when a job cannot be taken.
    pub async fn work_off(&self) -> sqlx::Result<usize> {
        let mut done = 0;
        while let Some(job) = self.take().await? {
            self.carry_out(&job).await;
            done += 1;
        }
        Ok(done)
    }

    async fn work(self) {
        let hint = Notify::new();
        let mut phase = self.0.phase.subscribe();
        let mut in_hand = JoinSet::new();
        let listening = hint::listen((*self.0.pool.connect_options()).clone(), &hint);
        let working = async {
            while *phase.borrow_and_update() == Phase::Working {
                self.fill(&mut in_hand).await;
                tokio::select! {
                    Some(ended) = in_hand.join_next() => report(ended),
                    () = hint.notified() => {}
                    () = tokio::time::sleep(self.0.pace.look_every) => {}
                    _ = phase.changed() => {}
                }
            }
        };
        tokio::select! {
            () = listening => {}
            () = working => {}
        }
        while let Some(ended) = in_hand.join_next().await {
            report(ended);
        }
    }

    /// Takes as much as fits into the hand.
    async fn fill(&self, in_hand: &mut JoinSet<()>) {
        while in_hand.len() < self.0.pace.at_once {
            match self.take().await {
                Ok(Some(job)) => {
                    let worker = self.clone();
                    in_hand.spawn(async move { worker.carry_out(&job).await });
                }
                Ok(None) => return,
                Err(error) => return tracing::warn!(%error, "no look at the jobs"),
            }
        }
    }

    async fn take(&self) -> sqlx::Result<Option<Job>> {
        let Inner { pool, clock, kinds, pace, .. } = &*self.0;
        if kinds.is_empty() {
            return Ok(None);
        }
        let now = clock.now();
        queue::take(&mut *pool.acquire().await?, kinds, now, now.plus(pace.lease)).await
    }
}

/// A job that panicked is taken again when its lease has ended.
fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a job failed in an unforeseen way");
    }
}
