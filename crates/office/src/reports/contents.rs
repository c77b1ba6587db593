//! What a report tells, read in one snapshot of the database.

use base::calendar::CalendarUnit;
use base::clock::UtcTime;
use base::problem::Problem;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::db::begin_snapshot;
use sqlx::{Executor, PgConnection};

use super::progress::Progress;
use super::{Period, ReportType, Section};
use crate::refunds::{self, RefundSummary};
use crate::statistics::{
    self, BandShare, Buckets, Channels, DayOfIncome, Figures, Games, Money, Point, Ranked, TimeRange,
    TopCustomers, TopSite,
};

/// Places of a ranking.
pub(super) const MOST_CUSTOMERS: usize = 50;
pub(super) const MOST_SITES: usize = 50;
pub(super) const MOST_APPS: usize = 100;
/// More refunds than this are counted and not listed: nobody reads a hundred pages.
pub(super) const MOST_REFUNDS: i64 = 1_000;

/// What a report is to be about.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) period: Period,
    pub(super) sections: Vec<Section>,
    pub(super) timezone: TimeZone,
}

/// What stands on the cover.
#[derive(Clone, Debug)]
pub(super) struct Cover {
    pub(super) report_id: String,
    pub(super) report_type: ReportType,
    pub(super) period: Period,
    /// The company; empty when it has not been told.
    pub(super) company: String,
    pub(super) created_by: String,
    /// When the figures were read.
    pub(super) read_at: UtcTime,
    pub(super) timezone: TimeZone,
}

/// The figures of a report; a section that was not asked for is `None`.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    pub(super) income: Option<Income>,
    pub(super) customers: Option<TopCustomers>,
    pub(super) usage: Option<Usage>,
    pub(super) refunds: Option<RefundSummary>,
}

/// Every day of the period, and the whole.
#[derive(Clone, Debug)]
pub(super) struct Income {
    pub(super) days: Vec<DayOfIncome>,
    pub(super) total: DayOfIncome,
}

#[derive(Clone, Debug)]
pub(super) struct Usage {
    pub(super) days: Vec<Point>,
    pub(super) total: Figures,
    pub(super) bands: [BandShare; 5],
    pub(super) apps: Vec<Ranked>,
    pub(super) sites: Vec<TopSite>,
    /// How many operators, sites and applications had games.
    pub(super) counts: (usize, usize, usize),
}

impl Income {
    /// # Errors
    /// `INTERNAL_ERROR` when a sum leaves the range of 64 bits.
    pub(super) fn of(days: Vec<DayOfIncome>) -> Result<Self, Problem> {
        let total = sum(&days)?;
        Ok(Income { days, total })
    }
}

/// The sum of days, under the name of the first.
pub(super) fn sum(days: &[DayOfIncome]) -> Result<DayOfIncome, Problem> {
    let date = days.first().map_or(Date::MIN, |day| day.date);
    let none = DayOfIncome { date, money: Money::default(), recharged: Channels::default() };
    days.iter().try_fold(none, |sum, day| {
        Ok(DayOfIncome {
            date: sum.date,
            money: sum.money.plus(day.money)?,
            recharged: sum.recharged.plus(day.recharged)?,
        })
    })
}

/// Reads everything in one snapshot, so that no charge is in one table and missing in another.
///
/// # Errors
/// The database's; `INVALID_PARAMS` when there are more groups than statistics count.
pub(super) async fn read(
    connection: &mut PgConnection,
    order: &Order,
    progress: &Progress,
) -> Result<Contents, Problem> {
    let mut snapshot = begin_snapshot(connection).await?;
    // Games go on meanwhile: a report may take one core of the database, not all of them.
    snapshot.execute("SET LOCAL max_parallel_workers_per_gather = 0").await?;
    let range = order.period.range(&order.timezone)?;
    let wants = |section| order.sections.contains(&section);
    let needs_games = order.sections.iter().any(|section| *section != Section::RefundSummary);
    let games = match needs_games {
        true => Some(Games::count(&mut snapshot, range, &order.timezone).await?),
        false => None,
    };
    progress.read(70).await;
    let mut contents = Contents { income: None, customers: None, usage: None, refunds: None };
    if let Some(games) = &games {
        if wants(Section::IncomeSummary) {
            contents.income = Some(income(&mut snapshot, range, games, &order.timezone).await?);
        }
        progress.read(80).await;
        if wants(Section::TopCustomers) {
            contents.customers = Some(games.top_customers(&mut snapshot, MOST_CUSTOMERS).await?);
        }
        if wants(Section::UsageStatistics) {
            contents.usage = Some(usage(&mut snapshot, games).await?);
        }
    }
    progress.read(90).await;
    if wants(Section::RefundSummary) {
        let summary = refunds::summary(&mut snapshot, range.start, range.end, MOST_REFUNDS).await?;
        contents.refunds = Some(summary);
    }
    snapshot.commit().await?;
    progress.read(100).await;
    Ok(contents)
}

async fn income(
    connection: &mut PgConnection,
    range: TimeRange,
    games: &Games,
    timezone: &TimeZone,
) -> Result<Income, Problem> {
    let days = Buckets::new(range, CalendarUnit::Day, timezone)?;
    Income::of(statistics::income(connection, range, &days, &games.days).await?)
}

async fn usage(connection: &mut PgConnection, games: &Games) -> Result<Usage, Problem> {
    Ok(Usage {
        days: games.days.clone(),
        total: games.total(),
        bands: games.bands,
        apps: games.top_apps(connection, MOST_APPS).await?,
        sites: games.top_sites(connection, MOST_SITES).await?,
        counts: games.counts(),
    })
}
