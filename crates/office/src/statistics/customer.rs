//! Everything finance knows about one operator.

use base::clock::UtcTime;
use base::ids::OperatorId;
use money::Fen;
use sqlx::PgConnection;

/// Account, totals, and when money first and last moved.
#[derive(Clone, Debug)]
pub struct CustomerDetails {
    pub operator_id: OperatorId,
    pub operator_name: String,
    /// `trial`, `normal` or `vip`.
    pub category: String,
    pub current_balance: Fen,
    pub total_recharged: Fen,
    pub total_consumed: Fen,
    pub total_refunded: Fen,
    pub total_sessions: i64,
    /// Of the entries that move the balance: a payout is not one.
    pub first_transaction_at: Option<UtcTime>,
    pub last_transaction_at: Option<UtcTime>,
}

/// The operator, deactivated or not, in one statement, so that its figures belong together. `None` for an unknown one.
///
/// # Errors
/// The database's.
pub async fn customer_details(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> sqlx::Result<Option<CustomerDetails>> {
    sqlx::query_as!(
        CustomerDetails,
        r#"SELECT o.id AS "operator_id: OperatorId", o.name AS operator_name, a.category,
                  a.balance_fen AS "current_balance: Fen", a.total_recharged_fen AS "total_recharged: Fen",
                  a.total_consumed_fen AS "total_consumed: Fen", a.total_refunded_fen AS "total_refunded: Fen",
                  a.total_sessions,
                  (SELECT occurred_at FROM ledger_entries WHERE operator_id = $1 AND kind <> 'payout'
                   ORDER BY id LIMIT 1) AS first_transaction_at,
                  (SELECT occurred_at FROM ledger_entries WHERE operator_id = $1 AND kind <> 'payout'
                   ORDER BY id DESC LIMIT 1) AS last_transaction_at
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE o.id = $1"#,
        operator_id.uuid(),
    )
    .fetch_optional(connection)
    .await
}
