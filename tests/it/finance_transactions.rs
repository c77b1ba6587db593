//! All transactions.
