//! What of a range is read from the sums, and what from the records.

use base::ids::{IdRange, first_at};
use uuid::Uuid;

use super::days::{Days, blocks};
use crate::statistics::{Buckets, TimeRange};

/// Blocks of days, as columns; each belongs to one bucket of the question, if it has any. Buckets are counted from one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::statistics) struct Blocks {
    pub(in crate::statistics) levels: Vec<i16>,
    pub(in crate::statistics) days: Vec<i32>,
    pub(in crate::statistics) buckets: Vec<Option<i32>>,
}

/// How a range is read: records of its first, broken day; sums of whole days; records after the mark of each operator
/// and of the last, broken day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::statistics) struct Plan {
    pub(in crate::statistics) blocks: Blocks,
    /// Empty when the range begins with a day.
    pub(in crate::statistics) head: IdRange,
    /// The second part of the records begins after the mark, but not before this id…
    pub(in crate::statistics) after_least: Uuid,
    /// …and at the latest after this one, which is the last of the whole days.
    pub(in crate::statistics) after_most: Uuid,
    pub(in crate::statistics) until: Uuid,
    /// Whether the second part concerns operators whose records are folded to the last as well.
    pub(in crate::statistics) of_all: bool,
}

impl Plan {
    /// Records alone.
    pub(in crate::statistics) fn without_sums(range: TimeRange) -> Self {
        let ids = range.ids();
        Plan {
            blocks: Blocks::default(),
            head: IdRange { from: ids.from, until: ids.from },
            after_least: before(ids.from),
            after_most: before(ids.from),
            until: ids.until,
            of_all: true,
        }
    }

    /// Sums of the whole days among the `folded` ones, first and last; those have sums, which others have not. Without any,
    /// and for buckets that are not made of these days (those of another time zone), records alone.
    pub(in crate::statistics) fn new(
        range: TimeRange,
        buckets: Option<&Buckets>,
        days: &Days,
        folded: (i32, i32),
    ) -> Self {
        Self::with_sums(range, buckets, days, folded).unwrap_or_else(|| Self::without_sums(range))
    }

    fn with_sums(
        range: TimeRange,
        buckets: Option<&Buckets>,
        days: &Days,
        folded: (i32, i32),
    ) -> Option<Self> {
        let mut first = days.of(range.start)?;
        if days.start(first)? < range.start {
            first += 1;
        }
        let first = first.max(folded.0);
        let end = days.of(range.end)?.min(folded.1 + 1);
        if first >= end {
            return None;
        }
        let ids = range.ids();
        let (days_from, days_until) = (first_at(days.start(first)?), first_at(days.start(end)?));
        Some(Plan {
            blocks: split(first, end, buckets, days)?,
            head: IdRange { from: ids.from, until: days_from },
            after_least: before(days_from),
            after_most: before(days_until),
            until: ids.until,
            of_all: days_until < ids.until,
        })
    }
}

/// The days as blocks that do not cross the border of a bucket. `None` when a border is within a day.
fn split(first: i32, end: i32, buckets: Option<&Buckets>, days: &Days) -> Option<Blocks> {
    let mut split = Blocks::default();
    let Some(buckets) = buckets else {
        split.extend(first, end, None);
        return Some(split);
    };
    let mut border = first;
    for (index, starts_at) in buckets.starts().iter().enumerate() {
        let next = match buckets.starts().get(index + 1) {
            Some(next) => days.of(*next)?.clamp(first, end),
            None => end,
        };
        let is_within = *starts_at > days.start(first)? && *starts_at < days.start(end)?;
        if is_within && days.start(days.of(*starts_at)?)? != *starts_at {
            return None;
        }
        split.extend(border, next, Some(i32::try_from(index + 1).ok()?));
        border = next;
    }
    Some(split)
}

impl Blocks {
    fn extend(&mut self, first: i32, end: i32, bucket: Option<i32>) {
        for (level, day) in blocks(first, end) {
            self.levels.push(level);
            self.days.push(day);
            self.buckets.push(bucket);
        }
    }
}

/// The id before an id.
fn before(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use base::calendar::CalendarUnit;
    use base::clock::UtcTime;

    const ALWAYS: (i32, i32) = (0, 100_000);

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn at(text: &str) -> UtcTime {
        UtcTime::from_timestamp(text.parse().unwrap())
    }

    fn range(start: &str, end: &str) -> TimeRange {
        TimeRange { start: at(start), end: at(end) }
    }

    fn plan(range: TimeRange, folded: (i32, i32)) -> Plan {
        Plan::new(range, None, &Days::of_zone(TimeZone::UTC), folded)
    }

    fn units(plan: &Plan) -> Vec<(i16, i32)> {
        plan.blocks.levels.iter().copied().zip(plan.blocks.days.iter().copied()).collect()
    }

    #[test]
    fn whole_days_are_sums_and_the_broken_ends_are_records() {
        // 1970-01-05 is day 4, the first of a block of four.
        let plan = plan(range("1970-01-04T12:00:00Z", "1970-01-09T00:00:00.001Z"), ALWAYS);
        assert_eq!(units(&plan), [(1, 4)]);
        assert_eq!(plan.head.from, first_at(at("1970-01-04T12:00:00Z")));
        assert_eq!(plan.head.until, first_at(at("1970-01-05T00:00:00Z")));
        assert_eq!(plan.after_least, before(plan.head.until));
        assert_eq!(plan.after_most, before(first_at(at("1970-01-09T00:00:00Z"))));
        assert_eq!(plan.until, first_at(at("1970-01-09T00:00:00.001Z")));
        assert!(plan.of_all);
    }

    #[test]
    fn a_range_of_whole_days_reads_records_after_the_marks_only() {
        let plan = plan(range("1970-01-02T00:00:00Z", "1970-01-04T00:00:00Z"), ALWAYS);
        assert_eq!(units(&plan), [(0, 1), (0, 2)]);
        assert!(plan.head.from == plan.head.until && !plan.of_all);
    }

    #[test]
    fn a_range_without_a_whole_day_is_records() {
        for (start, end) in [
            ("1970-01-02T00:00:00Z", "1970-01-02T23:59:59.999Z"),
            ("1970-01-02T00:00:00.001Z", "1970-01-03T23:59:59.999Z"),
        ] {
            assert_eq!(plan(range(start, end), ALWAYS), Plan::without_sums(range(start, end)));
        }
    }

    #[test]
    fn days_that_have_no_sums_are_records() {
        let centuries = range("1800-01-01T00:00:00Z", "2500-01-01T00:00:00Z");
        let plan = plan(centuries, (10, 12));
        assert_eq!(units(&plan), [(0, 10), (0, 11), (0, 12)]);
        assert_eq!(plan.head.from, Uuid::nil());
        assert!(plan.of_all);
    }

    #[test]
    fn blocks_do_not_cross_the_border_of_a_bucket() {
        let range = range("1969-12-31T16:00:00Z", "1970-02-09T16:00:00Z");
        let shanghai = zone("Asia/Shanghai");
        let buckets = Buckets::new(range, CalendarUnit::Month, &shanghai).unwrap();
        let plan = Plan::new(range, Some(&buckets), &Days::of_zone(shanghai), ALWAYS);
        let expected = [(2, 0, 1), (1, 16, 1), (1, 20, 1), (1, 24, 1), (0, 28, 1), (0, 29, 1), (0, 30, 1)];
        let february = [(0, 31, 2), (1, 32, 2), (1, 36, 2)];
        let found: Vec<(i16, i32, i32)> = units(&plan)
            .into_iter()
            .zip(&plan.blocks.buckets)
            .map(|(unit, bucket)| (unit.0, unit.1, bucket.unwrap()))
            .collect();
        assert_eq!(found, [&expected[..], &february].concat());
    }

    #[test]
    fn buckets_of_another_time_zone_are_records() {
        let range = range("2025-01-01T00:00:00Z", "2025-03-01T00:00:00Z");
        let buckets = Buckets::new(range, CalendarUnit::Day, &zone("Asia/Shanghai")).unwrap();
        let plan = Plan::new(range, Some(&buckets), &Days::of_zone(TimeZone::UTC), ALWAYS);
        assert_eq!(plan, Plan::without_sums(range));
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_error() {
        for (start, end) in [
            ("-009999-01-03T00:00:00Z", "-009999-02-03T00:00:00Z"),
            ("9999-12-01T00:00:00Z", "9999-12-30T22:00:00Z"),
        ] {
            assert_eq!(plan(range(start, end), ALWAYS), Plan::without_sums(range(start, end)));
        }
    }
}
