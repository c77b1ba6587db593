//! The row of an operator in `operator_accounts`, which is its books and its gate: the one statement that locks it, the
//! one reading of its columns, and the one list of what is written back.

use base::category::Category;
use base::clock::UtcTime;
use base::ids::OperatorId;
use jiff::Timestamp;
use money::Fen;
use platform::security::rate_limit::Window;
use sqlx::PgConnection;
use tokio_postgres::Row;
use uuid::Uuid;

use super::account::{Account, LedgerError};
use super::entry::genesis_hash;
use crate::gate::{AccountState, Gate};

/// Locks accounts in id order, which every batch of every instance keeps, so that batches cannot deadlock.
/// What stands in the locked row itself is read in its newest version; everything else must be read by a later
/// statement, whose snapshot is from after the wait for the lock.
pub const LOCK_ACCOUNTS: &str = "
    SELECT operator_id, state, key_generation, balance_fen, entry_seq, entry_hash, last_entry_at, total_recharged_fen,
           total_consumed_fen, total_refunded_fen, total_sessions, authorize_window, pre_authorize_window,
           category, low_balance_alerted, places_version, ctid::text AS row_location
    FROM operator_accounts WHERE operator_id = ANY($1) ORDER BY operator_id FOR UPDATE";

/// Raises inside the statement when an account is missing or has moved on since it was read: a COMMIT behind it in the
/// same flight then finds a failed transaction.
macro_rules! update_accounts {
    (set $gate_set:literal, types $gate_types:literal, names $gate_names:literal, found_by $found_by:literal,
     count $count:literal) => {
        concat!(
            "WITH updated AS (
                UPDATE operator_accounts a
                SET balance_fen = v.balance_fen, entry_seq = v.entry_seq, entry_hash = v.entry_hash,
                    last_entry_at = v.last_entry_at, total_recharged_fen = v.total_recharged_fen,
                    total_consumed_fen = v.total_consumed_fen, total_refunded_fen = v.total_refunded_fen,
                    total_sessions = v.total_sessions",
            $gate_set,
            " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::timestamptz[],
                    $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]",
            $gate_types,
            ") AS v (operator_id, expected_seq, balance_fen, entry_seq, entry_hash, last_entry_at, total_recharged_fen,
                    total_consumed_fen, total_refunded_fen, total_sessions",
            $gate_names,
            ") WHERE ",
            $found_by,
            "a.operator_id = v.operator_id AND a.entry_seq = v.expected_seq RETURNING 1)
            SELECT assert_row_count(count(*), ",
            $count,
            ") FROM updated"
        )
    };
}

/// Books and gate, by the group commit. The rows are found by where they were when they were locked, which spares a
/// look-up; the lock keeps them there.
pub const UPDATE_ACCOUNTS: &str = update_accounts!(
    set ", authorize_window = v.authorize_window, pre_authorize_window = v.pre_authorize_window,
           low_balance_alerted = v.low_balance_alerted",
    types ", $11::bytea[], $12::bytea[], $13::boolean[], $14::text[]",
    names ", authorize_window, pre_authorize_window, low_balance_alerted, row_location",
    found_by "a.ctid = v.row_location::tid AND ",
    count "$15"
);

/// The books alone, by everybody else: a trigger may have moved the row since it was locked.
const UPDATE_BOOKS: &str = update_accounts!(set "", types "", names "", found_by "", count "$11");

/// An operator's row while it is locked.
#[derive(Clone, Debug)]
pub struct LockedAccount {
    pub account: Account,
    pub gate: Gate,
    /// The sequence number when it was locked.
    expected_seq: i64,
    /// Where the row was when it was locked (`ctid`).
    row_location: String,
}

/// The columns of [`LOCK_ACCOUNTS`].
#[derive(sqlx::FromRow)]
struct Columns {
    operator_id: Uuid,
    state: String,
    key_generation: i32,
    balance_fen: i64,
    entry_seq: i64,
    entry_hash: Vec<u8>,
    last_entry_at: Option<UtcTime>,
    total_recharged_fen: i64,
    total_consumed_fen: i64,
    total_refunded_fen: i64,
    total_sessions: i64,
    authorize_window: Vec<u8>,
    pre_authorize_window: Vec<u8>,
    category: String,
    low_balance_alerted: bool,
    places_version: i64,
    row_location: String,
}

impl TryFrom<Columns> for LockedAccount {
    type Error = LedgerError;

    fn try_from(row: Columns) -> Result<Self, LedgerError> {
        let account = Account {
            operator_id: OperatorId::from_uuid(row.operator_id),
            balance: Fen::new(row.balance_fen),
            entry_seq: row.entry_seq,
            entry_hash: row.entry_hash.try_into().map_err(|_| LedgerError::Corrupt("entry hash"))?,
            last_entry_at: row.last_entry_at,
            total_recharged: Fen::new(row.total_recharged_fen),
            total_consumed: Fen::new(row.total_consumed_fen),
            total_refunded: Fen::new(row.total_refunded_fen),
            total_sessions: row.total_sessions,
        };
        let gate = Gate {
            state: AccountState::parse(&row.state)?,
            key_generation: row.key_generation,
            category: Category::parse(&row.category).map_err(|_| LedgerError::Corrupt("category"))?,
            authorize_window: Window::from_bytes(&row.authorize_window),
            pre_authorize_window: Window::from_bytes(&row.pre_authorize_window),
            is_low_balance_alerted: row.low_balance_alerted,
            places_version: row.places_version,
        };
        Ok(LockedAccount { expected_seq: account.entry_seq, account, gate, row_location: row.row_location })
    }
}

impl LockedAccount {
    /// Reads a row of [`LOCK_ACCOUNTS`]. By position: names would be searched for in every row of every group.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`] for values the table's CHECKs do not allow.
    pub fn from_row(row: &Row) -> Result<Self, LedgerError> {
        let last_entry_at: Option<Timestamp> = row.get(6);
        let columns = Columns {
            operator_id: row.get(0),
            state: row.get(1),
            key_generation: row.get(2),
            balance_fen: row.get(3),
            entry_seq: row.get(4),
            entry_hash: row.get(5),
            last_entry_at: last_entry_at.map(UtcTime::from_timestamp),
            total_recharged_fen: row.get(7),
            total_consumed_fen: row.get(8),
            total_refunded_fen: row.get(9),
            total_sessions: row.get(10),
            authorize_window: row.get(11),
            pre_authorize_window: row.get(12),
            category: row.get(13),
            low_balance_alerted: row.get(14),
            places_version: row.get(15),
            row_location: row.get(16),
        };
        columns.try_into()
    }

    /// The books with the sequence number they had when they were locked.
    pub(super) fn books(&self) -> (i64, &Account) {
        (self.expected_seq, &self.account)
    }

    pub(super) fn row_location(&self) -> &str {
        &self.row_location
    }
}

/// The parameters of the updates that the books fill, one array per column.
pub(super) struct BookColumns<'a> {
    pub(super) operators: Vec<Uuid>,
    pub(super) expected_seqs: Vec<i64>,
    pub(super) balances: Vec<i64>,
    pub(super) seqs: Vec<i64>,
    pub(super) hashes: Vec<&'a [u8]>,
    pub(super) last_entries: Vec<Option<UtcTime>>,
    pub(super) recharged: Vec<i64>,
    pub(super) consumed: Vec<i64>,
    pub(super) refunded: Vec<i64>,
    pub(super) sessions: Vec<i64>,
}

impl<'a> BookColumns<'a> {
    pub(super) fn of(accounts: &(impl Iterator<Item = (i64, &'a Account)> + Clone)) -> Self {
        let all = || accounts.clone().map(|(_, account)| account);
        BookColumns {
            operators: all().map(|account| account.operator_id.uuid()).collect(),
            expected_seqs: accounts.clone().map(|(seq, _)| seq).collect(),
            balances: all().map(|account| account.balance.get()).collect(),
            seqs: all().map(|account| account.entry_seq).collect(),
            hashes: all().map(|account| &account.entry_hash[..]).collect(),
            last_entries: all().map(|account| account.last_entry_at).collect(),
            recharged: all().map(|account| account.total_recharged.get()).collect(),
            consumed: all().map(|account| account.total_consumed.get()).collect(),
            refunded: all().map(|account| account.total_refunded.get()).collect(),
            sessions: all().map(|account| account.total_sessions).collect(),
        }
    }

    pub(super) fn count(&self) -> i64 {
        i64::try_from(self.operators.len()).unwrap_or(i64::MAX)
    }
}

/// Opens an operator's account with nothing in it.
///
/// # Errors
/// The database's.
pub async fn open_account(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    category: Category,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO operator_accounts (operator_id, category, entry_hash) VALUES ($1, $2, $3)",
        operator_id.uuid(),
        category.into_str(),
        &genesis_hash(operator_id)[..],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks the rows of several operators in id order until the transaction ends, and returns them in that order. Unknown
/// operators are absent.
async fn lock_rows(
    connection: &mut PgConnection,
    operators: &[OperatorId],
) -> sqlx::Result<Vec<LockedAccount>> {
    let operators: Vec<Uuid> = operators.iter().map(|id| id.uuid()).collect();
    let rows: Vec<Columns> = sqlx::query_as(LOCK_ACCOUNTS).bind(operators).fetch_all(connection).await?;
    rows.into_iter().map(|row| Ok(LockedAccount::try_from(row)?)).collect()
}

/// Locks an operator's row until the transaction ends. `None` for an unknown operator.
///
/// # Errors
/// The database's.
pub async fn lock_row(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> sqlx::Result<Option<LockedAccount>> {
    Ok(lock_rows(connection, &[operator_id]).await?.pop())
}

/// Locks the operator's row and returns its books.
///
/// # Errors
/// The database's.
pub async fn lock_account(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> sqlx::Result<Option<Account>> {
    Ok(lock_row(connection, operator_id).await?.map(|locked| locked.account))
}

/// Locks the rows of several operators in id order and returns their books.
///
/// # Errors
/// The database's.
pub async fn lock_accounts(
    connection: &mut PgConnection,
    operators: &[OperatorId],
) -> sqlx::Result<Vec<Account>> {
    Ok(lock_rows(connection, operators).await?.into_iter().map(|locked| locked.account).collect())
}

/// Writes books back, each with the sequence number it had when it was locked in this transaction.
///
/// # Errors
/// The database's; `cardinality_violation` when an account is not as it was locked.
pub(super) async fn write_books<'a>(
    connection: &mut PgConnection,
    accounts: impl Iterator<Item = (i64, &'a Account)> + Clone,
) -> sqlx::Result<()> {
    let columns = BookColumns::of(&accounts);
    sqlx::query(UPDATE_BOOKS)
        .bind(&columns.operators)
        .bind(&columns.expected_seqs)
        .bind(&columns.balances)
        .bind(&columns.seqs)
        .bind(&columns.hashes)
        .bind(&columns.last_entries)
        .bind(&columns.recharged)
        .bind(&columns.consumed)
        .bind(&columns.refunded)
        .bind(&columns.sessions)
        .bind(columns.count())
        .execute(connection)
        .await
        .map(drop)
}
