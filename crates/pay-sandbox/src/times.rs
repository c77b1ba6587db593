//! Beijing's time, the only one both providers know.

use jiff::Timestamp;

pub(crate) use pay_protocol::beijing::{bill_ready, day, from_wall_clock, rfc3339, wall_clock};

/// `20250115`
pub(crate) fn compact_day(time: Timestamp) -> String {
    day(time).strftime("%Y%m%d").to_string()
}
