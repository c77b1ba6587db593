//! The job of a run.

use std::sync::Arc;

use async_trait::async_trait;
use base::clock::{Clock, UtcTime};
use base::problem::Problem;
use serde::Deserialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::{Schedule, alert, runs};
use crate::jobs::{Ending, Failure, Handler, Handlers, queue};
use crate::metrics::Metrics;
use crate::settings::SettingsStore;

/// Does the jobs of one schedule.
#[derive(Debug)]
struct ScheduledRun {
    schedule: Schedule,
    pool: PgPool,
    clock: Clock,
    settings: Arc<SettingsStore>,
    metrics: Metrics,
}

/// What does the jobs of these schedules.
#[must_use]
pub fn handlers(
    schedules: &[Schedule],
    pool: &PgPool,
    clock: &Clock,
    settings: &Arc<SettingsStore>,
    metrics: &Metrics,
) -> Handlers {
    let handler = |schedule: &Schedule| -> (&'static str, Arc<dyn Handler>) {
        let run = ScheduledRun {
            schedule: schedule.clone(),
            pool: pool.clone(),
            clock: clock.clone(),
            settings: Arc::clone(settings),
            metrics: metrics.clone(),
        };
        (schedule.name, Arc::new(run))
    };
    schedules.iter().map(handler).collect()
}

#[derive(Deserialize)]
struct Payload {
    slot: UtcTime,
}

impl Payload {
    fn read(payload: &Value) -> Result<UtcTime, serde_json::Error> {
        Payload::deserialize(payload).map(|payload| payload.slot)
    }
}

#[async_trait]
impl Handler for ScheduledRun {
    async fn run(&self, payload: &Value) -> Result<(), Failure> {
        let slot = Payload::read(payload)?;
        runs::start(&mut *self.pool.acquire().await?, self.schedule.name, slot, self.clock.now()).await?;
        match (self.schedule.work)(slot).await {
            Err(Failure::Retry(error)) if self.schedule.rhythm.is_frequent() => Err(Failure::Fail(error)),
            worked => worked,
        }
    }

    async fn note(
        &self,
        connection: &mut PgConnection,
        payload: &Value,
        ending: &Ending,
        now: UtcTime,
    ) -> sqlx::Result<()> {
        // A job that names no slot is dead, and there is nothing to note it in.
        let Ok(slot) = Payload::read(payload) else { return Ok(()) };
        let name = self.schedule.name;
        match ending {
            Ending::Postponed { error, .. } => {
                return runs::note(connection, name, slot, None, Some(error), now).await;
            }
            Ending::Done => runs::note(connection, name, slot, Some("succeeded"), None, now).await?,
            Ending::Dead { error } => {
                runs::note(connection, name, slot, Some("failed"), Some(error), now).await?;
                let settings = self.settings.current();
                alert::send(connection, &settings, &self.schedule, slot, error, now).await?;
                if self.schedule.rhythm.is_frequent() {
                    queue::forget_dead(connection, name, payload).await?;
                }
            }
        }
        let result = if *ending == Ending::Done { "succeeded" } else { "failed" };
        self.metrics.scheduled_run(name, result);
        Ok(())
    }

    async fn reopen(&self, connection: &mut PgConnection, payload: &Value) -> Result<(), Problem> {
        let slot = Payload::read(payload).map_err(Problem::internal)?;
        runs::reopen(connection, self.schedule.name, slot).await
    }
}
