//! A past of games: who plays what, where, how often, and who pays for it.

use std::collections::BTreeMap;

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId};
use books::ledger::{Account, ChargeOrder, Import, LedgerError};
use jiff::SignedDuration;
use money::Fen;
use sqlx::PgConnection;

use super::SeedError;
use super::calendar::Day;
use super::operators::{give, take_back};
use super::past::{Plan, Rows};
use super::random::Random;
use super::top_ups::{LEAD, Need, top_up};

/// Games on a day of weight 100 at a site of weight 1, before the past is scaled.
const GAMES_PER_WEIGHT: u64 = 20;
/// Fixed-point unit of the scale.
const SCALE_ONE: u64 = 1 << 20;

/// An operator that gets a past.
#[derive(Debug)]
pub(super) struct Venue {
    pub(super) operator_id: OperatorId,
    /// Nothing may be made before this: the operator's newest entry, or the beginning of the past.
    from: UtcTime,
    sites: Vec<(SiteId, u64)>,
    games: Vec<Game>,
    opening_balance: Fen,
    scale: u64,
    /// What the fixed-point arithmetic left over from the days before.
    remainder: u64,
    /// Its own, so that its past does not depend on who writes the others'.
    random: Random,
}

#[derive(Debug)]
struct Game {
    app_id: AppId,
    name: String,
    unit_price: Fen,
    players: (i64, i64),
    weight: u64,
    /// Length of a usual game, in seconds.
    length_s: i64,
}

impl Venue {
    fn weight(&self) -> u64 {
        self.sites.iter().map(|(_, weight)| weight).sum()
    }

    fn games_on(&mut self, day: &Day) -> u64 {
        let exact = day.weight() * self.weight() * self.scale * GAMES_PER_WEIGHT + self.remainder;
        self.remainder = exact % (100 * SCALE_ONE);
        exact / (100 * SCALE_ONE)
    }
}

/// The operators that get a past, and how many get none. Chance meets them in an order that does not depend on ids.
pub(super) async fn venues(
    connection: &mut PgConnection,
    from: UtcTime,
    now: UtcTime,
    random: &mut Random,
) -> Result<(Vec<Venue>, u64), SeedError> {
    let mut sites = sites_by_operator(connection, random).await?;
    let mut games = games_by_operator(connection, random).await?;
    let rows = sqlx::query!(
        r#"SELECT a.operator_id AS "operator_id: OperatorId", a.last_entry_at, a.balance_fen AS "balance: Fen"
           FROM operator_accounts a JOIN operators o ON o.id = a.operator_id
           WHERE a.state = 'active' ORDER BY o.created_at, o.username"#
    )
    .fetch_all(connection)
    .await?;
    let mut venues = Vec::new();
    let mut quiet = 0;
    for row in rows {
        let starts = row.last_entry_at.map_or(from, |last| last.max(from));
        let sites = sites.remove(&row.operator_id).unwrap_or_default();
        let games = games.remove(&row.operator_id).unwrap_or_default();
        let has_room = starts.plus(SignedDuration::from_hours(1)) < now;
        if sites.is_empty() || games.is_empty() || !has_room {
            quiet += 1;
            continue;
        }
        venues.push(Venue {
            operator_id: row.operator_id,
            from: starts,
            sites,
            games,
            opening_balance: row.balance,
            scale: SCALE_ONE,
            remainder: 0,
            random: Random::new(random.next()),
        });
    }
    // Accounts are locked in this order.
    venues.sort_unstable_by_key(|venue| venue.operator_id);
    Ok((venues, quiet))
}

async fn sites_by_operator(
    connection: &mut PgConnection,
    random: &mut Random,
) -> sqlx::Result<BTreeMap<OperatorId, Vec<(SiteId, u64)>>> {
    let rows = sqlx::query!(
        r#"SELECT s.operator_id AS "operator_id: OperatorId", s.id AS "id: SiteId"
           FROM sites s JOIN operators o ON o.id = s.operator_id
           WHERE s.deleted_at IS NULL ORDER BY o.created_at, o.username, s.created_at, s.name, s.id"#
    )
    .fetch_all(connection)
    .await?;
    let mut sites: BTreeMap<OperatorId, Vec<(SiteId, u64)>> = BTreeMap::new();
    for row in rows {
        let weight = random.below(3) + 1;
        sites.entry(row.operator_id).or_default().push((row.id, weight));
    }
    Ok(sites)
}

async fn games_by_operator(
    connection: &mut PgConnection,
    random: &mut Random,
) -> sqlx::Result<BTreeMap<OperatorId, Vec<Game>>> {
    let rows = sqlx::query!(
        r#"SELECT g.operator_id AS "operator_id: OperatorId", a.id AS "id: AppId", a.name,
                  a.unit_price_fen AS "unit_price: Fen", a.min_players, a.max_players
           FROM grants g JOIN applications a ON a.id = g.app_id JOIN operators o ON o.id = g.operator_id
           WHERE g.is_current AND g.revoked_at IS NULL ORDER BY o.created_at, o.username, a.name, g.id"#
    )
    .fetch_all(connection)
    .await?;
    let mut games: BTreeMap<OperatorId, Vec<Game>> = BTreeMap::new();
    for row in rows {
        games.entry(row.operator_id).or_default().push(Game {
            app_id: row.id,
            name: row.name,
            unit_price: row.unit_price,
            players: (row.min_players.into(), row.max_players.into()),
            weight: random.below(4) + 1,
            length_s: random.between(600, 2_400),
        });
    }
    Ok(games)
}

/// Makes the past about `records` games in all.
pub(super) fn scale(venues: &mut [Venue], days: &[Day], records: u64) {
    let weight_of = |venue: &Venue| -> u64 {
        days.iter().filter(|day| day.ends_at() > venue.from).map(Day::weight).sum::<u64>() * venue.weight()
    };
    let total: u64 = venues.iter().map(weight_of).sum();
    let denominator = u128::from(total.max(1)) * u128::from(GAMES_PER_WEIGHT);
    let scale = u128::from(records) * 100 * u128::from(SCALE_ONE) / denominator;
    for venue in venues {
        venue.scale = u64::try_from(scale).unwrap_or(u64::MAX).max(1);
    }
}

/// One day of one operator.
pub(super) fn play(
    venue: &mut Venue,
    account: &mut Account,
    day: usize,
    plan: &Plan,
    rows: &mut Rows,
) -> Result<(), LedgerError> {
    let (now, days_left) = (plan.now, plan.days.len().saturating_sub(day));
    let count = venue.games_on(&plan.days[day]);
    let mut random = venue.random.clone();
    let times = plan.days[day].times(count, &mut random);
    let first = venue.from.plus(LEAD);
    for at in times.into_iter().filter(|at| first < *at && *at < now) {
        let order = order(venue, at, &mut random);
        let games = i64::try_from(count).unwrap_or(i64::MAX);
        let need = Need {
            daily: Fen::new(order.total.get().saturating_mul(games)),
            days_left: i64::try_from(days_left).unwrap_or(i64::MAX),
            at,
            from: venue.from,
            order_life: plan.order_life,
        };
        // The balance from before the past is left alone.
        while account.balance.checked_sub(order.total).is_none_or(|left| left < venue.opening_balance) {
            top_up(account, &need, &mut random, rows)?;
        }
        let charge = account.charge(order, random.uuid(), at)?;
        let length_s = length(venue, charge.order.app_id, &mut random);
        let ended_at = charge.authorized_at.plus(SignedDuration::from_secs(length_s));
        // Now and then a headset server fails to tell the end; games that still run have none.
        if random.below(100) < 96 && ended_at < now {
            rows.ends.push(charge.operator_id, charge.id, length_s, ended_at);
        }
        rows.import.charges.push(charge);
    }
    venue.random = random;
    Ok(())
}

fn order(venue: &Venue, at: UtcTime, random: &mut Random) -> ChargeOrder {
    let site = random.weighted(venue.sites.iter().map(|(_, weight)| *weight));
    let game = &venue.games[random.weighted(venue.games.iter().map(|game| game.weight))];
    let (min, max) = game.players;
    // The lower of two draws: small groups are more usual than large ones.
    let players = random.between(min, max).min(random.between(min, max));
    ChargeOrder {
        session_ms: at.as_millis() - random.between(40, 900),
        session_nonce: random.nonce(),
        site_id: venue.sites[site].0,
        app_id: game.app_id,
        app_name: game.name.clone(),
        player_count: i32::try_from(players).unwrap_or(1),
        unit_price: game.unit_price,
        total: game.unit_price.checked_mul(players).unwrap_or(game.unit_price),
        client_ip: None,
    }
}

fn length(venue: &Venue, app_id: AppId, random: &mut Random) -> i64 {
    let usual = venue.games.iter().find(|game| game.app_id == app_id).map_or(1_200, |game| game.length_s);
    random.between(usual - usual / 5, usual + usual / 10)
}

/// Leaves the balance as it was before the past, so that what the documentation says of the demo accounts stays true.
pub(super) fn settle(
    venue: &Venue,
    account: &mut Account,
    now: UtcTime,
    import: &mut Import,
) -> Result<(), LedgerError> {
    let difference = account.balance.get() - venue.opening_balance.get();
    let order = match difference {
        0 => return Ok(()),
        1.. => take_back(Fen::new(difference)),
        _ => give(Fen::new(-difference)),
    };
    import.movements.push(account.post(order, now)?);
    Ok(())
}
