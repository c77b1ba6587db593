//! Lines on their way to a reader that may be slow.
//!
//! Lines gather in memory and a thread writes them out every few milliseconds. A thread that is woken for each line, as
//! tracing-appender's is, costs the hot path a system call per request.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What may wait for a slow reader before lines are dropped, in bytes.
const LIMIT_BYTES: usize = 32 * 1024 * 1024;
const WRITE_EVERY: Duration = Duration::from_millis(20);
/// How long the end of the process waits for a reader that does not read.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// Takes lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    pending: Mutex<Pending>,
    dropped: AtomicUsize,
}

#[derive(Debug, Default)]
struct Pending {
    bytes: Vec<u8>,
    is_closed: bool,
}

/// Keeps the writing thread alive. Dropping it writes what is left.
#[must_use = "dropping the guard ends the log"]
#[derive(Debug)]
pub struct Guard {
    lines: Lines,
    thread: Option<JoinHandle<()>>,
}

impl Lines {
    /// Starts the thread that writes to `output`.
    pub(super) fn start(output: impl Write + Send + 'static) -> (Self, Guard) {
        let lines = Lines::default();
        let thread = std::thread::spawn({
            let lines = lines.clone();
            move || lines.write_to(output)
        });
        let guard = Guard { lines: lines.clone(), thread: Some(thread) };
        (lines, guard)
    }

    /// Hands in a line, or drops and counts it when too much is waiting.
    pub(super) fn push(&self, line: &str) {
        let mut pending = self.0.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.bytes.len() + line.len() > LIMIT_BYTES {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        pending.bytes.extend_from_slice(line.as_bytes());
    }

    fn write_to(&self, mut output: impl Write) {
        let mut bytes = Vec::new();
        loop {
            let is_closed = {
                let mut pending = self.0.pending.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::swap(&mut pending.bytes, &mut bytes);
                pending.is_closed
            };
            // A line that cannot be written has nowhere to be reported.
            drop(output.write_all(&bytes).and_then(|()| output.flush()));
            bytes.clear();
            if is_closed {
                return;
            }
            std::thread::sleep(WRITE_EVERY);
        }
    }
}

impl Guard {
    /// Lines that were lost because nobody read them fast enough.
    #[must_use]
    pub fn dropped_lines(&self) -> usize {
        self.lines.0.dropped.load(Ordering::Relaxed)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.lines.0.pending.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
        let Some(thread) = self.thread.take() else { return };
        let give_up_at = Instant::now() + LAST_WAIT;
        while !thread.is_finished() && Instant::now() < give_up_at {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Blocks in its first write until it may go on.
    struct Stuck(mpsc::Receiver<()>, mpsc::Sender<usize>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_stuck_reader_costs_lines_and_nothing_else() {
        let (go, wait) = mpsc::channel();
        let (written, sizes) = mpsc::channel();
        let (lines, guard) = Lines::start(Stuck(wait, written));
        let line = "x".repeat(1024 * 1024);
        for _ in 0..100 {
            lines.push(&line);
        }
        let dropped = guard.dropped_lines();
        assert!(dropped >= 100 - 2 * 32, "{dropped}");
        drop(go);
        drop(guard);
        assert_eq!(sizes.iter().sum::<usize>(), (100 - dropped) * line.len());
    }
}
