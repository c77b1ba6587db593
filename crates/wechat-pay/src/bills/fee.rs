//! Fees, which may be less than a fen.

use std::fmt;

use money::Fen;
use pay_protocol::amount::scaled;

/// A fee of WeChat's: exact to five decimals of a yuan. Negative when it is given back.
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        fn writing_and_reading_fees_are_inverse(count in -i64::MAX..=i64::MAX) {
            let fee = Fee::from_thousandths_of_fen(count);
            prop_assert_eq!(Fee::parse(&fee.to_string()), Some(fee));
        }
    }
}
