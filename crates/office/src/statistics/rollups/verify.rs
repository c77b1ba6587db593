//! Whether the sums are those of the records up to the marks.

use base::clock::UtcTime;
use base::ids::{OperatorId, first_at};
use jiff::tz::TimeZone;
use sqlx::PgConnection;
use uuid::Uuid;

use super::days::{Days, LEVELS, block, length};
use super::dimensions::Dimensions;

/// Days compared at a time: no block crosses the border.
const WINDOW: i16 = LEVELS - 1;

/// Why the sums cannot be trusted, or could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("the sums over the usage records: {0}; `coinslot rollups rebuild` makes them anew")]
    Broken(String),
}

/// Computes the sums again from the records, in one snapshot, and returns how many records they hold.
///
/// # Errors
/// The first sum that is wrong, or the database's.
pub async fn verify(connection: &mut PgConnection) -> Result<i64, VerifyError> {
    sqlx::query!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut *connection).await?;
    let verified = verify_snapshot(connection).await;
    sqlx::query!("ROLLBACK").execute(connection).await?;
    verified
}

async fn verify_snapshot(connection: &mut PgConnection) -> Result<i64, VerifyError> {
    let sessions = verify_marks(connection).await?;
    let state = sqlx::query!(
        "SELECT name, (SELECT min(day) FROM usage_rollups) AS first_day, (SELECT max(day) FROM usage_rollups) AS last_day
         FROM usage_rollup_zone"
    )
    .fetch_one(&mut *connection)
    .await?;
    let (Some(first), Some(last)) = (state.first_day, state.last_day) else {
        return if sessions == 0 { Ok(0) } else { Err(broken("there are marks but no sums")) };
    };
    let zone = TimeZone::get(&state.name).map_err(|_| broken("they are of an unknown time zone"))?;
    let days = Days::of_zone(zone);
    for window in (block(first, WINDOW)..=last).step_by(length(WINDOW).unsigned_abs() as usize) {
        verify_days(connection, window, &days).await?;
        for level in 1..LEVELS {
            verify_blocks(connection, window, level).await?;
        }
    }
    Ok(sessions)
}

fn broken(what: &str) -> VerifyError {
    VerifyError::Broken(what.to_owned())
}

/// What the marks count must be there, and be in the sums. Together with [`verify_days`] that leaves no record outside
/// the days that have sums.
async fn verify_marks(connection: &mut PgConnection) -> Result<i64, VerifyError> {
    let wrong = sqlx::query_scalar!(
        r#"SELECT operator_id AS "operator_id: OperatorId" FROM usage_rollup_marks m
           WHERE sessions <> (SELECT count(*) FROM usage_records u
                              WHERE u.operator_id = m.operator_id AND u.id <= m.through_id)
           LIMIT 1"#
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(operator_id) = wrong {
        return Err(VerifyError::Broken(format!(
            "{operator_id}: the mark does not count the records before it"
        )));
    }
    let totals = sqlx::query!(
        r#"SELECT (SELECT coalesce(sum(sessions), 0)::bigint FROM usage_rollup_marks) AS "marked!",
                  (SELECT coalesce(sum(sessions), 0)::bigint FROM usage_rollups
                   WHERE dimensions = $1 AND level = 0) AS "summed!""#,
        Dimensions::Operator.number(),
    )
    .fetch_one(connection)
    .await?;
    if totals.marked != totals.summed {
        let (marked, summed) = (totals.marked, totals.summed);
        return Err(VerifyError::Broken(format!("they hold {summed} records instead of {marked}")));
    }
    Ok(totals.marked)
}

/// The sums of some days, in every set, against the records.
async fn verify_days(connection: &mut PgConnection, first: i32, days: &Days) -> Result<(), VerifyError> {
    let end = first + length(WINDOW);
    let starts: Option<Vec<UtcTime>> = (first..=end).map(|day| days.start(day)).collect();
    let starts = starts.ok_or_else(|| broken("a day outside the calendar"))?;
    let told = || Dimensions::ALL.into_iter().map(Dimensions::told);
    let wrong = sqlx::query!(
        r#"SELECT c.dimensions AS "dimensions!", c.day AS "day!"
           FROM (
               SELECT s.dimensions, $1 + width_bucket(u.authorized_at, $2::timestamptz[]) - 1 AS day,
                      CASE WHEN s.operator THEN m.operator_id ELSE $3 END AS operator_id,
                      CASE WHEN s.site THEN u.site_id ELSE $3 END AS site_id,
                      CASE WHEN s.app THEN u.app_id ELSE $3 END AS app_id,
                      CASE WHEN s.players THEN u.player_count ELSE 0 END AS player_count,
                      1::bigint AS sessions, u.player_count::bigint AS players, u.total_fen AS cost_fen
               FROM usage_rollup_marks m
               CROSS JOIN LATERAL (
                   SELECT site_id, app_id, player_count, authorized_at, total_fen FROM usage_records
                   WHERE operator_id = m.operator_id AND id >= $4 AND id < $5 AND id <= m.through_id ORDER BY id) u
               CROSS JOIN unnest($6::smallint[], $7::boolean[], $8::boolean[], $9::boolean[], $10::boolean[])
                   AS s (dimensions, operator, site, app, players)
               UNION ALL
               SELECT dimensions, day, operator_id, site_id, app_id, player_count, -sessions, -players, -cost_fen
               FROM usage_rollups WHERE dimensions = ANY($6) AND level = 0 AND day >= $1 AND day < $11) c
           GROUP BY c.dimensions, c.day, c.operator_id, c.site_id, c.app_id, c.player_count
           HAVING sum(c.sessions) <> 0 OR sum(c.players) <> 0 OR sum(c.cost_fen) <> 0
           LIMIT 1"#,
        first,
        &starts as _,
        Uuid::nil(),
        first_at(starts[0]),
        first_at(starts[starts.len() - 1]),
        &Dimensions::ALL.map(Dimensions::number)[..],
        &told().map(|told| told.operator).collect::<Vec<_>>(),
        &told().map(|told| told.site).collect::<Vec<_>>(),
        &told().map(|told| told.app).collect::<Vec<_>>(),
        &told().map(|told| told.player_count).collect::<Vec<_>>(),
        end,
    )
    .fetch_optional(connection)
    .await?;
    match wrong {
        Some(row) => {
            let (dimensions, day) = (row.dimensions, row.day);
            Err(VerifyError::Broken(format!("set {dimensions}, day {day} is not that of the records")))
        }
        None => Ok(()),
    }
}

/// The sums of longer blocks against those of their days.
async fn verify_blocks(connection: &mut PgConnection, first: i32, level: i16) -> Result<(), VerifyError> {
    let wrong = sqlx::query!(
        r#"SELECT c.dimensions AS "dimensions!", c.day AS "day!"
           FROM (SELECT dimensions, CASE level WHEN 0 THEN day - mod(day, $3) ELSE day END AS day, operator_id, site_id,
                        app_id, player_count,
                        CASE level WHEN 0 THEN sessions ELSE -sessions END AS sessions,
                        CASE level WHEN 0 THEN players ELSE -players END AS players,
                        CASE level WHEN 0 THEN cost_fen ELSE -cost_fen END AS cost_fen
                 FROM usage_rollups
                 WHERE dimensions = ANY($5) AND level IN (0, $1) AND day >= $2 AND day < $4) c
           GROUP BY c.dimensions, c.day, c.operator_id, c.site_id, c.app_id, c.player_count
           HAVING sum(c.sessions) <> 0 OR sum(c.players) <> 0 OR sum(c.cost_fen) <> 0
           LIMIT 1"#,
        i32::from(level),
        first,
        length(level),
        first + length(WINDOW),
        &Dimensions::ALL.map(Dimensions::number)[..],
    )
    .fetch_optional(connection)
    .await?;
    match wrong {
        Some(row) => {
            let (dimensions, day) = (row.dimensions, row.day);
            Err(VerifyError::Broken(format!(
                "set {dimensions}, level {level}, day {day} is not the sum of its days"
            )))
        }
        None => Ok(()),
    }
}
