//! The clockwork: what the platform does by itself at certain times of the business time zone.
//!
//! Every instance looks at its schedules every few seconds ([`Clockwork`]). Whoever comes first takes the latest slot
//! that is due: the slot, the run and the run's job are written in one transaction, so each slot has one run on any number
//! of instances. The worker does the job as any other, under a lease and again after a failure that may pass. Slots that
//! were missed while no instance ran are caught up by one run, for the latest of them; slots from before a schedule was
//! first known are nobody's.
//!
//! A schedule has one run at a time. While one is not finished no other begins; the latest slot is taken afterwards. A run
//! every few minutes is not tried again, because the next one does the same. A run that fails for good is logged and told
//! of by e-mail.

mod alert;
mod clockwork;
mod history;
mod rhythm;
mod run;
mod runs;

use std::fmt;
use std::sync::Arc;

pub use clockwork::Clockwork;
use futures_util::future::BoxFuture;
pub use history::{Run, RunResult, last_runs, purge_finished};
pub use rhythm::Rhythm;
pub use run::handlers;
pub use runs::run_now;

use super::Failure;
use base::clock::UtcTime;
use base::problem::Text;

type Work = dyn Fn(UtcTime) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync;

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
        work: impl Fn(UtcTime) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let work = move |slot| -> BoxFuture<'static, _> { Box::pin(work(slot)) };
        Schedule { name, description, rhythm, work: Arc::new(work) }
    }
}
