//! The authorization log: every attempt, written in the background so that no answer waits for it.
//!
//! A row is lost only if the server dies within the moment before it is flushed. For a charge nothing is lost even then:
//! the log's id is the usage record's, and [`super::heal`] writes the missing rows from the usage records.

mod write;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use base::clock::{Clock, UtcTime};
use base::ids::OperatorId;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::task::JoinHandle;
use tokio_postgres::Config;
use uuid::Uuid;

use super::decide::Game;

/// Attempts that may wait for the log; above it an answer waits for room, because an unlogged attempt is worse than a
/// slow one.
const BACKLOG: usize = 65_536;
/// How long a refusal waits for room. While the database is away nothing makes room, and callers must be told so.
const ROOM_WITHIN: Duration = Duration::from_secs(1);

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    Success,
    Replayed,
    Refused(&'static str),
}

/// Which call of the headset server it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Endpoint {
    Authorize,
    PreAuthorize,
    Config,
    EndSession,
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The usage record's id for a charge; anything else gets an id when it is taken to be written.
    pub id: Option<Uuid>,
    pub at: UtcTime,
    /// From the arrival of the request to its answer.
    pub latency_us: Option<i64>,
    pub operator_id: Option<OperatorId>,
    pub game: Option<Game>,
    /// As the client sent it.
    pub session_id: Option<String>,
    pub result: AttemptResult,
    pub call: Endpoint,
    pub client_ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
}

/// Where attempts are handed in.
#[derive(Debug)]
pub struct AuthorizationLog {
    sender: mpsc::Sender<Attempt>,
    progress: Arc<Progress>,
}

/// How far the log has been written.
#[derive(Debug)]
pub struct Progress {
    clock: Clock,
    waiting: AtomicUsize,
    /// Every attempt handed in before this time is written; Unix milliseconds.
    written_until_ms: AtomicI64,
}

impl Progress {
    fn new(clock: Clock) -> Self {
        let started_ms = clock.now().as_millis();
        Progress { clock, waiting: AtomicUsize::new(0), written_until_ms: AtomicI64::new(started_ms) }
    }

    /// Every attempt handed in before this time is written.
    #[must_use]
    pub fn written_until(&self) -> UtcTime {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return self.clock.now();
        }
        UtcTime::from_millis(self.written_until_ms.load(Ordering::Acquire))
            .unwrap_or_else(|| self.clock.now())
    }
}

impl AuthorizationLog {
    /// Starts the background writer on a connection of its own. It ends when the log is dropped, and says whether
    /// everything was written.
    ///
    /// # Errors
    /// A URL that cannot be parsed.
    pub fn start(url: &str, clock: Clock) -> Result<(Self, JoinHandle<bool>), tokio_postgres::Error> {
        let config: Config = url.parse()?;
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let progress = Arc::new(Progress::new(clock));
        let writer = tokio::spawn(write::write_behind(config, receiver, Arc::clone(&progress)));
        Ok((AuthorizationLog { sender, progress }, writer))
    }

    /// Hands in an attempt. A charge waits until there is room; anything else that finds none goes to the server's own
    /// log instead.
    pub async fn record(&self, attempt: Attempt) {
        self.progress.waiting.fetch_add(1, Ordering::AcqRel);
        let Err(unsent) = self.sender.try_send(attempt) else { return };
        // Rare and large: boxed, or every request would carry the room for it.
        if let Err(attempt) = Box::pin(self.send_when_there_is_room(unsent.into_inner())).await {
            self.progress.waiting.fetch_sub(1, Ordering::AcqRel);
            tracing::error!(?attempt, "no room in the authorization log");
        }
    }

    async fn send_when_there_is_room(&self, attempt: Attempt) -> Result<(), Attempt> {
        if attempt.result == AttemptResult::Success {
            return self.sender.send(attempt).await.map_err(|error| error.0);
        }
        self.sender.send_timeout(attempt, ROOM_WITHIN).await.map_err(SendTimeoutError::into_inner)
    }

    #[must_use]
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }
}

impl AttemptResult {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Replayed => "replayed",
            Self::Refused(_) => "refused",
        }
    }

    /// The `status` label of the metrics: `success`, `replayed` or the error code.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Self::Refused(code) => code,
            Self::Success | Self::Replayed => self.as_str(),
        }
    }

    const fn error_code(self) -> Option<&'static str> {
        match self {
            Self::Refused(code) => Some(code),
            Self::Success | Self::Replayed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal() -> Attempt {
        Attempt {
            id: None,
            at: Clock::system().now(),
            latency_us: None,
            operator_id: None,
            game: None,
            session_id: None,
            result: AttemptResult::Refused("SERVICE_UNAVAILABLE"),
            call: Endpoint::Authorize,
            client_ip: None,
            user_agent: None,
            request_id: None,
        }
    }

    #[tokio::test]
    async fn a_refusal_does_not_wait_for_ever_while_nothing_is_written() {
        let (sender, mut receiver) = mpsc::channel(1);
        let progress = Arc::new(Progress::new(Clock::system()));
        let log = AuthorizationLog { sender, progress };
        log.record(refusal()).await;
        log.record(refusal()).await;
        assert!(receiver.try_recv().is_ok());
        assert!(receiver.try_recv().is_err());
        assert_eq!(log.progress.waiting.load(Ordering::Acquire), 1);
    }
}
