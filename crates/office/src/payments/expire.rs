//! Unpaid orders end for their operator within a minute of their expiry, whether their provider can be asked or not.

use std::time::Duration;

use base::clock::UtcTime;
use platform::rounds::keep_doing;
use sqlx::PgConnection;

use super::cashier::Cashier;
use super::timetable::overdue_before;

const EVERY: Duration = Duration::from_secs(10);
/// Orders in one statement.
const BATCH: i64 = 500;

/// Closes what expired a while ago and is still pending, and returns how many orders that were. What its provider says is
/// asked for all the same: that stands in `next_query_at`.
///
/// # Errors
/// The database's; what was closed before stays closed.
pub async fn expire_once(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<u64> {
    let mut closed = 0;
    loop {
        let batch = sqlx::query!(
            "UPDATE recharge_orders SET status = 'closed', updated_at = $1
             WHERE (operator_id, id) IN (
                 SELECT operator_id, id FROM recharge_orders WHERE status = 'pending' AND expires_at <= $2
                 ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)",
            now as _,
            overdue_before(now) as _,
            BATCH,
        )
        .execute(&mut *connection)
        .await?
        .rows_affected();
        closed += batch;
        if batch < BATCH.unsigned_abs() {
            return Ok(closed);
        }
    }
}

/// Keeps closing until the task is dropped.
pub(super) async fn keep_expiring(cashier: Cashier) {
    keep_doing(EVERY, || async {
        let expired = async { expire_once(&mut *cashier.pool.acquire().await?, cashier.clock.now()).await };
        match expired.await {
            Ok(0) => {}
            Ok(orders) => tracing::info!(orders, "expired orders closed"),
            Err(error) => tracing::warn!(%error, "expired orders not closed"),
        }
        EVERY
    })
    .await;
}
