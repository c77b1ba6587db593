//! The heart: the ledger, which alone writes balances and entries, and the authorization of games, which charges.

pub mod authorization;
pub mod gate;
pub mod ledger;
