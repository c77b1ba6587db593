//! Requests for applications, as operators and administrators see them.

use base::clock::UtcTime;
use base::ids::{AppId, AppRequestId, OperatorId};
use base::paging::PageRequest;
use sqlx::PgConnection;

use crate::review::ReviewStatus;

/// One request with the names it is about.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: AppRequestId,
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub operator_category: String,
    pub app_id: AppId,
    pub app_name: String,
    pub reason: String,
    pub status: ReviewStatus,
    pub reject_reason: Option<String>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<UtcTime>,
    pub created_at: UtcTime,
}

/// One page, newest first, and how many there are on all pages: of one operator, or of all.
///
/// # Errors
/// The database's.
pub async fn list_requests(
    connection: &mut PgConnection,
    operator_id: Option<OperatorId>,
    status: Option<ReviewStatus>,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Request>)> {
    let operator_id = operator_id.map(OperatorId::uuid);
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) as "count!" FROM app_requests
           WHERE ($1::uuid IS NULL OR operator_id = $1) AND ($2::text IS NULL OR status = $2)"#,
        operator_id,
        status as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let items = sqlx::query_as!(
        Request,
        r#"SELECT r.id as "id: AppRequestId", r.operator_id as "operator_id: OperatorId", o.name as operator_name,
                  c.category as operator_category, r.app_id as "app_id: AppId", a.name as app_name, r.reason,
                  r.status as "status: ReviewStatus", r.reject_reason, r.reviewed_by, r.reviewed_at, r.created_at
           FROM app_requests r JOIN operators o ON o.id = r.operator_id
           JOIN operator_accounts c ON c.operator_id = r.operator_id JOIN applications a ON a.id = r.app_id
           WHERE ($1::uuid IS NULL OR r.operator_id = $1) AND ($2::text IS NULL OR r.status = $2)
           ORDER BY r.id DESC LIMIT $3 OFFSET $4"#,
        operator_id,
        status as _,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}

/// A request of this operator, or of whoever it is when there is none.
///
/// # Errors
/// The database's.
pub async fn find_request(
    connection: &mut PgConnection,
    operator_id: Option<OperatorId>,
    request_id: AppRequestId,
) -> sqlx::Result<Option<Request>> {
    sqlx::query_as!(
        Request,
        r#"SELECT r.id as "id: AppRequestId", r.operator_id as "operator_id: OperatorId", o.name as operator_name,
                  c.category as operator_category, r.app_id as "app_id: AppId", a.name as app_name, r.reason,
                  r.status as "status: ReviewStatus", r.reject_reason, r.reviewed_by, r.reviewed_at, r.created_at
           FROM app_requests r JOIN operators o ON o.id = r.operator_id
           JOIN operator_accounts c ON c.operator_id = r.operator_id JOIN applications a ON a.id = r.app_id
           WHERE r.id = $1 AND ($2::uuid IS NULL OR r.operator_id = $2)"#,
        request_id.uuid(),
        operator_id.map(OperatorId::uuid),
    )
    .fetch_optional(connection)
    .await
}
