//! From the handlers to the writers: bounded queues, one per writer, an operator always in the same one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base::clock::Clock;
use base::ids::OperatorId;
use platform::settings::SettingsStore;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::decide::{Answer, Quote, Request};
use super::refusal::Refusal;
use super::writer::Writer;

/// Two writers keep the database busy while one of them waits for its fsync; more only wait for each other.
const WRITERS: usize = 2;
/// Requests that may wait in front of one writer; above it the answer is 503 at once.
const QUEUE_LEN: usize = 4_096;
/// How long a request may wait in line (NFR-007).
pub(super) const MAX_WAIT: Duration = Duration::from_secs(30);

/// What became of a request.
#[derive(Debug)]
pub enum Reply {
    Charged(Answer),
    Replayed(Answer),
    Quoted(Quote),
    Refused(Refusal),
    /// Nothing is known to have happened, or the outcome of the commit is unknown: the client asks again with the same
    /// session id. The text is for the log.
    Unavailable(String),
    /// The request failed by itself although the database is well: a bug. The text is for the log.
    Failed(String),
}

/// A request in line.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) operator_id: OperatorId,
    pub(super) request: Request,
    pub(super) queued_at: Instant,
    pub(super) reply: oneshot::Sender<Reply>,
}

impl Job {
    /// Answers the caller. One who has hung up learns by replay.
    pub(super) fn answer(self, reply: Reply) {
        drop(self.reply.send(reply));
    }
}

/// Is told of the operators that a group has charged, after its commit. Costs the writer what the call takes.
pub trait ChargeObserver: fmt::Debug + Send + Sync {
    fn charged(&self, operators: &[OperatorId]);
}

/// Takes requests to the writers.
#[derive(Debug)]
pub struct Authorizer {
    queues: Vec<mpsc::Sender<Job>>,
    alive: Arc<AtomicUsize>,
}

impl Authorizer {
    /// Starts the writers on connections of their own to `url`.
    ///
    /// # Errors
    /// A URL that cannot be parsed.
    pub fn start(
        url: &str,
        clock: &Clock,
        settings: &Arc<SettingsStore>,
        observer: &Arc<dyn ChargeObserver>,
    ) -> Result<Self, tokio_postgres::Error> {
        let config: tokio_postgres::Config = url.parse()?;
        let alive = Arc::new(AtomicUsize::new(0));
        let queues = (0..WRITERS)
            .map(|_| {
                let (sender, receiver) = mpsc::channel(QUEUE_LEN);
                let writer =
                    Writer::new(config.clone(), clock.clone(), Arc::clone(settings), Arc::clone(observer));
                tokio::spawn(keep_alive(writer, receiver, Arc::clone(&alive)));
                sender
            })
            .collect();
        Ok(Authorizer { queues, alive })
    }

    /// Whether every writer runs; part of `/health/ready`.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Relaxed) == self.queues.len()
    }

    /// Puts a request in line and waits for its answer, which comes after the commit.
    pub async fn submit(&self, operator_id: OperatorId, request: Request) -> Reply {
        let (reply, answer) = oneshot::channel();
        let job = Job { operator_id, request, queued_at: Instant::now(), reply };
        let shard = usize::from(operator_id.uuid().as_bytes()[15]) % self.queues.len();
        if self.queues[shard].try_send(job).is_err() {
            return Reply::Unavailable("the queue in front of the writer is full".to_owned());
        }
        answer.await.unwrap_or_else(|_| Reply::Unavailable("the writer died before it answered".to_owned()))
    }
}

/// Runs a writer, and again when it panics. The queue outlives it; only the batch in hand is lost, and its callers are
/// told to ask again.
async fn keep_alive(writer: Writer, receiver: mpsc::Receiver<Job>, alive: Arc<AtomicUsize>) {
    let writer = Arc::new(writer);
    let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
    loop {
        let (writer, receiver) = (Arc::clone(&writer), Arc::clone(&receiver));
        let run: JoinHandle<()> = tokio::spawn(async move { writer.run(&mut *receiver.lock().await).await });
        alive.fetch_add(1, Ordering::Relaxed);
        let ended = run.await;
        alive.fetch_sub(1, Ordering::Relaxed);
        match ended {
            Ok(()) => return,
            Err(error) => tracing::error!(%error, "a writer died and is started again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, TcpListener};

    use uuid::Uuid;

    use super::super::decide::{Call, Game};
    use super::*;
    use base::ids::{AppId, SiteId};

    #[derive(Debug)]
    struct Nobody;

    impl ChargeObserver for Nobody {
        fn charged(&self, _: &[OperatorId]) {}
    }

    fn request(clock: &Clock) -> Request {
        let (app_id, site_id) = (AppId::from_uuid(Uuid::nil()), SiteId::from_uuid(Uuid::nil()));
        Request {
            call: Call::PreAuthorize,
            game: Ok(Game { app_id, site_id, player_count: 2 }),
            key_generation: 1,
            client_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            received_at: clock.now(),
        }
    }

    #[tokio::test]
    async fn a_database_that_lets_in_and_says_nothing_is_away() {
        let clock = Clock::system();
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("postgres://nobody@{}/nothing", silent.local_addr().unwrap());
        let nobody: Arc<dyn ChargeObserver> = Arc::new(Nobody);
        let authorizer = Authorizer::start(&url, &clock, &Arc::default(), &nobody).unwrap();
        let asked = authorizer.submit(OperatorId::from_uuid(Uuid::nil()), request(&clock));
        let reply = tokio::time::timeout(2 * MAX_WAIT, asked).await.unwrap();
        assert!(matches!(reply, Reply::Unavailable(_)), "{reply:?}");
    }
}
