//! The limit on headset and unauthenticated calls of one address (FR-055).

use std::net::IpAddr;

use crate::app::App;
use crate::problem::Problem;
use crate::security::rate_limit::WINDOW_MS;
use crate::security::shared_limit::LimitKey;

/// Counts one call of the address.
///
/// # Errors
/// `RATE_LIMIT_EXCEEDED`, or `SERVICE_UNAVAILABLE` while the database is away.
pub async fn check(app: &App, ip: IpAddr) -> Result<(), Problem> {
    let key = LimitKey::Address(ip);
    let now_ms = app.clock().now().as_millis();
    if app.limits().take_held(&key, now_ms).is_some() {
        return Ok(());
    }
    let limit = app.settings().ip_rate_limit_per_minute;
    let mut connection = app.database().acquire().await?;
    match app
        .limits()
        .take(&mut connection, key, limit, now_ms)
        .await?
    {
        Ok(()) => Ok(()),
        Err(limited) => {
            app.metrics().rate_limited("ip");
            Err(Problem::rate_limited(
                limit,
                WINDOW_MS.unsigned_abs() / 1_000,
                limited.retry_after_seconds,
            ))
        }
    }
}
