//! The parts of a payout as they stand.

use base::clock::UtcTime;
use base::ids::{OperatorId, OrderId, PayoutId, RefundId};
use money::Fen;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

/// How far a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum PartStatus {
    /// The channel has not heard of it yet.
    Pending,
    /// On its way, or to be paid by hand.
    Processing,
    Completed,
    /// The channel will not do it, and the money has not gone.
    Failed,
}

/// A part of a payout.
#[derive(Clone, Debug)]
pub struct Part {
    pub id: PayoutId,
    /// `wechat`, `alipay` or `manual`.
    pub channel: String,
    /// The top-up it goes back to; none when it is paid by hand.
    pub order_id: Option<OrderId>,
    pub amount: Fen,
    pub status: PartStatus,
    /// How often the channel was told of it or asked about it.
    pub attempts: i32,
    pub provider_refund_id: Option<String>,
    /// What the channel said last when it did not do it.
    pub last_error: Option<String>,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

/// The parts of a refund's payout: oldest first, and of those of one moment the newest top-up first.
///
/// # Errors
/// The database's.
pub async fn parts(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    refund_id: RefundId,
) -> sqlx::Result<Vec<Part>> {
    sqlx::query_as!(
        Part,
        r#"SELECT id AS "id: PayoutId", channel, order_id AS "order_id: OrderId", amount_fen AS "amount: Fen",
                  status AS "status: PartStatus", attempts, provider_refund_id, last_error, created_at, updated_at
           FROM refund_payouts WHERE operator_id = $1 AND refund_id = $2
           ORDER BY created_at, order_id DESC NULLS LAST, id"#,
        operator_id.uuid(),
        refund_id.uuid(),
    )
    .fetch_all(connection)
    .await
}

/// Notes what is to be paid by hand.
pub(super) async fn insert_by_hand(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    refund_id: RefundId,
    amount: Fen,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO refund_payouts (operator_id, id, refund_id, channel, amount_fen, status, created_at, updated_at)
         VALUES ($1, $2, $3, 'manual', $4, 'processing', $5, $5)",
        operator_id.uuid(),
        PayoutId::generate(now).uuid(),
        refund_id.uuid(),
        amount.get(),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
