//! Work that an instance does again and again beside the requests.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use base::problem::Problem;
use futures_util::FutureExt;

/// A round that panics at once must not be begun again at once.
const AFTER_PANIC: Duration = Duration::from_secs(1);

/// Waits, works, and waits for as long as the work says, until the task is dropped. A round that panics is one that failed:
/// a bug in it must not end all that would have followed.
pub async fn keep_doing<R>(first_pause: Duration, mut round: impl FnMut() -> R)
where
    R: Future<Output = Duration>,
{
    let mut pause = first_pause;
    loop {
        tokio::time::sleep(pause).await;
        match AssertUnwindSafe(round()).catch_unwind().await {
            Ok(next) => pause = next,
            Err(panic) => {
                tracing::error!(cause = Problem::panicked(&*panic).cause(), "a round of work panicked");
                pause = pause.max(AFTER_PANIC);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_round_that_panics_is_followed_by_others() {
        let (rounds, third) = (Cell::new(0), Notify::new());
        let working = keep_doing(Duration::ZERO, || async {
            rounds.set(rounds.get() + 1);
            assert_ne!(rounds.get(), 2, "a bug");
            if rounds.get() == 3 {
                third.notify_one();
            }
            Duration::ZERO
        });
        tokio::select! {
            () = working => {}
            () = third.notified() => {}
        }
        assert_eq!(rounds.get(), 3);
    }
}
