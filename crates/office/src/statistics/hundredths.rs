//! Percentages and averages: computed in integers, shown as JSON numbers with at most two decimals.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// A number of hundredths that is not negative. On the wire a JSON number in its shortest form: `33.33`, `2.5`, `50`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hundredths(i64);

impl Hundredths {
    /// How many percent `part` is of `whole`, rounded half-up. Nothing is 0 % of nothing.
    #[must_use]
    pub fn percentage(part: i64, whole: i64) -> Self {
        Self::quotient(i128::from(part) * 100, whole)
    }

    /// `sum` divided by `count`, rounded half-up; 0 of nothing.
    #[must_use]
    pub fn average(sum: i64, count: i64) -> Self {
        Self::quotient(i128::from(sum), count)
    }

    /// With two decimals, as columns of a table have them.
    #[must_use]
    pub fn fixed(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }

    fn quotient(numerator: i128, denominator: i64) -> Self {
        if numerator <= 0 || denominator <= 0 {
            return Hundredths(0);
        }
        let denominator = i128::from(denominator);
        let rounded = (numerator * 200 + denominator) / (2 * denominator);
        Hundredths(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, decimals) if decimals % 10 == 0 => write!(f, "{whole}.{}", decimals / 10),
            (whole, decimals) => write!(f, "{whole}.{decimals:02}"),
        }
    }
}

impl Serialize for Hundredths {
    /// JSON knows no decimals: the number goes through the double nearest to it, whose shortest text is the same
    /// decimal again.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            return serializer.serialize_i64(self.0 / 100);
        }
        let nearest = self.to_string().parse::<f64>().map_err(serde::ser::Error::custom)?;
        serializer.serialize_f64(nearest)
    }
}

impl utoipa::PartialSchema for Hundredths {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(0))
            .description(Some("Rounded half-up to two decimals."))
            .examples([33.33])
            .into()
    }
}

impl utoipa::ToSchema for Hundredths {
    fn name() -> Cow<'static, str> {
        "Hundredths".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_rounded_up() {
        for (part, whole, expected) in [
            (1, 3, "33.33"),
            (2, 3, "66.67"),
            (1, 8, "12.5"),
            (1, 800, "0.13"),
            (1, 20_000, "0.01"),
            (1, 20_001, "0"),
            (3, 3, "100"),
            (0, 5, "0"),
            (5, 0, "0"),
            (1, 2, "50"),
            (i64::MAX, i64::MAX, "100"),
        ] {
            let percentage = Hundredths::percentage(part, whole);
            assert_eq!(serde_json::to_string(&percentage).unwrap(), expected, "{part} of {whole}");
        }
        assert_eq!(serde_json::to_string(&Hundredths::average(7, 2)).unwrap(), "3.5");
        assert_eq!(serde_json::to_string(&Hundredths::average(25, 8)).unwrap(), "3.13");
        assert_eq!(serde_json::to_string(&Hundredths::average(0, 0)).unwrap(), "0");
    }

    proptest! {
        #[test]
        fn the_wire_form_is_the_decimal_itself(hundredths in 0_i64..10_000_000_000) {
            let shown = serde_json::to_string(&Hundredths(hundredths)).unwrap();
            prop_assert_eq!(shown, Hundredths(hundredths).to_string());
            prop_assert_eq!(Hundredths(hundredths).fixed().replace('.', "").parse::<i64>().unwrap(), hundredths);
        }
    }
}
