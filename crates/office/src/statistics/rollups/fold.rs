//! Folding: records after the marks are added to the sums.

use std::collections::HashMap;

use base::clock::UtcTime;
use base::ids::first_at;
use base::problem::Problem;
use futures_util::TryStreamExt;
use jiff::tz::TimeZone;
use money::Fen;
use platform::settings::Settings;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::days::{Days, block, length};
use super::dimensions::GameKeys;
use super::sums::Sums;
use crate::statistics::Figures;

/// Records in one bite, about: more would keep their transaction open for longer than a second or two.
pub const BITE: usize = 200_000;
/// A bite ends with a block of this level, so that rows of a block are written together and lie together on the disk.
const BITE_LEVEL: i16 = 1;

/// What to do while another instance folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Wait,
    /// Leave it to the other.
    Pass,
}

/// What was folded in one transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bite {
    pub records: u64,
    /// Whether there was more than fits into one.
    pub is_more: bool,
}

/// An operator whose records are not folded to the last.
struct Waiting {
    operator_id: Uuid,
    through_id: Uuid,
    /// The record after the mark.
    next_id: Uuid,
    /// How many there are after the mark.
    sessions: i64,
}

/// What was read of an operator.
struct Read {
    through_id: Uuid,
    sessions: i64,
}

/// Folds until the sums hold everything there is, and returns how many records that were.
///
/// # Errors
/// As [`fold`]; what was folded before stays.
pub async fn fold_all(connection: &mut PgConnection) -> Result<u64, Problem> {
    let mut records = 0;
    loop {
        let bite = fold(connection, Turn::Wait, BITE).await?;
        records += bite.records;
        if !bite.is_more {
            return Ok(records);
        }
    }
}

/// Throws the sums away and makes them again. Figures stay exact meanwhile, but are as slow as without sums.
///
/// # Errors
/// As [`fold`].
pub async fn rebuild(connection: &mut PgConnection) -> Result<u64, Problem> {
    let mut transaction = connection.begin().await?;
    take_turn(&mut transaction, Turn::Wait).await?;
    let zone = business_zone(&mut transaction).await?;
    reset(&mut transaction, &zone).await?;
    transaction.commit().await?;
    fold_all(connection).await
}

/// Folds about so many records in a transaction of its own. After a change of the business time zone it begins anew.
///
/// # Errors
/// The database's, and nothing was folded.
pub async fn fold(connection: &mut PgConnection, turn: Turn, records: usize) -> Result<Bite, Problem> {
    let mut transaction = connection.begin().await?;
    if !take_turn(&mut transaction, turn).await? {
        return Ok(Bite::default());
    }
    let zone = business_zone(&mut transaction).await?;
    let folded_zone =
        sqlx::query_scalar!("SELECT name FROM usage_rollup_zone").fetch_one(&mut *transaction).await?;
    let bite = if zone == folded_zone {
        let timezone = TimeZone::get(&zone).map_err(Problem::internal)?;
        bite(&mut transaction, &Days::of_zone(timezone), records).await?
    } else {
        reset(&mut transaction, &zone).await?;
        Bite { records: 0, is_more: true }
    };
    transaction.commit().await?;
    Ok(bite)
}

/// One folds at a time, until the transaction ends.
async fn take_turn(connection: &mut PgConnection, turn: Turn) -> sqlx::Result<bool> {
    if turn == Turn::Wait {
        sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('usage rollups'))").fetch_one(connection).await?;
        return Ok(true);
    }
    sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock(hashtext('usage rollups')) AS "is_mine!""#)
        .fetch_one(connection)
        .await
}

/// The zone of the setting as it stands in the database: what an instance remembers of it may be some seconds old, and
/// two instances must not undo each other's work meanwhile.
async fn business_zone(connection: &mut PgConnection) -> Result<String, Problem> {
    let value = sqlx::query_scalar!(
        r#"SELECT value #>> '{}' AS "name!" FROM system_configs WHERE key = 'business_timezone'"#
    )
    .fetch_optional(connection)
    .await?;
    if let Some(name) = value {
        return Ok(name);
    }
    let default = Settings::defaults().business_timezone;
    default
        .iana_name()
        .map(str::to_owned)
        .ok_or_else(|| Problem::internal("the default time zone has no name"))
}

/// Deletes rather than truncates: whoever reads meanwhile sees all or nothing.
async fn reset(connection: &mut PgConnection, zone: &str) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM usage_rollups").execute(&mut *connection).await?;
    sqlx::query!("DELETE FROM usage_rollup_marks").execute(&mut *connection).await?;
    let updated =
        sqlx::query!("UPDATE usage_rollup_zone SET name = $1, first_day = NULL, last_day = NULL", zone)
            .execute(connection)
            .await?;
    match updated.rows_affected() {
        1 => Ok(()),
        _ => Err(sqlx::Error::RowNotFound),
    }
}

/// The oldest days that wait, of all operators, so that a history is folded as it was made.
async fn bite(connection: &mut PgConnection, days: &Days, records: usize) -> Result<Bite, Problem> {
    let waiting = waiting(connection).await?;
    let Some(oldest) = waiting.iter().map(|waiting| waiting.next_id).min() else {
        return Ok(Bite::default());
    };
    let window = Window::from(oldest, days)?;
    let due: Vec<&Waiting> = waiting.iter().filter(|waiting| waiting.next_id < window.until).collect();
    let limit = (records / due.len().max(1)).max(1);
    let (sums, read) = read(connection, &due, &window, limit).await?;
    if let Some((first, last)) = sums.days() {
        extend_days(connection, first, last).await?;
    }
    sums.write(connection).await?;
    move_marks(connection, &read).await?;
    let folded: i64 = read.values().map(|read| read.sessions).sum();
    let all: i64 = waiting.iter().map(|waiting| waiting.sessions).sum();
    Ok(Bite { records: folded.unsigned_abs(), is_more: folded < all })
}

/// Compares two counts per operator: no history is searched.
async fn waiting(connection: &mut PgConnection) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"SELECT w.operator_id, w.through_id AS "through_id!", next.id AS next_id, w.sessions AS "sessions!"
           FROM (SELECT a.operator_id,
                        coalesce(m.through_id, '00000000-0000-0000-0000-000000000000') AS through_id,
                        a.total_sessions - coalesce(m.sessions, 0) AS sessions
                 FROM operator_accounts a LEFT JOIN usage_rollup_marks m ON m.operator_id = a.operator_id
                 WHERE a.total_sessions <> coalesce(m.sessions, 0) OFFSET 0) w
           CROSS JOIN LATERAL (SELECT id FROM usage_records
                               WHERE operator_id = w.operator_id AND id > w.through_id ORDER BY id LIMIT 1) next"#
    )
    .fetch_all(connection)
    .await
}

/// The days of a bite.
struct Window {
    first_day: i32,
    starts: Vec<UtcTime>,
    until: Uuid,
}

impl Window {
    fn from(oldest: Uuid, days: &Days) -> Result<Self, Problem> {
        let outside = || Problem::internal("a usage record outside the calendar");
        let millis = i64::try_from(oldest.as_u128() >> 80).ok();
        let at = millis.and_then(UtcTime::from_millis).ok_or_else(outside)?;
        let first_day = days.of(at).ok_or_else(outside)?;
        let end = block(first_day, BITE_LEVEL) + length(BITE_LEVEL);
        let starts: Option<Vec<UtcTime>> = (first_day..end).map(|day| days.start(day)).collect();
        let until = first_at(days.start(end).ok_or_else(outside)?);
        Ok(Window { first_day, starts: starts.ok_or_else(outside)?, until })
    }

    fn day_of(&self, at: UtcTime) -> Result<i32, Problem> {
        let days = self.starts.partition_point(|start| *start <= at);
        let index =
            days.checked_sub(1).ok_or_else(|| Problem::internal("a usage record older than its id"))?;
        Ok(self.first_day + i32::try_from(index).map_err(Problem::internal)?)
    }
}

async fn read(
    connection: &mut PgConnection,
    due: &[&Waiting],
    window: &Window,
    limit: usize,
) -> Result<(Sums, HashMap<Uuid, Read>), Problem> {
    let operators: Vec<Uuid> = due.iter().map(|waiting| waiting.operator_id).collect();
    let marks: Vec<Uuid> = due.iter().map(|waiting| waiting.through_id).collect();
    let mut records = sqlx::query!(
        r#"SELECT w.operator_id AS "operator_id!", u.id, u.site_id, u.app_id, u.player_count,
                  u.authorized_at AS "at: UtcTime", u.total_fen AS "total: Fen"
           FROM unnest($1::uuid[], $2::uuid[]) AS w (operator_id, through_id)
           CROSS JOIN LATERAL (
               SELECT id, site_id, app_id, player_count, authorized_at, total_fen FROM usage_records
               WHERE operator_id = w.operator_id AND id > w.through_id AND id < $3
               ORDER BY id LIMIT $4) u"#,
        &operators,
        &marks,
        window.until,
        i64::try_from(limit).unwrap_or(i64::MAX),
    )
    .fetch(connection);
    let mut sums = Sums::default();
    let mut read: HashMap<Uuid, Read> = HashMap::with_capacity(due.len());
    while let Some(record) = records.try_next().await? {
        let game = GameKeys {
            operator: record.operator_id,
            site: record.site_id,
            app: record.app_id,
            player_count: record.player_count,
        };
        let figures = Figures { sessions: 1, players: record.player_count.into(), cost: record.total };
        sums.add(window.day_of(record.at)?, game, figures)?;
        let of_operator =
            read.entry(record.operator_id).or_insert(Read { through_id: record.id, sessions: 0 });
        of_operator.through_id = of_operator.through_id.max(record.id);
        of_operator.sessions += 1;
    }
    Ok((sums, read))
}

/// The row changes once a day.
async fn extend_days(connection: &mut PgConnection, first: i32, last: i32) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE usage_rollup_zone SET first_day = least(first_day, $1), last_day = greatest(last_day, $2)
         WHERE first_day IS NULL OR first_day > $1 OR last_day < $2",
        first,
        last,
    )
    .execute(connection)
    .await
    .map(drop)
}

async fn move_marks(connection: &mut PgConnection, read: &HashMap<Uuid, Read>) -> sqlx::Result<()> {
    let (operators, read): (Vec<Uuid>, Vec<&Read>) = read.iter().map(|(id, read)| (*id, read)).unzip();
    sqlx::query!(
        "INSERT INTO usage_rollup_marks AS m (operator_id, through_id, sessions)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])
         ON CONFLICT (operator_id) DO UPDATE
         SET through_id = excluded.through_id, sessions = m.sessions + excluded.sessions",
        &operators,
        &read.iter().map(|read| read.through_id).collect::<Vec<_>>(),
        &read.iter().map(|read| read.sessions).collect::<Vec<_>>(),
    )
    .execute(connection)
    .await
    .map(drop)
}
