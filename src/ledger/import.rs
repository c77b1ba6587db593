//! Many entries at once, by COPY: how `coinslot seed` writes a past. The entries were made by [`Account::charge`] and
//! [`Account::post`] on accounts that are locked in the same transaction, so the books are as consistent as if every
//! entry had come alone.

use std::fmt::{Display, Write};

use sqlx::PgConnection;

use super::account::Account;
use super::entry::{Charge, Movement};

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
    copy(
        connection,
        "COPY usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen, balance_before_fen,
             balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count, session_nonce,
             app_name, client_ip, entry_hash) FROM STDIN",
        import.charges.iter().map(charge_line),
    )
    .await?;
    copy(
        connection,
        "COPY ledger_movements (operator_id, id, seq, kind, debit_account, credit_account, amount_fen,
             balance_before_fen, balance_after_fen, occurred_at, payment_method, order_id, refund_id, reason,
             created_by, entry_hash) FROM STDIN",
        import.movements.iter().map(movement_line),
    )
    .await?;
    update_accounts(connection, &import.accounts).await
}

async fn copy(
    connection: &mut PgConnection,
    statement: &'static str,
    lines: impl ExactSizeIterator<Item = CopyLine>,
) -> sqlx::Result<()> {
    if lines.len() == 0 {
        return Ok(());
    }
    let expected = lines.len() as u64;
    let mut sink = connection.copy_in_raw(statement).await?;
    let mut buffer = String::with_capacity(COPY_CHUNK_BYTES + 1024);
    for line in lines {
        buffer.push_str(&line.0);
        buffer.push('\n');
        if buffer.len() >= COPY_CHUNK_BYTES {
            sink.send(buffer.as_bytes()).await?;
            buffer.clear();
        }
    }
    sink.send(buffer.as_bytes()).await?;
    let written = sink.finish().await?;
    if written != expected {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(())
}

const COPY_CHUNK_BYTES: usize = 256 * 1024;

/// A row in the text format of COPY: tabs between columns, `\N` for NULL.
#[derive(Default)]
pub(crate) struct CopyLine(String);

impl CopyLine {
    fn separator(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\t');
        }
    }

    /// A value whose text needs no escaping: numbers, ids, times, addresses.
    pub(crate) fn plain(&mut self, value: impl Display) -> &mut Self {
        self.separator();
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{value}");
        self
    }

    fn optional_plain(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.plain(value),
            None => self.plain("\\N"),
        }
    }

    fn text(&mut self, value: &str) -> &mut Self {
        self.separator();
        for character in value.chars() {
            match character {
                '\\' => self.0.push_str("\\\\"),
                '\t' => self.0.push_str("\\t"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                other => self.0.push(other),
            }
        }
        self
    }

    fn optional_text(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => self.plain("\\N"),
        }
    }

    fn hash(&mut self, hash: &[u8; 32]) -> &mut Self {
        self.plain("\\\\x");
        self.0.push_str(&hex::encode(hash));
        self
    }

    fn take(&mut self) -> CopyLine {
        std::mem::take(self)
    }
}

fn charge_line(charge: &Charge) -> CopyLine {
    let order = &charge.order;
    CopyLine(String::with_capacity(512))
        .plain(charge.operator_id.uuid())
        .plain(charge.id.uuid())
        .plain(order.session_ms)
        .plain(charge.seq)
        .plain(order.unit_price.get())
        .plain(order.total.get())
        .plain(charge.balance_before.get())
        .plain(charge.balance_after.get())
        .plain(charge.authorized_at)
        .plain(order.site_id.uuid())
        .plain(order.app_id.uuid())
        .plain(charge.authorization_token)
        .plain(order.player_count)
        .text(&order.session_nonce)
        .text(&order.app_name)
        .optional_plain(order.client_ip)
        .hash(&charge.entry_hash)
        .take()
}

fn movement_line(movement: &Movement) -> CopyLine {
    let order = &movement.order;
    CopyLine(String::with_capacity(512))
        .plain(movement.operator_id.uuid())
        .plain(movement.id.uuid())
        .plain(movement.seq)
        .plain(order.kind.as_str())
        .plain(order.debit.as_str())
        .plain(order.credit.as_str())
        .plain(order.amount.get())
        .plain(movement.balance_before.get())
        .plain(movement.balance_after.get())
        .plain(movement.occurred_at)
        .optional_plain(order.payment_method)
        .optional_plain(order.order_id.map(crate::ids::Id::uuid))
        .optional_plain(order.refund_id.map(crate::ids::Id::uuid))
        .optional_text(order.reason.as_deref())
        .optional_text(order.created_by.as_deref())
        .hash(&movement.entry_hash)
        .take()
}

/// The windows of the rate limit are left alone: a past uses up nothing of today's.
async fn update_accounts(connection: &mut PgConnection, accounts: &[(i64, Account)]) -> sqlx::Result<()> {
    let all = || accounts.iter().map(|(_, account)| account);
    let numbers = |of: fn(&Account) -> i64| all().map(of).collect::<Vec<i64>>();
    let operators: Vec<_> = all().map(|account| account.operator_id.uuid()).collect();
    let expected: Vec<i64> = accounts.iter().map(|(seq, _)| *seq).collect();
    let hashes: Vec<Vec<u8>> = all().map(|account| account.entry_hash.to_vec()).collect();
    let last_entries: Vec<_> = all().map(|account| account.last_entry_at).collect();
    sqlx::query!(
        r#"WITH updated AS (
               UPDATE operator_accounts a
               SET balance_fen = v.balance_fen, entry_seq = v.entry_seq, entry_hash = v.entry_hash,
                   last_entry_at = v.last_entry_at, total_recharged_fen = v.total_recharged_fen,
                   total_consumed_fen = v.total_consumed_fen, total_refunded_fen = v.total_refunded_fen,
                   total_sessions = v.total_sessions
               FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::timestamptz[],
                        $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
                   AS v (operator_id, expected_seq, balance_fen, entry_seq, entry_hash, last_entry_at,
                         total_recharged_fen, total_consumed_fen, total_refunded_fen, total_sessions)
               WHERE a.operator_id = v.operator_id AND a.entry_seq = v.expected_seq
               RETURNING 1)
           SELECT assert_row_count(count(*), $11) FROM updated"#,
        &operators,
        &expected,
        &numbers(|account| account.balance.get()),
        &numbers(|account| account.entry_seq),
        &hashes,
        &last_entries as _,
        &numbers(|account| account.total_recharged.get()),
        &numbers(|account| account.total_consumed.get()),
        &numbers(|account| account.total_refunded.get()),
        &numbers(|account| account.total_sessions),
        i64::try_from(accounts.len()).unwrap_or(i64::MAX),
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_line_is_escaped() {
        let mut line = CopyLine::default();
        line.text("a\tb\nc\\d\re").plain(7).optional_text(None).hash(&[0xab; 32]);
        assert_eq!(line.0, format!("a\\tb\\nc\\\\d\\re\t7\t\\N\t\\\\x{}", "ab".repeat(32)));
    }
}
