//! Days by number, and blocks of them.

use base::clock::UtcTime;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

const EPOCH: Date = date(1970, 1, 1);

/// Blocks are 1, 4, 16 or 64 days long.
pub(super) const LEVELS: i16 = 4;

/// The days of a time zone, counted from 1970-01-01. A day lasts from its start to the start of the next, as the pieces
/// of [`Buckets`](crate::statistics::Buckets) do, so that an hour that comes twice is in one day.
#[derive(Clone, Debug)]
pub(in crate::statistics) struct Days(TimeZone);

impl Days {
    pub(in crate::statistics) fn of_zone(zone: TimeZone) -> Self {
        Days(zone)
    }

    /// The day that holds an instant. `None` at the ends of the calendar.
    pub(super) fn of(&self, at: UtcTime) -> Option<i32> {
        let date = at.timestamp().to_zoned(self.0.clone()).date();
        let mut day = date.since(EPOCH).ok()?.get_days();
        // A clock that is turned back over midnight shows the day before once more.
        while self.start(day + 1)? <= at {
            day += 1;
        }
        while self.start(day)? > at {
            day -= 1;
        }
        Some(day)
    }

    /// When a day begins.
    pub(super) fn start(&self, day: i32) -> Option<UtcTime> {
        let date = EPOCH.checked_add(day.days()).ok()?;
        Some(UtcTime::from_timestamp(date.to_zoned(self.0.clone()).ok()?.timestamp()))
    }
}

/// How many days a block of a level has.
pub(super) const fn length(level: i16) -> i32 {
    1 << (2 * level)
}

/// The first day of the block that holds a day.
pub(super) const fn block(day: i32, level: i16) -> i32 {
    day - day.rem_euclid(length(level))
}

/// The fewest blocks that make up the days from `first` until before `end`, in order.
pub(super) fn blocks(first: i32, end: i32) -> impl Iterator<Item = (i16, i32)> {
    let mut day = first;
    std::iter::from_fn(move || {
        let fits = |level: &i16| block(day, *level) == day && day + length(*level) <= end;
        let level = (0..LEVELS).rev().find(fits)?;
        let found = (level, day);
        day += length(level);
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(zone: &str) -> Days {
        Days::of_zone(TimeZone::get(zone).unwrap())
    }

    fn at(text: &str) -> UtcTime {
        serde_json::from_str(&format!("\"{text}\"")).unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_zone() {
        let shanghai = days("Asia/Shanghai");
        assert_eq!(shanghai.start(0), Some(at("1969-12-31T16:00:00Z")));
        assert_eq!(shanghai.of(at("1970-01-01T15:59:59.999Z")), Some(0));
        assert_eq!(shanghai.of(at("1970-01-01T16:00:00Z")), Some(1));
    }

    /// In St. John's clocks were turned back from 00:01 to 23:01.
    #[test]
    fn an_hour_of_yesterday_that_comes_after_midnight_is_today() {
        let zone = days("America/St_Johns");
        let day = zone.of(at("2010-11-07T02:30:00Z")).unwrap();
        let again = at("2010-11-07T02:45:00Z");
        assert_eq!(again.timestamp().to_zoned(zone.0.clone()).date().to_string(), "2010-11-06");
        assert_eq!((zone.of(again), zone.start(day)), (Some(day), Some(at("2010-11-07T02:30:00Z"))));
    }

    #[test]
    fn a_year_is_a_few_blocks() {
        assert_eq!(blocks(0, 64).collect::<Vec<_>>(), [(3, 0)]);
        assert_eq!(blocks(3, 9).collect::<Vec<_>>(), [(0, 3), (1, 4), (0, 8)]);
        assert_eq!(blocks(5, 5).count(), 0);
        assert!((20_000..20_064).all(|first| blocks(first, first + 365).count() <= 20));
    }

    proptest! {
        #[test]
        fn blocks_cover_every_day_once(first in -200..200_i32, count in 0..500_i32) {
            let mut next = first;
            for (level, day) in blocks(first, first + count) {
                prop_assert_eq!((day, block(day, level)), (next, day));
                next = day + length(level);
            }
            prop_assert_eq!(next, first + count);
        }

        #[test]
        fn a_day_holds_the_instants_from_its_start_to_the_next(ms in 0..4_000_000_000_000_i64, zone in 0..4_usize) {
            let zone = days(["Asia/Shanghai", "America/St_Johns", "Africa/Cairo", "UTC"][zone]);
            let instant = UtcTime::from_millis(ms).unwrap();
            let day = zone.of(instant).unwrap();
            prop_assert!(zone.start(day).unwrap() <= instant && instant < zone.start(day + 1).unwrap());
        }
    }
}
