//! The books: the only place that writes balances and ledger entries.
//!
//! A charge is one wide row in `usage_records`, every other movement one row in `ledger_movements`; the view
//! `ledger_entries` is both (docs/MONEY.md). Each operator's entries form a hash chain whose newest link stands in
//! the account row, so whoever appends holds that row's lock.

mod account;
mod charges;
mod entry;
mod import;
pub mod list;
pub mod list_all;
pub mod list_by_operator;
pub mod low_balance;
mod newest;
mod post;
mod row;
pub mod verify;

pub use account::{Account, LedgerError};
pub use charges::{ChargeWriter, INSERT_CHARGES};
pub use entry::{
    BookAccount, Charge, ChargeOrder, Movement, MovementCause, MovementKind, MovementOrder, genesis_hash,
};
pub use import::{Import, import};
pub use post::post;
pub use row::{
    LOCK_ACCOUNTS, LockedAccount, UPDATE_ACCOUNTS, lock_account, lock_accounts, lock_row, open_account,
};

#[cfg(test)]
pub(crate) use account::tests;
