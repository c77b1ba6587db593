//! Refunds, payouts and invoices against the entries that carry their money.

use base::ids::{OperatorId, RefundId};
use sqlx::PgConnection;

use super::VerifyError;

/// # Errors
/// The first break, or the database's.
pub(super) async fn verify_requests(connection: &mut PgConnection) -> Result<(), VerifyError> {
    verify_refunds(connection).await?;
    verify_payouts(connection).await?;
    verify_payout_parts(connection).await?;
    verify_invoiced(connection).await?;
    verify_invoice_numbers(connection).await
}

/// An approved refund and its entry exist together and have the same amount. A refund is approved as a whole.
async fn verify_refunds(connection: &mut PgConnection) -> Result<(), VerifyError> {
    let broken = sqlx::query_scalar!(
        r#"SELECT coalesce(r.id, m.refund_id) AS "id!: RefundId"
           FROM refunds r
           FULL JOIN (SELECT operator_id, refund_id, amount_fen FROM ledger_movements WHERE kind = 'refund') m
             ON m.operator_id = r.operator_id AND m.refund_id = r.id
           WHERE (r.status IS NOT DISTINCT FROM 'approved') <> (m.refund_id IS NOT NULL)
              OR m.amount_fen <> r.actual_fen
              OR (r.status = 'approved') <> (r.payout_status IS NOT NULL)
           LIMIT 1"#
    )
    .fetch_optional(connection)
    .await?;
    match broken {
        Some(id) => Err(VerifyError::Books(format!("{id}: the refund and its ledger entry do not agree"))),
        None => Ok(()),
    }
}

/// What was paid out through a channel is what its completed payouts say; a refund is paid out when nothing of it is
/// left to pay, and never more.
async fn verify_payouts(connection: &mut PgConnection) -> Result<(), VerifyError> {
    let broken = sqlx::query_scalar!(
        r#"WITH entries AS (
               SELECT operator_id, refund_id, credit_account, sum(amount_fen) AS amount
               FROM ledger_movements WHERE kind = 'payout' GROUP BY operator_id, refund_id, credit_account),
           payouts AS (
               SELECT operator_id, refund_id, 'clearing_' || channel AS credit_account, sum(amount_fen) AS amount
               FROM refund_payouts WHERE status = 'completed' GROUP BY operator_id, refund_id, channel)
           SELECT coalesce(e.refund_id, p.refund_id) AS "id!: RefundId"
           FROM entries e FULL JOIN payouts p USING (operator_id, refund_id, credit_account)
           WHERE e.amount IS DISTINCT FROM p.amount
           UNION ALL
           SELECT r.id FROM refunds r
           LEFT JOIN (SELECT operator_id, refund_id, sum(amount) AS amount FROM entries
                      GROUP BY operator_id, refund_id) paid
             ON paid.operator_id = r.operator_id AND paid.refund_id = r.id
           WHERE coalesce(paid.amount, 0) > coalesce(r.actual_fen, 0)
              OR (r.payout_status IS NOT DISTINCT FROM 'completed')
                 <> (paid.amount IS NOT NULL AND paid.amount = r.actual_fen)
           LIMIT 1"#
    )
    .fetch_optional(connection)
    .await?;
    match broken {
        Some(id) => {
            Err(VerifyError::Books(format!("{id}: the payouts and their ledger entries do not agree")))
        }
        None => Ok(()),
    }
}

/// The parts of a payout are never more than the refund, and less only when it has failed; no more goes back to a top-up than
/// was paid.
async fn verify_payout_parts(connection: &mut PgConnection) -> Result<(), VerifyError> {
    let broken = sqlx::query_scalar!(
        r#"SELECT r.id AS "id!: RefundId"
           FROM refunds r
           LEFT JOIN (SELECT operator_id, refund_id, sum(amount_fen) AS amount
                      FROM refund_payouts WHERE status <> 'failed' GROUP BY operator_id, refund_id) p
             ON p.operator_id = r.operator_id AND p.refund_id = r.id
           WHERE coalesce(p.amount, 0) > coalesce(r.actual_fen, 0)
              OR (r.payout_status = 'failed') <> (coalesce(p.amount, 0) < r.actual_fen)
           UNION ALL
           SELECT p.refund_id
           FROM recharge_orders o
           JOIN (SELECT operator_id, order_id, sum(amount_fen) AS amount, (array_agg(refund_id))[1] AS refund_id
                 FROM refund_payouts WHERE status <> 'failed' GROUP BY operator_id, order_id) p
             ON p.operator_id = o.operator_id AND p.order_id = o.id
           WHERE p.amount > o.amount_fen OR o.status <> 'success'
           LIMIT 1"#
    )
    .fetch_optional(connection)
    .await?;
    match broken {
        Some(id) => Err(VerifyError::Books(format!(
            "{id}: the parts of the payout do not fit the refund, or the top-ups they go back to"
        ))),
        None => Ok(()),
    }
}

/// Invoices never exceed the top-ups. That they keep below top-ups minus refunds holds only while no refund is approved
/// after them.
async fn verify_invoiced(connection: &mut PgConnection) -> Result<(), VerifyError> {
    let broken = sqlx::query_scalar!(
        r#"SELECT a.operator_id AS "id: OperatorId"
           FROM operator_accounts a
           JOIN invoices i ON i.operator_id = a.operator_id AND i.status IN ('pending', 'approved')
           GROUP BY a.operator_id, a.total_recharged_fen
           HAVING sum(i.amount_fen) > a.total_recharged_fen
           LIMIT 1"#
    )
    .fetch_optional(connection)
    .await?;
    match broken {
        Some(id) => Err(VerifyError::Books(format!("{id}: more is invoiced than was topped up"))),
        None => Ok(()),
    }
}

/// The numbers of each year are those from 1 to the last one given, each on one invoice (src/invoices/number.rs).
async fn verify_invoice_numbers(connection: &mut PgConnection) -> Result<(), VerifyError> {
    let broken = sqlx::query_scalar!(
        r#"SELECT coalesce(i.invoice_number, given.number) AS "number!"
           FROM (SELECT 'INV' || lpad(n.year::text, 4, '0') || lpad(k::text, greatest(6, length(k::text)), '0') AS number
                 FROM invoice_numbers n CROSS JOIN generate_series(1, n.last_number) k) given
           FULL JOIN (SELECT invoice_number FROM invoices WHERE invoice_number IS NOT NULL) i
             ON i.invoice_number = given.number
           WHERE i.invoice_number IS NULL OR given.number IS NULL
           LIMIT 1"#
    )
    .fetch_optional(connection)
    .await?;
    match broken {
        Some(number) => {
            Err(VerifyError::Books(format!("{number}: the number was not given, or is on no invoice")))
        }
        None => Ok(()),
    }
}
