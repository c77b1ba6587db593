//! What is counted of games.

use base::problem::Problem;
use money::Fen;

use super::Hundredths;

/// Games, players in them, and what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub sessions: i64,
    pub players: i64,
    pub cost: Fen,
}

impl Figures {
    /// # Errors
    /// `INTERNAL_ERROR` when a sum leaves the range of 64 bits, rather than a wrong figure.
    pub fn plus(self, other: Figures) -> Result<Figures, Problem> {
        let sum = || {
            Some(Figures {
                sessions: self.sessions.checked_add(other.sessions)?,
                players: self.players.checked_add(other.players)?,
                cost: self.cost.checked_add(other.cost)?,
            })
        };
        sum().ok_or_else(|| Problem::internal("a sum of figures leaves the range of 64 bits"))
    }

    /// Adds to this one.
    ///
    /// # Errors
    /// As [`Figures::plus`].
    pub fn add(&mut self, other: Figures) -> Result<(), Problem> {
        *self = self.plus(other)?;
        Ok(())
    }

    /// The sum of all.
    ///
    /// # Errors
    /// As [`Figures::plus`].
    pub fn sum(all: impl IntoIterator<Item = Figures>) -> Result<Figures, Problem> {
        all.into_iter().try_fold(Figures::default(), Figures::plus)
    }

    #[must_use]
    pub fn average_players(&self) -> Hundredths {
        Hundredths::average(self.players, self.sessions)
    }
}
