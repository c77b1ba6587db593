//! What finance earns, day by day.

use base::calendar::CalendarUnit;
use base::clock::UtcTime;
use base::problem::{Problem, Text};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::Fen;
use sqlx::PgConnection;

use super::income::income;
use super::points::points;
use super::usage::{Filter, Grouping, aggregate};
use super::{Buckets, TimeRange};

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    first: Date,
    /// The first day of the month after.
    next: Date,
}

/// Money that came in, was played for, and went back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Money {
    pub recharge: Fen,
    pub consumption: Fen,
    pub refund: Fen,
}

/// The money of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfMoney {
    pub date: Date,
    pub money: Money,
}

impl Month {
    /// The month of `now` in the business time zone.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` at the end of the calendar.
    pub fn current(now: UtcTime, timezone: &TimeZone) -> Result<Self, Problem> {
        let first = now.timestamp().to_zoned(timezone.clone()).date().first_of_month();
        Self::beginning(first).ok_or_else(|| Problem::internal("the clock stands at the end of the calendar"))
    }

    /// Reads `YYYY-MM`.
    ///
    /// # Errors
    /// `INVALID_PARAMS` naming `month`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let month = format!("{text}-01").parse().ok().and_then(Self::beginning);
        // The parser knows other forms of a date as well.
        month.filter(|month| month.to_string() == text).ok_or_else(|| {
            let text = Text::new("须为 YYYY-MM 格式的月份", "must be a month such as 2025-01");
            Problem::invalid_field("month", text)
        })
    }

    /// `None` for the last month of the calendar.
    fn beginning(first: Date) -> Option<Self> {
        Some(Month { first, next: first.checked_add(1.month()).ok()? })
    }

    fn range(self, timezone: &TimeZone) -> Result<TimeRange, Problem> {
        let start = |date: Date| date.to_zoned(timezone.clone()).map_err(Problem::internal);
        Ok(TimeRange {
            start: UtcTime::from_timestamp(start(self.first)?.timestamp()),
            end: UtcTime::from_timestamp(start(self.next)?.timestamp()),
        })
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl Money {
    /// Top-ups less refunds; negative when more went back than came in.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` when it leaves the range of 64 bits.
    pub fn net_income(self) -> Result<Fen, Problem> {
        self.recharge.checked_sub(self.refund).ok_or_else(too_much)
    }

    /// # Errors
    /// `INTERNAL_ERROR` when a sum leaves the range of 64 bits.
    pub fn plus(self, other: Money) -> Result<Money, Problem> {
        let sum = || {
            Some(Money {
                recharge: self.recharge.checked_add(other.recharge)?,
                consumption: self.consumption.checked_add(other.consumption)?,
                refund: self.refund.checked_add(other.refund)?,
            })
        };
        sum().ok_or_else(too_much)
    }

    /// # Errors
    /// `INTERNAL_ERROR` when a sum leaves the range of 64 bits.
    pub fn sum(days: &[DayOfMoney]) -> Result<Money, Problem> {
        days.iter().try_fold(Money::default(), |sum, day| sum.plus(day.money))
    }
}

pub(super) fn too_much() -> Problem {
    Problem::internal("a sum of money leaves the range of 64 bits")
}

/// Every day of the month, also those to come.
///
/// # Errors
/// The database's.
pub async fn month_of_money(
    connection: &mut PgConnection,
    month: Month,
    timezone: &TimeZone,
) -> Result<Vec<DayOfMoney>, Problem> {
    let range = month.range(timezone)?;
    let buckets = Buckets::new(range, CalendarUnit::Day, timezone)?;
    let grouping = Grouping { buckets: Some(&buckets), ..Grouping::default() };
    let played = points(&buckets, &aggregate(connection, &Filter::all(range), grouping).await?)?;
    let days = income(connection, range, &buckets, &played).await?;
    Ok(days.into_iter().map(|day| DayOfMoney { date: day.date, money: day.money }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_four_digits_a_dash_and_two() {
        assert_eq!(Month::parse("2025-02").unwrap().to_string(), "2025-02");
        for text in
            ["", "2025", "2025-2", "2025-13", "2025-00", "202502", "2025-02-01", "2025-02 ", "-02025-02"]
        {
            assert_eq!(Month::parse(text).unwrap_err().fields()[0].field, "month", "{text:?}");
        }
    }
}
