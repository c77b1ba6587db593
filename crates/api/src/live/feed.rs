//! One open stream: waits for news, looks whether its account is still signed in, reads the values, tells them.
//!
//! The first news after a quiet time is told at once; what comes within the pause after it is told together.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use base::clock::Clock;
use base::problem::Problem;
use futures_util::{Stream, stream};
use platform::db::Database;
use platform::security::tokens::{self, Presented, Subject};
use tokio::time::{Instant, sleep_until};

use super::event::{LiveEvent, NothingTold};
use super::hub::Subscription;
use super::mailbox::Topic;
use super::read;

/// Between two readings of a stream.
const NEWS_EVERY: Duration = Duration::from_millis(500);
/// Between two events that make the client read its whole dashboard. With the quarter of a second that charges of other
/// instances may take to arrive, still within a second.
const DASHBOARD_EVERY: Duration = Duration::from_millis(700);
/// Something is sent this often, so that nobody between takes the connection for dead, and so that a stream whose
/// token has expired ends.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
/// Pause after the database did not answer.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    Event(LiveEvent),
    Heartbeat,
}

#[derive(Debug)]
struct Feed {
    database: Database,
    clock: Clock,
    token: Presented,
    subscription: Subscription,
    outbox: VecDeque<Item>,
    news_at: Instant,
    dashboard_at: Instant,
    heartbeat_at: Instant,
}

/// The stream of an account, until its token is dead, the server ends or the client goes.
pub fn open(
    database: Database,
    clock: Clock,
    token: Presented,
    subscription: Subscription,
) -> impl Stream<Item = Item> + Send {
    let now = Instant::now();
    let feed = Feed {
        database,
        clock,
        token,
        subscription,
        // What is sent at once shows a client, and everybody between, that the stream is open.
        outbox: [Item::Heartbeat].into(),
        news_at: now,
        dashboard_at: now,
        heartbeat_at: now + HEARTBEAT_EVERY,
    };
    stream::unfold(feed, Feed::next)
}

impl Feed {
    async fn next(mut self) -> Option<(Item, Self)> {
        let ended = self.subscription.ended();
        let item = tokio::select! {
            biased;
            () = ended => None,
            item = self.next_item() => item,
        };
        item.map(|item| (item, self))
    }

    /// `None` when the account is signed out.
    async fn next_item(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.outbox.pop_front() {
                return Some(item);
            }
            self.wait().await;
            let topics = self.subscription.mailbox().take(Instant::now() >= self.dashboard_at);
            match self.tell(&topics).await {
                Ok(true) => self.pace(&topics),
                Ok(false) => return None,
                Err(problem) => self.put_back(topics, &problem),
            }
            if Instant::now() >= self.heartbeat_at {
                self.outbox.push_back(Item::Heartbeat);
            }
            if !self.outbox.is_empty() {
                self.heartbeat_at = Instant::now() + HEARTBEAT_EVERY;
            }
        }
    }

    /// Waits until there is something to tell and it may be told, or a heartbeat is due.
    async fn wait(&self) {
        loop {
            let due_at = self.subscription.mailbox().due_at(self.news_at, self.dashboard_at);
            let wake_at = due_at.map_or(self.heartbeat_at, |due_at| due_at.min(self.heartbeat_at));
            tokio::select! {
                () = sleep_until(wake_at) => return,
                () = self.subscription.mailbox().filled() => {}
            }
        }
    }

    /// Puts what is to be told into the outbox. False, and nothing is told, when the account is signed out.
    async fn tell(&mut self, topics: &BTreeSet<Topic>) -> Result<bool, Problem> {
        let _turn = self.subscription.readers().acquire().await.map_err(Problem::internal)?;
        let mut connection = self.database.acquire().await?;
        if tokens::check(&mut connection, self.token, self.clock.now()).await?.is_none() {
            return Ok(false);
        }
        let mut events = Vec::new();
        for topic in topics {
            let event = match (self.token.subject, topic) {
                (Subject::Operator(operator_id), topic) => {
                    read::event(&mut connection, operator_id, *topic).await?
                }
                (_, Topic::Everything) => Some(LiveEvent::Refresh(NothingTold {})),
                (_, Topic::Dashboard) => Some(LiveEvent::Dashboard(NothingTold {})),
                _ => None,
            };
            events.extend(event.map(Item::Event));
        }
        self.outbox.extend(events);
        Ok(true)
    }

    fn pace(&mut self, topics: &BTreeSet<Topic>) {
        let now = Instant::now();
        self.news_at = now + NEWS_EVERY;
        if topics.contains(&Topic::Dashboard) {
            self.dashboard_at = now + DASHBOARD_EVERY;
        }
    }

    /// The news waits for the database; the client need not come again.
    fn put_back(&mut self, topics: BTreeSet<Topic>, problem: &Problem) {
        tracing::warn!(cause = problem.cause(), "events wait for the database");
        topics.into_iter().for_each(|topic| self.subscription.mailbox().put(topic));
        self.news_at = Instant::now() + RETRY_AFTER;
    }
}
