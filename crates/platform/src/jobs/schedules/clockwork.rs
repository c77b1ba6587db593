//! What takes slots when they are due.

use std::sync::Arc;
use std::time::Duration;

use base::clock::Clock;
use base::problem::Problem;
use sqlx::PgPool;

use super::{Schedule, runs};
use crate::rounds::keep_doing;
use crate::settings::SettingsStore;

/// How late a run may begin.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The clockwork of one instance.
#[derive(Debug)]
pub struct Clockwork {
    pool: PgPool,
    clock: Clock,
    settings: Arc<SettingsStore>,
    schedules: Arc<[Schedule]>,
}

impl Clockwork {
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, settings: Arc<SettingsStore>, schedules: Arc<[Schedule]>) -> Self {
        Clockwork { pool, clock, settings, schedules }
    }

    /// Takes every slot that is due and returns how many runs that began.
    ///
    /// # Errors
    /// The database's; what was taken before stays taken.
    pub async fn tick(&self) -> Result<usize, Problem> {
        let now = self.clock.now();
        let zone = self.settings.current().business_timezone.clone();
        let mut connection = self.pool.acquire().await?;
        let taken = runs::taken_until(&mut connection).await?;
        let mut begun = 0;
        for schedule in self.schedules.iter() {
            let name = schedule.name;
            let Some(until) = taken.get(name) else {
                runs::register(&mut connection, name, now).await?;
                continue;
            };
            let slot = schedule.rhythm.latest(now, &zone)?;
            if !(slot..=now).contains(until) && runs::take(&mut connection, name, slot, now).await? {
                tracing::info!(name, %slot, "a scheduled run begins");
                begun += 1;
            }
        }
        Ok(begun)
    }

    /// Ticks until the task is dropped.
    pub async fn keep_ticking(self) {
        keep_doing(Duration::ZERO, || async {
            if let Err(problem) = self.tick().await {
                tracing::warn!(cause = problem.cause(), "no look at the schedules");
            }
            LOOK_EVERY
        })
        .await;
    }
}
