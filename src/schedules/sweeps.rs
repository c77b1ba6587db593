//! What the platform does every few seconds, done once more every few minutes: so administrators see that it can be done,
//! and are told when it cannot.

use base::clock::UtcTime;
use office::{grants, payments};
use platform::jobs::Failure;

use super::Tools;

pub(super) async fn reconcile_recharges(tools: Tools, _slot: UtcTime) -> Result<(), Failure> {
    let asked = payments::reconcile_once(&tools.cashier).await?;
    let closed = payments::expire_once(&mut *tools.pool.acquire().await?, tools.clock.now()).await?;
    tracing::info!(asked, closed, "unpaid top-ups reconciled");
    Ok(())
}

pub(super) async fn notice_expiring_grants(tools: Tools, _slot: UtcTime) -> Result<(), Failure> {
    let zone = tools.settings.current().business_timezone.clone();
    let mut connection = tools.pool.acquire().await?;
    let notices = grants::send_expiry_notices(&mut connection, &zone, tools.clock.now()).await?;
    tracing::info!(notices, "expiry notices sent");
    Ok(())
}
