//! The customer categories, from the consumption of the calendar month before the slot.

use base::clock::UtcTime;
use office::operators;
use office::statistics::TimeRange;
use platform::jobs::Failure;

use super::Tools;

pub(super) async fn recompute(tools: Tools, slot: UtcTime) -> Result<(), Failure> {
    let settings = tools.settings.current();
    let month = TimeRange::past_month(slot, &settings.business_timezone)?;
    let mut connection = tools.pool.acquire().await?;
    let now = tools.clock.now();
    let changed = operators::recompute_categories(&mut connection, &settings, month, now).await?;
    tracing::info!(changed, month = %month.start, "customer categories are those of the month's consumption");
    Ok(())
}
