//! Refunds as they are read: by their operator, or by finance with the operator's name and balance.

use base::clock::UtcTime;
use base::ids::{OperatorId, RefundId};
use base::paging::PageRequest;
use money::Fen;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::review::ReviewStatus;

/// How far the money of an approved refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum PayoutStatus {
    Processing,
    Completed,
    Failed,
}

/// A refund, and the operator it is for as that is now.
#[derive(Clone, Debug)]
pub struct Refund {
    pub id: RefundId,
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub operator_category: String,
    pub current_balance: Fen,
    /// The balance when the refund was asked for.
    pub requested: Fen,
    /// The balance when it was approved, which is what is paid out.
    pub actual: Option<Fen>,
    pub status: ReviewStatus,
    pub payout_status: Option<PayoutStatus>,
    pub reason: String,
    pub reject_reason: Option<String>,
    pub note: Option<String>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<UtcTime>,
    /// The proof of a payout by hand.
    pub completion_reference: Option<String>,
    pub created_at: UtcTime,
}

/// One page, newest first, and how many there are on all pages; of one operator or of all.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    operator_id: Option<OperatorId>,
    status: Option<ReviewStatus>,
    payout_status: Option<PayoutStatus>,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Refund>)> {
    let operator_id = operator_id.map(OperatorId::uuid);
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM refunds
           WHERE ($1::uuid IS NULL OR operator_id = $1) AND ($2::text IS NULL OR status = $2)
             AND ($3::text IS NULL OR payout_status = $3)"#,
        operator_id,
        status as _,
        payout_status as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let items = sqlx::query_as!(
        Refund,
        r#"SELECT r.id AS "id: RefundId", r.operator_id AS "operator_id: OperatorId", o.name AS operator_name,
                  a.category AS operator_category, a.balance_fen AS "current_balance: Fen",
                  r.requested_fen AS "requested: Fen", r.actual_fen AS "actual: Fen",
                  r.status AS "status: ReviewStatus", r.payout_status AS "payout_status: PayoutStatus", r.reason,
                  r.reject_reason, r.note, r.reviewed_by, r.reviewed_at, r.completion_reference, r.created_at
           FROM refunds r JOIN operators o ON o.id = r.operator_id
           JOIN operator_accounts a ON a.operator_id = r.operator_id
           WHERE ($1::uuid IS NULL OR r.operator_id = $1) AND ($2::text IS NULL OR r.status = $2)
             AND ($3::text IS NULL OR r.payout_status = $3)
           ORDER BY r.id DESC LIMIT $4 OFFSET $5"#,
        operator_id,
        status as _,
        payout_status as _,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}

/// A refund of this operator, or of whoever it is when there is none.
///
/// # Errors
/// The database's.
pub async fn find(
    connection: &mut PgConnection,
    operator_id: Option<OperatorId>,
    refund_id: RefundId,
) -> sqlx::Result<Option<Refund>> {
    sqlx::query_as!(
        Refund,
        r#"SELECT r.id AS "id: RefundId", r.operator_id AS "operator_id: OperatorId", o.name AS operator_name,
                  a.category AS operator_category, a.balance_fen AS "current_balance: Fen",
                  r.requested_fen AS "requested: Fen", r.actual_fen AS "actual: Fen",
                  r.status AS "status: ReviewStatus", r.payout_status AS "payout_status: PayoutStatus", r.reason,
                  r.reject_reason, r.note, r.reviewed_by, r.reviewed_at, r.completion_reference, r.created_at
           FROM refunds r JOIN operators o ON o.id = r.operator_id
           JOIN operator_accounts a ON a.operator_id = r.operator_id
           WHERE r.id = $1 AND ($2::uuid IS NULL OR r.operator_id = $2)"#,
        refund_id.uuid(),
        operator_id.map(OperatorId::uuid),
    )
    .fetch_optional(connection)
    .await
}
