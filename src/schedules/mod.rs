//! What the platform does by itself: the table of schedules, and the work of each.

mod categories;
mod log_partitions;
mod purge;
mod reports;
mod sweeps;
mod table;

use std::sync::Arc;

use sqlx::PgPool;

use base::clock::Clock;
use office::payments::Cashier;
use office::reports::Directory;
use platform::settings::SettingsStore;

pub use table::table;

/// What a run may need of its instance.
#[derive(Clone, Debug)]
pub struct Tools {
    pub pool: PgPool,
    pub clock: Clock,
    pub settings: Arc<SettingsStore>,
    /// Where the files of reports lie.
    pub reports: Directory,
    pub cashier: Cashier,
}
