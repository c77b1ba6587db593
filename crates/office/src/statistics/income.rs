//! Money day by day: what came in through which channel, what was played for, and what went back.

use base::problem::Problem;
use jiff::civil::Date;
use money::Fen;
use sqlx::PgConnection;

use super::months::{Money, too_much};
use super::{Buckets, Point, TimeRange, movements};

/// Top-ups by the way they were paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    pub wechat: Fen,
    pub alipay: Fen,
    /// Without a provider of ours.
    pub other: Fen,
}

/// The money of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfIncome {
    pub date: Date,
    pub money: Money,
    pub recharged: Channels,
}

impl Channels {
    /// # Errors
    /// `INTERNAL_ERROR` when a sum leaves the range of 64 bits.
    pub fn plus(self, more: Channels) -> Result<Channels, Problem> {
        let sum = || {
            Some(Channels {
                wechat: self.wechat.checked_add(more.wechat)?,
                alipay: self.alipay.checked_add(more.alipay)?,
                other: self.other.checked_add(more.other)?,
            })
        };
        sum().ok_or_else(too_much)
    }
}

/// Every day of the range; `played` are its points by day.
///
/// # Errors
/// The database's.
pub async fn income(
    connection: &mut PgConnection,
    range: TimeRange,
    days: &Buckets,
    played: &[Point],
) -> Result<Vec<DayOfIncome>, Problem> {
    let moved = movements::by_day(connection, range, days).await?;
    let empty =
        |date: &Date| DayOfIncome { date: *date, money: Money::default(), recharged: Channels::default() };
    let mut income: Vec<DayOfIncome> = days.dates().iter().map(empty).collect();
    for point in played {
        day_of(&mut income, days, point.date)?.money.consumption = point.figures.cost;
    }
    for row in moved {
        let day = day_of(&mut income, days, row.date)?;
        (day.money.recharge, day.money.refund) = (row.recharged, row.refunded);
        let rest = row.recharged.checked_sub(row.by_wechat).and_then(|rest| rest.checked_sub(row.by_alipay));
        day.recharged =
            Channels { wechat: row.by_wechat, alipay: row.by_alipay, other: rest.ok_or_else(too_much)? };
    }
    Ok(income)
}

fn day_of<'a>(
    income: &'a mut [DayOfIncome],
    days: &Buckets,
    date: Date,
) -> Result<&'a mut DayOfIncome, Problem> {
    let day = days.position(date).and_then(|position| income.get_mut(position));
    day.ok_or_else(|| Problem::internal("money outside the days of its range"))
}
