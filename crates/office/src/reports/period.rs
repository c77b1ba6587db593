//! The days that a report is about.

use base::clock::UtcTime;
use base::problem::{Problem, Text};
use base::validate::{Fields, NO_DATE, date};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::statistics::TimeRange;

/// A leap year.
const MAX_DAYS: i32 = 366;

/// Whole days, the last included. It may end in the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub start: Date,
    pub end: Date,
}

impl Period {
    /// Reads `YYYY-MM-DD`: at most 366 days, whatever the report is called. A week may begin on the day a venue's week begins.
    ///
    /// # Errors
    /// `INVALID_PARAMS` naming `start_date` or `end_date`.
    pub fn parse(start_date: &str, end_date: &str) -> Result<Self, Problem> {
        let (start, end) = (date(start_date), date(end_date));
        Fields::new()
            .check("start_date", start.is_some(), NO_DATE)
            .check("end_date", end.is_some(), NO_DATE)
            .finish()?;
        let (Some(start), Some(end)) = (start, end) else {
            return Err(Problem::internal("a wrong date was not refused"));
        };
        let period = Period { start, end };
        if start > end {
            let text = Text::new("不能早于 start_date", "must not be before start_date");
            return Err(Problem::invalid_field("end_date", text));
        }
        if period.days() > MAX_DAYS {
            let text = Text::new("最多 366 天", "must be at most 366 days from start_date, which counts");
            return Err(Problem::invalid_field("end_date", text));
        }
        Ok(period)
    }

    /// The day before today, in the business time zone: what a daily schedule reports on.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` at the ends of the calendar, as for the other two.
    pub fn last_day(now: UtcTime, timezone: &TimeZone) -> Result<Self, Problem> {
        let yesterday = today(now, timezone).yesterday().map_err(Problem::internal)?;
        Ok(Period { start: yesterday, end: yesterday })
    }

    /// The whole week before this one.
    ///
    /// # Errors
    /// As [`Period::last_day`].
    pub fn last_week(now: UtcTime, timezone: &TimeZone) -> Result<Self, Problem> {
        let today = today(now, timezone);
        let since_monday = i64::from(today.weekday().to_monday_zero_offset());
        let before = |days: i64| today.checked_sub((since_monday + days).days()).map_err(Problem::internal);
        Ok(Period { start: before(7)?, end: before(1)? })
    }

    /// The whole month before this one.
    ///
    /// # Errors
    /// As [`Period::last_day`].
    pub fn last_month(now: UtcTime, timezone: &TimeZone) -> Result<Self, Problem> {
        let end = today(now, timezone).first_of_month().yesterday().map_err(Problem::internal)?;
        Ok(Period { start: end.first_of_month(), end })
    }

    /// How many days there are.
    #[must_use]
    pub fn days(self) -> i32 {
        (self.end - self.start).get_days() + 1
    }

    /// From the beginning of the first day until the end of the last, in the business time zone.
    ///
    /// # Errors
    /// `INVALID_PARAMS` at the ends of the calendar.
    pub fn range(self, timezone: &TimeZone) -> Result<TimeRange, Problem> {
        TimeRange::of_days(self.start, self.end, timezone)
    }
}

fn today(now: UtcTime, timezone: &TimeZone) -> Date {
    now.timestamp().to_zoned(timezone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(start: &str, end: &str) -> Vec<String> {
        let parsed = Period::parse(start, end);
        let fields = parsed.err().map(|problem| problem.fields().to_vec()).unwrap_or_default();
        fields.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn there_are_1_to_366_days() {
        for (start, end, fields) in [
            ("2025-01-15", "2025-01-15", &[][..]),
            ("2025-01-14", "2025-01-20", &[]),
            ("2024-01-01", "2024-12-31", &[]),
            ("2024-01-01", "2025-01-01", &["end_date"]),
            ("2025-01-02", "2025-01-01", &["end_date"]),
        ] {
            assert_eq!(wrong(start, end), fields, "{start} {end}");
        }
    }

    #[test]
    fn a_date_has_one_form() {
        let good = "2025-01-15";
        for bad in [
            "",
            "2025-1-15",
            "20250115",
            "2025-02-30",
            "2025-01-15T00:00:00",
            " 2025-01-15",
            "+002025-01-15",
            "1999-12-31",
            "9999-12-31",
        ] {
            assert_eq!(wrong(bad, good), ["start_date"], "{bad:?}");
            assert_eq!(wrong(good, bad), ["end_date"], "{bad:?}");
        }
    }

    #[test]
    fn schedules_report_on_what_has_ended() {
        // It is Monday, December 1 in Shanghai.
        let now: UtcTime = serde_json::from_str("\"2025-11-30T17:00:00Z\"").unwrap();
        let timezone = TimeZone::get("Asia/Shanghai").unwrap();
        let shown = |period: Period| format!("{} {}", period.start, period.end);
        assert_eq!(shown(Period::last_day(now, &timezone).unwrap()), "2025-11-30 2025-11-30");
        assert_eq!(shown(Period::last_week(now, &timezone).unwrap()), "2025-11-24 2025-11-30");
        assert_eq!(shown(Period::last_month(now, &timezone).unwrap()), "2025-11-01 2025-11-30");
    }
}
