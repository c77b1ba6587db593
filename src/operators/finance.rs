//! One operator's money, as finance sees it.

use money::Fen;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::clock::UtcTime;
use crate::ids::OperatorId;

/// Balance and totals of a customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerDetails {
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub category: String,
    pub current_balance: Fen,
    pub total_recharged: Fen,
    pub total_consumed: Fen,
    pub total_refunded: Fen,
    pub total_sessions: i64,
    pub first_transaction_at: Option<UtcTime>,
    pub last_transaction_at: Option<UtcTime>,
}

/// Reads everything in one statement, so that it belongs together. The first entry of an account cannot be a payout;
/// the last one that moved the balance is not one either.
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
                  (SELECT occurred_at FROM ledger_entries WHERE operator_id = $1
                   ORDER BY id LIMIT 1) AS "first_transaction_at: UtcTime",
                  (SELECT occurred_at FROM ledger_entries WHERE operator_id = $1 AND kind <> 'payout'
                   ORDER BY id DESC LIMIT 1) AS "last_transaction_at: UtcTime"
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE o.id = $1"#,
        operator_id.uuid(),
    )
    .fetch_optional(connection)
    .await
}
