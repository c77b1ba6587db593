//! Single movements in the caller's transaction.

use base::clock::UtcTime;
use base::problem::Problem;
use sqlx::PgConnection;

use super::account::{Account, LedgerError};
use super::entry::{Movement, MovementOrder};
use super::row::write_books;

impl From<LedgerError> for sqlx::Error {
    fn from(error: LedgerError) -> Self {
        sqlx::Error::Decode(Box::new(error))
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        Problem::internal(error)
    }
}

/// Posts one movement on an account that [`lock_account`] locked in the same transaction.
///
/// # Errors
/// The database's; a [`LedgerError`] as the source of a decode error when the movement is impossible.
pub async fn post(
    connection: &mut PgConnection,
    account: &mut Account,
    order: MovementOrder,
    now: UtcTime,
) -> sqlx::Result<Movement> {
    let expected_seq = account.entry_seq;
    let movement = account.post(order, now)?;
    let order = &movement.order;
    sqlx::query!(
        "INSERT INTO ledger_movements (operator_id, id, seq, kind, debit_account, credit_account, amount_fen,
             balance_before_fen, balance_after_fen, occurred_at, payment_method, order_id, refund_id, reason,
             created_by, entry_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        movement.operator_id.uuid(),
        movement.id.uuid(),
        movement.seq,
        order.cause.kind().into_str(),
        order.cause.debit().into_str(),
        order.cause.credit().into_str(),
        order.amount.get(),
        movement.balance_before.get(),
        movement.balance_after.get(),
        movement.occurred_at as _,
        order.cause.payment_method(),
        order.cause.order_id().map(base::ids::Id::uuid),
        order.cause.refund_id().map(base::ids::Id::uuid),
        order.reason.as_deref(),
        order.created_by.as_deref(),
        &movement.entry_hash[..],
    )
    .execute(&mut *connection)
    .await?;
    write_books(connection, std::iter::once((expected_seq, &*account))).await?;
    Ok(movement)
}
