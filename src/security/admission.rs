//! Limits that are counted across instances, as the problem a client sees.

use sqlx::PgConnection;

use super::rate_limit::{Limited, WINDOW_MS};
use super::shared_limit::LimitKey;
use crate::app::App;
use crate::problem::Problem;

/// Counts one request against `limit` per minute.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED` with `Retry-After`; the database's.
pub async fn admit(app: &App, key: LimitKey, limit: i64) -> Result<(), Problem> {
    if app.limits().take_held(&key, limit, app.clock().now().as_millis()).is_some() {
        return Ok(());
    }
    // Rare and large: boxed, or every request would carry the room for it.
    Box::pin(async move {
        let mut connection = app.database().acquire().await?;
        admit_on(app, &mut connection, key, limit).await
    })
    .await
}

/// As [`admit`], on a connection that the caller holds anyway. Not inside a transaction: others would wait for it.
///
/// # Errors
/// As [`admit`].
pub async fn admit_on(
    app: &App,
    connection: &mut PgConnection,
    key: LimitKey,
    limit: i64,
) -> Result<(), Problem> {
    let now_ms = app.clock().now().as_millis();
    if app.limits().take_held(&key, limit, now_ms).is_some() {
        return Ok(());
    }
    let kind = key.kind();
    let admitted = app.limits().take(connection, key, limit, now_ms).await?;
    admitted.map_err(|Limited { retry_after_seconds }| {
        app.metrics().rate_limited(kind);
        Problem::rate_limited(limit, WINDOW_MS.unsigned_abs() / 1_000, retry_after_seconds)
    })
}
