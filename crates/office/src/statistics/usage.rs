//! The one reader of usage records and of the sums over them ([`rollups`](super::rollups)).

use base::ids::{AppId, OperatorId, SiteId};
use base::problem::{Problem, Text};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

use super::rollups::plan::Plan;
use super::rollups::{Days, Dimensions, Needed};
use super::{Buckets, Figures, TimeRange};

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

/// Counts games: sums of whole days ([`rollups`](super::rollups)), and the records that are not in them. Groups without a game are not
/// there; the order is undefined.
///
/// There is no index over the time of all operators' records, and none is needed: each operator's range is read by the
/// primary key. The orders inside the LATERALs are for the planner alone: they keep it from reading a whole table and
/// joining it, and only the primary key has them for nothing. Otherwise the plan of an empty table, which a connection
/// keeps, would be to read each operator's history by the other index that begins with the operator.
///
/// # Errors
/// `INVALID_PARAMS` naming `end_time` for more than 500,000 groups; the database's.
pub async fn aggregate(
    connection: &mut PgConnection,
    filter: &Filter,
    by: Grouping<'_>,
) -> Result<Vec<Row>, Problem> {
    let Some(source) = Source::find(connection, filter, by).await? else {
        return Ok(Vec::new());
    };
    let Source { zone, dimensions, operators, plan } = source;
    let records = sqlx::query!(
        r#"WITH folded AS MATERIALIZED (
               SELECT operator_id, through_id, sessions FROM usage_rollup_marks
               WHERE (SELECT name FROM usage_rollup_zone) = $1),
           chosen AS MATERIALIZED (
               SELECT id FROM operators WHERE cardinality($2::uuid[]) = 0 UNION ALL SELECT unnest($2)),
           behind AS MATERIALIZED (
               SELECT c.id,
                      least($3, greatest($4, coalesce(f.through_id, '00000000-0000-0000-0000-000000000000'))) AS after_id
               FROM chosen c
               JOIN operator_accounts a ON a.operator_id = c.id
               LEFT JOIN folded f ON f.operator_id = c.id
               WHERE $5::boolean OR a.total_sessions <> coalesce(f.sessions, 0)),
           blocks AS MATERIALIZED (
               SELECT b.level, b.day, b.bucket
               FROM unnest($6::smallint[], $7::integer[], $8::integer[]) AS b (level, day, bucket)
               WHERE (SELECT name FROM usage_rollup_zone) = $1)
           SELECT CASE WHEN $9::boolean THEN g.operator_id END AS "operator_id: OperatorId",
                  CASE WHEN $10::boolean THEN g.site_id END AS "site_id: SiteId",
                  CASE WHEN $11::boolean THEN g.app_id END AS "app_id: AppId",
                  CASE WHEN $12::boolean THEN g.player_count END AS player_count, g.bucket,
                  sum(g.sessions)::bigint AS "sessions!", sum(g.players)::bigint AS "players!",
                  sum(g.cost_fen)::bigint AS "cost!: Fen"
           FROM (
               SELECT s.operator_id, s.site_id, s.app_id, s.player_count, b.bucket, s.sessions, s.players, s.cost_fen
               FROM blocks b
               CROSS JOIN LATERAL (
                   SELECT * FROM usage_rollups r WHERE r.dimensions = $13 AND r.level = b.level AND r.day = b.day
                   ORDER BY r.operator_id, r.site_id, r.app_id, r.player_count) s
               WHERE cardinality($2::uuid[]) = 0
               UNION ALL
               SELECT s.operator_id, s.site_id, s.app_id, s.player_count, b.bucket, s.sessions, s.players, s.cost_fen
               FROM blocks b
               CROSS JOIN unnest($2::uuid[]) AS c (id)
               CROSS JOIN LATERAL (
                   SELECT * FROM usage_rollups r
                   WHERE r.dimensions = $13 AND r.level = b.level AND r.day = b.day AND r.operator_id = c.id
                   ORDER BY r.site_id, r.app_id, r.player_count) s
               UNION ALL
               SELECT c.id, u.site_id, u.app_id, u.player_count, width_bucket(u.authorized_at, $14::timestamptz[]),
                      1, u.player_count, u.total_fen
               FROM chosen c
               CROSS JOIN LATERAL (
                   SELECT site_id, app_id, player_count, authorized_at, total_fen FROM usage_records
                   WHERE operator_id = c.id AND id >= $15 AND id < $16 ORDER BY id) u
               WHERE $15::uuid < $16::uuid
               UNION ALL
               SELECT c.id, u.site_id, u.app_id, u.player_count, width_bucket(u.authorized_at, $14::timestamptz[]),
                      1, u.player_count, u.total_fen
               FROM behind c
               CROSS JOIN LATERAL (
                   SELECT site_id, app_id, player_count, authorized_at, total_fen FROM usage_records
                   WHERE operator_id = c.id AND id > c.after_id AND id < $17 ORDER BY id) u
           ) AS g (operator_id, site_id, app_id, player_count, bucket, sessions, players, cost_fen)
           WHERE (cardinality($18::uuid[]) = 0 OR g.site_id = ANY($18))
             AND (cardinality($19::uuid[]) = 0 OR g.app_id = ANY($19))
           GROUP BY 1, 2, 3, 4, 5
           LIMIT $20"#,
        zone,
        &operators,
        plan.after_most,
        plan.after_least,
        plan.of_all,
        &plan.blocks.levels,
        &plan.blocks.days,
        &plan.blocks.buckets as _,
        by.operator,
        by.site,
        by.app,
        by.player_count,
        dimensions,
        by.buckets.map(Buckets::starts) as _,
        plan.head.from,
        plan.head.until,
        plan.until,
        &distinct(filter.sites.iter().map(|id| id.uuid())),
        &distinct(filter.apps.iter().map(|id| id.uuid())),
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

/// Where the games are read from.
struct Source {
    /// The sums count only while they are of this zone: they may be made anew between two statements.
    zone: String,
    /// The number of the set of sums; none has 0.
    dimensions: i16,
    /// An empty list stands for all.
    operators: Vec<Uuid>,
    plan: Plan,
}

impl Source {
    /// `None` when nothing can match.
    async fn find(
        connection: &mut PgConnection,
        filter: &Filter,
        by: Grouping<'_>,
    ) -> sqlx::Result<Option<Self>> {
        let state = sqlx::query!(
            r#"SELECT name AS zone, first_day, last_day,
                      ARRAY(SELECT DISTINCT operator_id FROM sites WHERE id = ANY($1)) AS "owners!"
               FROM usage_rollup_zone"#,
            &distinct(filter.sites.iter().map(|id| id.uuid())),
        )
        .fetch_one(connection)
        .await?;
        let mut operators = distinct(filter.operators.iter().map(|id| id.uuid()));
        if !filter.sites.is_empty() {
            let owns = |owner: &Uuid| operators.is_empty() || operators.binary_search(owner).is_ok();
            operators = state.owners.into_iter().filter(owns).collect();
            if operators.is_empty() {
                return Ok(None);
            }
        }
        let dimensions = Dimensions::choose(Needed::new(filter, by));
        let plan = match (dimensions, state.first_day, state.last_day, TimeZone::get(&state.zone)) {
            (Some(_), Some(first), Some(last), Ok(zone)) => {
                Plan::new(filter.range, by.buckets, &Days::of_zone(zone), (first, last))
            }
            _ => Plan::without_sums(filter.range),
        };
        let dimensions = dimensions.map_or(0, Dimensions::number);
        Ok(Some(Source { zone: state.zone, dimensions, operators, plan }))
    }
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
