//! How many players games have: 1, 2, 3–4, 5–8, 9 and more.

use base::problem::Problem;
use sqlx::PgConnection;

use super::Hundredths;
use super::usage::{Filter, Grouping, Row, aggregate};

/// Numbers of players that are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(const_into_str)]
pub enum Band {
    #[strum(serialize = "1")]
    One,
    #[strum(serialize = "2")]
    Two,
    #[strum(serialize = "3-4")]
    ThreeToFour,
    #[strum(serialize = "5-8")]
    FiveToEight,
    #[strum(serialize = "9+")]
    NineAndMore,
}

impl Band {
    pub const ALL: [Band; 5] =
        [Self::One, Self::Two, Self::ThreeToFour, Self::FiveToEight, Self::NineAndMore];

    #[must_use]
    pub const fn of(player_count: i32) -> Self {
        match player_count {
            ..=1 => Self::One,
            2 => Self::Two,
            3..=4 => Self::ThreeToFour,
            5..=8 => Self::FiveToEight,
            9.. => Self::NineAndMore,
        }
    }
}

/// How many of the games are in a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandShare {
    pub band: Band,
    pub sessions: i64,
    /// Of all sessions.
    pub percentage: Hundredths,
}

/// The share of every band, also of those without games.
///
/// # Errors
/// As [`aggregate`].
pub async fn distribution(connection: &mut PgConnection, filter: &Filter) -> Result<[BandShare; 5], Problem> {
    let grouping = Grouping { player_count: true, ..Grouping::default() };
    Ok(shares(&aggregate(connection, filter, grouping).await?))
}

/// The shares of rows that are grouped by the number of players, and perhaps by more.
pub(super) fn shares(rows: &[Row]) -> [BandShare; 5] {
    let total: i64 = rows.iter().map(|row| row.figures.sessions).sum();
    Band::ALL.map(|band| {
        let of_band = rows.iter().filter(|row| row.player_count.is_some_and(|count| Band::of(count) == band));
        let sessions = of_band.map(|row| row.figures.sessions).sum();
        BandShare { band, sessions, percentage: Hundredths::percentage(sessions, total) }
    })
}
