//! Amounts of money as integer fen (1 yuan = 100 fen).
//!
//! [`Fen`] is the only type money has: in memory, in the database (`bigint`) and on the wire, where it is a
//! decimal string in yuan with exactly two decimals (`"50.00"`). Arithmetic is checked; there are no floats.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// The largest amount a request may name, in fen: `99999999.99` yuan.
pub const MAX_WIRE_FEN: i64 = 9_999_999_999;

/// An amount in fen. May be negative in books and differences, never on the wire in requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Fen(i64);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseFenError {
    #[error("must be a decimal number such as \"50.00\"")]
    Malformed,
    #[error("must have at most two decimals")]
    TooManyDecimals,
    #[error("must be at most 99999999.99")]
    TooLarge,
}

impl Fen {
    pub const ZERO: Fen = Fen(0);

    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Fen(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `None` when the sum leaves the range of 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    /// `None` when the difference leaves the range of 64 bits. A negative difference is a value, not an error.
    #[must_use]
    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }

    /// `None` when the product leaves the range of 64 bits.
    #[must_use]
    pub fn checked_mul(self, count: i64) -> Option<Fen> {
        self.0.checked_mul(count).map(Fen)
    }
}

impl Fen {
    /// For people: `1,234.56`.
    #[must_use]
    pub fn grouped(self) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let yuan = (magnitude / 100).to_string();
        let mut text = String::with_capacity(yuan.len() * 2);
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        format!("{sign}{text}.{:02}", magnitude % 100)
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }
}

impl FromStr for Fen {
    type Err = ParseFenError;

    /// Reads the wire form: digits, optionally a point and one or two decimals. No sign, exponent or space.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (yuan, decimals) = text.split_once('.').map_or((text, None), |(y, d)| (y, Some(d)));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(yuan) || decimals.is_some_and(|d| !all_digits(d)) {
            return Err(ParseFenError::Malformed);
        }
        let fen = match decimals.unwrap_or("").as_bytes() {
            [] => 0,
            [tenths] => i64::from(tenths - b'0') * 10,
            [tenths, hundredths] => i64::from(tenths - b'0') * 10 + i64::from(hundredths - b'0'),
            _ => return Err(ParseFenError::TooManyDecimals),
        };
        let yuan: i64 = yuan.parse().map_err(|_| ParseFenError::TooLarge)?;
        yuan.checked_mul(100)
            .and_then(|whole| whole.checked_add(fen))
            .filter(|total| *total <= MAX_WIRE_FEN)
            .map(Fen)
            .ok_or(ParseFenError::TooLarge)
    }
}

impl Serialize for Fen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FenVisitor;
        impl Visitor<'_> for FenVisitor {
            type Value = Fen;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount as a string such as \"50.00\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Fen, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(FenVisitor)
    }
}

impl utoipa::PartialSchema for Fen {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(r"^-?\d+(\.\d{1,2})?$"))
            .description(Some("Amount in yuan as a string. Exactly two decimals in answers; at most 99999999.99, without a sign, in requests."))
            .examples(["50.00"])
            .into()
    }
}

impl utoipa::ToSchema for Fen {
    fn name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wire_forms_are_read_as_the_contract_says() {
        let cases = [
            ("50.00", Ok(5_000)),
            ("50", Ok(5_000)),
            ("50.5", Ok(5_050)),
            ("0", Ok(0)),
            ("007.01", Ok(701)),
            ("99999999.99", Ok(MAX_WIRE_FEN)),
            ("100000000", Err(ParseFenError::TooLarge)),
            ("99999999999999999999", Err(ParseFenError::TooLarge)),
            ("1.234", Err(ParseFenError::TooManyDecimals)),
            ("1.", Err(ParseFenError::Malformed)),
            (".5", Err(ParseFenError::Malformed)),
            ("-1", Err(ParseFenError::Malformed)),
            ("+1", Err(ParseFenError::Malformed)),
            ("1e3", Err(ParseFenError::Malformed)),
            (" 1", Err(ParseFenError::Malformed)),
            ("１", Err(ParseFenError::Malformed)),
            ("", Err(ParseFenError::Malformed)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Fen>().map(Fen::get), expected, "{text:?}");
        }
    }

    #[test]
    fn a_json_number_is_refused() {
        assert!(serde_json::from_str::<Fen>("50").is_err());
        assert!(serde_json::from_str::<Fen>("null").is_err());
        assert_eq!(serde_json::from_str::<Fen>("\"50\"").unwrap(), Fen::new(5_000));
    }

    #[test]
    fn figures_are_grouped_by_thousands() {
        let cases = [
            (0, "0.00"),
            (5, "0.05"),
            (99_999, "999.99"),
            (100_000, "1,000.00"),
            (-99_999, "-999.99"),
            (-100_000, "-1,000.00"),
            (-10_000_000, "-100,000.00"),
            (9_999_999_999, "99,999,999.99"),
        ];
        for (fen, expected) in cases {
            assert_eq!(Fen::new(fen).grouped(), expected);
        }
    }

    #[test]
    fn negative_amounts_are_shown_with_a_sign() {
        assert_eq!(Fen::new(-5).to_string(), "-0.05");
        assert_eq!(Fen::new(i64::MIN).to_string(), "-92233720368547758.08");
    }

    proptest! {
        #[test]
        fn display_and_parse_are_inverse(fen in 0..=MAX_WIRE_FEN) {
            prop_assert_eq!(Fen::new(fen).to_string().parse(), Ok(Fen::new(fen)));
        }

        #[test]
        fn any_text_is_refused_or_exact(text in "\\PC{0,20}") {
            if let Ok(fen) = text.parse::<Fen>() {
                prop_assert!((0..=MAX_WIRE_FEN).contains(&fen.get()));
            }
        }
    }
}
