//! Beijing's time, the only one that either provider knows.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// China has had one offset and no summer time since 1991.
const BEIJING: Offset = Offset::constant(8);
/// Both providers have the bill of a day from this hour of the next.
const BILL_HOUR: i8 = 10;

fn format(time: Timestamp, pattern: &str) -> String {
    time.to_zoned(TimeZone::fixed(BEIJING)).strftime(pattern).to_string()
}

/// `2025-01-15T20:30:00+08:00`, cut to whole seconds.
#[must_use]
pub fn rfc3339(time: Timestamp) -> String {
    format(time, "%Y-%m-%dT%H:%M:%S%:z")
}

/// `2025-01-15 20:30:00`, cut to whole seconds.
#[must_use]
pub fn wall_clock(time: Timestamp) -> String {
    format(time, "%Y-%m-%d %H:%M:%S")
}

/// Reads `2025-01-15 20:30:00`; Alipay's `gmt_refund` adds a fraction of a second.
#[must_use]
pub fn from_wall_clock(text: &str) -> Option<Timestamp> {
    let local = DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", text).ok()?;
    BEIJING.to_timestamp(local).ok()
}

/// The day it is in Beijing.
#[must_use]
pub fn day(time: Timestamp) -> Date {
    BEIJING.to_datetime(time).date()
}

/// From when on the bill of a day can be had: 10:00 of the next. Never, at the end of the calendar.
#[must_use]
pub fn bill_ready(day: Date) -> Timestamp {
    let ready = day.tomorrow().and_then(|next| BEIJING.to_timestamp(next.at(BILL_HOUR, 0, 0, 0)));
    ready.unwrap_or(Timestamp::MAX)
}

/// `#[serde(deserialize_with = …)]`: RFC 3339, or nothing, null or an empty text.
///
/// # Errors
/// When it is something else.
pub fn optional_rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    optional(deserializer, |text| text.parse().ok(), "a time is not RFC 3339")
}

/// The same for the wall clock.
///
/// # Errors
/// When it is something else.
pub fn optional_wall_clock<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    optional(deserializer, from_wall_clock, "a time is not yyyy-MM-dd HH:mm:ss")
}

fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
    read: impl Fn(&str) -> Option<Timestamp>,
    wrong: &'static str,
) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.map(|text| read(&text).ok_or_else(|| D::Error::custom(wrong))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utc(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_written_and_read_in_beijing_time() {
        let time = utc("2025-01-15T18:30:00.999Z");
        assert_eq!(rfc3339(time), "2025-01-16T02:30:00+08:00");
        assert_eq!(wall_clock(time), "2025-01-16 02:30:00");
        assert_eq!(day(time).to_string(), "2025-01-16");
        assert_eq!(from_wall_clock("2025-01-16 00:00:00"), Some(utc("2025-01-15T16:00:00Z")));
        assert_eq!(from_wall_clock("2026-03-01 08:00:00.320"), Some(utc("2026-03-01T00:00:00.32Z")));
        for bad in ["2025-01-16", "2025-13-01 00:00:00", "2025-01-16T00:00:00", "2025-01-16 00:00:00 x", ""] {
            assert_eq!(from_wall_clock(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_bill_is_ready_at_ten_of_the_next_day() {
        assert_eq!(bill_ready("2026-11-24".parse().unwrap()), utc("2026-11-25T02:00:00Z"));
        assert_eq!(bill_ready(Date::MAX), Timestamp::MAX);
    }

    #[test]
    fn an_absent_time_may_be_empty_and_a_wrong_one_may_not() {
        #[derive(Deserialize)]
        struct Timed {
            #[serde(default, deserialize_with = "optional_rfc3339")]
            time: Option<Timestamp>,
        }
        let read = |json| serde_json::from_str::<Timed>(json).map(|timed| timed.time);
        for absent in ["{}", r#"{"time":""}"#, r#"{"time":null}"#] {
            assert_eq!(read(absent).unwrap(), None, "{absent}");
        }
        let time = read(r#"{"time":"2025-01-16T00:00:00+08:00"}"#).unwrap();
        assert_eq!(time, Some(utc("2025-01-15T16:00:00Z")));
        assert!(read(r#"{"time":"yesterday"}"#).is_err());
    }

    proptest! {
        #[test]
        fn times_survive_the_wire(second in 0..4_102_444_800_i64) {
            let time = Timestamp::from_second(second).unwrap();
            prop_assert_eq!(from_wall_clock(&wall_clock(time)), Some(time));
        }
    }
}
