//! Beijing's time, the only one both providers know.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

const BEIJING: Offset = Offset::constant(8);

fn format(time: Timestamp, pattern: &str) -> String {
    time.to_zoned(TimeZone::fixed(BEIJING)).strftime(pattern).to_string()
}

/// `2025-01-15T20:30:00+08:00`
pub(crate) fn rfc3339(time: Timestamp) -> String {
    format(time, "%Y-%m-%dT%H:%M:%S%:z")
}

/// `2025-01-15 20:30:00`
pub(crate) fn wall_clock(time: Timestamp) -> String {
    format(time, "%Y-%m-%d %H:%M:%S")
}

/// Reads `2025-01-15 20:30:00`.
pub(crate) fn from_wall_clock(text: &str) -> Option<Timestamp> {
    let local = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    BEIJING.to_timestamp(local).ok()
}

/// `20250115`
pub(crate) fn compact_day(time: Timestamp) -> String {
    format(time, "%Y%m%d")
}

/// The day it is in Beijing.
pub(crate) fn day(time: Timestamp) -> Date {
    BEIJING.to_datetime(time).date()
}

/// When the bill of a day can be had: at 10:00 of the next.
pub(crate) fn bill_ready(day: Date) -> Option<Timestamp> {
    BEIJING.to_timestamp(day.tomorrow().ok()?.at(10, 0, 0, 0)).ok()
}
