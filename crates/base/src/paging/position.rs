//! Places in lists that are ordered by time and then by id, as the logs are that are partitioned by month.
//!
//! The id alone does not find such a row's place: ids of refused attempts are random. So the cursor carries both parts
//! of the key, the time in whole microseconds, which is what the database stores.

use jiff::Timestamp;
use uuid::Uuid;

use super::Cursor;
use crate::clock::UtcTime;

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub at: UtcTime,
    pub id: Uuid,
}

/// Nothing was logged before it, and the database could not read every earlier time.
const FIRST: UtcTime = UtcTime::from_timestamp(Timestamp::UNIX_EPOCH);
const LAST: UtcTime = UtcTime::from_timestamp(Timestamp::MAX);

impl Cursor for Position {
    type Bytes = [u8; 24];

    fn to_bytes(self) -> Self::Bytes {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.at.timestamp().as_microsecond().to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (micros, id) = bytes.split_first_chunk::<8>()?;
        let at = Timestamp::from_microsecond(i64::from_be_bytes(*micros)).ok()?;
        let place = Position { at: UtcTime::from_timestamp(at), id: Uuid::from_slice(id).ok()? };
        (place.at >= FIRST).then_some(place)
    }
}

/// The rows of a time range: from `from` on, and before the place `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionRange {
    pub from: UtcTime,
    pub until: Position,
}

impl PositionRange {
    /// Every row with `start ≤ time < end`; an absent end is open.
    #[must_use]
    pub fn between(start: Option<UtcTime>, end: Option<UtcTime>) -> Self {
        let until = match end {
            Some(end) => Position { at: end.max(FIRST), id: Uuid::nil() },
            None => Position { at: LAST, id: Uuid::max() },
        };
        PositionRange { from: start.map_or(FIRST, |start| start.max(FIRST)), until }
    }

    /// The part of the range that sorts before `place`.
    #[must_use]
    pub fn before(self, place: Option<Position>) -> Self {
        PositionRange { from: self.from, until: place.map_or(self.until, |place| self.until.min(place)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(ms: i64, id: u128) -> Position {
        Position { at: UtcTime::from_millis(ms).unwrap(), id: Uuid::from_u128(id) }
    }

    #[test]
    fn a_place_travels_unchanged() {
        for original in [place(0, 0), place(1_736_899_200_123, 7), place(1_736_899_200_123, u128::MAX)] {
            assert_eq!(Position::from_bytes(&original.to_bytes()), Some(original));
        }
    }

    #[test]
    fn a_time_that_the_database_cannot_read_is_no_place() {
        for micros in [-1, i64::MIN, i64::MAX] {
            let mut bytes = place(0, 0).to_bytes();
            bytes[..8].copy_from_slice(&micros.to_be_bytes());
            assert_eq!(Position::from_bytes(&bytes), None, "{micros}");
        }
        assert_eq!(Position::from_bytes(&[0; 23]), None);
    }

    #[test]
    fn times_sort_before_ids() {
        let range = PositionRange::between(None, UtcTime::from_millis(5));
        assert!(place(4, u128::MAX) < range.until);
        assert!(place(5, 0) >= range.until);
        assert_eq!(range.before(Some(place(4, 9))).until, place(4, 9));
        assert_eq!(range.before(Some(place(6, 0))), range);
    }

    #[test]
    fn times_before_the_first_are_the_first() {
        let early = UtcTime::from_millis(-99_999_999_999_999);
        let range = PositionRange::between(early, early);
        assert_eq!((range.from, range.until.at), (FIRST, FIRST));
    }
}
