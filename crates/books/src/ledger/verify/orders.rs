//! Top-up orders against the entries that carry their money.

use base::ids::OrderId;
use sqlx::PgConnection;

use super::VerifyError;

/// An order that was paid has one entry, of its amount and from its channel, and no other order has any.
pub(super) async fn verify_orders(connection: &mut PgConnection) -> Result<(), VerifyError> {
    let broken = sqlx::query_scalar!(
        r#"SELECT coalesce(o.id, m.order_id) AS "id!: OrderId"
           FROM recharge_orders o
           FULL JOIN (SELECT operator_id, order_id, count(*) AS entries, min(amount_fen) AS amount_fen,
                             min(payment_method) AS payment_method, min(debit_account) AS debit_account,
                             min(credit_account) AS credit_account
                      FROM ledger_movements WHERE kind = 'recharge' GROUP BY operator_id, order_id) m
             ON m.operator_id = o.operator_id AND m.order_id = o.id
           WHERE (o.status IS NOT DISTINCT FROM 'success') <> (m.order_id IS NOT NULL)
              OR m.entries <> 1 OR m.amount_fen <> o.amount_fen
              OR m.payment_method IS DISTINCT FROM CASE WHEN m.order_id IS NOT NULL THEN o.payment_method END
              OR m.debit_account <> 'clearing_' || o.payment_method OR m.credit_account <> 'operator_balance'
           LIMIT 1"#
    )
    .fetch_optional(connection)
    .await?;
    match broken {
        Some(id) => Err(VerifyError::Books(format!("{id}: the order and its ledger entry do not agree"))),
        None => Ok(()),
    }
}
