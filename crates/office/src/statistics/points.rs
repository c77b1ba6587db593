//! Figures over time.

use base::calendar::CalendarUnit;
use base::problem::Problem;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use super::usage::{Filter, Grouping, Row, aggregate};
use super::{Buckets, Figures};

/// The figures of a day, week or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub date: Date,
    pub figures: Figures,
}

/// Points without gaps, and their sum.
#[derive(Clone, Debug)]
pub struct Consumption {
    pub points: Vec<Point>,
    pub total: Figures,
}

/// Consumption over time.
///
/// # Errors
/// As [`aggregate`] and [`Buckets::new`].
pub async fn consumption(
    connection: &mut PgConnection,
    filter: &Filter,
    period: CalendarUnit,
    timezone: &TimeZone,
) -> Result<Consumption, Problem> {
    let buckets = Buckets::new(filter.range, period, timezone)?;
    let grouping = Grouping { buckets: Some(&buckets), ..Grouping::default() };
    let rows = aggregate(connection, filter, grouping).await?;
    Ok(Consumption {
        points: points(&buckets, &rows)?,
        total: Figures::sum(rows.iter().map(|row| row.figures))?,
    })
}

/// A point for each bucket, zero where nothing was played.
pub(super) fn points<'a>(
    buckets: &Buckets,
    rows: impl IntoIterator<Item = &'a Row>,
) -> Result<Vec<Point>, Problem> {
    let empty = |date: &Date| Point { date: *date, figures: Figures::default() };
    let mut points: Vec<Point> = buckets.dates().iter().map(empty).collect();
    for row in rows {
        let position = row.date.and_then(|date| buckets.position(date));
        let point = position.and_then(|position| points.get_mut(position));
        point.ok_or_else(|| Problem::internal("a row outside its buckets"))?.figures.add(row.figures)?;
    }
    Ok(points)
}
