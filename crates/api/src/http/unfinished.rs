//! Calls that come to their end although the client has hung up.
//!
//! The HTTP library drops what it is doing for a connection that is closed. A charge is committed all the same, and would
//! lack its row in the authorization log: whoever hangs up early would play unseen by the anomaly watch. So what was begun
//! is handed to a task of its own then. A call that is waited for costs no task.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

/// Work that goes on when it is dropped before its end.
struct Unfinished<T: Send + 'static>(Option<BoxFuture<'static, T>>);

/// Does the work where it is waited for, and to its end if nobody waits any more.
pub fn finish<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> + Send {
    Unfinished(Some(Box::pin(work)))
}

/// Around routes whose calls are to be finished.
pub async fn layer(request: Request, next: Next) -> Response {
    finish(next.run(request)).await
}

impl<T: Send + 'static> Future for Unfinished<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // Taken out, so that work that panics is not begun again.
        let Some(mut work) = self.0.take() else { return Poll::Pending };
        let polled = work.as_mut().poll(context);
        if polled.is_pending() {
            self.0 = Some(work);
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Unfinished<T> {
    fn drop(&mut self) {
        if let Some(work) = self.0.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async { drop(work.await) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::panic::AssertUnwindSafe;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use futures_util::FutureExt;
    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn work_that_is_waited_for_gives_its_result() {
        assert_eq!(finish(async { 7 }).await, 7);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_goes_on() {
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let work = finish(async {
            may_go_on.await.unwrap();
            done.send(7).unwrap();
        });
        assert!(timeout(Duration::ZERO, work).await.is_err());
        go_on.send(()).unwrap();
        assert_eq!(is_done.await, Ok(7));
    }

    #[tokio::test]
    async fn work_that_panics_is_not_begun_again() {
        let polls = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&polls);
        let work = finish(poll_fn(move |_| -> Poll<()> {
            counted.fetch_add(1, Ordering::Relaxed);
            panic!("a bug");
        }));
        assert!(AssertUnwindSafe(work).catch_unwind().await.is_err());
        tokio::task::yield_now().await;
        assert_eq!(polls.load(Ordering::Relaxed), 1);
    }
}
