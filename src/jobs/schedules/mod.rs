//! The clockwork: what the platform does by itself at certain times of the business time zone.
//!
//! Every instance looks at the [`table()`] every few seconds ([`Clockwork`]). Whoever comes first takes the latest slot
//! that is due: the slot, the run and the run's job are written in one transaction, so each slot has one run on any number
//! of instances. The worker does the job as any other, under a lease and again after a failure that may pass. Slots that
//! were missed while no instance ran are caught up by one run, for the latest of them; slots from before a schedule was
//! first known are nobody's.
//!
//! A schedule has one run at a time. While one is not finished no other begins; the latest slot is taken afterwards. A run
//! every few minutes is not tried again, because the next one does the same. A run that fails for good is logged and told
//! of by e-mail.

mod alert;
mod categories;
mod clockwork;
mod history;
mod log_partitions;
mod purge;
mod reports;
mod rhythm;
mod run;
mod runs;
mod sweeps;
mod table;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::PgPool;

pub use clockwork::Clockwork;
pub use history::{Run, RunResult, last_runs};
pub use rhythm::Rhythm;
pub use run::handlers;
pub use runs::run_now;
pub use table::table;

use super::Failure;
use crate::clock::{Clock, UtcTime};
use crate::payments::Cashier;
use crate::problem::Text;
use crate::reports::Directory;
use crate::settings::SettingsStore;

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

type Work = dyn Fn(Tools, UtcTime) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync;

/// What is done, and when.
#[derive(Clone)]
pub struct Schedule {
    /// Also the kind of its jobs, so an instance of a version that does not know the schedule leaves them alone.
    pub name: &'static str,
    pub description: Text,
    pub rhythm: Rhythm,
    work: Arc<Work>,
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schedule")
            .field("name", &self.name)
            .field("rhythm", &self.rhythm)
            .finish_non_exhaustive()
    }
}

impl Schedule {
    /// `work` is given the slot it is done for. It may be done twice for a slot if an instance dies, as any job.
    pub fn new<F>(
        name: &'static str,
        rhythm: Rhythm,
        description: Text,
        work: impl Fn(Tools, UtcTime) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let work = move |tools, slot| -> BoxFuture<'static, _> { Box::pin(work(tools, slot)) };
        Schedule { name, description, rhythm, work: Arc::new(work) }
    }
}
