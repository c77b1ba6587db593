//! Today, for those who run the platform.

use std::collections::HashSet;

use base::calendar::CalendarUnit;
use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::Problem;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use super::months::Money;
use super::usage::{Filter, Grouping, aggregate};
use super::{Buckets, Figures, TimeRange, movements};

/// The business day as finance sees it.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    pub money: Money,
    /// Without the deactivated.
    pub total_operators: i64,
    /// Who authorized a game or topped up today.
    pub active_operators: usize,
}

/// The platform as administrators see it. Deactivated operators are not counted.
#[derive(Clone, Copy, Debug)]
pub struct PlatformToday {
    pub total_operators: i64,
    pub active_operators: i64,
    pub locked_operators: i64,
    pub total_applications: i64,
    pub pending_requests: i64,
    /// What was played today.
    pub figures: Figures,
}

/// # Errors
/// The database's.
pub async fn today(
    connection: &mut PgConnection,
    now: UtcTime,
    timezone: &TimeZone,
) -> Result<Today, Problem> {
    let range = TimeRange::today(now, timezone)?;
    let by_operator = Grouping { operator: true, ..Grouping::default() };
    let played = aggregate(connection, &Filter::all(range), by_operator).await?;
    let days = Buckets::new(range, CalendarUnit::Day, timezone)?;
    let moved = movements::by_day(connection, range, &days).await?;
    let mut active: HashSet<OperatorId> = movements::who_recharged(connection, range).await?;
    active.extend(played.iter().filter_map(|row| row.operator_id));
    let consumption = Figures::sum(played.iter().map(|row| row.figures))?.cost;
    let (recharge, refund) = moved.first().map_or_else(Default::default, |day| (day.recharged, day.refunded));
    let total_operators =
        sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM operators WHERE deactivated_at IS NULL"#)
            .fetch_one(connection)
            .await?;
    let money = Money { recharge, consumption, refund };
    Ok(Today { money, total_operators, active_operators: active.len() })
}

/// # Errors
/// The database's.
pub async fn platform_today(
    connection: &mut PgConnection,
    now: UtcTime,
    timezone: &TimeZone,
) -> Result<PlatformToday, Problem> {
    let filter = Filter::all(TimeRange::today(now, timezone)?);
    let rows = aggregate(connection, &filter, Grouping::default()).await?;
    let counts = sqlx::query!(
        r#"SELECT count(*) AS "total_operators!",
                  count(*) FILTER (WHERE locked_at IS NULL) AS "active_operators!",
                  count(*) FILTER (WHERE locked_at IS NOT NULL) AS "locked_operators!",
                  (SELECT count(*) FROM applications) AS "total_applications!",
                  (SELECT count(*) FROM app_requests WHERE status = 'pending') AS "pending_requests!"
           FROM operators WHERE deactivated_at IS NULL"#
    )
    .fetch_one(connection)
    .await?;
    Ok(PlatformToday {
        total_operators: counts.total_operators,
        active_operators: counts.active_operators,
        locked_operators: counts.locked_operators,
        total_applications: counts.total_applications,
        pending_requests: counts.pending_requests,
        figures: Figures::sum(rows.iter().map(|row| row.figures))?,
    })
}
