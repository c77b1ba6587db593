//! Telling the other instances of the charges of this one.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use super::hub::Hub;
use super::notification;

/// Between two notifications, so that their number does not grow with that of the charges.
const PUBLISH_EVERY: Duration = Duration::from_millis(250);
/// A database that says nothing must not keep the server from ending.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Tells the other instances until the hub is closed and everything is told.
pub async fn tell_others(hub: Arc<Hub>, pool: PgPool) {
    loop {
        let is_last = tokio::select! {
            () = hub.has_unpublished() => false,
            () = hub.closed() => true,
        };
        let operators = hub.take_unpublished();
        let told = tokio::time::timeout(TIMEOUT, publish(&hub, &pool, &operators)).await;
        if let Err(error) = told.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            tracing::warn!(%error, "other instances not told of charges");
            hub.put_unpublished(operators);
        }
        if is_last {
            return;
        }
        tokio::time::sleep(PUBLISH_EVERY).await;
    }
}

async fn publish(hub: &Hub, pool: &PgPool, operators: &[Uuid]) -> sqlx::Result<()> {
    if operators.is_empty() {
        return Ok(());
    }
    // The commit holds the lock that all notifications share, so it does not wait for the disk.
    sqlx::query!(
        r#"SELECT set_config('synchronous_commit', 'off', true) AS "setting!", count(pg_notify($1, payload)) AS "count!"
           FROM unnest($2::text[]) AS payloads (payload)"#,
        notification::CHANNEL,
        &notification::charges(hub.instance(), operators),
    )
    .fetch_one(pool)
    .await
    .map(drop)
}
