//! Times on WeChat's wire: RFC 3339 with `+08:00`, and Beijing's wall clock in bills.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, offset};
use jiff::{Timestamp, Zoned};

/// China has had one offset and no summer time since 1991.
const BEIJING: Offset = offset(8);

/// `2025-01-15T20:30:00+08:00`, cut to whole seconds.
pub(crate) fn to_rfc3339(time: Timestamp) -> String {
    let local: Zoned = time.to_zoned(TimeZone::fixed(BEIJING));
    local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Reads the wall clock of a bill, `yyyy-MM-dd HH:mm:ss`.
pub(crate) fn from_wall_clock(text: &str) -> Option<Timestamp> {
    let local = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    BEIJING.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_beijing_time() {
        let time: Timestamp = "2025-01-15T18:30:00.999Z".parse().unwrap();
        assert_eq!(to_rfc3339(time), "2025-01-16T02:30:00+08:00");
    }

    #[test]
    fn the_wall_clock_of_a_bill_is_beijing_time() {
        let midnight = from_wall_clock("2025-01-16 00:00:00").unwrap();
        assert_eq!(midnight.to_string(), "2025-01-15T16:00:00Z");
        for bad in ["2025-01-16", "2025-13-01 00:00:00", "2025-01-16T00:00:00", ""] {
            assert_eq!(from_wall_clock(bad), None, "{bad:?}");
        }
    }
}
