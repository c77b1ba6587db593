//! Tells when requests are due, to better than a millisecond.
//!
//! Tokio's timer wakes at whole milliseconds, which at 1 000 requests per second would bunch them
//! and colour the latencies. A thread of its own sleeps with the system's timer instead, which is
//! about 100 µs late, and spins for the last part, but for at most a fiftieth of the time: more would
//! take the processor from the server being measured. Latency counts from the due time, so whatever
//! delay remains is never hidden.

use std::num::NonZeroU32;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// About what the system's timer may oversleep.
const SPIN_MAX: Duration = Duration::from_micros(250);
/// The spinning's share of the time between two requests.
const SPIN_SHARE: u32 = 50;

/// Sends each due time when it has come: `per_s` of them a second, from `start` until `until`.
/// The thread ends when the schedule does, or when the receiver is dropped.
pub(super) fn start_pacer(
    start: Instant,
    until: Instant,
    per_s: NonZeroU32,
) -> std::io::Result<UnboundedReceiver<Instant>> {
    let (sender, receiver) = unbounded_channel();
    let spin = SPIN_MAX.min(Duration::from_secs(1) / per_s.get() / SPIN_SHARE);
    let run = move || {
        for due in schedule(start, per_s).take_while(|due| *due < until) {
            wait_until(due, spin);
            if sender.send(due).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("simulate-pacer".to_owned()).spawn(run)?;
    Ok(receiver)
}

fn wait_until(due: Instant, spin: Duration) {
    let wait = due.saturating_duration_since(Instant::now()).saturating_sub(spin);
    if !wait.is_zero() {
        thread::sleep(wait);
    }
    while Instant::now() < due {
        std::hint::spin_loop();
    }
}

/// Due times, computed from the start each so that rounding does not add up.
fn schedule(start: Instant, per_s: NonZeroU32) -> impl Iterator<Item = Instant> {
    let per_s = u64::from(per_s.get());
    (0_u64..).map(move |index| {
        let nanos = index % per_s * 1_000_000_000 / per_s;
        start + Duration::from_secs(index / per_s) + Duration::from_nanos(nanos)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedule_is_even_and_does_not_drift() {
        let start = Instant::now();
        let due: Vec<_> = schedule(start, NonZeroU32::new(3).unwrap()).take(7).collect();
        assert_eq!(due[1] - start, Duration::from_nanos(333_333_333));
        assert_eq!(due[6] - start, Duration::from_secs(2));
    }

    #[test]
    fn due_times_arrive_when_they_have_come() {
        let start = Instant::now();
        let until = start + Duration::from_millis(50);
        let mut receiver = start_pacer(start, until, NonZeroU32::new(1000).unwrap()).unwrap();
        let mut count = 0;
        while let Some(due) = receiver.blocking_recv() {
            assert!(due <= Instant::now());
            count += 1;
        }
        assert_eq!(count, 50);
    }
}
