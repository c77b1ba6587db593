//! What games are counted apart by, and how the groups are called.

use std::collections::BTreeMap;
use std::fmt;

use base::calendar::CalendarUnit;
use base::ids::{AppId, OperatorId, SiteId};
use base::problem::Problem;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::names;
use super::usage::{Filter, Grouping, Row};

/// A side of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    Operator,
    Site,
    App,
    /// The exact number of players of a game.
    PlayerCount,
    Day,
    Week,
    Month,
}

/// One group of a dimension. Keys of one dimension sort as they are shown when nothing else orders them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Operator(OperatorId),
    Site(SiteId),
    App(AppId),
    PlayerCount(i32),
    Date(Date),
}

/// A group as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub key: String,
    pub name: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator(id) => id.fmt(f),
            Self::Site(id) => id.fmt(f),
            Self::App(id) => id.fmt(f),
            Self::PlayerCount(count) => count.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

impl Dimension {
    /// The period, if it is one of time.
    #[must_use]
    pub const fn period(self) -> Option<CalendarUnit> {
        match self {
            Self::Operator | Self::Site | Self::App | Self::PlayerCount => None,
            Self::Day => Some(CalendarUnit::Day),
            Self::Week => Some(CalendarUnit::Week),
            Self::Month => Some(CalendarUnit::Month),
        }
    }

    /// Adds this dimension to a grouping; one of time is added by its buckets.
    #[must_use]
    pub const fn added_to(self, grouping: Grouping<'_>) -> Grouping<'_> {
        match self {
            Self::Operator => Grouping { operator: true, ..grouping },
            Self::Site => Grouping { site: true, ..grouping },
            Self::App => Grouping { app: true, ..grouping },
            Self::PlayerCount => Grouping { player_count: true, ..grouping },
            Self::Day | Self::Week | Self::Month => grouping,
        }
    }

    /// The group of this dimension that the row belongs to. A row by day belongs to its week and its month as well.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` for a row that was not grouped by this dimension.
    pub fn key(self, row: &Row) -> Result<Key, Problem> {
        let key = match self {
            Self::Operator => row.operator_id.map(Key::Operator),
            Self::Site => row.site_id.map(Key::Site),
            Self::App => row.app_id.map(Key::App),
            Self::PlayerCount => row.player_count.map(Key::PlayerCount),
            Self::Day => row.date.map(Key::Date),
            Self::Week => row.date.map(|date| CalendarUnit::Week.first_day(date)).transpose()?.map(Key::Date),
            Self::Month => row.date.map(|date| Key::Date(date.first_of_month())),
        };
        key.ok_or_else(|| Problem::internal("a row lacks what it was grouped by"))
    }

    /// The groups that the filter names: they are shown even when they have no games, so that a comparison of chosen
    /// sites shows each of them.
    #[must_use]
    pub fn named_in(self, filter: &Filter) -> Vec<Key> {
        match self {
            Self::Operator => filter.operators.iter().copied().map(Key::Operator).collect(),
            Self::Site => filter.sites.iter().copied().map(Key::Site).collect(),
            Self::App => filter.apps.iter().copied().map(Key::App).collect(),
            Self::PlayerCount | Self::Day | Self::Week | Self::Month => Vec::new(),
        }
    }
}

/// The groups that the filter names, with what they are called; without a name those that do not exist.
///
/// # Errors
/// The database's.
pub async fn named(
    connection: &mut PgConnection,
    filter: &Filter,
    dimension: Dimension,
) -> sqlx::Result<Vec<(String, Option<String>)>> {
    let keys = dimension.named_in(filter);
    let labels = labels(connection, keys.iter().copied()).await?;
    let named = keys.into_iter().map(|key| match labels.get(&key) {
        Some(label) => (label.key.clone(), Some(label.name.clone())),
        None => (key.to_string(), None),
    });
    Ok(named.collect())
}

/// How the groups are called. Ids that name nothing are left out.
///
/// # Errors
/// The database's.
pub(super) async fn labels(
    connection: &mut PgConnection,
    keys: impl Iterator<Item = Key>,
) -> sqlx::Result<BTreeMap<Key, Label>> {
    let (mut operators, mut sites, mut apps) = (Vec::new(), Vec::new(), Vec::new());
    let mut labels = BTreeMap::new();
    for key in keys {
        match key {
            Key::Operator(id) => operators.push(id),
            Key::Site(id) => sites.push(id),
            Key::App(id) => apps.push(id),
            Key::PlayerCount(count) => _ = labels.insert(key, Label::plain(count.to_string())),
            Key::Date(date) => _ = labels.insert(key, Label::plain(date.to_string())),
        }
    }
    for (id, name) in names::of_operators(connection, &operators).await? {
        labels.insert(Key::Operator(id), Label { key: id.to_string(), name });
    }
    for (id, name) in names::of_sites(connection, &sites).await? {
        labels.insert(Key::Site(id), Label { key: id.to_string(), name });
    }
    for (id, name) in names::of_applications(connection, &apps).await? {
        labels.insert(Key::App(id), Label { key: id.to_string(), name });
    }
    Ok(labels)
}

impl Label {
    fn plain(text: String) -> Self {
        Label { key: text.clone(), name: text }
    }
}
