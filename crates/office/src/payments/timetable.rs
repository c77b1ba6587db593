//! When a provider is asked about an order, and what its silence means: pure decisions.
//!
//! A pending order is asked about from `payment_query_after_seconds` on, every five minutes, or as often as that setting
//! says if it says less, and at its expiry, when it is closed at the provider. An order that has ended here is asked about until the provider confirms that nothing was
//! paid and nothing can be: only then is the question closed (`None`).

use base::clock::UtcTime;
use jiff::SignedDuration;

use super::order::OrderStatus;
use super::providers::OrderState;

/// Between two questions about an order (FR-008a).
const EVERY_S: i64 = 300;
/// Between two questions about an order whose provider has been silent for long.
const SELDOM_S: i64 = 3_600;
/// After so many failures in a row, an hour of them.
const MANY_FAILURES: i32 = 12;
/// An abnormal order waits for finance; a payment that shows up by itself spares it the work.
const ABNORMAL_EVERY_S: i64 = 1_800;
/// What a provider did not know this long after the expiry, it will never know: clocks differ, and a payment may have begun
/// at the last moment.
const FINAL_AFTER_S: i64 = 120;
/// An order that is still pending so long after its expiry is closed without waiting for its provider.
const PATIENCE_S: i64 = 20;

/// What a provider's clock may be ahead of ours.
const CLOCKS_DIFFER_S: i64 = 5;

/// What is known of an order when its provider has answered, or has not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) status: OrderStatus,
    pub(super) expires_at: UtcTime,
    /// Questions in a row that failed before this one.
    pub(super) failures: i32,
    /// The setting `payment_query_after_seconds`.
    pub(super) query_after_seconds: i64,
    pub(super) now: UtcTime,
}

/// What becomes of the order, and when to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) status: OrderStatus,
    pub(super) failures: i32,
    pub(super) next_query_at: Option<UtcTime>,
}

/// When a new order is asked about for the first time.
pub(super) fn first_query(now: UtcTime, expires_at: UtcTime, after_seconds: i64) -> UtcTime {
    now.plus(SignedDuration::from_secs(after_seconds)).min(expires_at)
}

/// Orders that expired before this and are still pending are closed.
pub(super) fn overdue_before(now: UtcTime) -> UtcTime {
    now.plus(SignedDuration::from_secs(-PATIENCE_S))
}

/// Whether the provider may have let the order expire by now: it knows whole seconds, and its clock is another.
pub(super) fn may_have_expired(expires_at: UtcTime, now: UtcTime) -> bool {
    now.plus(SignedDuration::from_secs(CLOCKS_DIFFER_S)) >= expires_at
}

/// Whether the order is to be closed at its provider, and not only asked about.
pub(super) fn is_over(status: OrderStatus, expires_at: UtcTime, now: UtcTime) -> bool {
    now >= expires_at || matches!(status, OrderStatus::Closed | OrderStatus::Failed)
}

impl Asked {
    /// After an answer that leaves the order unpaid.
    pub(super) fn answered(self, state: &OrderState) -> Plan {
        let is_expired = self.now >= self.expires_at;
        let status = match self.status {
            OrderStatus::Pending if is_expired => OrderStatus::Closed,
            status => status,
        };
        let is_final = match state {
            OrderState::Paid(_) | OrderState::Closed | OrderState::Failed => true,
            OrderState::Absent => self.now >= self.final_at(),
            OrderState::Open => false,
        };
        let next = match (status, state) {
            _ if is_final => None,
            (OrderStatus::Pending, _) => Some(self.next_while_pending()),
            // Nothing new can come before the provider itself lets the order expire.
            (_, OrderState::Absent) => Some(self.final_at()),
            _ => Some(self.after(EVERY_S)),
        };
        Plan { status, failures: 0, next_query_at: next }
    }

    /// After a question that failed.
    pub(super) fn failed(self, max_failures: i64) -> Plan {
        let failures = self.failures.saturating_add(1);
        let is_expired = self.now >= self.expires_at;
        let status = match self.status {
            OrderStatus::Pending if i64::from(failures) >= max_failures => OrderStatus::Abnormal,
            OrderStatus::Pending if is_expired => OrderStatus::Closed,
            status => status,
        };
        let next = match status {
            OrderStatus::Pending => self.next_while_pending(),
            OrderStatus::Abnormal => self.after(ABNORMAL_EVERY_S),
            _ if failures >= MANY_FAILURES => self.after(SELDOM_S),
            _ => self.after(EVERY_S),
        };
        Plan { status, failures, next_query_at: Some(next) }
    }

    fn next_while_pending(self) -> UtcTime {
        self.after(EVERY_S.min(self.query_after_seconds)).min(self.expires_at)
    }

    fn after(self, seconds: i64) -> UtcTime {
        self.now.plus(SignedDuration::from_secs(seconds))
    }

    fn final_at(self) -> UtcTime {
        self.expires_at.plus(SignedDuration::from_secs(FINAL_AFTER_S))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use OrderStatus::{Abnormal, Closed, Failed, Pending};

    const EXPIRES_S: i64 = 900;

    fn at(seconds: i64) -> UtcTime {
        UtcTime::from_millis(seconds * 1_000).unwrap()
    }

    fn asked(status: OrderStatus, now_s: i64, failures: i32) -> Asked {
        Asked { status, expires_at: at(EXPIRES_S), failures, query_after_seconds: 300, now: at(now_s) }
    }

    fn plan(status: OrderStatus, failures: i32, next_s: Option<i64>) -> Plan {
        Plan { status, failures, next_query_at: next_s.map(at) }
    }

    #[test]
    fn the_first_question_waits_and_never_longer_than_the_order_lives() {
        assert_eq!(first_query(at(0), at(EXPIRES_S), 300), at(300));
        assert_eq!(first_query(at(0), at(60), 300), at(60));
    }

    #[test]
    fn an_unpaid_order_is_asked_about_until_its_provider_has_nothing_more_to_say() {
        use OrderState::{Absent, Open};
        for (status, now_s, state, expected) in [
            (Pending, 300, Open, plan(Pending, 0, Some(600))),
            (Pending, 600, Absent, plan(Pending, 0, Some(900))),
            (Pending, 700, Absent, plan(Pending, 0, Some(900))),
            // At the expiry it ends here, and the provider has the last word.
            (Pending, 900, Open, plan(Closed, 0, Some(1_200))),
            (Pending, 900, Absent, plan(Closed, 0, Some(1_020))),
            (Pending, 900, OrderState::Closed, plan(Closed, 0, None)),
            (Closed, 1_019, Absent, plan(Closed, 0, Some(1_020))),
            (Closed, 1_020, Absent, plan(Closed, 0, None)),
            (Closed, 1_200, Open, plan(Closed, 0, Some(1_500))),
            (Closed, 1_500, OrderState::Closed, plan(Closed, 0, None)),
            // One that was given up when it was made: its provider may let it be paid until it expires.
            (Failed, 5, Absent, plan(Failed, 0, Some(1_020))),
            (Failed, 5, OrderState::Closed, plan(Failed, 0, None)),
            (Abnormal, 1_200, Absent, plan(Abnormal, 0, None)),
            (Abnormal, 1_200, Open, plan(Abnormal, 0, Some(1_500))),
        ] {
            assert_eq!(asked(status, now_s, 2).answered(&state), expected, "{status:?} {now_s} {state:?}");
        }
    }

    #[test]
    fn silence_makes_a_pending_order_abnormal_and_no_other() {
        for (status, now_s, before, expected) in [
            (Pending, 300, 0, plan(Pending, 1, Some(600))),
            (Pending, 600, 1, plan(Pending, 2, Some(900))),
            (Pending, 700, 2, plan(Abnormal, 3, Some(2_500))),
            // The third failure may be the one at the expiry.
            (Pending, 900, 2, plan(Abnormal, 3, Some(2_700))),
            (Pending, 900, 1, plan(Closed, 2, Some(1_200))),
            (Closed, 1_200, 2, plan(Closed, 3, Some(1_500))),
            (Failed, 5, 7, plan(Failed, 8, Some(305))),
            (Closed, 9_000, 11, plan(Closed, 12, Some(12_600))),
            (Abnormal, 2_700, 3, plan(Abnormal, 4, Some(4_500))),
        ] {
            assert_eq!(asked(status, now_s, before).failed(3), expected, "{status:?} {now_s} {before}");
        }
    }

    #[test]
    fn a_pending_order_is_asked_about_as_often_as_the_setting_says_but_every_five_minutes() {
        for (after, next_s) in [(5, 305), (300, 600), (3_000, 600)] {
            let asked = Asked { query_after_seconds: after, ..asked(Pending, 300, 0) };
            assert_eq!(asked.answered(&OrderState::Open), plan(Pending, 0, Some(next_s)), "{after}");
            assert_eq!(asked.failed(3), plan(Pending, 1, Some(next_s)), "{after}");
        }
        let ended = Asked { query_after_seconds: 5, ..asked(Closed, 1_200, 0) };
        assert_eq!(ended.failed(3), plan(Closed, 1, Some(1_500)));
    }

    #[test]
    fn a_provider_may_be_early_by_some_seconds() {
        assert!(!may_have_expired(at(900), at(894)));
        assert!(may_have_expired(at(900), at(895)));
    }

    #[test]
    fn what_has_ended_is_closed_at_the_provider() {
        assert!(!is_over(Pending, at(900), at(899)));
        assert!(is_over(Pending, at(900), at(900)));
        assert!(is_over(Failed, at(900), at(1)));
        assert!(!is_over(Abnormal, at(900), at(1)));
        assert!(is_over(Abnormal, at(900), at(900)));
    }
}
