//! The clockwork that folds.

use std::time::Duration;

use base::problem::Problem;
use platform::rounds::keep_doing;
use sqlx::PgPool;
use tokio::time::Instant;

use super::fold::{BITE, Bite, Turn, fold};

/// Figures are exact however far the folding is behind, so it need not be at the heels of every game: what waits for 10 s
/// is read from the records in milliseconds, and a game seldom meets a folding.
const EVERY: Duration = Duration::from_secs(10);

/// Folds until the task is dropped. Every instance does, one at a time.
pub async fn keep_folding(pool: PgPool) {
    keep_doing(Duration::ZERO, || async {
        let begun = Instant::now();
        let folded = async { fold(&mut *pool.acquire().await?, Turn::Pass, BITE).await };
        pause(&folded.await, begun.elapsed())
    })
    .await;
}

fn pause(folded: &Result<Bite, Problem>, took: Duration) -> Duration {
    match folded {
        // A history from before the first start is caught up with in half of the time.
        Ok(bite) if bite.is_more => took,
        Ok(_) => EVERY,
        Err(problem) => {
            let cause = problem.reason();
            tracing::warn!(cause, "usage records not folded into sums; figures read the records instead");
            EVERY
        }
    }
}
