//! The parts of a payout are written, each with what makes it happen.

use base::clock::UtcTime;
use base::ids::{OperatorId, OrderId, PayoutId, RefundId};
use money::Fen;
use platform::jobs;
use sqlx::PgConnection;

use super::split::{TopUp, split};
use super::{part, send};
use crate::payments::providers::PaymentMethod;

/// Splits `amount` over the top-ups it came from, and notes what is to be paid by hand. The caller holds the account's
/// lock, so no other refund takes the same top-up.
pub(in crate::refunds) async fn plan(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    refund_id: RefundId,
    amount: Fen,
    now: UtcTime,
) -> sqlx::Result<()> {
    let top_ups = top_ups(connection, operator_id).await?;
    let (parts, by_hand) = split(amount, &top_ups, now);
    for channel_part in parts {
        let id = PayoutId::generate(now);
        sqlx::query!(
            "INSERT INTO refund_payouts (operator_id, id, refund_id, order_id, channel, amount_fen, status,
                 next_attempt_at, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $7, $7)",
            operator_id.uuid(),
            id.uuid(),
            refund_id.uuid(),
            channel_part.order_id.uuid(),
            channel_part.method.into_str(),
            channel_part.amount.get(),
            now as _,
        )
        .execute(&mut *connection)
        .await?;
        jobs::enqueue(connection, send::KIND, &send::payload(id), now).await?;
    }
    if !by_hand.is_zero() {
        part::insert_by_hand(connection, operator_id, refund_id, by_hand, now).await?;
    }
    Ok(())
}

/// What the operator paid through a provider, newest first. Top-ups that finance credited without the provider's word
/// have no payment to go back to.
async fn top_ups(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<Vec<TopUp>> {
    sqlx::query_as!(
        TopUp,
        r#"SELECT o.id AS "order_id: OrderId", o.payment_method AS "method: PaymentMethod", o.amount_fen AS "amount: Fen",
                  coalesce(sum(p.amount_fen) FILTER (WHERE p.status <> 'failed'), 0)::bigint AS "returned!: Fen",
                  count(p.id) AS "parts!", o.paid_at AS "paid_at!: UtcTime"
           FROM recharge_orders o
           LEFT JOIN refund_payouts p ON p.operator_id = o.operator_id AND p.order_id = o.id
           WHERE o.operator_id = $1 AND o.status = 'success' AND o.provider_transaction_id IS NOT NULL
             AND o.paid_at IS NOT NULL
           GROUP BY o.operator_id, o.id
           ORDER BY o.paid_at DESC, o.id DESC"#,
        operator_id.uuid(),
    )
    .fetch_all(connection)
    .await
}
