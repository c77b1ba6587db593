//! The refunds of a range, for reports.

use base::clock::UtcTime;
use base::ids::IdRange;
use base::problem::Problem;
use money::Fen;
use sqlx::PgConnection;

use super::PayoutStatus;
use crate::review::ReviewStatus;

/// How many, and what they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: i64,
    pub amount: Fen,
}

/// What was asked for, decided and paid out in a range, each by its own time.
#[derive(Clone, Debug)]
pub struct RefundSummary {
    pub requested: Tally,
    /// With the balances at the decision: the same sum as the refunds of the finance dashboard.
    pub approved: Tally,
    /// With the amounts that were asked for.
    pub rejected: Tally,
    pub paid_by_wechat: Tally,
    pub paid_by_alipay: Tally,
    pub paid_by_hand: Tally,
    /// Those asked for or decided in the range, oldest first, as far as the limit goes.
    pub refunds: Vec<RefundLine>,
    /// How many there are without the limit.
    pub refunds_count: i64,
}

/// A refund in a list.
#[derive(Clone, Debug)]
pub struct RefundLine {
    pub created_at: UtcTime,
    pub operator_name: String,
    pub requested: Fen,
    pub actual: Option<Fen>,
    pub status: ReviewStatus,
    pub payout_status: Option<PayoutStatus>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<UtcTime>,
}

/// The refunds from `start` until before `end`, with a list of at most `limit`.
///
/// # Errors
/// The database's.
pub async fn summary(
    connection: &mut PgConnection,
    start: UtcTime,
    end: UtcTime,
    limit: i64,
) -> Result<RefundSummary, Problem> {
    let requests = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE created_at >= $1 AND created_at < $2) AS "requested!",
                  coalesce(sum(requested_fen) FILTER (WHERE created_at >= $1 AND created_at < $2), 0)::bigint
                      AS "requested_fen!: Fen",
                  count(*) FILTER (WHERE status = 'rejected' AND reviewed_at >= $1 AND reviewed_at < $2) AS "rejected!",
                  coalesce(sum(requested_fen)
                      FILTER (WHERE status = 'rejected' AND reviewed_at >= $1 AND reviewed_at < $2), 0)::bigint
                      AS "rejected_fen!: Fen",
                  count(*) AS "listed!"
           FROM refunds
           WHERE (created_at >= $1 AND created_at < $2) OR (reviewed_at >= $1 AND reviewed_at < $2)"#,
        start as _,
        end as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let moved = moved(connection, IdRange::between(Some(start), Some(end))).await?;
    Ok(RefundSummary {
        requested: Tally { count: requests.requested, amount: requests.requested_fen },
        approved: moved.approved,
        rejected: Tally { count: requests.rejected, amount: requests.rejected_fen },
        paid_by_wechat: moved.paid_by_wechat,
        paid_by_alipay: moved.paid_by_alipay,
        paid_by_hand: moved.paid_by_hand,
        refunds: list(connection, start, end, limit).await?,
        refunds_count: requests.listed,
    })
}

struct Moved {
    approved: Tally,
    paid_by_wechat: Tally,
    paid_by_alipay: Tally,
    paid_by_hand: Tally,
}

/// What the ledger says of refunds and payouts.
async fn moved(connection: &mut PgConnection, ids: IdRange) -> sqlx::Result<Moved> {
    let sums = sqlx::query!(
        r#"SELECT credit_account, count(*) AS "count!", sum(amount_fen)::bigint AS "amount!: Fen"
           FROM ledger_movements WHERE kind IN ('refund', 'payout') AND id >= $1 AND id < $2
           GROUP BY credit_account"#,
        ids.from,
        ids.until,
    )
    .fetch_all(connection)
    .await?;
    let credited = |account: &str| {
        let found = sums.iter().find(|sum| sum.credit_account == account);
        found.map_or_else(Tally::default, |sum| Tally { count: sum.count, amount: sum.amount })
    };
    Ok(Moved {
        approved: credited("refund_payable"),
        paid_by_wechat: credited("clearing_wechat"),
        paid_by_alipay: credited("clearing_alipay"),
        paid_by_hand: credited("clearing_manual"),
    })
}

async fn list(
    connection: &mut PgConnection,
    start: UtcTime,
    end: UtcTime,
    limit: i64,
) -> sqlx::Result<Vec<RefundLine>> {
    sqlx::query_as!(
        RefundLine,
        r#"SELECT r.created_at, o.name AS operator_name, r.requested_fen AS "requested: Fen",
                  r.actual_fen AS "actual: Fen", r.status AS "status: ReviewStatus",
                  r.payout_status AS "payout_status: PayoutStatus", r.reviewed_by, r.reviewed_at
           FROM refunds r JOIN operators o ON o.id = r.operator_id
           WHERE (r.created_at >= $1 AND r.created_at < $2) OR (r.reviewed_at >= $1 AND r.reviewed_at < $2)
           ORDER BY r.created_at, r.id LIMIT $3"#,
        start as _,
        end as _,
        limit,
    )
    .fetch_all(connection)
    .await
}
