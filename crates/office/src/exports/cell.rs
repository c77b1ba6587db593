//! Values of a table, typed so that a spreadsheet can sort and add them.

use std::borrow::Cow;

use base::clock::UtcTime;
use base::ids::{Id, Kind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::Fen;

use crate::statistics::Hundredths;

/// One value. What is absent is an empty cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(i64),
    Money(Fen),
    Decimal(Hundredths),
    /// Shown in the business time zone.
    Time(UtcTime),
    Date(Date),
}

/// The values of a line, one for each column.
pub type Row = Vec<Cell>;

/// How times look, in CSV as in the format of XLSX cells.
const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

impl Cell {
    /// The value as CSV and people read it. Text that a spreadsheet could take for a formula is escaped.
    #[must_use]
    pub fn to_text(&self, timezone: &TimeZone) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => escaped(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Money(amount) => Cow::Owned(amount.to_string()),
            Self::Decimal(number) => Cow::Owned(number.to_string()),
            Self::Time(time) => Cow::Owned(time_text(*time, timezone)),
            Self::Date(date) => Cow::Owned(date.to_string()),
        }
    }
}

/// A time of the business time zone, to the second.
pub(super) fn time_text(time: UtcTime, timezone: &TimeZone) -> String {
    time.timestamp().to_zoned(timezone.clone()).strftime(TIME_FORMAT).to_string()
}

/// Spreadsheets take text that begins so for a formula, whatever the file says (FR-039). The apostrophe makes it text.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl<K: Kind> From<Id<K>> for Cell {
    fn from(id: Id<K>) -> Self {
        Cell::Text(id.to_string())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Number(number)
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Cell::Number(number.into())
    }
}

impl From<Fen> for Cell {
    fn from(amount: Fen) -> Self {
        Cell::Money(amount)
    }
}

impl From<Hundredths> for Cell {
    fn from(number: Hundredths) -> Self {
        Cell::Decimal(number)
    }
}

impl From<UtcTime> for Cell {
    fn from(time: UtcTime) -> Self {
        Cell::Time(time)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Cell::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_begins_like_a_formula_is_escaped_and_nothing_else() {
        for text in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "=", "'"] {
            let expected = if text == "'" { text.to_owned() } else { format!("'{text}") };
            assert_eq!(escaped(text), expected, "{text:?}");
        }
        for text in ["", "a=1", " =1", "北京+店", "１", "\n"] {
            assert_eq!(escaped(text), text, "{text:?}");
        }
    }

    #[test]
    fn values_are_written_without_their_units() {
        let timezone = TimeZone::get("Asia/Shanghai").unwrap();
        let time = UtcTime::from_millis(1_736_944_199_999).unwrap();
        for (cell, text) in [
            (Cell::Empty, ""),
            (Cell::from("=x"), "'=x"),
            (Cell::from(-7_i64), "-7"),
            (Cell::from(Fen::new(123_456)), "1234.56"),
            (Cell::from(Hundredths::percentage(1, 3)), "33.33"),
            (Cell::from(time), "2025-01-15 20:29:59"),
            (Cell::from(Date::constant(2025, 1, 5)), "2025-01-05"),
            (Cell::from(None::<i64>), ""),
        ] {
            assert_eq!(cell.to_text(&timezone), text);
        }
    }
}
