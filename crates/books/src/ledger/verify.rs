//! `coinslot verify`: recomputes everything the books say and names the first break.

mod orders;
mod requests;
mod rows;

use std::collections::BTreeMap;

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, UsageId};
use futures_util::TryStreamExt;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

use self::orders::verify_orders;
use self::requests::verify_requests;
use self::rows::{ChainEntry, EntryRow};
use super::entry::{BookAccount, MovementKind, charge_hash, genesis_hash, movement_hash};

/// What was found in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub operators: u64,
    pub charges: u64,
    pub movements: u64,
    /// Net of every named account in fen; they sum to zero.
    pub book_balances: BTreeMap<BookAccount, i64>,
}

/// The first thing that is not as it must be.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("{operator_id}, entry {seq} ({entry}): {what}")]
    Entry { operator_id: OperatorId, seq: i64, entry: Uuid, what: String },
    #[error("{operator_id}: {what}")]
    Account { operator_id: OperatorId, what: String },
    #[error("{0}")]
    Books(String),
}

/// One operator's chain as it is recomputed.
struct Chain {
    operator_id: OperatorId,
    seq: i64,
    hash: [u8; 32],
    balance: i64,
    last_at: Option<UtcTime>,
    recharged: i64,
    consumed: i64,
    refunded: i64,
    sessions: i64,
}

/// Recomputes balances, totals, chains and books in one snapshot, entry by entry with flat memory.
///
/// # Errors
/// The first break, or the database's.
pub async fn verify(connection: &mut PgConnection) -> Result<Verified, VerifyError> {
    sqlx::query!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut *connection).await?;
    let verified = verify_snapshot(connection).await;
    sqlx::query!("ROLLBACK").execute(connection).await?;
    verified
}

async fn verify_snapshot(connection: &mut PgConnection) -> Result<Verified, VerifyError> {
    let mut verified = Verified::default();
    let mut chains: BTreeMap<OperatorId, Chain> = BTreeMap::new();
    {
        let mut rows = sqlx::query_as!(EntryRow, r#"
            SELECT operator_id AS "operator_id!", id AS "id!", seq AS "seq!", total_fen AS "amount_fen!",
                   balance_before_fen AS "balance_before_fen!", balance_after_fen AS "balance_after_fen!",
                   authorized_at AS "at!", entry_hash AS "entry_hash!", session_ms, session_nonce, site_id, app_id,
                   app_name, player_count, unit_price_fen, authorization_token, client_ip, NULL AS kind,
                   NULL AS debit_account, NULL AS credit_account, NULL AS payment_method, NULL::uuid AS order_id,
                   NULL::uuid AS refund_id, NULL AS reason, NULL AS created_by
            FROM usage_records
            UNION ALL
            SELECT operator_id, id, seq, amount_fen, balance_before_fen, balance_after_fen, occurred_at, entry_hash,
                   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, kind, debit_account, credit_account,
                   payment_method, order_id, refund_id, reason, created_by
            FROM ledger_movements
            ORDER BY 1, 2"#)
        .fetch(&mut *connection);
        while let Some(row) = rows.try_next().await? {
            let operator_id = OperatorId::from_uuid(row.operator_id);
            let chain = chains.entry(operator_id).or_insert_with(|| Chain::new(operator_id));
            let (seq, entry_id) = (row.seq, row.id);
            let broken = |what: String| VerifyError::Entry { operator_id, seq, entry: entry_id, what };
            let stored_hash = row.entry_hash.clone();
            let entry = row.into_entry().map_err(|what| broken(format!("unreadable {what}")))?;
            chain.append(&entry, &stored_hash).map_err(broken)?;
            verified.add(&entry).map_err(broken)?;
        }
    }
    verify_accounts(connection, &mut chains, &mut verified).await?;
    verify_references(connection).await?;
    verify_orders(connection).await?;
    verify_requests(connection).await?;
    let sum: i128 = verified.book_balances.values().map(|fen| i128::from(*fen)).sum();
    if sum != 0 {
        return Err(VerifyError::Books(format!("the books sum to {sum} fen instead of zero")));
    }
    Ok(verified)
}

impl Chain {
    fn new(operator_id: OperatorId) -> Self {
        Chain {
            operator_id,
            seq: 0,
            hash: genesis_hash(operator_id),
            balance: 0,
            last_at: None,
            recharged: 0,
            consumed: 0,
            refunded: 0,
            sessions: 0,
        }
    }

    /// Adds the next entry, or says what is wrong with it.
    fn append(&mut self, entry: &ChainEntry, stored_hash: &[u8]) -> Result<(), String> {
        let (seq, before, after, at, hash) = match entry {
            ChainEntry::Charge(c) => {
                (c.seq, c.balance_before, c.balance_after, c.authorized_at, charge_hash(&self.hash, c))
            }
            ChainEntry::Movement(m) => {
                (m.seq, m.balance_before, m.balance_after, m.occurred_at, movement_hash(&self.hash, m))
            }
        };
        if seq != self.seq + 1 {
            return Err(format!("follows entry {}: entries are missing or out of order", self.seq));
        }
        if before.get() != self.balance {
            return Err(format!(
                "begins with a balance of {before}, the entry before ended with {}",
                Fen::new(self.balance)
            ));
        }
        if self.last_at.is_some_and(|last| last > at) {
            return Err("is older than the entry before".to_owned());
        }
        if hash != stored_hash {
            return Err("its hash does not fit its content and the entry before".to_owned());
        }
        let moved = entry.balance_change();
        if after.get() - before.get() != moved {
            return Err(format!(
                "moves {} but the balance changes by {}",
                Fen::new(moved),
                Fen::new(after.get() - before.get())
            ));
        }
        self.seq = seq;
        self.hash = hash;
        self.balance = after.get();
        self.last_at = Some(at);
        match entry {
            ChainEntry::Charge(charge) => {
                self.consumed += charge.order.total.get();
                self.sessions += 1;
            }
            ChainEntry::Movement(movement) => match movement.order.cause.kind() {
                MovementKind::Recharge => self.recharged += movement.order.amount.get(),
                MovementKind::Refund => self.refunded += movement.order.amount.get(),
                MovementKind::Adjustment | MovementKind::Payout => {}
            },
        }
        Ok(())
    }
}

impl Verified {
    fn add(&mut self, entry: &ChainEntry) -> Result<(), String> {
        let (debit, credit, amount) = match entry {
            ChainEntry::Charge(charge) => {
                (BookAccount::OperatorBalance, BookAccount::Revenue, charge.order.total)
            }
            ChainEntry::Movement(movement) => {
                let order = &movement.order;
                (order.cause.debit(), order.cause.credit(), order.amount)
            }
        };
        match entry {
            ChainEntry::Charge(_) => self.charges += 1,
            ChainEntry::Movement(_) => self.movements += 1,
        }
        for (account, change) in [(debit, -amount.get()), (credit, amount.get())] {
            let balance = self.book_balances.entry(account).or_default();
            *balance = balance.checked_add(change).ok_or("a named account leaves the range of 64 bits")?;
        }
        Ok(())
    }
}

/// Every account row must be what its entries make it, and every entry must belong to an account.
async fn verify_accounts(
    connection: &mut PgConnection,
    chains: &mut BTreeMap<OperatorId, Chain>,
    verified: &mut Verified,
) -> Result<(), VerifyError> {
    let rows = sqlx::query!(
        r#"SELECT a.operator_id, a.state, a.balance_fen, a.entry_seq, a.entry_hash,
                a.last_entry_at AS "last_entry_at: UtcTime", a.total_recharged_fen,
                a.total_consumed_fen, a.total_refunded_fen, a.total_sessions, a.key_generation, k.generation AS "generation?",
                o.locked_at IS NOT NULL AS "is_locked!", o.deactivated_at IS NOT NULL AS "is_deactivated!"
         FROM operator_accounts a
         JOIN operators o ON o.id = a.operator_id
         LEFT JOIN operator_api_keys k ON k.operator_id = a.operator_id
         ORDER BY a.operator_id"#
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let operator_id = OperatorId::from_uuid(row.operator_id);
        let chain = chains.remove(&operator_id).unwrap_or_else(|| Chain::new(operator_id));
        let state = match (row.is_deactivated, row.is_locked) {
            (true, _) => "deactivated",
            (false, true) => "locked",
            (false, false) => "active",
        };
        let checks = [
            (row.balance_fen == chain.balance, "the balance is not that of its last entry"),
            (row.entry_seq == chain.seq, "the number of entries is not that of the account"),
            (row.entry_hash == chain.hash, "the newest hash is not that of the account"),
            (row.last_entry_at == chain.last_at, "the time of the newest entry is not that of the account"),
            (row.total_recharged_fen == chain.recharged, "the total of top-ups is wrong"),
            (row.total_consumed_fen == chain.consumed, "the total of charges is wrong"),
            (row.total_refunded_fen == chain.refunded, "the total of refunds is wrong"),
            (row.total_sessions == chain.sessions, "the number of sessions is wrong"),
            (row.state == state, "the state is not that of the operator"),
            (row.generation == Some(row.key_generation), "the key's generation is not that of the account"),
        ];
        if let Some((_, what)) = checks.iter().find(|(holds, _)| !holds) {
            return Err(VerifyError::Account { operator_id, what: (*what).to_owned() });
        }
        verified.operators += 1;
    }
    match chains.values().next() {
        Some(chain) => Err(VerifyError::Account {
            operator_id: chain.operator_id,
            what: "has entries but no account".to_owned(),
        }),
        None => Ok(()),
    }
}

/// What the tables do not enforce with foreign keys, for the hot path's sake, and what lies between tables.
async fn verify_references(connection: &mut PgConnection) -> Result<(), VerifyError> {
    let stray = sqlx::query!(
        "SELECT u.operator_id, u.id FROM usage_records u
         WHERE NOT EXISTS (SELECT 1 FROM sites s WHERE s.operator_id = u.operator_id AND s.id = u.site_id)
            OR NOT EXISTS (SELECT 1 FROM applications a WHERE a.id = u.app_id)
         LIMIT 1"
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = stray {
        let (operator, usage) = (OperatorId::from_uuid(row.operator_id), UsageId::from_uuid(row.id));
        return Err(VerifyError::Books(format!(
            "{operator}, {usage}: names a site or application that does not exist"
        )));
    }
    let price = sqlx::query!(
        "SELECT a.id FROM applications a
         WHERE a.unit_price_fen IS DISTINCT FROM (
             SELECT p.unit_price_fen FROM application_prices p WHERE p.app_id = a.id ORDER BY p.id DESC LIMIT 1)
         LIMIT 1"
    )
    .fetch_optional(connection)
    .await?;
    match price {
        Some(row) => {
            let app = AppId::from_uuid(row.id);
            Err(VerifyError::Books(format!("{app}: the price is not the last of its history")))
        }
        None => Ok(()),
    }
}
