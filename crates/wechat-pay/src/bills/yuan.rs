//! Amounts in bills: decimal yuan, exactly, without floats.

use std::fmt;

use money::Fen;

/// A fee of WeChat's, which may be less than a fen: exact to five decimals of a yuan. Negative when it is given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fee(i64);

impl Fee {
    const DECIMALS: usize = 5;

    /// From thousandths of a fen.
    #[must_use]
    pub const fn from_thousandths_of_fen(count: i64) -> Self {
        Fee(count)
    }

    /// In thousandths of a fen, which is 0.00001 yuan.
    #[must_use]
    pub const fn thousandths_of_fen(self) -> i64 {
        self.0
    }

    /// In fen, or `None` if it is not whole.
    #[must_use]
    pub fn whole_fen(self) -> Option<Fen> {
        (self.0 % 1000 == 0).then(|| Fen::new(self.0 / 1000))
    }

    /// `None` when the sum leaves the range of 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Fee) -> Option<Fee> {
        self.0.checked_add(other.0).map(Fee)
    }

    /// Reads yuan with at most five decimals that are not zero.
    pub(crate) fn parse(text: &str) -> Option<Fee> {
        scaled(text, Self::DECIMALS).map(Fee)
    }
}

impl fmt::Display for Fee {
    /// Yuan with five decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:05}", magnitude / 100_000, magnitude % 100_000)
    }
}

/// Reads yuan with at most two decimals that are not zero, with a minus perhaps. [`Fen`]'s own parser reads the wire of
/// our product, which has no signs, at most two decimals and a ceiling.
pub(crate) fn parse(text: &str) -> Option<Fen> {
    scaled(text, 2).map(Fen::new)
}

/// A decimal number times 10 to the power of `places`, if that is whole.
fn scaled(text: &str, places: usize) -> Option<i64> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yuan_are_read_exactly_or_not_at_all() {
        let cases = [
            ("0.01", Some(1)),
            ("0.0", Some(0)),
            ("0", Some(0)),
            ("12", Some(1_200)),
            ("12.5", Some(1_250)),
            ("-12.50", Some(-1_250)),
            ("1.23000", Some(123)),
            ("1.23001", None),
            ("100000000.00", Some(10_000_000_000)),
            ("92233720368547758.07", Some(i64::MAX)),
            ("92233720368547758.08", None),
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
            assert_eq!(parse(text).map(Fen::get), expected, "{text:?}");
        }
    }

    #[test]
    fn fees_keep_what_is_less_than_a_fen() {
        let fee = Fee::parse("-0.00600").unwrap();
        assert_eq!((fee.thousandths_of_fen(), fee.whole_fen()), (-600, None));
        assert_eq!(Fee::parse("0.42").unwrap().whole_fen(), Some(Fen::new(42)));
        assert_eq!(Fee::parse("0.000001"), None);
        assert_eq!(fee.to_string(), "-0.00600");
    }

    proptest! {
        #[test]
        fn writing_and_reading_yuan_are_inverse(fen in -i64::MAX..=i64::MAX) {
            prop_assert_eq!(parse(&Fen::new(fen).to_string()), Some(Fen::new(fen)));
        }

        #[test]
        fn writing_and_reading_fees_are_inverse(count in -i64::MAX..=i64::MAX) {
            let fee = Fee::from_thousandths_of_fen(count);
            prop_assert_eq!(Fee::parse(&fee.to_string()), Some(fee));
        }

        #[test]
        fn trailing_zeros_change_nothing(fen in -i64::MAX..=i64::MAX, zeros in 0_usize..6) {
            let text = format!("{}{}", Fen::new(fen), "0".repeat(zeros));
            prop_assert_eq!(parse(&text), Some(Fen::new(fen)));
        }

        #[test]
        fn any_text_is_refused_or_read_as_written(text in "-?[0-9]{0,5}[-+.,e ]?[0-9]{0,4}") {
            if let Some(amount) = parse(&text) {
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
