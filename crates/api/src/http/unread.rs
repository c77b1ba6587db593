//! What a client is still sending when its answer is ready.
//!
//! A connection that is closed while bytes come in is reset, and most clients send everything before they read: in place
//! of a 413 or a 401 they would see a broken connection. So what is left of a body is read and thrown away before the
//! answer goes out, within limits.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::timeout;

/// A body of this size came with the head of its request: the HTTP library throws it away itself.
const SMALL_BYTES: u64 = 8 * 1024;
/// Who sends more than this is cut off.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Who pauses longer than this waits for the answer, or is gone.
const MAX_PAUSE: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_secs(30);

/// The same body as the handler has.
#[derive(Debug)]
pub struct Unread(Shared);

#[derive(Clone, Debug)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl http_body::Body for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.lock()).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        http_body::Body::size_hint(&*self.lock())
    }
}

/// Keeps a hold of the request's body, unless that is small or too long to wait for.
pub fn keep(request: Request) -> (Request, Option<Unread>) {
    let size = http_body::Body::size_hint(request.body());
    if size.lower() > MAX_BYTES || size.upper().is_some_and(|most| most <= SMALL_BYTES) {
        return (request, None);
    }
    let (parts, body) = request.into_parts();
    let shared = Shared(Arc::new(Mutex::new(body)));
    (Request::from_parts(parts, Body::new(shared.clone())), Some(Unread(shared)))
}

impl Unread {
    /// Reads what the handler left.
    pub async fn discard(mut self) {
        let reading = async {
            let mut read = 0_u64;
            while let Ok(Some(Ok(frame))) = timeout(MAX_PAUSE, self.0.frame()).await {
                read += frame.data_ref().map_or(0, |data| data.len() as u64);
                if read > MAX_BYTES {
                    return;
                }
            }
        };
        // Whatever came of it, the answer goes out.
        drop(timeout(TIMEOUT, reading).await);
    }
}
