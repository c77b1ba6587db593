//! Single movements in the caller's transaction: lock the account, compute, write.

use base::category::Category;
use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::Problem;
use platform::security::rate_limit::Window;
use sqlx::PgConnection;
use uuid::Uuid;

use super::account::{Account, AccountState, LedgerError};
use super::entry::{Movement, MovementOrder, genesis_hash};

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

/// Opens an operator's account with nothing in it.
pub async fn open_account(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    category: Category,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO operator_accounts (operator_id, category, entry_hash) VALUES ($1, $2, $3)",
        operator_id.uuid(),
        category.as_str(),
        &genesis_hash(operator_id)[..],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks the account's row until the transaction ends. `None` for an unknown operator.
pub async fn lock_account(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> sqlx::Result<Option<Account>> {
    Ok(lock_accounts(connection, &[operator_id]).await?.pop())
}

/// Locks the rows of several accounts in id order until the transaction ends, and returns them in that order. Unknown
/// operators are absent.
pub async fn lock_accounts(
    connection: &mut PgConnection,
    operators: &[OperatorId],
) -> sqlx::Result<Vec<Account>> {
    let operators: Vec<Uuid> = operators.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT operator_id AS "operator_id: OperatorId", state, key_generation, balance_fen, entry_seq, entry_hash,
                  last_entry_at, total_recharged_fen, total_consumed_fen, total_refunded_fen, total_sessions,
                  authorize_window, pre_authorize_window, category, low_balance_alerted
           FROM operator_accounts WHERE operator_id = ANY($1) ORDER BY operator_id FOR UPDATE"#,
        &operators,
    )
    .fetch_all(connection)
    .await?;
    let accounts = rows.into_iter().map(|row| {
        Ok(Account {
            operator_id: row.operator_id,
            state: AccountState::parse(&row.state)?,
            key_generation: row.key_generation,
            balance: money::Fen::new(row.balance_fen),
            entry_seq: row.entry_seq,
            entry_hash: row.entry_hash.try_into().map_err(|_| LedgerError::Corrupt("entry hash"))?,
            last_entry_at: row.last_entry_at,
            total_recharged: money::Fen::new(row.total_recharged_fen),
            total_consumed: money::Fen::new(row.total_consumed_fen),
            total_refunded: money::Fen::new(row.total_refunded_fen),
            total_sessions: row.total_sessions,
            authorize_window: Window::from_bytes(&row.authorize_window),
            pre_authorize_window: Window::from_bytes(&row.pre_authorize_window),
            category: Category::parse(&row.category).map_err(|_| LedgerError::Corrupt("category"))?,
            is_low_balance_alerted: row.low_balance_alerted,
        })
    });
    accounts.collect()
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
        order.kind.as_str(),
        order.debit.as_str(),
        order.credit.as_str(),
        order.amount.get(),
        movement.balance_before.get(),
        movement.balance_after.get(),
        movement.occurred_at as _,
        order.payment_method,
        order.order_id.map(base::ids::Id::uuid),
        order.refund_id.map(base::ids::Id::uuid),
        order.reason.as_deref(),
        order.created_by.as_deref(),
        &movement.entry_hash[..],
    )
    .execute(&mut *connection)
    .await?;
    let updated = sqlx::query!(
        "UPDATE operator_accounts
         SET balance_fen = $3, entry_seq = $4, entry_hash = $5, last_entry_at = $6, total_recharged_fen = $7,
             total_refunded_fen = $8
         WHERE operator_id = $1 AND entry_seq = $2",
        account.operator_id.uuid(),
        expected_seq,
        account.balance.get(),
        account.entry_seq,
        &account.entry_hash[..],
        account.last_entry_at as _,
        account.total_recharged.get(),
        account.total_refunded.get(),
    )
    .execute(connection)
    .await?;
    // The row was locked; another count means that the caller did not lock it.
    if updated.rows_affected() != 1 {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(movement)
}
