//! Charges in batches, on a connection that pipelines.
//!
//! tokio-postgres sends a statement when its future is first polled and does not wait for the one before, so what is
//! joined here goes out in one flight. sqlx cannot do that (docs/ARCHITECTURE.md, "Two drivers").

use std::net::IpAddr;

use base::clock::UtcTime;
use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row, Statement};
use uuid::Uuid;

use super::entry::Charge;
use super::row::{BookColumns, LOCK_ACCOUNTS, LockedAccount, UPDATE_ACCOUNTS};

/// One row per charge. An array of another length would give a NULL and fail, so the row count needs no check.
pub const INSERT_CHARGES: &str = "
    INSERT INTO usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen, balance_before_fen,
        balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count, session_nonce, app_name,
        client_ip, entry_hash)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::timestamptz[], $10::uuid[], $11::uuid[], $12::uuid[], $13::integer[], $14::text[],
        $15::text[], $16::inet[], $17::bytea[])";

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
        let books = BookColumns::of(&locked.iter().map(LockedAccount::books));
        let last_entries: Vec<Option<Timestamp>> =
            books.last_entries.iter().map(|at| at.map(UtcTime::timestamp)).collect();
        let gates = || locked.iter().map(|locked| &locked.gate);
        let authorize: Vec<Vec<u8>> = gates().map(|gate| gate.authorize_window.to_bytes()).collect();
        let pre_authorize: Vec<Vec<u8>> = gates().map(|gate| gate.pre_authorize_window.to_bytes()).collect();
        let alerted: Vec<bool> = gates().map(|gate| gate.is_low_balance_alerted).collect();
        let locations: Vec<&str> = locked.iter().map(LockedAccount::row_location).collect();
        client
            .query_one(
                &self.update_accounts,
                &[
                    &books.operators,
                    &books.expected_seqs,
                    &books.balances,
                    &books.seqs,
                    &books.hashes,
                    &last_entries,
                    &books.recharged,
                    &books.consumed,
                    &books.refunded,
                    &books.sessions,
                    &authorize,
                    &pre_authorize,
                    &alerted,
                    &locations,
                    &books.count(),
                ],
            )
            .await
            .map(drop)
    }
}
