//! One attempt at a job: the work under a lease, and the note of what became of it.

use std::time::Duration;

use super::queue::{self, Job};
use super::worker::{Inner, Phase, Worker};
use super::{Ending, Handler, MAX_ATTEMPTS};

/// How often, a second apart, it is tried to write what became of an attempt: less than the lease lasts.
const NOTE_ATTEMPTS: u32 = 30;

impl Worker {
    pub(super) async fn carry_out(&self, job: &Job) {
        // Only kinds with a handler are taken.
        let Some(handler) = self.0.handlers.get(job.kind.as_str()) else { return };
        if job.attempts > MAX_ATTEMPTS {
            let error = "nobody who took it came to an end with it".to_owned();
            return self.settle(handler.as_ref(), job, &Ending::Dead { error }).await;
        }
        let worked = tokio::select! {
            worked = handler.run(&job.payload) => worked,
            () = self.hold(job) => {
                return tracing::warn!(job = %job.id, kind = job.kind, "the lease of a job was lost");
            }
            () = self.must_give_back() => return self.give_back(job).await,
        };
        let ending = Ending::of(worked, job.attempts, self.0.clock.now());
        self.settle(handler.as_ref(), job, &ending).await;
    }

    async fn must_give_back(&self) {
        let mut phase = self.0.phase.subscribe();
        // It cannot fail: the worker holds the sender.
        drop(phase.wait_for(|phase| *phase == Phase::GivingBack).await);
    }

    /// Prolongs the lease, and returns when it is lost.
    async fn hold(&self, job: &Job) {
        let Inner { pool, clock, pace, .. } = &*self.0;
        loop {
            tokio::time::sleep(pace.prolong_every).await;
            let prolonged = async {
                let mut connection = pool.acquire().await?;
                queue::prolong(&mut connection, job, clock.now().plus(pace.lease)).await
            };
            match prolonged.await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, job = %job.id, "the lease of a job was not prolonged"),
            }
        }
    }

    async fn give_back(&self, job: &Job) {
        let released = async {
            let mut connection = self.0.pool.acquire().await?;
            queue::release(&mut connection, job, self.0.clock.now()).await
        };
        match released.await {
            Ok(_) => tracing::info!(job = %job.id, kind = job.kind, "a job was given back"),
            Err(error) => {
                tracing::warn!(%error, job = %job.id, "a job was not given back; its lease will end");
            }
        }
    }

    /// Writes what became of an attempt. A database that is away for a moment must not have the work done twice.
    async fn settle(&self, handler: &dyn Handler, job: &Job, ending: &Ending) {
        for _ in 0..NOTE_ATTEMPTS {
            match self.try_settle(handler, job, ending).await {
                Ok(true) => return tell(job, ending),
                Ok(false) => {
                    return tracing::warn!(job = %job.id, kind = job.kind, "the lease of a job was lost");
                }
                Err(error) => tracing::warn!(%error, job = %job.id, "the end of a job was not written"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        tracing::error!(job = %job.id, kind = job.kind, "a job will be done again when its lease has ended");
    }

    async fn try_settle(&self, handler: &dyn Handler, job: &Job, ending: &Ending) -> sqlx::Result<bool> {
        let mut transaction = self.0.pool.begin().await?;
        if !queue::end(&mut transaction, job, ending).await? {
            return Ok(false);
        }
        handler.note(&mut transaction, &job.payload, ending, self.0.clock.now()).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn tell(job: &Job, ending: &Ending) {
    let Job { id, kind, attempts, .. } = job;
    match ending {
        Ending::Done => tracing::info!(job = %id, kind, attempts, "a job is done"),
        Ending::Postponed { error, until } => {
            tracing::warn!(job = %id, kind, attempts, error, %until, "a job is put off");
        }
        Ending::Dead { error } => tracing::error!(job = %id, kind, attempts, error, "a job is dead"),
    }
}
