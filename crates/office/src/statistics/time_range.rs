//! Which time is looked at.

use base::calendar::outside;
use base::clock::UtcTime;
use base::ids::IdRange;
use base::problem::{Problem, Text};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

/// Days of the default range before its last.
const DAYS_BEFORE: i64 = 29;

/// From `start` until before `end`; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    pub start: UtcTime,
    pub end: UtcTime,
}

impl TimeRange {
    /// The range that is asked for. Without an end it goes to the end of today; without a start it holds 30 days of the
    /// business time zone, the last being that of the end.
    ///
    /// # Errors
    /// `INVALID_PARAMS` naming `end_time` when nothing lies between start and end.
    pub fn resolve(
        start: Option<UtcTime>,
        end: Option<UtcTime>,
        now: UtcTime,
        timezone: &TimeZone,
    ) -> Result<Self, Problem> {
        let end = match end {
            Some(end) => end,
            None => Self::today(now, timezone)?.end,
        };
        let start = match start {
            Some(start) => start,
            None => default_start(end, timezone)?,
        };
        if start >= end {
            let text = Text::new("结束时间须晚于开始时间", "must be later than start_time");
            return Err(Problem::invalid_field("end_time", text));
        }
        Ok(TimeRange { start, end })
    }

    /// The business day of `now`.
    ///
    /// # Errors
    /// `INVALID_PARAMS` at the ends of the calendar.
    pub fn today(now: UtcTime, timezone: &TimeZone) -> Result<Self, Problem> {
        let day = now.timestamp().to_zoned(timezone.clone()).start_of_day().map_err(outside)?;
        let next = day.date().tomorrow().and_then(|date| date.to_zoned(timezone.clone())).map_err(outside)?;
        Ok(TimeRange {
            start: UtcTime::from_timestamp(day.timestamp()),
            end: UtcTime::from_timestamp(next.timestamp()),
        })
    }

    /// The calendar month before the one of `now`.
    ///
    /// # Errors
    /// As [`TimeRange::today`].
    pub fn past_month(now: UtcTime, timezone: &TimeZone) -> Result<Self, Problem> {
        let this = now.timestamp().to_zoned(timezone.clone()).date().first_of_month();
        let past = this.checked_sub(1.month()).map_err(outside)?;
        let start = past.to_zoned(timezone.clone()).map_err(outside)?;
        let end = this.to_zoned(timezone.clone()).map_err(outside)?;
        Ok(TimeRange {
            start: UtcTime::from_timestamp(start.timestamp()),
            end: UtcTime::from_timestamp(end.timestamp()),
        })
    }

    /// Whole days of the business time zone, the last included.
    ///
    /// # Errors
    /// `INVALID_PARAMS` at the ends of the calendar.
    pub fn of_days(first: Date, last: Date, timezone: &TimeZone) -> Result<Self, Problem> {
        let start_of = |date: Date| date.to_zoned(timezone.clone()).map_err(outside);
        let after = last.tomorrow().map_err(outside)?;
        Ok(TimeRange {
            start: UtcTime::from_timestamp(start_of(first)?.timestamp()),
            end: UtcTime::from_timestamp(start_of(after)?.timestamp()),
        })
    }

    /// The last instant of the range.
    #[must_use]
    pub fn last(self) -> UtcTime {
        self.end.plus(SignedDuration::from_nanos(-1))
    }

    /// The ids of the range.
    #[must_use]
    pub fn ids(self) -> IdRange {
        IdRange::between(Some(self.start), Some(self.end))
    }
}

fn default_start(end: UtcTime, timezone: &TimeZone) -> Result<UtcTime, Problem> {
    let last = end.plus(SignedDuration::from_nanos(-1)).timestamp().to_zoned(timezone.clone());
    let first = last.date().checked_sub(DAYS_BEFORE.days()).map_err(outside)?;
    let start = first.to_zoned(timezone.clone()).map_err(outside)?;
    Ok(UtcTime::from_timestamp(start.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UtcTime {
        UtcTime::from_timestamp(text.parse().unwrap())
    }

    fn resolved(start: Option<&str>, end: Option<&str>) -> Result<(String, String), Problem> {
        let timezone = TimeZone::get("Asia/Shanghai").unwrap();
        let now = at("2025-03-01T17:00:00Z");
        let range = TimeRange::resolve(start.map(at), end.map(at), now, &timezone)?;
        Ok((range.start.to_string(), range.end.to_string()))
    }

    #[test]
    fn the_default_is_today_and_the_29_days_before() {
        // It is March 2 in Shanghai.
        let expected = ("2025-01-31T16:00:00.000Z".to_owned(), "2025-03-02T16:00:00.000Z".to_owned());
        assert_eq!(resolved(None, None).unwrap(), expected);
    }

    #[test]
    fn one_end_alone_is_completed() {
        let expected = ("2025-01-01T00:00:00.000Z".to_owned(), "2025-03-02T16:00:00.000Z".to_owned());
        assert_eq!(resolved(Some("2025-01-01T00:00:00Z"), None).unwrap(), expected);
        let expected = ("2025-01-01T16:00:00.000Z".to_owned(), "2025-01-31T16:00:00.000Z".to_owned());
        assert_eq!(resolved(None, Some("2025-01-31T16:00:00Z")).unwrap(), expected);
    }

    #[test]
    fn the_past_month_is_that_of_the_time_zone() {
        for (zone, now, start, end) in [
            ("Asia/Shanghai", "2025-02-28T18:00:00Z", "2025-01-31T16:00:00Z", "2025-02-28T16:00:00Z"),
            ("UTC", "2025-02-28T18:00:00Z", "2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z"),
            ("Asia/Shanghai", "2025-01-31T15:59:59Z", "2024-11-30T16:00:00Z", "2024-12-31T16:00:00Z"),
            ("Europe/Berlin", "2025-04-01T00:00:00Z", "2025-02-28T23:00:00Z", "2025-03-31T22:00:00Z"),
        ] {
            let range = TimeRange::past_month(at(now), &TimeZone::get(zone).unwrap()).unwrap();
            assert_eq!(range, TimeRange { start: at(start), end: at(end) }, "{zone} {now}");
        }
    }

    #[test]
    fn a_range_without_time_is_refused() {
        for (start, end) in [
            (Some("2025-01-01T00:00:00Z"), Some("2025-01-01T08:00:00+08:00")),
            (Some("2025-01-02T00:00:00Z"), Some("2025-01-01T00:00:00Z")),
            (Some("2030-01-01T00:00:00Z"), None),
            (None, Some("-009999-01-03T00:00:00Z")),
        ] {
            let problem = resolved(start, end).unwrap_err();
            assert_eq!(problem.fields()[0].field, "end_time", "{start:?} {end:?}");
        }
    }
}
