//! The ledger as finance reads it: the entries of all operators, newest first ([`newest`](super::newest)).

use base::clock::UtcTime;
use base::ids::{IdRange, OperatorId, OrderId, RefundId, TransactionId, UsageId};
use base::paging::Seek;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

use super::entry::MovementKind;
use super::list::{self, EntryCounts, EntryFilter, LedgerEntry};
use super::newest::{EntryKey, Kinds, newest, newest_movements};

/// Which entries are asked for.
#[derive(Clone, Copy, Debug)]
pub struct AllFilter {
    /// All operators, unless there is one.
    pub operator_id: Option<OperatorId>,
    pub kind: EntryFilter,
    pub range: IdRange,
}

/// An entry and whose it is.
#[derive(Clone, Debug)]
pub struct OperatorEntry {
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub entry: LedgerEntry,
}

/// Counts without reading the charges, as [`list::count`] does.
///
/// # Errors
/// The database's.
pub async fn count(connection: &mut PgConnection, filter: &AllFilter) -> sqlx::Result<i64> {
    if let Some(operator_id) = filter.operator_id {
        return Ok(list::count(connection, operator_id, filter.range).await?.of(filter.kind));
    }
    let movements = count_movements(connection, filter.range).await?;
    let charges = match filter.kind {
        EntryFilter::All | EntryFilter::Consumption => {
            count_entries(connection, filter.range).await? - movements.all
        }
        EntryFilter::Recharge | EntryFilter::Refund | EntryFilter::Adjustment => 0,
    };
    let counts = EntryCounts {
        charges,
        recharges: movements.recharges,
        refunds: movements.refunds,
        adjustments: movements.adjustments,
    };
    Ok(counts.of(filter.kind))
}

/// Charges and movements together: what lies between each operator's first and last sequence number of the range.
async fn count_entries(connection: &mut PgConnection, range: IdRange) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(sum(newest.seq - oldest.seq + 1), 0)::bigint AS "entries!"
           FROM operators o
           CROSS JOIN LATERAL (SELECT seq FROM ledger_entries WHERE operator_id = o.id AND id >= $1 AND id < $2
                               ORDER BY id LIMIT 1) oldest
           CROSS JOIN LATERAL (SELECT seq FROM ledger_entries WHERE operator_id = o.id AND id >= $1 AND id < $2
                               ORDER BY id DESC LIMIT 1) newest"#,
        range.from,
        range.until,
    )
    .fetch_one(connection)
    .await
}

struct MovementCounts {
    all: i64,
    recharges: i64,
    refunds: i64,
    adjustments: i64,
}

async fn count_movements(connection: &mut PgConnection, range: IdRange) -> sqlx::Result<MovementCounts> {
    sqlx::query_as!(
        MovementCounts,
        r#"SELECT count(*) AS "all!", count(*) FILTER (WHERE kind = 'recharge') AS "recharges!",
                  count(*) FILTER (WHERE kind = 'refund') AS "refunds!",
                  count(*) FILTER (WHERE kind = 'adjustment') AS "adjustments!"
           FROM ledger_movements WHERE id >= $1 AND id < $2"#,
        range.from,
        range.until,
    )
    .fetch_one(connection)
    .await
}

/// One page of entries, newest first, and the row after it.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut PgConnection,
    filter: &AllFilter,
    seek: Seek,
) -> sqlx::Result<Vec<OperatorEntry>> {
    let places = match (filter.operator_id, filter.kind) {
        (Some(operator_id), kind) => {
            let ids = list::ids(connection, operator_id, kind, filter.range, seek).await?;
            ids.into_iter().map(|id| EntryKey { operator_id: operator_id.uuid(), id }).collect()
        }
        (None, EntryFilter::All) => newest(connection, Kinds::All, filter.range, seek).await?,
        (None, EntryFilter::Consumption) => newest(connection, Kinds::Charges, filter.range, seek).await?,
        (None, EntryFilter::Recharge) => {
            newest_movements(connection, MovementKind::Recharge, filter.range, seek).await?
        }
        (None, EntryFilter::Refund) => {
            newest_movements(connection, MovementKind::Refund, filter.range, seek).await?
        }
        (None, EntryFilter::Adjustment) => {
            newest_movements(connection, MovementKind::Adjustment, filter.range, seek).await?
        }
    };
    read(connection, &places).await
}

/// Reads each entry by its key.
async fn read(connection: &mut PgConnection, places: &[EntryKey]) -> sqlx::Result<Vec<OperatorEntry>> {
    let (operators, ids): (Vec<Uuid>, Vec<Uuid>) =
        places.iter().map(|place| (place.operator_id, place.id)).unzip();
    let rows = sqlx::query!(
        r#"SELECT p.operator_id AS "operator_id!: OperatorId", o.name, e.id AS "id!: TransactionId",
                  e.kind AS "kind!", e.amount_fen AS "amount!: Fen", e.balance_before_fen AS "balance_before!: Fen",
                  e.balance_after_fen AS "balance_after!: Fen", e.occurred_at AS "occurred_at!: UtcTime",
                  e.usage_id AS "usage_id?: UsageId", e.payment_method AS "payment_method?",
                  e.order_id AS "order_id?: OrderId", e.refund_id AS "refund_id?: RefundId"
           FROM unnest($1::uuid[], $2::uuid[]) AS p (operator_id, id)
           CROSS JOIN LATERAL (SELECT * FROM ledger_entries
                               WHERE operator_id = p.operator_id AND id = p.id LIMIT 1) e
           JOIN operators o ON o.id = p.operator_id
           ORDER BY e.id DESC"#,
        &operators,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let entries = rows.into_iter().map(|row| OperatorEntry {
        operator_id: row.operator_id,
        operator_name: row.name,
        entry: LedgerEntry {
            id: row.id,
            kind: row.kind,
            amount: row.amount,
            balance_before: row.balance_before,
            balance_after: row.balance_after,
            occurred_at: row.occurred_at,
            usage_id: row.usage_id,
            payment_method: row.payment_method,
            order_id: row.order_id,
            refund_id: row.refund_id,
        },
    });
    Ok(entries.collect())
}
