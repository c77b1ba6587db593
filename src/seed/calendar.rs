//! When venues are busy: evenings, weekends, and a little more every month.

use base::clock::UtcTime;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::random::Random;

/// Busyness by hour of the day: closed at night, a lunch break's bump, full in the evening.
const WEEKDAY_HOURS: [u64; 24] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 4, 6, 5, 4, 4, 5, 8, 14, 20, 20, 14, 6, 1];
const WEEKEND_HOURS: [u64; 24] =
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 13, 14, 17, 20, 21, 20, 18, 20, 22, 22, 17, 9, 3];
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Busyness of the first day in percent of the last.
const FIRST_DAY_PERCENT: u64 = 60;

/// A day of the past in the business time zone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    starts_at: UtcTime,
    hours: &'static [u64; 24],
    /// Growth over the past, in percent.
    growth: u64,
}

impl Day {
    /// How busy the day is against others; a quiet weekday at full growth has the sum of its hours.
    pub(super) fn weight(&self) -> u64 {
        self.hours.iter().sum::<u64>() * self.growth / 100
    }

    pub(super) fn ends_at(&self) -> UtcTime {
        self.starts_at.plus(SignedDuration::from_millis(DAY_MS))
    }

    /// Times of `count` games within the day, in order.
    pub(super) fn times(&self, count: u64, random: &mut Random) -> Vec<UtcTime> {
        let mut offsets: Vec<i64> = (0..count)
            .map(|_| {
                let hour = i64::try_from(random.weighted(self.hours.iter().copied())).unwrap_or(0);
                hour * HOUR_MS + random.between(0, HOUR_MS - 1)
            })
            .collect();
        offsets.sort_unstable();
        offsets.into_iter().map(|ms| self.starts_at.plus(SignedDuration::from_millis(ms))).collect()
    }
}

/// The days that `from..until` touches, oldest first.
pub(super) fn days(from: UtcTime, until: UtcTime, timezone: &TimeZone) -> Vec<Day> {
    let date = |at: UtcTime| at.timestamp().to_zoned(timezone.clone()).date();
    let (first, last) = (date(from), date(until));
    let count = first.duration_until(last).as_hours().unsigned_abs() / 24 + 1;
    first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= last)
        .zip(0_u64..)
        .filter_map(|(day, index)| {
            let starts_at = UtcTime::from_timestamp(day.to_zoned(timezone.clone()).ok()?.timestamp());
            let is_weekend =
                matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
            let hours = if is_weekend { &WEEKEND_HOURS } else { &WEEKDAY_HOURS };
            let growth = FIRST_DAY_PERCENT + (100 - FIRST_DAY_PERCENT) * (index + 1) / count;
            Some(Day { starts_at, hours, growth })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> Vec<Day> {
        // Monday 2025-03-03 to Sunday 2025-03-09 in Shanghai.
        let at = |text: &str| serde_json::from_str::<UtcTime>(&format!("\"{text}\"")).unwrap();
        let timezone = TimeZone::get("Asia/Shanghai").unwrap();
        days(at("2025-03-03T00:30:00+08:00"), at("2025-03-09T23:00:00+08:00"), &timezone)
    }

    #[test]
    fn days_begin_at_midnight_of_the_business_time_zone() {
        let week = week();
        assert_eq!(week.len(), 7);
        assert_eq!(week[0].starts_at.to_string(), "2025-03-02T16:00:00.000Z");
        assert!(week[5].weight() > week[4].weight());
        assert!(week[4].weight() > week[0].weight());
    }

    #[test]
    fn times_are_in_order_within_the_day_and_mostly_in_the_evening() {
        let day = week()[1];
        let times = day.times(1_000, &mut Random::new(3));
        assert!(times.is_sorted());
        assert!(day.starts_at <= times[0] && times[999] < day.ends_at());
        let evening = day.starts_at.plus(SignedDuration::from_hours(17));
        assert!(times.iter().filter(|at| **at >= evening).count() > 600);
    }
}
