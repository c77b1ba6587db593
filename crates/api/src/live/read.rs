//! What is told of an operator's things, as it is now.

use base::ids::{AppRequestId, InvoiceId, OperatorId, OrderId, RefundId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::event::{
    AppRequestTold, BalanceTold, InvoiceTold, LiveEvent, MessagesTold, NothingTold, OrderTold, RefundTold,
};
use super::mailbox::Topic;

/// The event for a topic of an operator; `None` when there is nothing to tell.
///
/// # Errors
/// The database's.
pub(super) async fn event(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    topic: Topic,
) -> sqlx::Result<Option<LiveEvent>> {
    match topic {
        Topic::SignIn => Ok(None),
        Topic::Everything => Ok(Some(LiveEvent::Refresh(NothingTold {}))),
        Topic::Dashboard => Ok(Some(LiveEvent::Dashboard(NothingTold {}))),
        Topic::Balance => balance(connection, operator_id).await.map(Some),
        Topic::Messages => messages(connection, operator_id).await.map(Some),
        Topic::Order(id) => order(connection, operator_id, id).await,
        Topic::Refund(id) => refund(connection, operator_id, id).await,
        Topic::Invoice(id) => invoice(connection, operator_id, id).await,
        Topic::AppRequest(id) => app_request(connection, operator_id, id).await,
    }
}

async fn balance(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<LiveEvent> {
    let told = sqlx::query_as!(
        BalanceTold,
        r#"SELECT balance_fen AS "balance: _" FROM operator_accounts WHERE operator_id = $1"#,
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(LiveEvent::Balance(told))
}

async fn messages(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<LiveEvent> {
    let told = sqlx::query_as!(
        MessagesTold,
        r#"SELECT count(*) AS "unread_count!" FROM messages WHERE operator_id = $1 AND read_at IS NULL"#,
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(LiveEvent::Message(told))
}

async fn order(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    id: Uuid,
) -> sqlx::Result<Option<LiveEvent>> {
    let told = sqlx::query_as!(
        OrderTold,
        r#"SELECT id AS "order_id: OrderId", status FROM recharge_orders WHERE operator_id = $1 AND id = $2"#,
        operator_id.uuid(),
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(told.map(LiveEvent::Order))
}

async fn refund(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    id: Uuid,
) -> sqlx::Result<Option<LiveEvent>> {
    let told = sqlx::query_as!(
        RefundTold,
        r#"SELECT id AS "refund_id: RefundId", status, payout_status
           FROM refunds WHERE operator_id = $1 AND id = $2"#,
        operator_id.uuid(),
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(told.map(LiveEvent::Refund))
}

async fn invoice(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    id: Uuid,
) -> sqlx::Result<Option<LiveEvent>> {
    let told = sqlx::query_as!(
        InvoiceTold,
        r#"SELECT id AS "invoice_id: InvoiceId", status FROM invoices WHERE operator_id = $1 AND id = $2"#,
        operator_id.uuid(),
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(told.map(LiveEvent::Invoice))
}

async fn app_request(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    id: Uuid,
) -> sqlx::Result<Option<LiveEvent>> {
    let told = sqlx::query_as!(
        AppRequestTold,
        r#"SELECT id AS "request_id: AppRequestId", status FROM app_requests WHERE operator_id = $1 AND id = $2"#,
        operator_id.uuid(),
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(told.map(LiveEvent::AppRequest))
}
