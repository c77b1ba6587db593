//! Monthly partitions of the two logs: created ahead, and those of the authorization log dropped after their time.

use base::clock::UtcTime;
use sqlx::PgConnection;

/// Months that exist ahead of the current one: two months of an idle job lose nothing, and rows beyond go to the default
/// partition.
const MONTHS_AHEAD: i32 = 3;

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

/// Drops the months of the authorization log that ended `keep_days` or more ago and returns their names. Rows outside
/// every month's partition stay.
///
/// # Errors
/// The database's, also when the log is in use for too long; then nothing was dropped.
pub async fn drop_expired(
    connection: &mut PgConnection,
    keep_days: i64,
    now: UtcTime,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"SELECT drop_authorization_log_partitions($1, $2) AS "dropped!""#,
        i32::try_from(keep_days).unwrap_or(i32::MAX),
        now as _,
    )
    .fetch_one(connection)
    .await
}
