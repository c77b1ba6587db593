//! Time: an injected clock and the one instant type, with its wire form and its database form.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

/// An instant in UTC. On the wire `2025-01-15T12:30:00.000Z`; requests may carry any RFC 3339 offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcTime(Timestamp);

impl UtcTime {
    #[must_use]
    pub const fn from_timestamp(timestamp: Timestamp) -> Self {
        UtcTime(timestamp)
    }

    /// `None` outside the years −9999 to 9999.
    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        Timestamp::from_millisecond(millis).ok().map(UtcTime)
    }

    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub fn as_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Saturates at the ends of the calendar.
    #[must_use]
    pub fn plus(self, duration: SignedDuration) -> Self {
        self.0.saturating_add(duration).map_or(self, UtcTime)
    }

    /// The same instant cut to whole milliseconds, as it is stored and shown.
    #[must_use]
    pub fn to_millis_precision(self) -> Self {
        Timestamp::from_millisecond(self.as_millis()).map_or(self, UtcTime)
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let text = with_plus(&text);
        // RFC 3339 knows years of four digits. The library also knows those with a sign, some of which no database holds.
        let has_four_digits = !text.starts_with(['-', '+']);
        let time = text.parse::<Timestamp>().ok().or_else(|| last_instant(&text)).filter(|_| has_four_digits);
        time.map(UtcTime)
            .ok_or_else(|| serde::de::Error::custom("must be a time such as 2025-01-15T12:30:00Z"))
    }
}

/// Timestamps end a day before the calendar does, so that they can be told in any time zone. Who writes the last day of the
/// year 9999 means a time that never comes, and gets the last one there is.
fn last_instant(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let is_whole = pieces.time().is_some() && pieces.to_numeric_offset().is_some();
    (is_whole && pieces.date() >= Timestamp::MAX.to_zoned(TimeZone::UTC).date()).then_some(Timestamp::MAX)
}

/// A plus sign that nobody escaped comes out of a query string as a space: `…T12:30:00 08:00` means `…T12:30:00+08:00`.
fn with_plus(text: &str) -> Cow<'_, str> {
    match text.rsplit_once(' ') {
        Some((time, offset)) if time.contains('T') => Cow::Owned(format!("{time}+{offset}")),
        _ => Cow::Borrowed(text),
    }
}

impl Type<Postgres> for UtcTime {
    fn type_info() -> PgTypeInfo {
        <jiff_sqlx::Timestamp as Type<Postgres>>::type_info()
    }
}
impl PgHasArrayType for UtcTime {
    fn array_type_info() -> PgTypeInfo {
        <jiff_sqlx::Timestamp as PgHasArrayType>::array_type_info()
    }
}
impl Encode<'_, Postgres> for UtcTime {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <jiff_sqlx::Timestamp as Encode<'_, Postgres>>::encode_by_ref(
            &jiff_sqlx::Timestamp::from(self.0),
            buf,
        )
    }
}
impl<'r> Decode<'r, Postgres> for UtcTime {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        <jiff_sqlx::Timestamp as Decode<'r, Postgres>>::decode(value).map(|t| UtcTime(t.to_jiff()))
    }
}

impl utoipa::PartialSchema for UtcTime {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .examples(["2025-01-15T12:30:00.000Z"])
            .into()
    }
}
impl utoipa::ToSchema for UtcTime {}

/// Where the time comes from: the system, or a test that sets it.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    #[must_use]
    pub fn system() -> Self {
        Clock(None)
    }

    /// A clock that stands still at `millis` since the Unix epoch until [`Clock::set`] moves it.
    #[must_use]
    pub fn fixed(millis: i64) -> Self {
        Clock(Some(Arc::new(AtomicI64::new(millis))))
    }

    /// Moves a fixed clock; the system clock cannot be moved and ignores it.
    pub fn set(&self, millis: i64) {
        if let Some(fixed) = &self.0 {
            fixed.store(millis, Ordering::SeqCst);
        }
    }

    /// The current time, in whole milliseconds.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    pub fn now(&self) -> UtcTime {
        match &self.0 {
            None => UtcTime(Timestamp::now()).to_millis_precision(),
            Some(fixed) => {
                UtcTime::from_millis(fixed.load(Ordering::SeqCst)).unwrap_or(UtcTime(Timestamp::UNIX_EPOCH))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_has_milliseconds_and_z() {
        let time: UtcTime = serde_json::from_str("\"2025-01-15T20:30:00+08:00\"").unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2025-01-15T12:30:00.000Z\"");
    }

    #[test]
    fn an_offset_whose_plus_sign_became_a_space_is_read() {
        for text in ["2025-01-15T20:30:00 08:00", "2025-01-15 20:30:00+08:00", "2025-01-15 12:30:00Z"] {
            let time: UtcTime = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(time.to_string(), "2025-01-15T12:30:00.000Z", "{text}");
        }
        for text in ["2025-01-15T20:30:00 ", "2025-01-15T20:30:00 x", "2025-01-15 20:30:00"] {
            assert!(serde_json::from_str::<UtcTime>(&format!("\"{text}\"")).is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_has_four_digits() {
        for text in ["0000-01-01T00:00:00Z", "9999-12-30T00:00:00Z"] {
            assert!(serde_json::from_str::<UtcTime>(&format!("\"{text}\"")).is_ok(), "{text}");
        }
        for text in ["-009999-01-03T00:00:00Z", "-000001-12-31T00:00:00Z", "+002025-01-15T12:30:00Z"] {
            assert!(serde_json::from_str::<UtcTime>(&format!("\"{text}\"")).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_without_offset_is_refused() {
        for text in ["2025-01-15T20:30:00", "9999-12-31T23:59:59", "9999-12-31", "yesterday"] {
            assert!(serde_json::from_str::<UtcTime>(&format!("\"{text}\"")).is_err(), "{text}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_the_last_time_there_is() {
        for text in ["9999-12-30T22:00:01Z", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-08:00"] {
            let time: UtcTime = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(time.to_string(), "9999-12-30T22:00:00.999Z", "{text}");
        }
    }
}
