//! The providers' daily bills held against our orders: what was paid and not credited is credited, and what does not agree
//! is kept for finance.
//!
//! Days are the providers' (Beijing), whatever the business time zone is. A bill may be read any number of times.

mod compare;
mod keep;
mod read;
mod results;
mod schedule;

pub use read::reconcile_bill;
pub use results::{Difference, DifferenceKind, Run, RunStatus, Subject, differences, find, list};
pub use schedule::bills_once;
pub(super) use schedule::keep_reading_bills;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use base::clock::UtcTime;

/// The providers live by Beijing's time.
const BEIJING: Offset = Offset::constant(8);

/// The beginning of a day and of the next. `None` at the end of the calendar.
fn bounds(day: Date) -> Option<(UtcTime, UtcTime)> {
    let start = |day: Date| {
        let midnight = day.to_zoned(TimeZone::fixed(BEIJING)).ok()?;
        Some(UtcTime::from_timestamp(midnight.timestamp()))
    };
    Some((start(day)?, start(day.tomorrow().ok()?)?))
}

/// The day in Beijing.
#[must_use]
pub fn today(now: UtcTime) -> Date {
    in_beijing(now).0
}

/// The day in Beijing and its hour.
fn in_beijing(now: UtcTime) -> (Date, i8) {
    let there = now.timestamp().to_zoned(TimeZone::fixed(BEIJING));
    (there.date(), there.hour())
}
