//! Invoices as they are read: by their operator, or by finance with the operator's name.

use base::clock::UtcTime;
use base::ids::{InvoiceId, OperatorId};
use base::paging::PageRequest;
use money::Fen;
use sqlx::PgConnection;

use crate::review::ReviewStatus;

/// An invoice, decided or not.
#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: InvoiceId,
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub amount: Fen,
    pub title: String,
    pub tax_id: String,
    pub email: Option<String>,
    pub status: ReviewStatus,
    pub number: Option<String>,
    pub reject_reason: Option<String>,
    pub note: Option<String>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<UtcTime>,
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
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Invoice>)> {
    let operator_id = operator_id.map(OperatorId::uuid);
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM invoices
           WHERE ($1::uuid IS NULL OR operator_id = $1) AND ($2::text IS NULL OR status = $2)"#,
        operator_id,
        status as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let items = sqlx::query_as!(
        Invoice,
        r#"SELECT i.id AS "id: InvoiceId", i.operator_id AS "operator_id: OperatorId", o.name AS operator_name,
                  i.amount_fen AS "amount: Fen", i.invoice_title AS title, i.tax_id, i.email,
                  i.status AS "status: ReviewStatus", i.invoice_number AS number, i.reject_reason, i.note,
                  i.reviewed_by, i.reviewed_at, i.created_at
           FROM invoices i JOIN operators o ON o.id = i.operator_id
           WHERE ($1::uuid IS NULL OR i.operator_id = $1) AND ($2::text IS NULL OR i.status = $2)
           ORDER BY i.id DESC LIMIT $3 OFFSET $4"#,
        operator_id,
        status as _,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}

/// An invoice of this operator, or of whoever it is when there is none.
///
/// # Errors
/// The database's.
pub async fn find(
    connection: &mut PgConnection,
    operator_id: Option<OperatorId>,
    invoice_id: InvoiceId,
) -> sqlx::Result<Option<Invoice>> {
    sqlx::query_as!(
        Invoice,
        r#"SELECT i.id AS "id: InvoiceId", i.operator_id AS "operator_id: OperatorId", o.name AS operator_name,
                  i.amount_fen AS "amount: Fen", i.invoice_title AS title, i.tax_id, i.email,
                  i.status AS "status: ReviewStatus", i.invoice_number AS number, i.reject_reason, i.note,
                  i.reviewed_by, i.reviewed_at, i.created_at
           FROM invoices i JOIN operators o ON o.id = i.operator_id
           WHERE i.id = $1 AND ($2::uuid IS NULL OR i.operator_id = $2)"#,
        invoice_id.uuid(),
        operator_id.map(OperatorId::uuid),
    )
    .fetch_optional(connection)
    .await
}
