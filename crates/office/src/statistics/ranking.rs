//! Operators, sites and applications by what was spent on them.

use std::cmp::Reverse;
use std::collections::HashMap;

use base::problem::Problem;
use sqlx::PgConnection;

use super::dimension::labels;
use super::usage::{Filter, Grouping, Row, aggregate};
use super::{Dimension, Figures, Hundredths, Key, Label};

/// The groups of a dimension that have games, the costliest first. Ties go by sessions, then by id, so that pages never
/// overlap.
#[derive(Clone, Debug)]
pub struct Ranking {
    places: Vec<(Key, Figures)>,
    /// Of all groups.
    pub total: Figures,
}

/// A place of the ranking.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub key: Key,
    pub label: Label,
    pub figures: Figures,
    /// Of the cost of all groups.
    pub percentage: Hundredths,
}

/// Ranks the groups of a dimension.
///
/// # Errors
/// As [`aggregate`].
pub async fn ranking(
    connection: &mut PgConnection,
    filter: &Filter,
    dimension: Dimension,
) -> Result<Ranking, Problem> {
    let rows = aggregate(connection, filter, dimension.added_to(Grouping::default())).await?;
    Ranking::of(&rows, dimension)
}

impl Ranking {
    /// Ranks the groups of a dimension by rows that are grouped by it, and perhaps by more.
    pub(super) fn of(rows: &[Row], dimension: Dimension) -> Result<Self, Problem> {
        let mut groups: HashMap<Key, Figures> = HashMap::new();
        for row in rows {
            groups.entry(dimension.key(row)?).or_default().add(row.figures)?;
        }
        let mut places: Vec<(Key, Figures)> = groups.into_iter().collect();
        places.sort_unstable_by_key(|(key, figures)| (Reverse((figures.cost, figures.sessions)), *key));
        let total = Figures::sum(places.iter().map(|(_, figures)| *figures))?;
        Ok(Ranking { places, total })
    }

    /// How many groups there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Some places with the names of their groups.
    ///
    /// # Errors
    /// The database's.
    pub async fn places(
        &self,
        connection: &mut PgConnection,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Ranked>, Problem> {
        let places = || self.places.iter().skip(offset).take(limit);
        let labels = labels(connection, places().map(|(key, _)| *key)).await?;
        let ranked = places().map(|(key, figures)| {
            let label = labels.get(key).cloned();
            Ok(Ranked {
                key: *key,
                label: label.ok_or_else(|| Problem::internal("a usage record names nobody we know"))?,
                figures: *figures,
                percentage: Hundredths::percentage(figures.cost.get(), self.total.cost.get()),
            })
        });
        ranked.collect()
    }
}
