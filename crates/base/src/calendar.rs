//! Days, weeks and months.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{Problem, Text};

/// How long a piece is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Period)]
pub enum CalendarUnit {
    #[default]
    Day,
    /// Monday first.
    Week,
    Month,
}

impl CalendarUnit {
    /// The date that names the piece which holds `date`: the day, its Monday, the first of its month.
    ///
    /// # Errors
    /// `INVALID_PARAMS` at the ends of the calendar.
    pub fn first_day(self, date: Date) -> Result<Date, Problem> {
        match self {
            Self::Day => Ok(date),
            Self::Week => {
                let days_since_monday = i64::from(date.weekday().to_monday_zero_offset());
                date.checked_sub(days_since_monday.days()).map_err(outside)
            }
            Self::Month => Ok(date.first_of_month()),
        }
    }

    /// The first day of the piece after the one that begins with `first_day`.
    ///
    /// # Errors
    /// As [`CalendarUnit::first_day`].
    pub fn next(self, first_day: Date) -> Result<Date, Problem> {
        let length = match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        };
        first_day.checked_add(length).map_err(outside)
    }
}

/// A time that the calendar cannot hold.
pub fn outside(_: jiff::Error) -> Problem {
    Problem::invalid_field("end_time", Text::new("时间超出支持的范围", "is outside the supported calendar"))
}
