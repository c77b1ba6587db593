//! The one reader of usage records.

use jiff::civil::Date;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Buckets, Figures, TimeRange};
use crate::ids::{AppId, OperatorId, SiteId};
use crate::problem::{Problem, Text};

/// More groups than this are refused: they would have to be held in memory.
const MAX_GROUPS: usize = 500_000;

/// Which games are counted. An empty list stands for all; an id that names nothing matches nothing.
#[derive(Clone, Debug)]
pub struct Filter {
    pub operators: Vec<OperatorId>,
    pub sites: Vec<SiteId>,
    pub apps: Vec<AppId>,
    pub range: TimeRange,
}

impl Filter {
    /// All games of the range.
    #[must_use]
    pub const fn all(range: TimeRange) -> Self {
        Filter { operators: Vec::new(), sites: Vec::new(), apps: Vec::new(), range }
    }

    /// All games of one operator in the range.
    #[must_use]
    pub fn of_operator(operator_id: OperatorId, range: TimeRange) -> Self {
        Filter { operators: vec![operator_id], ..Self::all(range) }
    }
}

/// What games are counted apart by. The default counts them together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grouping<'a> {
    pub operator: bool,
    pub site: bool,
    pub app: bool,
    pub player_count: bool,
    pub buckets: Option<&'a Buckets>,
}

/// The games that agree in what they are grouped by. What they are not grouped by is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub operator_id: Option<OperatorId>,
    pub site_id: Option<SiteId>,
    pub app_id: Option<AppId>,
    pub player_count: Option<i32>,
    /// Names the day, week or month.
    pub date: Option<Date>,
    pub figures: Figures,
}

/// Counts games. Groups without a game are not there; the order is undefined.
///
/// There is no index over the time of all operators' records, and none is needed: each operator's range is read by the
/// primary key. Grouping inside the LATERAL keeps the planner from reading the whole history and joining it instead. The
/// order is for the planner alone: only the primary key has it for nothing. Otherwise the plan of an empty table, which a
/// connection keeps, would be to read each operator's history by the other index that begins with the operator.
///
/// # Errors
/// `INVALID_PARAMS` naming `end_time` for more than 500,000 groups; the database's.
pub async fn aggregate(
    connection: &mut PgConnection,
    filter: &Filter,
    by: Grouping<'_>,
) -> Result<Vec<Row>, Problem> {
    let ids = filter.range.ids();
    let records = sqlx::query!(
        r#"SELECT CASE WHEN $6::boolean THEN o.id END AS "operator_id: OperatorId", g.site_id AS "site_id: SiteId",
                  g.app_id AS "app_id: AppId", g.player_count, g.bucket, sum(g.sessions)::bigint AS "sessions!",
                  sum(g.players)::bigint AS "players!", sum(g.cost_fen)::bigint AS "cost!: Fen"
           FROM (SELECT id FROM operators WHERE cardinality($1::uuid[]) = 0 UNION ALL SELECT unnest($1)) o
           CROSS JOIN LATERAL (
               SELECT CASE WHEN $7::boolean THEN u.site_id END AS site_id,
                      CASE WHEN $8::boolean THEN u.app_id END AS app_id,
                      CASE WHEN $9::boolean THEN u.player_count END AS player_count,
                      width_bucket(u.authorized_at, $10::timestamptz[]) AS bucket,
                      count(*) AS sessions, sum(u.player_count) AS players, sum(u.total_fen) AS cost_fen
               FROM (
                   SELECT site_id, app_id, player_count, authorized_at, total_fen FROM usage_records
                   WHERE operator_id = o.id AND id >= $2 AND id < $3
                     AND (cardinality($4::uuid[]) = 0 OR site_id = ANY($4))
                     AND (cardinality($5::uuid[]) = 0 OR app_id = ANY($5))
                   ORDER BY id
               ) u
               GROUP BY 1, 2, 3, 4
           ) g
           GROUP BY 1, 2, 3, 4, 5
           LIMIT $11"#,
        &distinct(filter.operators.iter().map(|id| id.uuid())),
        ids.from,
        ids.until,
        &distinct(filter.sites.iter().map(|id| id.uuid())),
        &distinct(filter.apps.iter().map(|id| id.uuid())),
        by.operator,
        by.site,
        by.app,
        by.player_count,
        by.buckets.map(Buckets::starts) as _,
        i64::try_from(MAX_GROUPS + 1).unwrap_or(i64::MAX),
    )
    .fetch_all(connection)
    .await?;
    if records.len() > MAX_GROUPS {
        return Err(too_many_groups());
    }
    let rows = records.into_iter().map(|record| {
        Ok(Row {
            operator_id: record.operator_id,
            site_id: record.site_id,
            app_id: record.app_id,
            player_count: record.player_count,
            date: date(by.buckets, record.bucket)?,
            figures: Figures { sessions: record.sessions, players: record.players, cost: record.cost },
        })
    });
    rows.collect()
}

/// An operator that is named twice must not be counted twice.
fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The database counts buckets from one; zero would be before the first.
fn date(buckets: Option<&Buckets>, bucket: Option<i32>) -> Result<Option<Date>, Problem> {
    let (Some(buckets), Some(bucket)) = (buckets, bucket) else {
        return Ok(None);
    };
    let index = usize::try_from(bucket - 1).map_err(Problem::internal)?;
    let date = buckets.dates().get(index).copied();
    date.map(Some).ok_or_else(|| Problem::internal("a usage record outside the buckets of its range"))
}

fn too_many_groups() -> Problem {
    let text =
        Text::new("数据量过大，请缩小时间范围或增加筛选条件", "covers too much: narrow the range or filter");
    Problem::invalid_field("end_time", text)
}
