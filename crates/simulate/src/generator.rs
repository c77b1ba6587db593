//! Sends requests and keeps the answers.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use super::SimulateError;
use super::book::Book;
use super::http::{Connection, Head, Target, TransportError};
use super::meter::{Meter, Verdict};
use super::operator::Operator;
use super::planner::Planner;
use super::reply::{Reply, read_reply};
use super::request::RequestBuffer;
use super::wall_clock::unix_ms;

/// What all tasks of a run share. They run on one thread, and none holds a borrow while it waits.
#[derive(Debug)]
pub(super) struct Generator {
    pub(super) targets: Vec<Target>,
    pub(super) operators: Vec<Operator>,
    pub(super) planner: RefCell<Planner>,
    pub(super) book: RefCell<Book>,
    pub(super) meter: RefCell<Meter>,
    pub(super) timeout: Duration,
    pub(super) lanes_opened: Cell<usize>,
}

/// A place in the pool: the server it talks to, its connection and its buffers.
#[derive(Debug)]
pub(super) struct Lane {
    target: usize,
    connection: Option<Connection>,
    request: RequestBuffer,
}

impl Generator {
    /// A lane that will connect on first use. Lanes take the targets in turn.
    pub(super) fn new_lane(&self) -> Lane {
        let opened = self.lanes_opened.get();
        self.lanes_opened.set(opened + 1);
        Lane { target: opened % self.targets.len(), connection: None, request: RequestBuffer::default() }
    }

    /// A lane that is connected already, so that connecting is not measured.
    pub(super) async fn open_lane(&self) -> Result<Lane, SimulateError> {
        let mut lane = self.new_lane();
        let target = &self.targets[lane.target];
        let connection = Connection::open(target)
            .await
            .map_err(|source| SimulateError::Connect { url: target.url.clone(), source })?;
        lane.connection = Some(connection);
        Ok(lane)
    }

    /// Chooses the next session and asks for it. `due` is when the request should be sent.
    pub(super) async fn play(&self, lane: &mut Lane, due: Instant) -> Verdict {
        let session = {
            let sessions = &mut self.book.borrow_mut().sessions;
            self.planner.borrow_mut().plan(&self.operators, sessions, unix_ms())
        };
        self.ask(lane, session, due).await
    }

    /// Asks for a session and records the answer, whatever it is.
    pub(super) async fn ask(&self, lane: &mut Lane, session: u32, due: Instant) -> Verdict {
        let target = &self.targets[lane.target];
        let must_replay = self.write_request(&mut lane.request, target, session);
        let sent = Instant::now();
        let exchange = exchange(&mut lane.connection, target, &lane.request.bytes);
        let exchanged = tokio::time::timeout(self.timeout, exchange).await;
        let answered = Instant::now();
        let verdict = match exchanged.unwrap_or(Err(TransportError::Timeout)) {
            Ok((head, body)) => self.record_answer(session, must_replay, &lane.request, head, body),
            Err(error) => self.record_silence(session, must_replay, &error),
        };
        self.meter.borrow_mut().record(due, sent, answered, verdict);
        verdict
    }

    /// Answers whether the session is known to be charged, so that the answer must be a replay.
    fn write_request(&self, request: &mut RequestBuffer, target: &Target, session: u32) -> bool {
        let book = self.book.borrow();
        let session = &book.sessions[session as usize];
        request.write_authorize(&self.operators[session.operator as usize], session, &target.host);
        session.charged
    }

    fn record_answer(
        &self,
        session: u32,
        must_replay: bool,
        request: &RequestBuffer,
        head: Head,
        body: &[u8],
    ) -> Verdict {
        let mut book = self.book.borrow_mut();
        let reply = read_reply(&head, body, &book.sessions[session as usize], &request.session_id);
        let verdict = match &reply {
            Reply::Charged(charge) if charge.replayed => Verdict::Replayed,
            Reply::Charged(_) => Verdict::Authorized,
            Reply::Refused(_) if head.status == 429 => Verdict::RateLimited,
            Reply::Refused(_) => Verdict::Refused,
            Reply::Failed(_) => {
                let show = || format!("status {}: {}", head.status, String::from_utf8_lossy(body));
                book.first_failure.get_or_insert_with(show);
                Verdict::Failed
            }
        };
        book.record_reply(session, must_replay, head.status, reply);
        verdict
    }

    fn record_silence(&self, session: u32, must_replay: bool, error: &TransportError) -> Verdict {
        let mut book = self.book.borrow_mut();
        book.record_silence(session, must_replay, error.kind());
        book.first_failure.get_or_insert_with(|| error.to_string());
        Verdict::Failed
    }
}

/// Sends over the lane's connection, or over a new one if it has none that can be used.
async fn exchange<'lane>(
    slot: &'lane mut Option<Connection>,
    target: &Target,
    request: &[u8],
) -> Result<(Head, &'lane [u8]), TransportError> {
    let connection = match slot.take() {
        Some(connection) if connection.is_reusable() => connection,
        _ => Connection::open(target).await?,
    };
    slot.insert(connection).exchange(request).await
}
