//! Amounts on the wire: decimal yuan at Alipay and in bills, whole fen as JSON integers at WeChat Pay.

use money::Fen;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Reads yuan with at most two decimals that are not zero, perhaps with a minus. [`Fen`]'s own parser reads the wire of
/// our product, which has no signs and stops one fen below the 100 000 000 yuan that Alipay allows.
#[must_use]
pub fn fen_of_yuan(text: &str) -> Option<Fen> {
    scaled(text, 2).map(Fen::new)
}

/// Reads a count. Bills that went through a spreadsheet on their way write `45.0` for 45.
#[must_use]
pub fn count(text: &str) -> Option<i64> {
    scaled(text, 0).filter(|count| *count >= 0)
}

/// A decimal number times 10 to the power of `places`, if that is whole and has 64 bits.
#[must_use]
pub fn scaled(text: &str, places: usize) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(w, d)| (w, Some(d)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || decimals.is_some_and(|part| !all_digits(part)) {
        return None;
    }
    let decimals = decimals.unwrap_or("");
    let (kept, beyond) = decimals.split_at(decimals.len().min(places));
    if beyond.bytes().any(|b| b != b'0') {
        return None;
    }
    let magnitude: i64 = format!("{whole}{kept:0<places$}").parse().ok()?;
    Some(if negative { -magnitude } else { magnitude })
}

/// `#[serde(deserialize_with = …)]`: yuan in a JSON text, or in a number by its digits.
///
/// # Errors
/// When it is neither.
pub fn yuan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fen, D::Error> {
    optional_yuan(deserializer)?.ok_or_else(|| D::Error::custom("an amount is missing"))
}

/// The same where null and the empty text mean that there is none.
///
/// # Errors
/// When it is something else than an amount.
pub fn optional_yuan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fen>, D::Error> {
    let json = <Box<RawValue>>::deserialize(deserializer)?;
    match json.get().trim_matches('"') {
        "" | "null" => Ok(None),
        text => match fen_of_yuan(text) {
            Some(fen) => Ok(Some(fen)),
            None => Err(D::Error::custom("an amount is not a number of yuan with two decimals")),
        },
    }
}

/// `#[serde(with = "pay_protocol::amount::whole_fen")]`
pub mod whole_fen {
    use money::Fen;
    use serde::{Deserialize as _, Deserializer, Serializer};

    /// Writes a JSON integer.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(amount: &Fen, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(amount.get())
    }

    /// Reads a JSON integer.
    ///
    /// # Errors
    /// When it is something else.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fen, D::Error> {
        i64::deserialize(deserializer).map(Fen::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yuan_are_read_exactly_or_not_at_all() {
        let cases = [
            ("50.00", Some(5_000)),
            ("0.01", Some(1)),
            ("0.1", Some(10)),
            ("0", Some(0)),
            ("-12.50", Some(-1_250)),
            ("1.23000", Some(123)),
            ("1.23001", None),
            ("100000000.00", Some(10_000_000_000)),
            ("92233720368547758.07", Some(i64::MAX)),
            ("92233720368547758.08", None),
            ("99999999999999999999", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("1.", None),
            ("+1", None),
            ("--1", None),
            ("1e3", None),
            ("1,000.00", None),
            ("１", None),
            (" 1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(fen_of_yuan(text).map(Fen::get), expected, "{text:?}");
        }
    }

    #[test]
    fn a_count_may_have_decimals_that_are_zero() {
        let cases = [
            ("45", Some(45)),
            ("45.0", Some(45)),
            ("45.00", Some(45)),
            ("45.5", None),
            ("-1", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(count(text), expected, "{text:?}");
        }
    }

    #[test]
    fn amounts_in_json_are_texts_or_numbers() {
        #[derive(Deserialize)]
        struct Holder {
            #[serde(deserialize_with = "yuan")]
            a: Fen,
            #[serde(default, deserialize_with = "optional_yuan")]
            b: Option<Fen>,
        }
        let read =
            |json: &str| serde_json::from_str::<Holder>(json).ok().map(|holder| (holder.a.get(), holder.b));
        assert_eq!(read(r#"{"a":"0.29","b":0.29}"#), Some((29, Some(Fen::new(29)))));
        assert_eq!(read(r#"{"a":10,"b":""}"#), Some((1_000, None)));
        assert_eq!(read(r#"{"a":"1.00","b":null}"#), Some((100, None)));
        assert_eq!(read(r#"{"a":"1.00"}"#), Some((100, None)));
        for bad in [r#"{}"#, r#"{"a":""}"#, r#"{"a":"x"}"#, r#"{"a":{}}"#, r#"{"a":1e2}"#] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_are_inverse(fen in -i64::MAX..=i64::MAX, zeros in 0_usize..6) {
            let text = format!("{}{}", Fen::new(fen), "0".repeat(zeros));
            prop_assert_eq!(fen_of_yuan(&text), Some(Fen::new(fen)));
        }

        #[test]
        fn any_text_is_refused_or_read_as_written(text in "-?[0-9]{0,5}[-+.,e ]?[0-9]{0,4}") {
            if let Some(amount) = fen_of_yuan(&text) {
                let written = amount.to_string();
                let bare = |text: &str| {
                    let digits = text.trim_start_matches('-').trim_start_matches('0').to_owned();
                    let point = digits.contains('.');
                    if point { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits }
                };
                prop_assert_eq!(bare(&written), bare(&text));
            }
        }
    }
}
