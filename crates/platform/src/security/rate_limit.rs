//! The operator's rate limit: a sliding window of 60 s, kept in the account row that an authorization locks anyway.
//!
//! Up to [`EXACT_LIMIT`] admissions are kept one by one, so the window is exact. Above that, admissions are counted in
//! slots of [`SLOT_MS`] that expire with their end: the window is then up to one slot longer than 60 s, never shorter.

/// Length of the window in milliseconds.
pub const WINDOW_MS: i64 = 60_000;
/// The highest limit for which every admission is remembered by itself.
pub const EXACT_LIMIT: i64 = 60;
/// Granularity above the exact limit, in milliseconds.
pub const SLOT_MS: i64 = 5_000;

const RECORD_LEN: usize = 12;

/// Admissions of the last 60 s, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    /// Counts until this instant plus the window.
    at_ms: i64,
    count: u32,
}

/// The request is over the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    /// Whole seconds after which one more request passes.
    pub retry_after_seconds: u64,
}

impl Window {
    /// Reads the stored form. Bytes that are no window read as an empty one: a limit is no reason to stop a venue.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let slots = bytes.chunks_exact(RECORD_LEN).filter_map(|record| {
            let (at_ms, count) = record.split_at(8);
            Some(Slot {
                at_ms: i64::from_be_bytes(at_ms.try_into().ok()?),
                count: u32::from_be_bytes(count.try_into().ok()?),
            })
        });
        Window { slots: slots.collect() }
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.slots.len() * RECORD_LEN);
        for slot in &self.slots {
            bytes.extend_from_slice(&slot.at_ms.to_be_bytes());
            bytes.extend_from_slice(&slot.count.to_be_bytes());
        }
        bytes
    }

    /// Counts one request at `now_ms` unless `limit` requests already passed within the window.
    ///
    /// # Errors
    /// [`Limited`], and nothing is counted.
    pub fn admit(&mut self, now_ms: i64, limit: i64) -> Result<(), Limited> {
        self.slots.retain(|slot| slot.at_ms + WINDOW_MS > now_ms);
        let admitted: i64 = self.slots.iter().map(|slot| i64::from(slot.count)).sum();
        if admitted >= limit {
            return Err(self.limited(now_ms, admitted - limit));
        }
        // A clock behind another instance's must not put a slot in front of a later one.
        let newest_ms = self.slots.last().map_or(i64::MIN, |slot| slot.at_ms);
        let slot_ms = if limit <= EXACT_LIMIT { now_ms } else { (now_ms / SLOT_MS + 1) * SLOT_MS };
        let at_ms = slot_ms.max(newest_ms);
        match self.slots.last_mut() {
            Some(slot) if slot.at_ms == at_ms => slot.count += 1,
            _ => self.slots.push(Slot { at_ms, count: 1 }),
        }
        Ok(())
    }

    /// One more passes when `excess + 1` of the counted requests have left the window.
    fn limited(&self, now_ms: i64, excess: i64) -> Limited {
        let mut leaving = 0;
        let free_ms = self
            .slots
            .iter()
            .find(|slot| {
                leaving += i64::from(slot.count);
                leaving > excess
            })
            .map_or(now_ms, |slot| slot.at_ms + WINDOW_MS);
        let wait_ms = u64::try_from(free_ms - now_ms).unwrap_or(0);
        Limited { retry_after_seconds: wait_ms.div_ceil(1_000).max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_request_above_the_limit_waits_until_the_first_leaves() {
        let mut window = Window::default();
        for step in 0..10 {
            assert_eq!(window.admit(1_000_000 + step * 100, 10), Ok(()));
        }
        assert_eq!(window.admit(1_001_000, 10), Err(Limited { retry_after_seconds: 59 }));
        assert_eq!(window.admit(1_060_000, 10), Ok(()));
        assert!(window.admit(1_060_001, 10).is_err());
        assert_eq!(window.admit(1_060_100, 10), Ok(()));
    }

    #[test]
    fn a_lowered_limit_counts_what_has_passed() {
        let mut window = Window::default();
        for step in 0..20 {
            assert_eq!(window.admit(step * 1_000, 20), Ok(()));
        }
        let limited = window.admit(20_000, 5).unwrap_err();
        let retry_ms = 20_000 + i64::try_from(limited.retry_after_seconds).unwrap() * 1_000;
        assert_eq!(window.admit(retry_ms, 5), Ok(()));
    }

    #[test]
    fn large_limits_take_little_room() {
        let mut window = Window::default();
        for step in 0..100_000 {
            window.admit(step, 1_000_000).unwrap();
        }
        assert!(window.to_bytes().len() <= 14 * RECORD_LEN);
    }

    proptest! {
        #[test]
        fn no_window_of_60_s_admits_more_than_the_limit(limit in 1_i64..90, gaps in prop::collection::vec(0_i64..3_000, 1..300)) {
            let mut window = Window::default();
            let mut now_ms = 1_700_000_000_000;
            let mut admitted = Vec::new();
            for gap in gaps {
                now_ms += gap;
                match window.admit(now_ms, limit) {
                    Ok(()) => admitted.push(now_ms),
                    Err(limited) => {
                        let later = now_ms + i64::try_from(limited.retry_after_seconds).unwrap() * 1_000;
                        prop_assert_eq!(window.clone().admit(later, limit), Ok(()));
                        prop_assert!(limited.retry_after_seconds <= 65);
                    }
                }
                let recent = admitted.iter().filter(|at| **at > now_ms - WINDOW_MS).count();
                prop_assert!(i64::try_from(recent).unwrap() <= limit);
                window = Window::from_bytes(&window.to_bytes());
            }
        }
    }
}
