//! The ledger as an operator reads it: newest first, by kind and time.
//!
//! An entry's id sorts by its time and its place in the operator's chain, so a time range is a range of both primary
//! keys, "newest first" merges two index scans, and a page costs the same however many entries there are. As every
//! entry takes the next sequence number, a range is counted by its ends.

use base::clock::UtcTime;
use base::ids::{IdRange, OperatorId, OrderId, RefundId, TransactionId, UsageId};
use base::paging::Seek;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

/// Which entries are asked for. Payouts move no operator's balance, so operators do not see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryFilter {
    All,
    Consumption,
    Recharge,
    Refund,
    Adjustment,
}

impl EntryFilter {
    fn kinds(self) -> Vec<String> {
        let kinds: &[&str] = match self {
            Self::All => &["consumption", "recharge", "refund", "adjustment"],
            Self::Consumption => &["consumption"],
            Self::Recharge => &["recharge"],
            Self::Refund => &["refund"],
            Self::Adjustment => &["adjustment"],
        };
        kinds.iter().map(|kind| (*kind).to_owned()).collect()
    }
}

/// A ledger entry.
#[derive(Clone, Debug)]
pub struct LedgerEntry {
    pub id: TransactionId,
    /// `consumption`, `recharge`, `refund` or `adjustment`.
    pub kind: String,
    pub amount: Fen,
    pub balance_before: Fen,
    pub balance_after: Fen,
    pub occurred_at: UtcTime,
    pub usage_id: Option<UsageId>,
    pub payment_method: Option<String>,
    pub order_id: Option<OrderId>,
    pub refund_id: Option<RefundId>,
}

/// How many entries of each kind a range holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryCounts {
    pub charges: i64,
    pub recharges: i64,
    pub refunds: i64,
    pub adjustments: i64,
}

impl EntryCounts {
    #[must_use]
    pub const fn of(self, filter: EntryFilter) -> i64 {
        match filter {
            EntryFilter::All => self.charges + self.recharges + self.refunds + self.adjustments,
            EntryFilter::Consumption => self.charges,
            EntryFilter::Recharge => self.recharges,
            EntryFilter::Refund => self.refunds,
            EntryFilter::Adjustment => self.adjustments,
        }
    }
}

/// Counts without reading the charges: the first and last sequence number of the range say how many entries it has,
/// and the few that are movements are counted.
///
/// # Errors
/// The database's.
pub async fn count(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    range: IdRange,
) -> sqlx::Result<EntryCounts> {
    let row = sqlx::query!(
        r#"SELECT
               (SELECT seq FROM ledger_entries WHERE operator_id = $1 AND id >= $2 AND id < $3
                ORDER BY id LIMIT 1) AS first_seq,
               (SELECT seq FROM ledger_entries WHERE operator_id = $1 AND id >= $2 AND id < $3
                ORDER BY id DESC LIMIT 1) AS last_seq,
               count(*) AS "movements!",
               count(*) FILTER (WHERE kind = 'recharge') AS "recharges!",
               count(*) FILTER (WHERE kind = 'refund') AS "refunds!",
               count(*) FILTER (WHERE kind = 'adjustment') AS "adjustments!"
           FROM ledger_movements WHERE operator_id = $1 AND id >= $2 AND id < $3"#,
        operator_id.uuid(),
        range.from,
        range.until,
    )
    .fetch_one(connection)
    .await?;
    let entries = match (row.first_seq, row.last_seq) {
        (Some(first), Some(last)) => last - first + 1,
        _ => 0,
    };
    Ok(EntryCounts {
        charges: entries - row.movements,
        recharges: row.recharges,
        refunds: row.refunds,
        adjustments: row.adjustments,
    })
}

/// One page of entries, newest first, and the row after it.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    filter: EntryFilter,
    range: IdRange,
    seek: Seek,
) -> sqlx::Result<Vec<LedgerEntry>> {
    let ids = ids(connection, operator_id, filter, range, seek).await?;
    sqlx::query_as!(
        LedgerEntry,
        r#"SELECT id AS "id!: TransactionId", kind AS "kind!", amount_fen AS "amount!: Fen",
                  balance_before_fen AS "balance_before!: Fen", balance_after_fen AS "balance_after!: Fen",
                  occurred_at AS "occurred_at!", usage_id AS "usage_id: UsageId", payment_method,
                  order_id AS "order_id: OrderId", refund_id AS "refund_id: RefundId"
           FROM ledger_entries WHERE operator_id = $1 AND id = ANY($2)
           ORDER BY id DESC"#,
        operator_id.uuid(),
        &ids,
    )
    .fetch_all(connection)
    .await
}

/// The ids come first and alone: rows that are skipped are then never read, only their index entries, and the rows of
/// the page are fetched by their keys whatever the planner thinks of the limit.
///
/// Every condition stands outside the view. PostgreSQL merges the index scans of a UNION ALL only when its branches
/// have no WHERE of their own (`is_safe_append_member` in its planner); otherwise it would sort every entry.
pub(super) async fn ids(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    filter: EntryFilter,
    range: IdRange,
    seek: Seek,
) -> sqlx::Result<Vec<Uuid>> {
    let range = range.before(seek.before);
    sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM ledger_entries
           WHERE operator_id = $1 AND id >= $2 AND id < $3 AND kind = ANY($4)
           ORDER BY id DESC LIMIT $5 OFFSET $6"#,
        operator_id.uuid(),
        range.from,
        range.until,
        &filter.kinds(),
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(connection)
    .await
}

/// The operator's balance and totals.
#[derive(Clone, Copy, Debug)]
pub struct Balance {
    pub balance: Fen,
    pub total_recharged: Fen,
    pub total_consumed: Fen,
    pub total_refunded: Fen,
    /// When the newest entry that the operator can see was made.
    pub last_transaction_at: Option<UtcTime>,
}

/// Reads balance and totals in one statement, so that they belong together.
///
/// # Errors
/// The database's; `RowNotFound` for an unknown operator.
pub async fn balance(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<Balance> {
    sqlx::query_as!(
        Balance,
        r#"SELECT balance_fen AS "balance: Fen", total_recharged_fen AS "total_recharged: Fen",
                  total_consumed_fen AS "total_consumed: Fen", total_refunded_fen AS "total_refunded: Fen",
                  (SELECT occurred_at FROM ledger_entries WHERE operator_id = $1 AND kind <> 'payout'
                   ORDER BY id DESC LIMIT 1) AS last_transaction_at
           FROM operator_accounts WHERE operator_id = $1"#,
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await
}
