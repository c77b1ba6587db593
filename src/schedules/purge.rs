//! What nobody needs any more. Ledger, usage records and audit log are never touched, nor what waits or has failed.

use api::http::idempotency;
use base::clock::UtcTime;
use jiff::SignedDuration;
use office::reports;
use platform::email;
use platform::jobs::Failure;
use platform::jobs::schedules::purge_finished;
use platform::security::{shared_limit, tokens};

use super::Tools;

pub(super) async fn purge(tools: Tools, _slot: UtcTime) -> Result<(), Failure> {
    let (now, settings) = (tools.clock.now(), tools.settings.current());
    let mut connection = tools.pool.acquire().await?;
    let tokens = tokens::purge_expired(&mut connection, now).await?;
    let keys = idempotency::purge_forgotten(&mut connection, now).await?;
    let windows = shared_limit::purge_ended(&mut connection, now).await?;
    let emails = match days_before(now, settings.sent_email_retention_days) {
        Some(before) => email::purge_sent(&mut connection, before).await?,
        None => 0,
    };
    let runs = match days_before(now, settings.schedule_run_retention_days) {
        Some(before) => purge_finished(&mut connection, before).await?,
        None => 0,
    };
    let reports =
        reports::purge_expired(&mut connection, &tools.reports, settings.report_retention_days, now).await?;
    tracing::info!(tokens, keys, windows, emails, runs, reports, "what has expired is removed");
    Ok(())
}

/// Zero days stand for ever.
fn days_before(now: UtcTime, days: i64) -> Option<UtcTime> {
    (days > 0).then(|| now.plus(-SignedDuration::from_hours(24 * days)))
}
