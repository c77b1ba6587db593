//! Learns the outcome of sessions whose answer was lost, the way a headset server does: by asking
//! again with the same session id.

use std::time::{Duration, Instant};

use super::generator::Generator;
use super::meter::Verdict;

/// Together ten seconds: time for a server to come back.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// Asks until every session is known to be charged or not. Gives up when one session stays
/// unknown; the check of the books then says so. Answers the number of requests it took.
pub(super) async fn settle(generator: &Generator) -> u64 {
    let unresolved: Vec<u32> = {
        let book = generator.book.borrow();
        let sessions = book.sessions.iter().enumerate();
        sessions.filter(|(_, session)| session.unresolved).map(|(index, _)| index as u32).collect()
    };
    if unresolved.is_empty() {
        return 0;
    }
    let mut lane = generator.new_lane();
    let mut requests = 0;
    for session in unresolved {
        for attempt in 0..=TRIES {
            if attempt == TRIES {
                return requests;
            }
            requests += 1;
            match generator.ask(&mut lane, session, Instant::now()).await {
                Verdict::Authorized | Verdict::Replayed => break,
                Verdict::Refused => {
                    generator.book.borrow_mut().sessions[session as usize].unresolved = false;
                    break;
                }
                Verdict::RateLimited | Verdict::Failed => tokio::time::sleep(PAUSE).await,
            }
        }
    }
    requests
}
