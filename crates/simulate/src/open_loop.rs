//! R requests per second, however long the answers take.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::time::Instant;

use tokio::sync::{Semaphore, mpsc};

use super::SimulateError;
use super::generator::{Generator, Lane};
use super::pacer::start_pacer;

/// Lanes that are free, oldest first so that all of them (and all targets) are used.
#[derive(Debug)]
struct Pool {
    free: RefCell<VecDeque<Lane>>,
    /// Bounds the number of lanes; a request that finds none free waits, and its wait is measured.
    permits: Semaphore,
}

/// Sends on schedule from `start` until `until` and waits for the last answers. `lanes` are the
/// first of at most `connections_max` connections.
pub(super) async fn open_loop(
    generator: &Rc<Generator>,
    lanes: Vec<Lane>,
    connections_max: usize,
    per_s: NonZeroU32,
    start: Instant,
    until: Instant,
) -> Result<(), SimulateError> {
    let mut due_times = start_pacer(start, until, per_s).map_err(SimulateError::Start)?;
    let pool = Rc::new(Pool { free: RefCell::new(lanes.into()), permits: Semaphore::new(connections_max) });
    // Nothing is ever sent: the channel closes when the last request has dropped its end.
    let (in_flight, mut all_answered) = mpsc::channel::<Infallible>(1);
    while let Some(due) = due_times.recv().await {
        let (generator, pool, in_flight) = (Rc::clone(generator), Rc::clone(&pool), in_flight.clone());
        tokio::task::spawn_local(async move {
            play_on_free_lane(&generator, &pool, due).await;
            drop(in_flight);
        });
    }
    drop(in_flight);
    all_answered.recv().await;
    Ok(())
}

async fn play_on_free_lane(generator: &Generator, pool: &Pool, due: Instant) {
    let _permit = pool.permits.acquire().await.expect("the semaphore is never closed");
    let free = pool.free.borrow_mut().pop_front();
    let mut lane = free.unwrap_or_else(|| generator.new_lane());
    generator.play(&mut lane, due).await;
    pool.free.borrow_mut().push_back(lane);
}
