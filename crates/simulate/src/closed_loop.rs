//! N connections, each of which sends its next request when the answer to the last has arrived.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::generator::{Generator, Lane};
use super::meter::Verdict;

/// A server that is down refuses connections faster than it can be asked; hammering it would fill
/// the memory with failures.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(20);

/// Plays on all lanes until `until`, and waits for the last answers.
pub(super) async fn closed_loop(generator: &Rc<Generator>, lanes: Vec<Lane>, until: Instant) {
    let mut players = JoinSet::new();
    for mut lane in lanes {
        let generator = Rc::clone(generator);
        players.spawn_local(async move {
            loop {
                let now = Instant::now();
                if now >= until {
                    break;
                }
                if generator.play(&mut lane, now).await == Verdict::Failed {
                    tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                }
            }
        });
    }
    players.join_all().await;
}
