//! The newest entries of all operators.
//!
//! Charges have no index across operators, because every authorization would pay for it. There are few operators, and
//! each one's newest entry is the end of an index, so a page is made in two steps: the operators whose newest entries are
//! the newest of all, then the newest entries of these. Nothing on the page can be missing: whoever has an entry on it
//! has a newest entry that is at least as new. Movements other than charges are few and do have such an index.
//!
//! Behind a cursor every page costs the same; a page number costs about what it skips: deep pages are looked for in the
//! entries of the last seconds first, then of hours and days, because each operator could have all that is skipped.

use base::ids::IdRange;
use base::paging::Seek;
use sqlx::PgConnection;
use uuid::Uuid;

use super::entry::MovementKind;

/// Where an entry is found.
#[derive(Debug)]
pub(super) struct EntryKey {
    pub(super) operator_id: Uuid,
    pub(super) id: Uuid,
}

/// What is told apart among the entries of all operators at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinds {
    All,
    Charges,
}

/// Rows up to which a page is read without looking for a window.
const SHALLOW: i64 = 50;
/// The first window of a deep page. Short, because a busy platform has thousands of entries in it.
const WINDOW_MS: u128 = 4_000;
/// The next ones are so many times as long each: a quiet platform is at a year after nine of them.
const WIDER: u128 = 8;

/// The page among the newest entries. A window that fills the page to its end holds everything on it.
pub(super) async fn newest(
    connection: &mut PgConnection,
    kinds: Kinds,
    range: IdRange,
    seek: Seek,
) -> sqlx::Result<Vec<EntryKey>> {
    let range = range.before(seek.before);
    let (offset, limit) = (seek.offset(), seek.fetch_limit());
    if offset + limit <= SHALLOW {
        return newest_of(connection, kinds, range, offset, limit).await;
    }
    let first = newest_of(connection, kinds, range, 0, 1).await?;
    let Some(first) = first.first() else {
        return Ok(Vec::new());
    };
    let newest_ms = first.id.as_u128() >> 80;
    let mut window_ms = WINDOW_MS;
    loop {
        let from = Uuid::from_u128(newest_ms.saturating_sub(window_ms) << 80).max(range.from);
        let places = newest_of(connection, kinds, IdRange { from, ..range }, offset, limit).await?;
        if from == range.from || i64::try_from(places.len()).is_ok_and(|found| found == limit) {
            return Ok(places);
        }
        window_ms *= WIDER;
    }
}

async fn newest_of(
    connection: &mut PgConnection,
    kinds: Kinds,
    range: IdRange,
    offset: i64,
    limit: i64,
) -> sqlx::Result<Vec<EntryKey>> {
    match kinds {
        Kinds::All => newest_entries(connection, range, offset, limit).await,
        Kinds::Charges => newest_charges(connection, range, offset, limit).await,
    }
}

/// As in [`list::ids`], every condition stands outside the view.
async fn newest_entries(
    connection: &mut PgConnection,
    range: IdRange,
    offset: i64,
    limit: i64,
) -> sqlx::Result<Vec<EntryKey>> {
    sqlx::query_as!(
        EntryKey,
        r#"WITH candidates AS MATERIALIZED (
               SELECT o.id AS operator_id FROM operators o
               CROSS JOIN LATERAL (SELECT id FROM ledger_entries
                                   WHERE operator_id = o.id AND id >= $1 AND id < $2 AND kind <> 'payout'
                                   ORDER BY id DESC LIMIT 1) newest
               ORDER BY newest.id DESC LIMIT $3)
           SELECT c.operator_id, e.id AS "id!" FROM candidates c
           CROSS JOIN LATERAL (SELECT id FROM ledger_entries
                               WHERE operator_id = c.operator_id AND id >= $1 AND id < $2 AND kind <> 'payout'
                               ORDER BY id DESC LIMIT $3) e
           ORDER BY e.id DESC LIMIT $4 OFFSET $5"#,
        range.from,
        range.until,
        offset + limit,
        limit,
        offset,
    )
    .fetch_all(connection)
    .await
}

/// The same among charges alone, past whatever movements lie between them.
async fn newest_charges(
    connection: &mut PgConnection,
    range: IdRange,
    offset: i64,
    limit: i64,
) -> sqlx::Result<Vec<EntryKey>> {
    sqlx::query_as!(
        EntryKey,
        r#"WITH candidates AS MATERIALIZED (
               SELECT o.id AS operator_id FROM operators o
               CROSS JOIN LATERAL (SELECT id FROM usage_records
                                   WHERE operator_id = o.id AND id >= $1 AND id < $2
                                   ORDER BY id DESC LIMIT 1) newest
               ORDER BY newest.id DESC LIMIT $3)
           SELECT c.operator_id, e.id FROM candidates c
           CROSS JOIN LATERAL (SELECT id FROM usage_records
                               WHERE operator_id = c.operator_id AND id >= $1 AND id < $2
                               ORDER BY id DESC LIMIT $3) e
           ORDER BY e.id DESC LIMIT $4 OFFSET $5"#,
        range.from,
        range.until,
        offset + limit,
        limit,
        offset,
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn newest_movements(
    connection: &mut PgConnection,
    kind: MovementKind,
    range: IdRange,
    seek: Seek,
) -> sqlx::Result<Vec<EntryKey>> {
    let range = range.before(seek.before);
    sqlx::query_as!(
        EntryKey,
        "SELECT operator_id, id FROM ledger_movements WHERE kind = $1 AND id >= $2 AND id < $3
         ORDER BY id DESC LIMIT $4 OFFSET $5",
        kind.into_str(),
        range.from,
        range.until,
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(connection)
    .await
}
