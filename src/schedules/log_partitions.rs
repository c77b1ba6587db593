//! The partitions of the logs: some ahead, and none of the authorization log beyond its retention.

use base::clock::UtcTime;
use office::audit::{self, Act, Actor};
use platform::db::partitions;
use platform::jobs::Failure;
use serde_json::json;
use sqlx::Connection;

use super::Tools;

pub(super) async fn keep(tools: Tools, _slot: UtcTime) -> Result<(), Failure> {
    let now = tools.clock.now();
    let mut connection = tools.pool.acquire().await?;
    let created = partitions::create_ahead(&mut connection, now).await?;
    let keep_days = tools.settings.current().authorization_log_retention_days;
    if keep_days == 0 {
        tracing::info!(created, "log partitions are there");
        return Ok(());
    }
    let mut transaction = connection.begin().await?;
    let dropped = partitions::drop_expired(&mut transaction, keep_days, now).await?;
    if !dropped.is_empty() {
        let details = json!({"partitions": dropped, "keep_days": keep_days});
        let act = Act::new("authorization_log_drop", details);
        audit::succeeded(&mut transaction, &Actor::system(), &act, now).await?;
    }
    transaction.commit().await?;
    tracing::info!(created, ?dropped, "log partitions are there");
    Ok(())
}
