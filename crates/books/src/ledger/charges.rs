//! Charges in batches, on a connection that pipelines: the only other place that writes accounts.
//!
//! tokio-postgres sends a statement when its future is first polled and does not wait for the one before, so what is
//! joined here goes out in one flight. sqlx cannot do that (docs/ARCHITECTURE.md, "Two drivers").

use std::net::IpAddr;

use base::category::Category;
use base::clock::UtcTime;
use base::ids::OperatorId;
use jiff::Timestamp;
use money::Fen;
use platform::security::rate_limit::Window;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row, Statement};
use uuid::Uuid;

use super::account::{Account, AccountState, LedgerError};
use super::entry::Charge;

/// Locks accounts in id order, which every batch of every instance keeps, so that batches cannot deadlock.
/// What stands in the locked row itself is read in its newest version; everything else must be read by a later
/// statement, whose snapshot is from after the wait for the lock.
pub const LOCK_ACCOUNTS: &str = "
    SELECT operator_id, state, key_generation, balance_fen, entry_seq, entry_hash, last_entry_at, total_recharged_fen,
           total_consumed_fen, total_refunded_fen, total_sessions, authorize_window, pre_authorize_window,
           category, low_balance_alerted, places_version, ctid::text
    FROM operator_accounts WHERE operator_id = ANY($1) ORDER BY operator_id FOR UPDATE";

/// One row per charge. An array of another length would give a NULL and fail, so the row count needs no check.
pub const INSERT_CHARGES: &str = "
    INSERT INTO usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen, balance_before_fen,
        balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count, session_nonce, app_name,
        client_ip, entry_hash)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::timestamptz[], $10::uuid[], $11::uuid[], $12::uuid[], $13::integer[], $14::text[],
        $15::text[], $16::inet[], $17::bytea[])";

/// The rows are found by where they were when they were locked, which spares a look-up; the lock keeps them there.
/// Raises inside the statement when an account is missing or has moved on since it was read: the COMMIT behind it in
/// the same flight then finds a failed transaction.
pub const UPDATE_ACCOUNTS: &str = "
    WITH updated AS (
        UPDATE operator_accounts a
        SET balance_fen = v.balance_fen, entry_seq = v.entry_seq, entry_hash = v.entry_hash,
            last_entry_at = v.last_entry_at, total_consumed_fen = v.total_consumed_fen,
            total_sessions = v.total_sessions, authorize_window = v.authorize_window,
            pre_authorize_window = v.pre_authorize_window, low_balance_alerted = v.low_balance_alerted
        FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::timestamptz[],
            $7::bigint[], $8::bigint[], $9::bytea[], $10::bytea[], $11::boolean[], $12::text[])
            AS v (operator_id, expected_seq, balance_fen, entry_seq, entry_hash, last_entry_at, total_consumed_fen,
                  total_sessions, authorize_window, pre_authorize_window, low_balance_alerted, row_place)
        WHERE a.ctid = v.row_place::tid AND a.operator_id = v.operator_id AND a.entry_seq = v.expected_seq
        RETURNING 1)
    SELECT assert_row_count(count(*), $13) FROM updated";

/// An account that was locked for a group.
#[derive(Clone, Debug)]
pub struct LockedAccount {
    pub account: Account,
    /// Which state of the operator's sites and grants is in force.
    pub places_version: i64,
    /// The sequence number when it was locked.
    expected_seq: i64,
    /// Where the row was when it was locked (`ctid`).
    row_place: String,
}

/// The prepared statements of one writer connection.
#[derive(Debug)]
pub struct ChargeWriter {
    lock_accounts: Statement,
    insert_charges: Statement,
    update_accounts: Statement,
}

impl ChargeWriter {
    /// # Errors
    /// The database's.
    pub async fn prepare(client: &Client) -> Result<Self, Error> {
        Ok(ChargeWriter {
            lock_accounts: client.prepare_typed(LOCK_ACCOUNTS, &[Type::UUID_ARRAY]).await?,
            insert_charges: client.prepare(INSERT_CHARGES).await?,
            update_accounts: client.prepare(UPDATE_ACCOUNTS).await?,
        })
    }

    /// Locks the accounts until the transaction ends. Unknown operators are absent from the answer.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock_accounts(&self, client: &Client, sorted_operators: &[Uuid]) -> Result<Vec<Row>, Error> {
        client.query(&self.lock_accounts, &[&sorted_operators]).await
    }

    /// Writes the charges. Belongs in one flight with [`ChargeWriter::update_accounts`].
    ///
    /// # Errors
    /// The database's; a session that is already charged violates `usage_records_session_key`.
    pub async fn insert_charges(&self, client: &Client, charges: &[Charge]) -> Result<(), Error> {
        if charges.is_empty() {
            return Ok(());
        }
        let orders = || charges.iter().map(|charge| &charge.order);
        let operators: Vec<Uuid> = charges.iter().map(|c| c.operator_id.uuid()).collect();
        let ids: Vec<Uuid> = charges.iter().map(|c| c.id.uuid()).collect();
        let session_ms: Vec<i64> = orders().map(|o| o.session_ms).collect();
        let seqs: Vec<i64> = charges.iter().map(|c| c.seq).collect();
        let prices: Vec<i64> = orders().map(|o| o.unit_price.get()).collect();
        let totals: Vec<i64> = orders().map(|o| o.total.get()).collect();
        let before: Vec<i64> = charges.iter().map(|c| c.balance_before.get()).collect();
        let after: Vec<i64> = charges.iter().map(|c| c.balance_after.get()).collect();
        let authorized_at: Vec<Timestamp> = charges.iter().map(|c| c.authorized_at.timestamp()).collect();
        let sites: Vec<Uuid> = orders().map(|o| o.site_id.uuid()).collect();
        let apps: Vec<Uuid> = orders().map(|o| o.app_id.uuid()).collect();
        let tokens: Vec<Uuid> = charges.iter().map(|c| c.authorization_token).collect();
        let players: Vec<i32> = orders().map(|o| o.player_count).collect();
        let nonces: Vec<&str> = orders().map(|o| o.session_nonce.as_str()).collect();
        let app_names: Vec<&str> = orders().map(|o| o.app_name.as_str()).collect();
        let ips: Vec<Option<IpAddr>> = orders().map(|o| o.client_ip).collect();
        let hashes: Vec<&[u8]> = charges.iter().map(|c| &c.entry_hash[..]).collect();
        client
            .execute(
                &self.insert_charges,
                &[
                    &operators,
                    &ids,
                    &session_ms,
                    &seqs,
                    &prices,
                    &totals,
                    &before,
                    &after,
                    &authorized_at,
                    &sites,
                    &apps,
                    &tokens,
                    &players,
                    &nonces,
                    &app_names,
                    &ips,
                    &hashes,
                ],
            )
            .await
            .map(drop)
    }

    /// Writes accounts back.
    ///
    /// # Errors
    /// The database's; `cardinality_violation` when an account is not as it was locked.
    pub async fn update_accounts(&self, client: &Client, locked: &[LockedAccount]) -> Result<(), Error> {
        let all = || locked.iter().map(|locked| &locked.account);
        let operators: Vec<Uuid> = all().map(|a| a.operator_id.uuid()).collect();
        let expected: Vec<i64> = locked.iter().map(|locked| locked.expected_seq).collect();
        let balances: Vec<i64> = all().map(|a| a.balance.get()).collect();
        let seqs: Vec<i64> = all().map(|a| a.entry_seq).collect();
        let hashes: Vec<&[u8]> = all().map(|a| &a.entry_hash[..]).collect();
        let last_entries: Vec<Option<Timestamp>> =
            all().map(|a| a.last_entry_at.map(UtcTime::timestamp)).collect();
        let consumed: Vec<i64> = all().map(|a| a.total_consumed.get()).collect();
        let sessions: Vec<i64> = all().map(|a| a.total_sessions).collect();
        let authorize: Vec<Vec<u8>> = all().map(|a| a.authorize_window.to_bytes()).collect();
        let pre_authorize: Vec<Vec<u8>> = all().map(|a| a.pre_authorize_window.to_bytes()).collect();
        let alerted: Vec<bool> = all().map(|a| a.is_low_balance_alerted).collect();
        let places: Vec<&str> = locked.iter().map(|locked| locked.row_place.as_str()).collect();
        let count = i64::try_from(locked.len()).unwrap_or(i64::MAX);
        client
            .query_one(
                &self.update_accounts,
                &[
                    &operators,
                    &expected,
                    &balances,
                    &seqs,
                    &hashes,
                    &last_entries,
                    &consumed,
                    &sessions,
                    &authorize,
                    &pre_authorize,
                    &alerted,
                    &places,
                    &count,
                ],
            )
            .await
            .map(drop)
    }
}

impl LockedAccount {
    /// Reads a row of [`LOCK_ACCOUNTS`]. By position: names would be searched for in every row of every group.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`] for values the table's CHECKs do not allow.
    pub fn from_row(row: &Row) -> Result<Self, LedgerError> {
        let entry_hash: &[u8] = row.get(5);
        let last_entry_at: Option<Timestamp> = row.get(6);
        let account = Account {
            operator_id: OperatorId::from_uuid(row.get(0)),
            state: AccountState::parse(row.get(1))?,
            key_generation: row.get(2),
            balance: Fen::new(row.get(3)),
            entry_seq: row.get(4),
            entry_hash: entry_hash.try_into().map_err(|_| LedgerError::Corrupt("entry hash"))?,
            last_entry_at: last_entry_at.map(UtcTime::from_timestamp),
            total_recharged: Fen::new(row.get(7)),
            total_consumed: Fen::new(row.get(8)),
            total_refunded: Fen::new(row.get(9)),
            total_sessions: row.get(10),
            authorize_window: Window::from_bytes(row.get(11)),
            pre_authorize_window: Window::from_bytes(row.get(12)),
            category: Category::parse(row.get(13)).map_err(|_| LedgerError::Corrupt("category"))?,
            is_low_balance_alerted: row.get(14),
        };
        Ok(LockedAccount {
            expected_seq: account.entry_seq,
            account,
            places_version: row.get(15),
            row_place: row.get(16),
        })
    }
}
