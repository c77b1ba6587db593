//! Monthly partitions of the two logs, created ahead.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};

use crate::clock::{Clock, UtcTime};

/// Months that exist ahead of the current one: two months of an idle job lose nothing, and rows beyond go to the default
/// partition.
const MONTHS_AHEAD: i32 = 3;
const EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// Creates what is missing and returns how many partitions that were. Safe on several instances.
pub async fn create_ahead(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<i32> {
    let created = sqlx::query_scalar!(
        r#"SELECT create_log_partitions(($1::timestamptz AT TIME ZONE 'UTC')::date, $2) AS "created!""#,
        now as _,
        MONTHS_AHEAD,
    )
    .fetch_one(connection)
    .await?;
    Ok(created)
}

/// Runs [`create_ahead`] four times a day.
pub async fn keep_ahead(pool: PgPool, clock: Clock) {
    loop {
        tokio::time::sleep(EVERY).await;
        let created = async { create_ahead(&mut *pool.acquire().await?, clock.now()).await }.await;
        match created {
            Ok(0) => {}
            Ok(partitions) => tracing::info!(partitions, "log partitions created"),
            Err(error) => tracing::error!(%error, "log partitions not created"),
        }
    }
}
