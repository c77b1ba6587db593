//! Cross tables: one dimension against another.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use base::calendar::CalendarUnit;
use base::problem::{Problem, Text};
use jiff::tz::TimeZone;
use money::Fen;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::dimension::labels;
use super::usage::{Filter, Grouping, aggregate};
use super::{Buckets, Dimension, Figures, Key, Label, TimeRange};

const MAX_CELLS: usize = 100_000;

/// What the cells tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    #[default]
    Sessions,
    Players,
    Cost,
}

/// A number, or an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Cell {
    Count(i64),
    Cost(Fen),
}

/// A table with a cell for every row and column.
#[derive(Clone, Debug)]
pub struct Table {
    pub rows: Vec<Label>,
    pub cols: Vec<Label>,
    pub cells: Vec<Vec<Cell>>,
}

impl Measure {
    const fn of(self, figures: Figures) -> Cell {
        match self {
            Self::Sessions => Cell::Count(figures.sessions),
            Self::Players => Cell::Count(figures.players),
            Self::Cost => Cell::Cost(figures.cost),
        }
    }

    const fn amount(self, figures: Figures) -> i64 {
        match self {
            Self::Sessions => figures.sessions,
            Self::Players => figures.players,
            Self::Cost => figures.cost.get(),
        }
    }
}

/// Tabulates `rows` against `cols`. Time ascends without gaps and so do numbers of players, which show only when they
/// occurred; whatever has a name is sorted by the measure, the largest first, and shows when it has games or is named in
/// the filter.
///
/// # Errors
/// `INVALID_PARAMS` naming `cols` for a table of more than 100,000 cells; as [`aggregate`] and [`Buckets::new`].
pub async fn cross(
    connection: &mut PgConnection,
    filter: &Filter,
    (rows, cols): (Dimension, Dimension),
    measure: Measure,
    timezone: &TimeZone,
) -> Result<Table, Problem> {
    let buckets = match finest(rows, cols) {
        Some(period) => Some(Buckets::new(filter.range, period, timezone)?),
        None => None,
    };
    let grouping = Grouping { buckets: buckets.as_ref(), ..Grouping::default() };
    let games = aggregate(connection, filter, cols.added_to(rows.added_to(grouping))).await?;
    let mut cells: HashMap<(Key, Key), Figures> = HashMap::new();
    for game in &games {
        cells.entry((rows.key(game)?, cols.key(game)?)).or_default().add(game.figures)?;
    }
    let row_totals = totals(rows, filter, cells.iter().map(|((row, _), figures)| (*row, *figures)))?;
    let col_totals = totals(cols, filter, cells.iter().map(|((_, col), figures)| (*col, *figures)))?;
    let rows = side(connection, rows, row_totals, measure, filter.range, timezone).await?;
    let cols = side(connection, cols, col_totals, measure, filter.range, timezone).await?;
    if rows.len().saturating_mul(cols.len()) > MAX_CELLS {
        return Err(too_large());
    }
    let cell = |row: Key, col: Key| measure.of(cells.get(&(row, col)).copied().unwrap_or_default());
    let cells_of_row = |row: &(Key, Label)| cols.iter().map(|col| cell(row.0, col.0)).collect();
    Ok(Table {
        cells: rows.iter().map(cells_of_row).collect(),
        rows: rows.into_iter().map(|(_, label)| label).collect(),
        cols: cols.into_iter().map(|(_, label)| label).collect(),
    })
}

/// How games must be cut in time. Weeks do not fit into months, so two dimensions of time are counted by day.
const fn finest(rows: Dimension, cols: Dimension) -> Option<CalendarUnit> {
    match (rows.period(), cols.period()) {
        (None, None) => None,
        (Some(period), None) | (None, Some(period)) => Some(period),
        (Some(_), Some(_)) => Some(CalendarUnit::Day),
    }
}

fn totals(
    dimension: Dimension,
    filter: &Filter,
    keyed: impl Iterator<Item = (Key, Figures)>,
) -> Result<BTreeMap<Key, Figures>, Problem> {
    let named = dimension.named_in(filter).into_iter();
    let mut totals: BTreeMap<Key, Figures> = named.map(|key| (key, Figures::default())).collect();
    for (key, figures) in keyed {
        totals.entry(key).or_default().add(figures)?;
    }
    Ok(totals)
}

/// The groups of one side in the order they are shown. An id of the filter that names nothing is left out.
async fn side(
    connection: &mut PgConnection,
    dimension: Dimension,
    totals: BTreeMap<Key, Figures>,
    measure: Measure,
    range: TimeRange,
    timezone: &TimeZone,
) -> Result<Vec<(Key, Label)>, Problem> {
    let mut keys: Vec<Key> = totals.keys().copied().collect();
    match (dimension, dimension.period()) {
        (_, Some(period)) => {
            let buckets = Buckets::new(range, period, timezone)?;
            keys = buckets.dates().iter().copied().map(Key::Date).collect();
        }
        (Dimension::PlayerCount, None) => {}
        _ => keys.sort_by_key(|key| Reverse(totals.get(key).map_or(0, |figures| measure.amount(*figures)))),
    }
    let mut labels = labels(connection, keys.iter().copied()).await?;
    Ok(keys.into_iter().filter_map(|key| Some((key, labels.remove(&key)?))).collect())
}

fn too_large() -> Problem {
    let text = Text::new(
        "交叉表过大，请缩小时间范围、增加筛选条件或选择更粗的维度",
        "makes too large a table: narrow the range or filter, or choose a coarser dimension",
    );
    Problem::invalid_field("cols", text)
}
