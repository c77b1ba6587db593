//! Sums of the ledger's movements: top-ups and refunds. Read per operator and in the order of the primary key, for the
//! reasons that [`super::aggregate`] gives.

use std::collections::HashSet;

use jiff::civil::Date;
use money::Fen;
use sqlx::PgConnection;

use super::{Buckets, TimeRange};
use crate::ids::OperatorId;
use crate::problem::Problem;

/// What came in and went out on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MovedOnDay {
    pub(super) date: Date,
    pub(super) recharged: Fen,
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
        r#"SELECT m.day AS "day!", coalesce(sum(m.recharged_fen), 0)::bigint AS "recharged!: Fen",
                  coalesce(sum(m.refunded_fen), 0)::bigint AS "refunded!: Fen"
           FROM operators o
           CROSS JOIN LATERAL (
               SELECT width_bucket(occurred_at, $3::timestamptz[]) AS day,
                      sum(amount_fen) FILTER (WHERE kind = 'recharge') AS recharged_fen,
                      sum(amount_fen) FILTER (WHERE kind = 'refund') AS refunded_fen
               FROM (SELECT kind, amount_fen, occurred_at FROM ledger_movements
                     WHERE operator_id = o.id AND id >= $1 AND id < $2 ORDER BY id) AS of_operator
               GROUP BY 1
           ) m
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
        r#"SELECT o.id AS "id: OperatorId" FROM operators o
           CROSS JOIN LATERAL (
               SELECT id FROM ledger_movements
               WHERE operator_id = o.id AND id >= $1 AND id < $2 AND kind = 'recharge' ORDER BY id LIMIT 1
           ) m"#,
        ids.from,
        ids.until,
    )
    .fetch_all(connection)
    .await?;
    Ok(operators.into_iter().collect())
}
