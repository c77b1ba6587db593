//! Figures over time, apart by operator, site or application.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use base::calendar::CalendarUnit;
use base::problem::Problem;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::dimension::labels;
use super::points::{Point, points};
use super::usage::{Filter, Grouping, Row, aggregate};
use super::{Buckets, Dimension, Figures, Key, Label};

/// A chart with more lines than this tells nothing, so that the last line is then the sum of all that are left.
const MAX_SERIES: usize = 50;

/// What the series are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    Operator,
    Site,
    App,
    /// One series with everything.
    #[default]
    None,
}

/// A line of a chart: a point for every day, week or month of the range.
#[derive(Clone, Debug)]
pub struct Series {
    pub label: Label,
    pub points: Vec<Point>,
}

impl GroupBy {
    const fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Operator => Some(Dimension::Operator),
            Self::Site => Some(Dimension::Site),
            Self::App => Some(Dimension::App),
            Self::None => None,
        }
    }
}

/// The series, the costliest first: of each group that has games or is named in the filter. Without grouping there is
/// one with the key `all`; of more than 50 groups the last series has the key `others`.
///
/// # Errors
/// As [`aggregate`] and [`Buckets::new`].
pub async fn series(
    connection: &mut PgConnection,
    filter: &Filter,
    group_by: GroupBy,
    period: CalendarUnit,
    timezone: &TimeZone,
) -> Result<Vec<Series>, Problem> {
    let buckets = Buckets::new(filter.range, period, timezone)?;
    let grouping = Grouping { buckets: Some(&buckets), ..Grouping::default() };
    let Some(dimension) = group_by.dimension() else {
        let rows = aggregate(connection, filter, grouping).await?;
        return Ok(vec![Series { label: unnamed("all"), points: points(&buckets, &rows)? }]);
    };
    let rows = aggregate(connection, filter, dimension.added_to(grouping)).await?;
    let mut lines = lines(filter, dimension, rows)?;
    let shown = if lines.len() > MAX_SERIES { MAX_SERIES - 1 } else { lines.len() };
    let others = lines.split_off(shown);
    let labels = labels(connection, lines.iter().map(|line| line.key)).await?;
    let mut series = Vec::with_capacity(shown + 1);
    for line in &lines {
        // An id of the filter that names nothing has no line.
        if let Some(label) = labels.get(&line.key) {
            series.push(Series { label: label.clone(), points: points(&buckets, &line.rows)? });
        }
    }
    if !others.is_empty() {
        let rows = others.iter().flat_map(|line| &line.rows);
        series.push(Series { label: unnamed("others"), points: points(&buckets, rows)? });
    }
    Ok(series)
}

struct Line {
    key: Key,
    rows: Vec<Row>,
    total: Figures,
}

fn lines(filter: &Filter, dimension: Dimension, rows: Vec<Row>) -> Result<Vec<Line>, Problem> {
    let named = dimension.named_in(filter);
    let mut by_key: BTreeMap<Key, Vec<Row>> = named.into_iter().map(|key| (key, Vec::new())).collect();
    for row in rows {
        by_key.entry(dimension.key(&row)?).or_default().push(row);
    }
    let lines = by_key.into_iter().map(|(key, rows)| {
        let total = Figures::sum(rows.iter().map(|row| row.figures))?;
        Ok(Line { key, rows, total })
    });
    let mut lines: Vec<Line> = lines.collect::<Result<_, Problem>>()?;
    lines.sort_by_key(|line| Reverse((line.total.cost, line.total.sessions)));
    Ok(lines)
}

/// A series that is no single group; whoever shows it knows its name in the reader's language.
fn unnamed(key: &str) -> Label {
    Label { key: key.to_owned(), name: key.to_owned() }
}
