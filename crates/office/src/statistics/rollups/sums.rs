//! Sums in memory, on their way into the database.

use std::collections::HashMap;

use base::problem::Problem;
use sqlx::PgConnection;

use super::days::{LEVELS, block};
use super::dimensions::{Dimensions, GameKeys};
use crate::statistics::Figures;

/// Rows in one statement.
const ROWS: usize = 20_000;

/// The key of a row. In its order the rows of a block lie side by side, as they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    dimensions: Dimensions,
    level: i16,
    day: i32,
    place: GameKeys,
}

/// What is to be added to the sums.
#[derive(Debug, Default)]
pub(super) struct Sums(HashMap<Key, Figures>);

impl Sums {
    /// Counts a game of a day in every set.
    ///
    /// # Errors
    /// As [`Figures::add`].
    pub(super) fn add(&mut self, day: i32, game: GameKeys, figures: Figures) -> Result<(), Problem> {
        for dimensions in Dimensions::ALL {
            let key = Key { dimensions, level: 0, day, place: dimensions.place(game) };
            self.0.entry(key).or_default().add(figures)?;
        }
        Ok(())
    }

    /// The first and the last day with games.
    pub(super) fn days(&self) -> Option<(i32, i32)> {
        let days = || self.0.keys().map(|key| key.day);
        Some((days().min()?, days().max()?))
    }

    /// Adds everything to the rows of the database, and to those of the longer blocks.
    ///
    /// # Errors
    /// The database's; as [`Figures::add`].
    pub(super) async fn write(self, connection: &mut PgConnection) -> Result<(), Problem> {
        let mut longer: HashMap<Key, Figures> = HashMap::new();
        for (key, figures) in &self.0 {
            for level in 1..LEVELS {
                let key = Key { level, day: block(key.day, level), ..*key };
                longer.entry(key).or_default().add(*figures)?;
            }
        }
        let mut rows: Vec<(Key, Figures)> = self.0.into_iter().chain(longer).collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        for rows in rows.chunks(ROWS) {
            upsert(connection, rows).await?;
        }
        Ok(())
    }
}

async fn upsert(connection: &mut PgConnection, rows: &[(Key, Figures)]) -> sqlx::Result<()> {
    let keys = || rows.iter().map(|(key, _)| key);
    let places = || keys().map(|key| &key.place);
    let figures = || rows.iter().map(|(_, figures)| figures);
    sqlx::query!(
        "INSERT INTO usage_rollups AS r (dimensions, level, day, operator_id, site_id, app_id, player_count, sessions,
             players, cost_fen)
         SELECT * FROM unnest($1::smallint[], $2::smallint[], $3::integer[], $4::uuid[], $5::uuid[], $6::uuid[],
             $7::integer[], $8::bigint[], $9::bigint[], $10::bigint[])
         ON CONFLICT (dimensions, level, day, operator_id, site_id, app_id, player_count) DO UPDATE
         SET sessions = r.sessions + excluded.sessions, players = r.players + excluded.players,
             cost_fen = r.cost_fen + excluded.cost_fen",
        &keys().map(|key| key.dimensions.number()).collect::<Vec<_>>(),
        &keys().map(|key| key.level).collect::<Vec<_>>(),
        &keys().map(|key| key.day).collect::<Vec<_>>(),
        &places().map(|place| place.operator).collect::<Vec<_>>(),
        &places().map(|place| place.site).collect::<Vec<_>>(),
        &places().map(|place| place.app).collect::<Vec<_>>(),
        &places().map(|place| place.player_count).collect::<Vec<_>>(),
        &figures().map(|figures| figures.sessions).collect::<Vec<_>>(),
        &figures().map(|figures| figures.players).collect::<Vec<_>>(),
        &figures().map(|figures| figures.cost.get()).collect::<Vec<_>>(),
    )
    .execute(connection)
    .await
    .map(drop)
}
