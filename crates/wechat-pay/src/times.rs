//! Times on WeChat's wire: RFC 3339 with `+08:00`, and Beijing's wall clock in bills.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, offset};
use jiff::{Timestamp, Zoned};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

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

/// A time that may be absent, which WeChat here and there writes as an empty text.
pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| D::Error::custom("a time is not RFC 3339"))).transpose()
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

    #[test]
    fn an_absent_time_may_be_empty_and_a_wrong_one_may_not() {
        #[derive(Deserialize)]
        struct Timed {
            #[serde(default, deserialize_with = "optional")]
            time: Option<Timestamp>,
        }
        let read = |json| serde_json::from_str::<Timed>(json).map(|timed| timed.time);
        for absent in ["{}", r#"{"time":""}"#, r#"{"time":null}"#] {
            assert_eq!(read(absent).unwrap(), None, "{absent}");
        }
        let time = read(r#"{"time":"2025-01-16T00:00:00+08:00"}"#).unwrap().unwrap();
        assert_eq!(time.to_string(), "2025-01-15T16:00:00Z");
        assert!(read(r#"{"time":"yesterday"}"#).is_err());
    }
}
