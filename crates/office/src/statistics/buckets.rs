//! Days, weeks and months of the business time zone, as pieces of a range.
//!
//! The boundaries are computed here and given to the database, which only compares: two time zone databases could
//! disagree, and an hour that is skipped or comes twice needs no rule of its own.

use base::calendar::{CalendarUnit, outside};
use base::clock::UtcTime;
use base::problem::{Problem, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::TimeRange;

/// A little more than ten years of days.
const MAX_BUCKETS: usize = 3_700;

/// The pieces that a range touches, without gaps, oldest first; never none.
#[derive(Clone, Debug)]
pub struct Buckets {
    dates: Vec<Date>,
    starts: Vec<UtcTime>,
}

impl Buckets {
    /// # Errors
    /// `INVALID_PARAMS` naming `start_time` when there would be too many, and `end_time` at the end of the calendar.
    pub fn new(range: TimeRange, period: CalendarUnit, timezone: &TimeZone) -> Result<Self, Problem> {
        let date_of = |at: UtcTime| at.timestamp().to_zoned(timezone.clone()).date();
        let last = date_of(range.last());
        let mut date = period.first_day(date_of(range.start))?;
        let mut buckets = Buckets { dates: Vec::new(), starts: Vec::new() };
        while date <= last {
            if buckets.dates.len() == MAX_BUCKETS {
                return Err(too_many());
            }
            buckets.dates.push(date);
            buckets.starts.push(UtcTime::from_timestamp(start_of(date, timezone)?));
            date = period.next(date)?;
        }
        Ok(buckets)
    }

    /// The date that names each piece.
    #[must_use]
    pub fn dates(&self) -> &[Date] {
        &self.dates
    }

    /// When each piece begins.
    #[must_use]
    pub fn starts(&self) -> &[UtcTime] {
        &self.starts
    }

    /// The place of the piece that `date` names.
    #[must_use]
    pub fn position(&self, date: Date) -> Option<usize> {
        self.dates.binary_search(&date).ok()
    }
}

fn start_of(date: Date, timezone: &TimeZone) -> Result<Timestamp, Problem> {
    Ok(date.to_zoned(timezone.clone()).map_err(outside)?.timestamp())
}

fn too_many() -> Problem {
    let text = Text::owned(
        format!("时间范围过大，最多 {MAX_BUCKETS} 个日期点"),
        format!("is too early: at most {MAX_BUCKETS} dates can be shown"),
    );
    Problem::invalid_field("start_time", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(start: &str, end: &str, period: CalendarUnit, timezone: &str) -> Result<Buckets, Problem> {
        let at = |text: &str| serde_json::from_str::<UtcTime>(&format!("\"{text}\"")).unwrap();
        Buckets::new(TimeRange { start: at(start), end: at(end) }, period, &TimeZone::get(timezone).unwrap())
    }

    fn dates(start: &str, end: &str, period: CalendarUnit, timezone: &str) -> Vec<String> {
        let buckets = buckets(start, end, period, timezone).unwrap();
        buckets.dates().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_end_is_exclusive_and_the_first_piece_may_be_a_part() {
        let day = |start, end| dates(start, end, CalendarUnit::Day, "Asia/Shanghai");
        assert_eq!(day("2025-01-31T15:59:59.999Z", "2025-01-31T16:00:00Z"), ["2025-01-31"]);
        assert_eq!(day("2025-01-31T15:59:59.999Z", "2025-01-31T16:00:00.001Z"), ["2025-01-31", "2025-02-01"]);
    }

    #[test]
    fn a_week_is_named_by_its_monday_and_a_month_by_its_first_day() {
        let range = ("2024-12-31T00:00:00+08:00", "2025-01-07T00:00:00+08:00");
        assert_eq!(
            dates(range.0, range.1, CalendarUnit::Week, "Asia/Shanghai"),
            ["2024-12-30", "2025-01-06"]
        );
        assert_eq!(
            dates(range.0, range.1, CalendarUnit::Month, "Asia/Shanghai"),
            ["2024-12-01", "2025-01-01"]
        );
    }

    #[test]
    fn a_day_of_23_or_25_hours_is_one_day() {
        for (date, hours) in [("2025-03-09", 23), ("2025-11-02", 25)] {
            let range = (format!("{date}T12:00:00Z"), format!("{date}T23:00:00-12:00"));
            let buckets = buckets(&range.0, &range.1, CalendarUnit::Day, "America/New_York").unwrap();
            let starts = buckets.starts();
            assert_eq!(starts[1].as_millis() - starts[0].as_millis(), hours * 3_600_000, "{date}");
        }
    }

    #[test]
    fn a_midnight_that_is_skipped_starts_the_day_later() {
        let range = ("2024-04-25T21:30:00Z", "2024-04-26T21:30:00Z");
        let cairo = buckets(range.0, range.1, CalendarUnit::Day, "Africa/Cairo").unwrap();
        let shown: Vec<String> = cairo.starts().iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            ["2024-04-24T22:00:00.000Z", "2024-04-25T22:00:00.000Z", "2024-04-26T21:00:00.000Z"]
        );
    }

    #[test]
    fn nobody_gets_millions_of_dates() {
        let ten_years = ("2015-01-01T00:00:00Z", "2025-01-01T00:00:00Z");
        assert_eq!(dates(ten_years.0, ten_years.1, CalendarUnit::Day, "UTC").len(), 3_653);
        let problem = buckets("0001-01-01T00:00:00Z", ten_years.1, CalendarUnit::Day, "UTC").unwrap_err();
        assert_eq!(problem.fields()[0].field, "start_time");
        let problem =
            buckets("9999-12-29T00:00:00Z", "9999-12-30T22:00:00Z", CalendarUnit::Month, "UTC").unwrap_err();
        assert_eq!(problem.fields()[0].field, "end_time");
    }
}
