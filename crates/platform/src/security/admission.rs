//! Limits that are counted across instances, as the problem a client sees.

use base::clock::Clock;
use base::problem::Problem;
use sqlx::PgConnection;

use super::rate_limit::{Limited, WINDOW_MS};
use super::shared_limit::{LimitKey, SharedLimits};
use crate::db::Database;
use crate::metrics::Metrics;

/// Lets requests in as long as they are within their limits.
#[derive(Debug)]
pub struct Admission {
    limits: SharedLimits,
    database: Database,
    clock: Clock,
    metrics: Metrics,
}

impl Admission {
    #[must_use]
    pub fn new(database: Database, clock: Clock, metrics: Metrics) -> Self {
        Admission { limits: SharedLimits::default(), database, clock, metrics }
    }

    /// Counts one request against `limit` per minute.
    ///
    /// # Errors
    /// `RATE_LIMIT_EXCEEDED` with `Retry-After`; the database's.
    pub async fn admit(&self, key: LimitKey, limit: i64) -> Result<(), Problem> {
        if self.limits.take_held(&key, limit, self.clock.now().as_millis()).is_some() {
            return Ok(());
        }
        // Rare and large: boxed, or every request would carry the room for it.
        Box::pin(async move {
            let mut connection = self.database.acquire().await?;
            self.admit_on(&mut connection, key, limit).await
        })
        .await
    }

    /// As [`Admission::admit`], on a connection that the caller holds anyway. Not inside a transaction: others would wait
    /// for it.
    ///
    /// # Errors
    /// As [`Admission::admit`].
    pub async fn admit_on(
        &self,
        connection: &mut PgConnection,
        key: LimitKey,
        limit: i64,
    ) -> Result<(), Problem> {
        let now_ms = self.clock.now().as_millis();
        if self.limits.take_held(&key, limit, now_ms).is_some() {
            return Ok(());
        }
        let kind = key.kind();
        let admitted = self.limits.take(connection, key, limit, now_ms).await?;
        admitted.map_err(|Limited { retry_after_seconds }| {
            self.metrics.rate_limited(kind);
            Problem::rate_limited(limit, WINDOW_MS.unsigned_abs() / 1_000, retry_after_seconds)
        })
    }

    /// Takes an admission back that shall not count after all.
    pub fn give_back(&self, key: &LimitKey, limit: i64) {
        self.limits.give_back(key, limit, self.clock.now().as_millis());
    }
}
