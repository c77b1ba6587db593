//! Orders as they are read: by their operator, or by finance with the operator's name.

use base::clock::UtcTime;
use base::ids::{IdRange, OperatorId, OrderId};
use base::paging::PageRequest;
use base::problem::Problem;
use money::Fen;
use platform::db::begin_planned;
use sqlx::PgConnection;

use super::order::{OrderStatus, ResolvedOutcome};
use super::providers::PaymentMethod;

/// An order with all there is to know of it.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub amount: Fen,
    pub payment_method: PaymentMethod,
    pub status: OrderStatus,
    pub qr_code_url: Option<String>,
    pub payment_url: Option<String>,
    pub provider_transaction_id: Option<String>,
    pub created_at: UtcTime,
    pub expires_at: UtcTime,
    pub paid_at: Option<UtcTime>,
    /// The money came after the order had ended, or after the time for paying.
    pub paid_late: bool,
    /// Questions to the provider in a row that got no answer.
    pub query_failures: i32,
    /// What the provider said last, for staff.
    pub last_answer: Option<String>,
    pub resolved_outcome: Option<ResolvedOutcome>,
    pub resolved_by: Option<String>,
    pub resolved_at: Option<UtcTime>,
    pub resolve_reason: Option<String>,
}

/// Which orders are asked for. Their ids begin with the time they were made.
#[derive(Clone, Copy, Debug)]
pub struct OrderFilter {
    pub operator_id: Option<OperatorId>,
    pub status: Option<OrderStatus>,
    pub payment_method: Option<PaymentMethod>,
    pub range: IdRange,
}

/// One page, newest first, and how many there are.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    filter: &OrderFilter,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Order>)> {
    let mut transaction = begin_planned(connection).await?;
    let (operator_id, method) =
        (filter.operator_id.map(OperatorId::uuid), filter.payment_method.map(|value| value.into_str()));
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM recharge_orders
           WHERE ($1::uuid IS NULL OR operator_id = $1) AND ($2::text IS NULL OR status = $2)
             AND ($3::text IS NULL OR payment_method = $3) AND id >= $4 AND id < $5"#,
        operator_id,
        filter.status as _,
        method,
        filter.range.from,
        filter.range.until,
    )
    .fetch_one(&mut *transaction)
    .await?;
    let orders = sqlx::query_as!(
        Order,
        r#"SELECT r.id AS "id: OrderId", r.operator_id AS "operator_id: OperatorId", o.name AS operator_name,
                  r.amount_fen AS "amount: Fen", r.payment_method AS "payment_method: PaymentMethod",
                  r.status AS "status: OrderStatus", r.qr_code_url, r.payment_url, r.provider_transaction_id,
                  r.created_at, r.expires_at, r.paid_at, r.paid_late, r.query_failures, r.last_answer,
                  r.resolved_outcome AS "resolved_outcome: ResolvedOutcome", r.resolved_by, r.resolved_at,
                  r.resolve_reason
           FROM recharge_orders r JOIN operators o ON o.id = r.operator_id
           WHERE ($1::uuid IS NULL OR r.operator_id = $1) AND ($2::text IS NULL OR r.status = $2)
             AND ($3::text IS NULL OR r.payment_method = $3) AND r.id >= $4 AND r.id < $5
           ORDER BY r.id DESC LIMIT $6 OFFSET $7"#,
        operator_id,
        filter.status as _,
        method,
        filter.range.from,
        filter.range.until,
        page.page_size,
        page.offset(),
    )
    .fetch_all(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok((total, orders))
}

/// An order of this operator, or of whoever it is when there is none.
///
/// # Errors
/// The database's.
pub async fn find(
    connection: &mut PgConnection,
    operator_id: Option<OperatorId>,
    order_id: OrderId,
) -> sqlx::Result<Option<Order>> {
    sqlx::query_as!(
        Order,
        r#"SELECT r.id AS "id: OrderId", r.operator_id AS "operator_id: OperatorId", o.name AS operator_name,
                  r.amount_fen AS "amount: Fen", r.payment_method AS "payment_method: PaymentMethod",
                  r.status AS "status: OrderStatus", r.qr_code_url, r.payment_url, r.provider_transaction_id,
                  r.created_at, r.expires_at, r.paid_at, r.paid_late, r.query_failures, r.last_answer,
                  r.resolved_outcome AS "resolved_outcome: ResolvedOutcome", r.resolved_by, r.resolved_at,
                  r.resolve_reason
           FROM recharge_orders r JOIN operators o ON o.id = r.operator_id
           WHERE r.id = $1 AND ($2::uuid IS NULL OR r.operator_id = $2)"#,
        order_id.uuid(),
        operator_id.map(OperatorId::uuid),
    )
    .fetch_optional(connection)
    .await
}

/// The order as it is after a change in the same transaction.
pub(super) async fn changed(connection: &mut PgConnection, order_id: OrderId) -> Result<Order, Problem> {
    let order = find(connection, None, order_id).await?;
    order.ok_or_else(|| Problem::internal("the order that was just written is not there"))
}
