//! What one stream has still to tell.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

/// More different news than this is told as "read everything again".
const MAX_TOPICS: usize = 64;

/// What changed, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    /// Possibly, that the account is still signed in.
    SignIn,
    /// Anything, because news may have been lost.
    Everything,
    Balance,
    Messages,
    Order(Uuid),
    Refund(Uuid),
    Invoice(Uuid),
    AppRequest(Uuid),
    Dashboard,
}

/// Filled by the hub, emptied by the stream.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    topics: Mutex<BTreeSet<Topic>>,
    filled: Notify,
}

impl Mailbox {
    /// Adds news, and wakes the stream unless that news is waiting already.
    pub(super) fn put(&self, topic: Topic) {
        let mut topics = self.lock();
        if topics.len() >= MAX_TOPICS {
            topics.clear();
            topics.extend([Topic::Everything, Topic::Balance, Topic::Messages, Topic::Dashboard]);
        }
        if topics.insert(topic) {
            self.filled.notify_one();
        }
    }

    /// Waits for news that was not there before.
    pub(super) async fn filled(&self) {
        self.filled.notified().await;
    }

    /// When there is something to tell. Dashboards have a pace of their own.
    pub(super) fn due_at(&self, news_at: Instant, dashboard_at: Instant) -> Option<Instant> {
        let topics = self.lock();
        let is_only_dashboard = topics.iter().all(|topic| *topic == Topic::Dashboard);
        let due_at = if is_only_dashboard { dashboard_at.max(news_at) } else { news_at };
        (!topics.is_empty()).then_some(due_at)
    }

    /// Takes what is waiting, but for the dashboard when that may not be told yet.
    pub(super) fn take(&self, with_dashboard: bool) -> BTreeSet<Topic> {
        let mut topics = self.lock();
        let is_left = !with_dashboard && topics.remove(&Topic::Dashboard);
        let left = is_left.then_some(Topic::Dashboard).into_iter().collect();
        std::mem::replace(&mut topics, left)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Topic>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_same_news_waits_once() {
        let mailbox = Mailbox::default();
        for _ in 0..1_000 {
            mailbox.put(Topic::Dashboard);
            mailbox.put(Topic::Balance);
        }
        assert_eq!(mailbox.take(true), [Topic::Balance, Topic::Dashboard].into());
        assert_eq!(mailbox.take(true), BTreeSet::new());
    }

    #[test]
    fn a_dashboard_before_its_time_stays() {
        let mailbox = Mailbox::default();
        let (now, later) = (Instant::now(), Instant::now() + Duration::from_secs(1));
        assert_eq!(mailbox.due_at(now, later), None);
        mailbox.put(Topic::Dashboard);
        assert_eq!(mailbox.due_at(now, later), Some(later));
        mailbox.put(Topic::Messages);
        assert_eq!(mailbox.due_at(now, later), Some(now));
        assert_eq!(mailbox.take(false), [Topic::Messages].into());
        assert_eq!(mailbox.take(true), [Topic::Dashboard].into());
    }

    #[test]
    fn too_much_news_becomes_one() {
        let mailbox = Mailbox::default();
        for id in 0..1_000 {
            mailbox.put(Topic::Order(Uuid::from_u128(id)));
        }
        let topics = mailbox.take(true);
        assert!(topics.contains(&Topic::Everything) && topics.contains(&Topic::Balance), "{topics:?}");
        assert!(topics.len() <= MAX_TOPICS, "{topics:?}");
    }
}
