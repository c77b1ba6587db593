//! Which bills are still to be read: those of the last days, from 10:00 in Beijing on the day after.

use std::time::Duration;

use base::clock::UtcTime;
use base::problem::Problem;
use jiff::ToSpan;
use jiff::civil::Date;
use platform::rounds::keep_doing;
use sqlx::PgConnection;

use super::{bounds, in_beijing, reconcile_bill};
use crate::payments::cashier::Cashier;
use crate::payments::providers::PaymentMethod;
use crate::review::SYSTEM;

const EVERY: Duration = Duration::from_mins(5);
/// The providers have the bill of a day at this hour of the next.
const HOUR: i8 = 10;
/// A platform that was away for some days catches up.
const DAYS: i64 = 7;

/// Reads every bill that is due and was not read yet, and returns how many that were.
///
/// # Errors
/// The database's. What goes wrong with a bill stands in its run.
pub async fn bills_once(cashier: &Cashier) -> Result<usize, Problem> {
    let now = cashier.clock.now();
    let mut read = 0;
    for day in ready(now) {
        for method in PaymentMethod::ALL {
            let is_due = is_due(&mut *cashier.pool.acquire().await?, day, method, now).await?;
            if is_due && cashier.provider(method).is_some() {
                reconcile_bill(cashier, day, method, SYSTEM).await?;
                read += 1;
            }
        }
    }
    Ok(read)
}

/// Keeps reading until the task is dropped.
pub(in crate::payments) async fn keep_reading_bills(cashier: Cashier) {
    keep_doing(EVERY, || async {
        if let Err(problem) = bills_once(&cashier).await {
            tracing::warn!(cause = problem.cause(), "bills not read");
        }
        EVERY
    })
    .await;
}

/// The days whose bills can be had, the earliest first.
fn ready(now: UtcTime) -> Vec<Date> {
    let (today, hour) = in_beijing(now);
    let newest = if hour >= HOUR { 1 } else { 2 };
    (newest..newest + DAYS).rev().filter_map(|days| today.checked_sub(days.days()).ok()).collect()
}

/// Whether the bill was not read yet, and there were orders by then. Where nobody ever topped up there is nothing to read.
async fn is_due(
    connection: &mut PgConnection,
    day: Date,
    method: PaymentMethod,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let Some((_, end)) = bounds(day) else { return Ok(false) };
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM recharge_orders WHERE payment_method = $2 AND created_at < $3)
               AND NOT EXISTS (SELECT 1 FROM reconciliation_runs
                               WHERE bill_date = $1::text::date AND payment_method = $2
                                 AND (status = 'completed' OR due_at > $4)) AS "is_due!""#,
        day.to_string(),
        method.into_str(),
        end as _,
        now as _,
    )
    .fetch_one(connection)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_ready_at_ten_in_beijing_on_the_day_after() {
        let ready_at = |text: &str| {
            let days = ready(serde_json::from_value(text.into()).unwrap());
            assert_eq!(days.len(), 7);
            (days[0].to_string(), days[6].to_string())
        };
        let pair = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(ready_at("2026-11-24T01:59:59Z"), pair("2026-11-16", "2026-11-22"));
        assert_eq!(ready_at("2026-11-24T02:00:00Z"), pair("2026-11-17", "2026-11-23"));
        // In Beijing the next day has begun.
        assert_eq!(ready_at("2026-11-24T16:00:00Z"), pair("2026-11-17", "2026-11-23"));
    }
}
