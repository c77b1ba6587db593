//! Many entries at once, by COPY: how `coinslot seed` writes a past. The entries were made by [`Account::charge`] and
//! [`Account::post`] on accounts that are locked in the same transaction, so the books are as consistent as if every
//! entry had come alone.

use platform::db::copy::CopyRows;
use sqlx::PgConnection;

use super::account::Account;
use super::entry::{Charge, Movement};
use super::row::write_books;

/// Bytes of a row, about.
const ROW: usize = 384;

/// Entries, and the accounts as they are after them.
#[derive(Debug, Default)]
pub struct Import {
    pub charges: Vec<Charge>,
    pub movements: Vec<Movement>,
    /// Each account with the sequence number it had when it was locked.
    pub accounts: Vec<(i64, Account)>,
}

/// Writes entries and accounts in the caller's transaction.
///
/// # Errors
/// The database's; `cardinality_violation` when an account is not as it was locked.
pub async fn import(connection: &mut PgConnection, import: &Import) -> sqlx::Result<()> {
    let mut charges = CopyRows::with_capacity(import.charges.len() * ROW);
    import.charges.iter().for_each(|charge| charge_row(&mut charges, charge));
    let statement = "COPY usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen,
             balance_before_fen, balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count,
             session_nonce, app_name, client_ip, entry_hash) FROM STDIN (FORMAT binary)";
    charges.copy(connection, statement).await?;
    let mut movements = CopyRows::with_capacity(import.movements.len() * ROW);
    import.movements.iter().for_each(|movement| movement_row(&mut movements, movement));
    let statement =
        "COPY ledger_movements (operator_id, id, seq, kind, debit_account, credit_account, amount_fen,
             balance_before_fen, balance_after_fen, occurred_at, payment_method, order_id, refund_id, reason,
             created_by, entry_hash) FROM STDIN (FORMAT binary)";
    movements.copy(connection, statement).await?;
    write_books(connection, import.accounts.iter().map(|(seq, account)| (*seq, account))).await
}

fn charge_row(rows: &mut CopyRows, charge: &Charge) {
    let order = &charge.order;
    rows.row(17)
        .value(charge.operator_id)
        .value(charge.id)
        .value(order.session_ms)
        .value(charge.seq)
        .value(order.unit_price)
        .value(order.total)
        .value(charge.balance_before)
        .value(charge.balance_after)
        .value(charge.authorized_at)
        .value(order.site_id)
        .value(order.app_id)
        .value(charge.authorization_token)
        .value(order.player_count)
        .value(&order.session_nonce)
        .value(&order.app_name)
        .value(order.client_ip)
        .value(charge.entry_hash);
}

fn movement_row(rows: &mut CopyRows, movement: &Movement) {
    let order = &movement.order;
    rows.row(16)
        .value(movement.operator_id)
        .value(movement.id)
        .value(movement.seq)
        .value(order.cause.kind().into_str())
        .value(order.cause.debit().into_str())
        .value(order.cause.credit().into_str())
        .value(order.amount)
        .value(movement.balance_before)
        .value(movement.balance_after)
        .value(movement.occurred_at)
        .value(order.cause.payment_method())
        .value(order.cause.order_id())
        .value(order.cause.refund_id())
        .value(order.reason.as_deref())
        .value(order.created_by.as_deref())
        .value(movement.entry_hash);
}
