//! What the recent calls tell of a provider, so that `/health` need not ask it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::clock::UtcTime;

/// When a provider last answered, and when it last did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    pub last_success_at: Option<UtcTime>,
    pub last_failure_at: Option<UtcTime>,
    /// Whether the latest call went without a believable answer.
    pub is_failing: bool,
}

#[derive(Debug, Default)]
struct Remembered {
    condition: Condition,
    latest: Option<Instant>,
}

/// Remembers how the calls of one provider ended.
#[derive(Debug, Default)]
pub(super) struct Watch(Mutex<Remembered>);

impl Watch {
    /// Notes how a call ended. Whether that is news.
    pub(super) fn note(&self, answered: bool, now: UtcTime) -> bool {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.latest = Some(Instant::now());
        let condition = &mut remembered.condition;
        let was_failing = std::mem::replace(&mut condition.is_failing, !answered);
        let at = if answered { &mut condition.last_success_at } else { &mut condition.last_failure_at };
        *at = Some(now);
        was_failing == answered
    }

    pub(super) fn condition(&self) -> Condition {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).condition
    }

    /// Whether nothing good was heard for so long.
    pub(super) fn needs_probe(&self, after: Duration) -> bool {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.condition.is_failing || remembered.latest.is_none_or(|latest| latest.elapsed() >= after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_call_decides_and_only_changes_are_news() {
        let watch = Watch::default();
        let at = |millis| UtcTime::from_millis(millis).unwrap();
        assert!(!watch.condition().is_failing && watch.needs_probe(Duration::from_secs(60)));
        assert!(!watch.note(true, at(1)) && !watch.needs_probe(Duration::from_secs(60)));
        assert!(watch.note(false, at(2)) && watch.needs_probe(Duration::from_secs(60)));
        assert!(!watch.note(false, at(3)));
        let (last_success_at, last_failure_at) = (Some(at(1)), Some(at(3)));
        assert_eq!(watch.condition(), Condition { last_success_at, last_failure_at, is_failing: true });
        assert!(watch.note(true, at(4)) && !watch.condition().is_failing);
    }
}
