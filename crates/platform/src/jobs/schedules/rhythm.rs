//! When a schedule is due: slots in the business time zone.

use base::calendar::CalendarUnit;
use base::clock::UtcTime;
use base::problem::{Problem, Text};
use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZone;

const MS_PER_MINUTE: i64 = 60_000;

/// A time that the clock skips is the one as much later; of a time that comes twice the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Every so many minutes, whatever the time zone.
    Minutes(i64),
    /// At a time of the first day of each period.
    FirstDay(CalendarUnit, Time),
}

impl Rhythm {
    #[must_use]
    pub const fn daily(hour: i8, minute: i8) -> Self {
        Self::FirstDay(CalendarUnit::Day, time(hour, minute, 0, 0))
    }

    /// On Mondays.
    #[must_use]
    pub const fn weekly(hour: i8, minute: i8) -> Self {
        Self::FirstDay(CalendarUnit::Week, time(hour, minute, 0, 0))
    }

    /// On the 1st.
    #[must_use]
    pub const fn monthly(hour: i8, minute: i8) -> Self {
        Self::FirstDay(CalendarUnit::Month, time(hour, minute, 0, 0))
    }

    /// The latest slot at or before `now`.
    ///
    /// # Errors
    /// At the ends of the calendar.
    pub fn latest(self, now: UtcTime, zone: &TimeZone) -> Result<UtcTime, Problem> {
        let (period, time) = match self {
            Self::Minutes(minutes) => return minute_slot(now, minutes, 0),
            Self::FirstDay(period, time) => (period, time),
        };
        let first = period.first_day(local_date(now, zone))?;
        let slot = slot(first, time, zone)?;
        if slot <= now {
            return Ok(slot);
        }
        let before = period.first_day(first.yesterday().map_err(Problem::internal)?)?;
        self::slot(before, time, zone)
    }

    /// The first slot after `now`.
    ///
    /// # Errors
    /// At the ends of the calendar.
    pub fn next(self, now: UtcTime, zone: &TimeZone) -> Result<UtcTime, Problem> {
        let (period, time) = match self {
            Self::Minutes(minutes) => return minute_slot(now, minutes, 1),
            Self::FirstDay(period, time) => (period, time),
        };
        let first = period.first_day(local_date(now, zone))?;
        let slot = slot(first, time, zone)?;
        if slot > now {
            return Ok(slot);
        }
        self::slot(period.next(first)?, time, zone)
    }

    /// Whether the next slot comes sooner than it would be worth trying again.
    pub(super) const fn is_frequent(self) -> bool {
        matches!(self, Self::Minutes(_))
    }

    /// For people.
    #[must_use]
    pub fn text(self) -> Text {
        let (period, time) = match self {
            Self::Minutes(minutes) => {
                return Text::owned(format!("每 {minutes} 分钟"), format!("every {minutes} minutes"));
            }
            Self::FirstDay(period, time) => (period, time),
        };
        let (zh, en) = match period {
            CalendarUnit::Day => ("每天", "daily"),
            CalendarUnit::Week => ("每周一", "on Mondays"),
            CalendarUnit::Month => ("每月 1 日", "on the 1st of each month"),
        };
        let at = time.strftime("%H:%M");
        Text::owned(format!("{zh} {at}"), format!("{en} at {at}"))
    }
}

fn local_date(now: UtcTime, zone: &TimeZone) -> Date {
    now.timestamp().to_zoned(zone.clone()).date()
}

fn slot(date: Date, time: Time, zone: &TimeZone) -> Result<UtcTime, Problem> {
    let zoned = date.to_datetime(time).to_zoned(zone.clone()).map_err(Problem::internal)?;
    Ok(UtcTime::from_timestamp(zoned.timestamp()))
}

/// The slot that `now` lies in, or so many after it.
fn minute_slot(now: UtcTime, minutes: i64, after: i64) -> Result<UtcTime, Problem> {
    let length = minutes * MS_PER_MINUTE;
    let number = now.as_millis().div_euclid(length) + after;
    UtcTime::from_millis(number * length).ok_or_else(|| Problem::internal("a slot outside the calendar"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UtcTime {
        serde_json::from_str(&format!("\"{text}\"")).unwrap()
    }

    #[test]
    fn slots_are_those_of_the_time_zone() {
        let (daily, weekly, monthly) = (Rhythm::daily(4, 0), Rhythm::weekly(1, 0), Rhythm::monthly(2, 0));
        // Rhythm, zone, now, latest slot, next slot.
        for (rhythm, zone, now, latest, next) in [
            (
                daily,
                "Asia/Shanghai",
                "2025-01-15T04:00:00+08:00",
                "2025-01-14T20:00:00Z",
                "2025-01-15T20:00:00Z",
            ),
            (
                daily,
                "Asia/Shanghai",
                "2025-01-15T03:59:59.999+08:00",
                "2025-01-13T20:00:00Z",
                "2025-01-14T20:00:00Z",
            ),
            (daily, "UTC", "2025-01-14T20:00:00Z", "2025-01-14T04:00:00Z", "2025-01-15T04:00:00Z"),
            (daily, "UTC", "2025-01-01T00:00:00Z", "2024-12-31T04:00:00Z", "2025-01-01T04:00:00Z"),
            // A Wednesday, a Sunday in Shanghai that is still Saturday in UTC, a Monday before and at one.
            (
                weekly,
                "Asia/Shanghai",
                "2025-01-15T12:00:00+08:00",
                "2025-01-12T17:00:00Z",
                "2025-01-19T17:00:00Z",
            ),
            (
                weekly,
                "Asia/Shanghai",
                "2025-01-19T00:30:00+08:00",
                "2025-01-12T17:00:00Z",
                "2025-01-19T17:00:00Z",
            ),
            (
                weekly,
                "Asia/Shanghai",
                "2025-01-20T00:59:59+08:00",
                "2025-01-12T17:00:00Z",
                "2025-01-19T17:00:00Z",
            ),
            (
                weekly,
                "Asia/Shanghai",
                "2025-01-20T01:00:00+08:00",
                "2025-01-19T17:00:00Z",
                "2025-01-26T17:00:00Z",
            ),
            (weekly, "UTC", "2025-01-01T00:00:00Z", "2024-12-30T01:00:00Z", "2025-01-06T01:00:00Z"),
            // Months of 31, 28, 29 and 30 days, and a year.
            (
                monthly,
                "Asia/Shanghai",
                "2025-01-31T18:00:00Z",
                "2025-01-31T18:00:00Z",
                "2025-02-28T18:00:00Z",
            ),
            (
                monthly,
                "Asia/Shanghai",
                "2025-01-31T17:59:59.999Z",
                "2024-12-31T18:00:00Z",
                "2025-01-31T18:00:00Z",
            ),
            (
                monthly,
                "Asia/Shanghai",
                "2025-03-31T23:59:00+08:00",
                "2025-02-28T18:00:00Z",
                "2025-03-31T18:00:00Z",
            ),
            (monthly, "UTC", "2024-02-29T23:59:59Z", "2024-02-01T02:00:00Z", "2024-03-01T02:00:00Z"),
            (monthly, "UTC", "2025-01-01T01:00:00Z", "2024-12-01T02:00:00Z", "2025-01-01T02:00:00Z"),
            (
                monthly,
                "America/Los_Angeles",
                "2025-05-01T08:59:00Z",
                "2025-04-01T09:00:00Z",
                "2025-05-01T09:00:00Z",
            ),
            (
                Rhythm::Minutes(5),
                "Asia/Shanghai",
                "2025-01-15T12:04:59Z",
                "2025-01-15T12:00:00Z",
                "2025-01-15T12:05:00Z",
            ),
            (
                Rhythm::Minutes(5),
                "Asia/Kathmandu",
                "2025-01-15T12:05:00Z",
                "2025-01-15T12:05:00Z",
                "2025-01-15T12:10:00Z",
            ),
        ] {
            let (now, zone) = (at(now), TimeZone::get(zone).unwrap());
            let found = (rhythm.latest(now, &zone).unwrap(), rhythm.next(now, &zone).unwrap());
            assert_eq!(found, (at(latest), at(next)), "{rhythm:?} at {now} in {zone:?}");
        }
    }

    #[test]
    fn a_time_that_is_skipped_is_later_and_one_that_comes_twice_is_due_once() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let daily = Rhythm::daily(2, 30);
        // On March 9 the clock goes from 2 to 3.
        assert_eq!(daily.latest(at("2025-03-09T12:00:00Z"), &zone).unwrap(), at("2025-03-09T03:30:00-04:00"));
        let daily = Rhythm::daily(1, 30);
        // On November 2 it goes from 2 back to 1: half past one comes at 5:30 and at 6:30.
        for now in ["2025-11-02T05:30:00Z", "2025-11-02T06:30:00Z", "2025-11-02T20:00:00Z"] {
            assert_eq!(daily.latest(at(now), &zone).unwrap(), at("2025-11-02T05:30:00Z"), "{now}");
            assert_eq!(daily.next(at(now), &zone).unwrap(), at("2025-11-03T06:30:00Z"), "{now}");
        }
    }

    #[test]
    fn rhythms_are_told_in_both_languages() {
        for (rhythm, zh, en) in [
            (Rhythm::Minutes(5), "每 5 分钟", "every 5 minutes"),
            (Rhythm::daily(1, 0), "每天 01:00", "daily at 01:00"),
            (Rhythm::weekly(1, 5), "每周一 01:05", "on Mondays at 01:05"),
            (Rhythm::monthly(2, 0), "每月 1 日 02:00", "on the 1st of each month at 02:00"),
        ] {
            let text = rhythm.text();
            assert_eq!((&*text.zh, &*text.en), (zh, en));
        }
    }
}
