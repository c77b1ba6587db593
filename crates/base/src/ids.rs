//! Typed ids: a UUIDv7 in the database, a [TypeID](https://github.com/jetify-com/typeid) on the wire.
//!
//! The wire form is a prefix, an underscore and the 128 bits as 26 characters of lower-case Crockford base32
//! (TypeID specification 0.3.0). Every kind of id is a type of its own, so that one cannot be passed for another.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};
use utoipa::openapi::schema::{ObjectBuilder, Schema};
use uuid::Uuid;

use crate::clock::UtcTime;

/// What an id names; carries the wire prefix.
pub trait Kind: 'static {
    const PREFIX: &'static str;
}

/// An id of the given kind.
pub struct Id<K: Kind>(Uuid, PhantomData<fn() -> K>);

/// The text is not an id of the expected kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an id of the form {prefix}_ followed by 26 characters")]
pub struct ParseIdError {
    pub prefix: &'static str,
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX_LEN: usize = 26;

impl<K: Kind> Id<K> {
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Id(uuid, PhantomData)
    }

    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The id without its prefix: 26 letters and digits.
    #[must_use]
    pub fn suffix(self) -> String {
        encode_suffix(self.0).iter().copied().map(char::from).collect()
    }

    /// Reads what [`Id::suffix`] wrote, and nothing else.
    #[must_use]
    pub fn from_suffix(suffix: &str) -> Option<Self> {
        decode_suffix(suffix).map(Self::from_uuid)
    }

    /// A new id whose time part is `now`, with 74 random bits (RFC 9562, version 7).
    #[must_use]
    pub fn generate(now: UtcTime) -> Self {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random_bytes()).into_uuid())
    }

    /// A new id that sorts by `(now, sequence)`: the 32 low bits of `sequence` fill the counter bits that RFC 9562
    /// (section 6.2, method 1) sets aside, 42 bits stay random. Rows of one account therefore sort by id exactly
    /// as they were written, also within one millisecond.
    #[must_use]
    pub fn generate_in_sequence(now: UtcTime, sequence: i64) -> Self {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let counter = (sequence & 0xffff_ffff) as u32;
        let mut rest: [u8; 10] = random_bytes();
        // The version nibble overwrites the top 4 bits of byte 0, the variant the top 2 bits of byte 2.
        rest[0] = (counter >> 28) as u8;
        rest[1] = (counter >> 20) as u8;
        rest[2] = ((counter >> 14) & 0x3f) as u8;
        rest[3] = (counter >> 6) as u8;
        rest[4] = ((counter << 2) & 0xfc) as u8 | (rest[4] & 0x03);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid())
    }
}

/// The ids of a time range: `from` is inclusive, `until` exclusive. As an id begins with its time, a range of times
/// over one operator is a range of the primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRange {
    pub from: Uuid,
    pub until: Uuid,
}

impl IdRange {
    /// Every id made in `start ≤ time < end`; an absent end is open.
    #[must_use]
    pub fn between(start: Option<UtcTime>, end: Option<UtcTime>) -> Self {
        IdRange { from: start.map_or(Uuid::nil(), first_at), until: end.map_or(Uuid::max(), first_at) }
    }

    /// The part of the range that sorts before `id`.
    #[must_use]
    pub fn before(self, id: Option<Uuid>) -> Self {
        IdRange { from: self.from, until: id.map_or(self.until, |id| self.until.min(id)) }
    }
}

/// A lower bound of all ids made at or after `at`. Ids carry whole milliseconds, so a fraction counts as the next one.
#[must_use]
pub fn first_at(at: UtcTime) -> Uuid {
    let floor = at.as_millis();
    let millis = if at > at.to_millis_precision() { floor + 1 } else { floor };
    let millis = u128::try_from(millis).unwrap_or(0).min((1 << 48) - 1);
    Uuid::from_u128(millis << 80)
}

fn random_bytes() -> [u8; 10] {
    let mut bytes = [0; 10];
    // A failing system generator leaves no safe way on; aws-lc itself treats it as fatal.
    aws_lc_rs::rand::fill(&mut bytes).expect("the system's random generator answers");
    bytes
}

fn encode_suffix(uuid: Uuid) -> [u8; SUFFIX_LEN] {
    let mut bits = uuid.as_u128();
    let mut out = [0; SUFFIX_LEN];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    out
}

fn decode_suffix(suffix: &str) -> Option<Uuid> {
    let bytes = suffix.as_bytes();
    // 26 characters hold 130 bits: a first character above 7 would overflow the 128.
    if bytes.len() != SUFFIX_LEN || bytes[0] > b'7' {
        return None;
    }
    let mut bits: u128 = 0;
    for byte in bytes {
        let value = ALPHABET.iter().position(|letter| letter == byte)?;
        bits = (bits << 5) | value as u128;
    }
    Some(Uuid::from_u128(bits))
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = encode_suffix(self.0);
        f.write_str(K::PREFIX)?;
        f.write_str("_")?;
        f.write_str(std::str::from_utf8(&suffix).map_err(|_| fmt::Error)?)
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(decode_suffix)
            .map(Self::from_uuid)
            .ok_or(ParseIdError { prefix: K::PREFIX })
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K: Kind> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K: Kind> Copy for Id<K> {}
impl<K: Kind> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K: Kind> Eq for Id<K> {}
impl<K: Kind> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K: Kind> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K: Kind> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<K: Kind> Type<Postgres> for Id<K> {
    fn type_info() -> PgTypeInfo {
        <Uuid as Type<Postgres>>::type_info()
    }
}
impl<K: Kind> PgHasArrayType for Id<K> {
    fn array_type_info() -> PgTypeInfo {
        <Uuid as PgHasArrayType>::array_type_info()
    }
}
impl<K: Kind> Encode<'_, Postgres> for Id<K> {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <Uuid as Encode<'_, Postgres>>::encode_by_ref(&self.0, buf)
    }
}
impl<'r, K: Kind> Decode<'r, Postgres> for Id<K> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        <Uuid as Decode<'r, Postgres>>::decode(value).map(Self::from_uuid)
    }
}

impl<K: Kind> utoipa::PartialSchema for Id<K> {
    fn schema() -> utoipa::openapi::RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX)))
            .into()
    }
}
impl<K: Kind> utoipa::ToSchema for Id<K> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}_id", K::PREFIX))
    }
}

macro_rules! kinds {
    ($($alias:ident = $kind:ident $prefix:literal),+ $(,)?) => {$(
        #[doc = concat!("Marker for ids that begin with `", $prefix, "_`.")]
        #[derive(Debug)]
        pub enum $kind {}
        impl Kind for $kind {
            const PREFIX: &'static str = $prefix;
        }
        pub type $alias = Id<$kind>;
    )+};
}

kinds! {
    OperatorId = Operator "op",
    SiteId = Site "site",
    AppId = Application "app",
    GrantId = Grant "auth",
    AppRequestId = AppRequest "req",
    UsageId = Usage "usage",
    TransactionId = Transaction "txn",
    OrderId = Order "ord",
    PaymentNotificationId = PaymentNotification "pn",
    IncidentId = Incident "incident",
    DifferenceId = Difference "diff",
    RefundId = Refund "refund",
    PayoutId = Payout "payout",
    InvoiceId = Invoice "inv",
    MessageId = Message "msg",
    AnnouncementId = Announcement "ann",
    ReportId = Report "rpt",
    EmailId = Email "email",
    JobId = Job "job",
    AuditId = Audit "log",
    AdminId = Admin "admin",
    FinanceId = Finance "fin",
    AnalystId = Analyst "ana",
}

impl UsageId {
    /// A charge is its own ledger entry, so its transaction has the same bits (docs/MONEY.md).
    #[must_use]
    pub fn transaction_id(self) -> TransactionId {
        TransactionId::from_uuid(self.uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// From `spec/valid.yml` of the TypeID specification.
    #[test]
    fn suffixes_match_the_published_vectors() {
        let vectors = [
            ("00000000-0000-0000-0000-000000000000", "00000000000000000000000000"),
            ("00000000-0000-0000-0000-000000000001", "00000000000000000000000001"),
            ("00000000-0000-0000-0000-00000000000a", "0000000000000000000000000a"),
            ("00000000-0000-0000-0000-000000000020", "00000000000000000000000010"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
            ("0110c853-1d09-52d8-d73e-1194e95b5f19", "0123456789abcdefghjkmnpqrs"),
            ("01890a5d-ac96-774b-bcce-b302099a8057", "01h455vb4pex5vsknk084sn02q"),
        ];
        for (uuid, suffix) in vectors {
            let id = OperatorId::from_uuid(uuid.parse().unwrap());
            assert_eq!(id.to_string(), format!("op_{suffix}"));
            assert_eq!(format!("op_{suffix}").parse(), Ok(id));
        }
    }

    #[test]
    fn malformed_ids_are_refused() {
        for text in [
            "",
            "op",
            "op_",
            "site_01h455vb4pex5vsknk084sn02q",
            "op_01h455vb4pex5vsknk084sn02",
            "op_01h455vb4pex5vsknk084sn02qq",
            "op_81h455vb4pex5vsknk084sn02q",
            "op_01H455VB4PEX5VSKNK084SN02Q",
            "op_01h455vb4pex5vsknk084sn0éq",
            "op_01l455vb4pex5vsknk084sn02q",
            "op_01h455vb4pex5vsknk084sn02\0",
        ] {
            assert!(text.parse::<OperatorId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_fraction_of_a_millisecond_counts_as_the_next_one() {
        let at: UtcTime = serde_json::from_str("\"2025-01-15T12:30:00.0005Z\"").unwrap();
        let whole: UtcTime = serde_json::from_str("\"2025-01-15T12:30:00.001Z\"").unwrap();
        assert_eq!(first_at(at), first_at(whole));
    }

    #[test]
    fn times_outside_the_reach_of_ids_are_the_ends_of_the_range() {
        assert_eq!(first_at(UtcTime::from_millis(-5).unwrap()), Uuid::nil());
        let all = IdRange::between(None, None);
        assert!(all.from <= UsageId::generate(UtcTime::from_millis(0).unwrap()).uuid());
        assert!(first_at(UtcTime::from_millis(253_402_207_200_000).unwrap()) < all.until);
    }

    proptest! {
        #[test]
        fn ids_in_sequence_sort_by_time_then_sequence(ms in 0_i64..1 << 47, seq in 0_i64..(1 << 32) - 1, later in 1_i64..1000) {
            let at = UtcTime::from_millis(ms).unwrap();
            let first = UsageId::generate_in_sequence(at, seq);
            prop_assert!(first < UsageId::generate_in_sequence(at, seq + 1));
            prop_assert!(first < UsageId::generate_in_sequence(UtcTime::from_millis(ms + later).unwrap(), 0));
            prop_assert_eq!(first.uuid().get_version_num(), 7);
            prop_assert_eq!(first.uuid().get_variant(), uuid::Variant::RFC4122);
        }

        #[test]
        fn a_time_range_holds_exactly_the_ids_of_its_times(ms in 1_i64..1 << 47, seq in 0_i64..1 << 33, length in 1_i64..1000) {
            let time = |ms| UtcTime::from_millis(ms).unwrap();
            let id = UsageId::generate_in_sequence(time(ms), seq).uuid();
            let holds = |start, end| {
                let range = IdRange::between(Some(time(start)), Some(time(end)));
                range.from <= id && id < range.until
            };
            prop_assert!(holds(ms, ms + length));
            prop_assert!(!holds(ms - length, ms));
            prop_assert!(!holds(ms + 1, ms + 1 + length));
        }

        #[test]
        fn text_and_bits_are_inverse(bits: u128) {
            let id = SiteId::from_uuid(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert_eq!(SiteId::from_suffix(&id.suffix()), Some(id));
        }
    }
}
