//! The heart: an operator is charged and a game starts.
//!
//! [`decide`] says what happens to a request, without I/O. [`queue`] takes requests from the handlers to the writers,
//! and [`writer`] commits them in groups, which [`group`] decides. [`log`] records every attempt, and [`attempts`] lists
//! them.

pub mod attempts;
pub mod decide;
pub mod end_session;
mod facts;
mod group;
pub mod heal;
pub mod log;
mod low_balance_letter;
pub mod queue;
pub mod refusal;
pub mod session_id;
mod writer;

/// What a writer says to the database, for the test of its plans.
pub mod statements {
    pub use super::facts::{APPLICATIONS, RECORDED_SESSIONS, SITES_AND_GRANTS};
    pub use super::writer::PLAN_SETUP;
    pub use crate::ledger::{INSERT_CHARGES, LOCK_ACCOUNTS, UPDATE_ACCOUNTS};
    pub use platform::messages::INSERT_MESSAGES;
}
