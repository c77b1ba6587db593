//! The sets of dimensions that sums are kept for.

use uuid::Uuid;

use crate::statistics::{Filter, Grouping};

/// What the sums of a set tell apart. The smallest set comes first.
///
/// There is no set with sites and applications, or with sites or operators and numbers of players: it would have nearly
/// as many rows as there are records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::statistics) enum Dimensions {
    AppPlayers,
    Operator,
    OperatorApp,
    OperatorSite,
}

/// What a question groups by or filters by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::statistics) struct Needed {
    pub(super) operator: bool,
    pub(super) site: bool,
    pub(super) app: bool,
    pub(super) player_count: bool,
}

impl Needed {
    pub(in crate::statistics) fn new(filter: &Filter, by: Grouping<'_>) -> Self {
        Needed {
            operator: by.operator || !filter.operators.is_empty(),
            site: by.site || !filter.sites.is_empty(),
            app: by.app || !filter.apps.is_empty(),
            player_count: by.player_count,
        }
    }
}

/// A place in a set: what it does not tell apart is the nil id or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct GameKeys {
    pub(super) operator: Uuid,
    pub(super) site: Uuid,
    pub(super) app: Uuid,
    pub(super) player_count: i32,
}

impl Dimensions {
    pub(super) const ALL: [Dimensions; 4] =
        [Self::AppPlayers, Self::Operator, Self::OperatorApp, Self::OperatorSite];

    /// As it stands in the database.
    pub(in crate::statistics) const fn number(self) -> i16 {
        match self {
            Self::AppPlayers => 1,
            Self::Operator => 2,
            Self::OperatorApp => 3,
            Self::OperatorSite => 4,
        }
    }

    pub(super) const fn told(self) -> Needed {
        let (operator, site, app, player_count) = match self {
            Self::AppPlayers => (false, false, true, true),
            Self::Operator => (true, false, false, false),
            Self::OperatorApp => (true, false, true, false),
            Self::OperatorSite => (true, true, false, false),
        };
        Needed { operator, site, app, player_count }
    }

    /// The smallest set that tells apart what is needed.
    pub(in crate::statistics) fn choose(needed: Needed) -> Option<Self> {
        Self::ALL.into_iter().find(|set| {
            let told = set.told();
            (told.operator || !needed.operator)
                && (told.site || !needed.site)
                && (told.app || !needed.app)
                && (told.player_count || !needed.player_count)
        })
    }

    /// Where a game with these properties is counted.
    pub(super) fn place(self, game: GameKeys) -> GameKeys {
        let told = self.told();
        GameKeys {
            operator: if told.operator { game.operator } else { Uuid::nil() },
            site: if told.site { game.site } else { Uuid::nil() },
            app: if told.app { game.app } else { Uuid::nil() },
            player_count: if told.player_count { game.player_count } else { 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_set_that_suffices_is_chosen() {
        let none = Needed::default();
        let needed = |operator, site, app, player_count| Needed { operator, site, app, player_count };
        for (needed, expected) in [
            (none, Some(Dimensions::AppPlayers)),
            (needed(false, false, true, true), Some(Dimensions::AppPlayers)),
            (needed(true, false, false, false), Some(Dimensions::Operator)),
            (needed(true, false, true, false), Some(Dimensions::OperatorApp)),
            (needed(false, true, false, false), Some(Dimensions::OperatorSite)),
            (needed(true, true, false, false), Some(Dimensions::OperatorSite)),
            (needed(false, true, true, false), None),
            (needed(true, false, false, true), None),
        ] {
            assert_eq!(Dimensions::choose(needed), expected, "{needed:?}");
        }
    }
}
