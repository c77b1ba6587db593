//! Sums over the usage records, folded behind them.
//!
//! A charge writes its record and nothing else: keeping sums in its transaction would cost a seventh of the throughput of
//! the one thing that must be fast. Instead every operator has a mark, the last of its records that is folded into the
//! sums. Whoever folds ([`fold()`]) reads records after the mark, adds them to the sums and moves the mark in one
//! transaction. Whoever reads ([`super::aggregate`]) adds the records after the mark to the sums in one statement, so
//! that the answer is exact however far the folding is behind, even if it never ran.
//!
//! Why nothing is missed and nothing counted twice: entries of an operator are made under its account's row lock with
//! ascending ids, so what a snapshot shows of an operator are all its records up to some id. Sums and marks change
//! together, so the same snapshot shows sums of exactly the records up to the mark. What lies after it is read.
//!
//! Sums are kept by day of the business time zone for four sets of [`Dimensions`], and for blocks of 4, 16 and 64 days as
//! well: a year is 13 blocks or so, not 365 days ([`plan`]). What no set tells apart is read from the records.

mod days;
mod dimensions;
mod fold;
mod folder;
pub(super) mod plan;
mod sums;
mod verify;

pub(super) use days::Days;
pub(super) use dimensions::{Dimensions, Needed};
pub use fold::{BITE, Bite, Turn, fold, fold_all, rebuild};
pub use folder::keep_folding;
pub use verify::{VerifyError, verify};
