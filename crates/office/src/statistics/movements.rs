//! Sums of the ledger's movements: top-ups and refunds. They are few, and have an index by kind and time; the order is for
//! the planner alone, as in [`super::aggregate`].

use std::collections::HashSet;

use base::ids::OperatorId;
use base::problem::Problem;
use jiff::civil::Date;
use money::Fen;
use sqlx::PgConnection;

use super::{Buckets, TimeRange};

/// What came in and went out on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MovedOnDay {
    pub(super) date: Date,
    pub(super) recharged: Fen,
    /// Of what was topped up.
    pub(super) by_wechat: Fen,
    pub(super) by_alipay: Fen,
    pub(super) refunded: Fen,
}

/// Top-ups and refunds of all operators by day; days without are not there.
///
/// # Errors
/// The database's.
pub(super) async fn by_day(
    connection: &mut PgConnection,
    range: TimeRange,
    days: &Buckets,
) -> Result<Vec<MovedOnDay>, Problem> {
    let ids = range.ids();
    let records = sqlx::query!(
        r#"SELECT width_bucket(m.occurred_at, $3::timestamptz[]) AS "day!",
                  coalesce(sum(m.amount_fen) FILTER (WHERE m.kind = 'recharge'), 0)::bigint AS "recharged!: Fen",
                  coalesce(sum(m.amount_fen) FILTER (WHERE m.payment_method = 'wechat'), 0)::bigint AS "by_wechat!: Fen",
                  coalesce(sum(m.amount_fen) FILTER (WHERE m.payment_method = 'alipay'), 0)::bigint AS "by_alipay!: Fen",
                  coalesce(sum(m.amount_fen) FILTER (WHERE m.kind = 'refund'), 0)::bigint AS "refunded!: Fen"
           FROM ((SELECT kind, amount_fen, occurred_at, payment_method FROM ledger_movements
                  WHERE kind = 'recharge' AND id >= $1 AND id < $2 ORDER BY id)
                 UNION ALL
                 (SELECT kind, amount_fen, occurred_at, NULL FROM ledger_movements
                  WHERE kind = 'refund' AND id >= $1 AND id < $2 ORDER BY id)) m
           GROUP BY 1"#,
        ids.from,
        ids.until,
        days.starts() as _,
    )
    .fetch_all(connection)
    .await?;
    let rows = records.into_iter().map(|record| {
        let index = usize::try_from(record.day - 1).map_err(Problem::internal)?;
        let date = days.dates().get(index).copied();
        Ok(MovedOnDay {
            date: date.ok_or_else(|| Problem::internal("a movement outside the days of its range"))?,
            recharged: record.recharged,
            by_wechat: record.by_wechat,
            by_alipay: record.by_alipay,
            refunded: record.refunded,
        })
    });
    rows.collect()
}

/// Who topped up in the range.
///
/// # Errors
/// The database's.
pub(super) async fn who_recharged(
    connection: &mut PgConnection,
    range: TimeRange,
) -> sqlx::Result<HashSet<OperatorId>> {
    let ids = range.ids();
    let operators = sqlx::query_scalar!(
        r#"SELECT DISTINCT m.operator_id AS "operator_id: OperatorId"
           FROM (SELECT operator_id FROM ledger_movements
                 WHERE kind = 'recharge' AND id >= $1 AND id < $2 ORDER BY id) m"#,
        ids.from,
        ids.until,
    )
    .fetch_all(connection)
    .await?;
    Ok(operators.into_iter().collect())
}
