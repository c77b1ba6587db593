//! Shapes of figures that several audiences see.

use jiff::civil::Date;
use money::Fen;
use office::statistics::{BandShare, Hundredths, Point};
use serde::Serialize;
use utoipa::ToSchema;

/// The figures of a day, week or month.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChartPoint {
    /// Of a week its Monday, of a month its first day.
    date: Date,
    total_sessions: i64,
    total_players: i64,
    total_cost: Fen,
}

impl From<Point> for ChartPoint {
    fn from(point: Point) -> Self {
        ChartPoint {
            date: point.date,
            total_sessions: point.figures.sessions,
            total_players: point.figures.players,
            total_cost: point.figures.cost,
        }
    }
}

/// How many players games have.
#[derive(Debug, Serialize, ToSchema)]
pub struct DistributionAnswer {
    distribution: Vec<BandItem>,
}

impl From<[BandShare; 5]> for DistributionAnswer {
    fn from(shares: [BandShare; 5]) -> Self {
        DistributionAnswer { distribution: shares.into_iter().map(Into::into).collect() }
    }
}

/// The share of games with so many players.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandItem {
    /// `1`, `2`, `3-4`, `5-8` or `9+`.
    band: &'static str,
    total_sessions: i64,
    percentage: Hundredths,
}

impl From<BandShare> for BandItem {
    fn from(share: BandShare) -> Self {
        BandItem { band: share.band.into_str(), total_sessions: share.sessions, percentage: share.percentage }
    }
}
