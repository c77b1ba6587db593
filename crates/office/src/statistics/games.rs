//! All that is told of the games of a range at once, in three passes over the records instead of one for each table.

use std::collections::HashMap;

use base::calendar::CalendarUnit;
use base::ids::{OperatorId, SiteId};
use base::problem::Problem;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use super::bands::{BandShare, shares};
use super::customers::{TopCustomers, first_customers};
use super::points::points;
use super::usage::{Filter, Grouping, aggregate};
use super::{Buckets, Dimension, Figures, Hundredths, Key, Point, Ranked, Ranking, TimeRange, names};

/// The games of a range.
#[derive(Clone, Debug)]
pub struct Games {
    pub days: Vec<Point>,
    pub bands: [BandShare; 5],
    operators: Ranking,
    sites: Ranking,
    owners: HashMap<SiteId, OperatorId>,
    apps: Ranking,
}

/// A site's place among all. Names of sites repeat, so it says whose it is.
#[derive(Clone, Debug)]
pub struct TopSite {
    pub site_name: String,
    pub operator_name: String,
    pub figures: Figures,
    /// Of the cost of all sites.
    pub percentage: Hundredths,
}

impl Games {
    /// Counts the games of whole days.
    ///
    /// # Errors
    /// As [`aggregate`] and [`Buckets::new`].
    pub async fn count(
        connection: &mut PgConnection,
        range: TimeRange,
        timezone: &TimeZone,
    ) -> Result<Self, Problem> {
        let filter = Filter::all(range);
        let buckets = Buckets::new(range, CalendarUnit::Day, timezone)?;
        let by_day = Grouping { player_count: true, buckets: Some(&buckets), ..Grouping::default() };
        let by_day = aggregate(connection, &filter, by_day).await?;
        let by_place = Grouping { operator: true, site: true, ..Grouping::default() };
        let by_place = aggregate(connection, &filter, by_place).await?;
        let by_app = aggregate(connection, &filter, Grouping { app: true, ..Grouping::default() }).await?;
        Ok(Games {
            days: points(&buckets, &by_day)?,
            bands: shares(&by_day),
            operators: Ranking::of(&by_place, Dimension::Operator)?,
            sites: Ranking::of(&by_place, Dimension::Site)?,
            owners: by_place.iter().filter_map(|row| row.site_id.zip(row.operator_id)).collect(),
            apps: Ranking::of(&by_app, Dimension::App)?,
        })
    }

    #[must_use]
    pub const fn total(&self) -> Figures {
        self.operators.total
    }

    /// How many operators, sites and applications had games.
    #[must_use]
    pub const fn counts(&self) -> (usize, usize, usize) {
        (self.operators.len(), self.sites.len(), self.apps.len())
    }

    /// # Errors
    /// The database's.
    pub async fn top_customers(
        &self,
        connection: &mut PgConnection,
        limit: usize,
    ) -> Result<TopCustomers, Problem> {
        first_customers(connection, &self.operators, limit).await
    }

    /// # Errors
    /// The database's.
    pub async fn top_apps(
        &self,
        connection: &mut PgConnection,
        limit: usize,
    ) -> Result<Vec<Ranked>, Problem> {
        self.apps.places(connection, 0, limit).await
    }

    /// # Errors
    /// The database's.
    pub async fn top_sites(
        &self,
        connection: &mut PgConnection,
        limit: usize,
    ) -> Result<Vec<TopSite>, Problem> {
        let places = self.sites.places(connection, 0, limit).await?;
        let owner_of = |place: &Ranked| match place.key {
            Key::Site(id) => self.owners.get(&id).copied(),
            _ => None,
        };
        let owners: Vec<OperatorId> = places.iter().filter_map(owner_of).collect();
        let names: HashMap<_, _> = names::of_operators(connection, &owners).await?.into_iter().collect();
        let sites = places.into_iter().map(|place| {
            let operator_name = owner_of(&place).and_then(|owner| names.get(&owner).cloned());
            Ok(TopSite {
                operator_name: operator_name
                    .ok_or_else(|| Problem::internal("a site without an operator"))?,
                site_name: place.label.name,
                figures: place.figures,
                percentage: place.percentage,
            })
        });
        sites.collect()
    }
}
