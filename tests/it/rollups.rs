//! Figures equal those of the raw rows however far the records are folded into sums, and `verify` sees sums that are not.

use std::collections::BTreeMap;

use base::calendar::CalendarUnit;
use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId};
use fastrand::Rng;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::Fen;
use office::statistics::rollups::{self, BITE, Turn};
use office::statistics::{Buckets, Figures, Filter, Grouping, TimeRange, aggregate};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::fixtures::{application, operator, site};
use crate::games::{Entry, Game, at, server_at, write};
use crate::harness::Server;
use crate::process::coinslot;

const NOW: &str = "2026-01-01T00:00:00Z";
/// Shanghai has no summer time; in New York days have 23 and 25 hours; in St. John's, in those years, midnight came twice.
const ZONES: [&str; 4] = ["Asia/Shanghai", "America/New_York", "America/St_Johns", "UTC"];
const STEPS: usize = 60;

/// A raw row.
struct Record {
    operator: OperatorId,
    site: SiteId,
    app: AppId,
    players: i32,
    at: UtcTime,
    cost: i64,
}

/// What a group is known by: operator, site, application, players, date.
type Group = (Option<OperatorId>, Option<SiteId>, Option<AppId>, Option<i32>, Option<Date>);

struct World {
    server: Server,
    /// Holds the turn to fold, so that nobody else does.
    connection: PgConnection,
    operators: Vec<OperatorId>,
    /// Two of each operator.
    sites: Vec<SiteId>,
    apps: Vec<AppId>,
    zone: String,
    /// Games come at this time or soon after; the books only grow at their end.
    clock_ms: i64,
}

pub(crate) async fn with_turn(server: &Server) -> PgConnection {
    let mut connection = PgConnection::connect(&server.database_url).await.unwrap();
    connection.execute("SELECT pg_advisory_lock(hashtext('usage rollups'))").await.unwrap();
    connection
}

impl World {
    async fn new(zone: &str) -> Self {
        let server = server_at(NOW, zone).await;
        let (mut operators, mut sites, mut apps) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..3 {
            let operator = operator(&server.app, &format!("venue{number}")).await;
            for name in ["一号店", "二号店"] {
                sites.push(site(&server.app, operator.id, name).await);
            }
            operators.push(operator.id);
            apps.push(application(&server.app, &format!("游戏{number}"), 1_000).await);
        }
        let connection = with_turn(&server).await;
        let clock_ms = at("2010-10-25T00:00:00Z").as_millis();
        World { server, connection, operators, sites, apps, zone: zone.to_owned(), clock_ms }
    }

    async fn step(&mut self, random: &mut Rng) {
        match random.u8(..14) {
            0..=6 => self.play(random).await,
            7..=9 => _ = rollups::fold(&mut self.connection, Turn::Pass, random.usize(1..60)).await.unwrap(),
            10 => _ = rollups::fold_all(&mut self.connection).await.unwrap(),
            11 => {
                // Whoever folds dies before the commit.
                let mut transaction = self.connection.begin().await.unwrap();
                rollups::fold(&mut transaction, Turn::Pass, BITE).await.unwrap();
                transaction.rollback().await.unwrap();
            }
            12 => _ = rollups::rebuild(&mut self.connection).await.unwrap(),
            _ => {
                self.zone = ZONES[random.usize(..ZONES.len())].to_owned();
                self.server.set("business_timezone", json!(self.zone)).await;
            }
        }
    }

    /// Some games of some operators: within milliseconds, hours, or weeks.
    async fn play(&mut self, random: &mut Rng) {
        let mut games = Vec::new();
        for _ in 0..random.usize(1..40) {
            self.clock_ms += match random.u8(..10) {
                0..=3 => random.i64(0..3),
                4..=8 => random.i64(0..20_000_000),
                _ => random.i64(0..1_500_000_000),
            };
            let owner = random.usize(..3);
            games.push(Entry::Game(Game {
                operator: self.operators[owner],
                site: self.sites[2 * owner + random.usize(..2)],
                app: self.apps[random.usize(..3)],
                players: random.i32(1..=9),
                price_fen: random.i64(1..2_000),
                at: UtcTime::from_millis(self.clock_ms).unwrap(),
            }));
        }
        write(&self.server.app, &games).await;
    }

    async fn records(&mut self) -> Vec<Record> {
        let rows: Vec<(Uuid, Uuid, Uuid, i32, UtcTime, i64)> = sqlx::query_as(
            "SELECT operator_id, site_id, app_id, player_count, authorized_at, total_fen FROM usage_records",
        )
        .fetch_all(&mut self.connection)
        .await
        .unwrap();
        let record = |(operator, site, app, players, at, cost)| Record {
            operator: OperatorId::from_uuid(operator),
            site: SiteId::from_uuid(site),
            app: AppId::from_uuid(app),
            players,
            at,
            cost,
        };
        rows.into_iter().map(record).collect()
    }

    fn some_filter(&self, random: &mut Rng) -> Filter {
        let start_ms = at("2010-10-20T00:00:00Z").as_millis();
        let zone = TimeZone::get(&self.zone).unwrap();
        let mut instant = || {
            let ms = random.i64(start_ms..self.clock_ms + 200_000_000);
            let instant = UtcTime::from_millis(ms).unwrap();
            if random.u8(..3) == 0 {
                return instant;
            }
            // Midnights are what ranges mostly begin and end with.
            TimeRange::today(instant, &zone).unwrap().start
        };
        let (one, other) = (instant(), instant());
        let end = UtcTime::from_millis(one.max(other).as_millis() + 1).unwrap();
        let end = if one == other { end } else { one.max(other) };
        let mut filter = Filter::all(TimeRange { start: one.min(other), end });
        if random.u8(..3) == 0 {
            filter.operators = random.choose_multiple(self.operators.iter().copied(), 2);
        }
        if random.u8(..4) == 0 {
            filter.sites = random.choose_multiple(self.sites.iter().copied(), 3);
        }
        if random.u8(..4) == 0 {
            filter.apps = random.choose_multiple(self.apps.iter().copied(), 2);
        }
        filter
    }

    async fn ask(&mut self, random: &mut Rng) {
        let filter = self.some_filter(random);
        // Now and then days of another zone than that of the sums.
        let zone = if random.u8(..4) == 0 { ZONES[random.usize(..4)] } else { &self.zone };
        let period = [CalendarUnit::Day, CalendarUnit::Week, CalendarUnit::Month][random.usize(..3)];
        let buckets = Buckets::new(filter.range, period, &TimeZone::get(zone).unwrap()).unwrap();
        let by = Grouping {
            operator: random.u8(..3) == 0,
            site: random.u8(..3) == 0,
            app: random.u8(..3) == 0,
            player_count: random.u8(..3) == 0,
            buckets: random.bool().then_some(&buckets),
        };
        let expected = grouped(&self.records().await, &filter, by);
        let rows = aggregate(&mut self.connection, &filter, by).await.unwrap();
        let count = rows.len();
        let found: BTreeMap<Group, Figures> = rows
            .into_iter()
            .map(|row| {
                let group = (row.operator_id, row.site_id, row.app_id, row.player_count, row.date);
                (group, row.figures)
            })
            .collect();
        assert_eq!((&found, count), (&expected, expected.len()), "{filter:?} {by:?} {}", self.zone);
    }
}

/// The same figures, by the plainest way there is.
fn grouped(records: &[Record], filter: &Filter, by: Grouping<'_>) -> BTreeMap<Group, Figures> {
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    let is_chosen = |record: &&Record| {
        filter.range.start <= record.at
            && record.at < filter.range.end
            && (filter.operators.is_empty() || filter.operators.contains(&record.operator))
            && (filter.sites.is_empty() || filter.sites.contains(&record.site))
            && (filter.apps.is_empty() || filter.apps.contains(&record.app))
    };
    for record in records.iter().filter(is_chosen) {
        let date = by.buckets.map(|buckets| {
            let begun = buckets.starts().iter().filter(|start| **start <= record.at).count();
            buckets.dates()[begun - 1]
        });
        let group = (
            by.operator.then_some(record.operator),
            by.site.then_some(record.site),
            by.app.then_some(record.app),
            by.player_count.then_some(record.players),
            date,
        );
        let figures = Figures { sessions: 1, players: record.players.into(), cost: Fen::new(record.cost) };
        groups.entry(group).or_default().add(figures).unwrap();
    }
    groups
}

async fn check(seed: u64) {
    let mut random = Rng::with_seed(seed);
    let mut world = World::new(ZONES[random.usize(..ZONES.len())]).await;
    for _ in 0..STEPS {
        world.step(&mut random).await;
        for _ in 0..4 {
            world.ask(&mut random).await;
        }
        rollups::verify(&mut world.connection).await.unwrap();
    }
    rollups::fold_all(&mut world.connection).await.unwrap();
    let count = world.records().await.len();
    assert_eq!(rollups::verify(&mut world.connection).await.unwrap(), i64::try_from(count).unwrap());
    assert!(count > 300, "{count}");
    world.server.verify().await;
}

#[tokio::test]
async fn figures_are_those_of_the_raw_rows_wherever_the_marks_are() {
    check(1).await;
}

#[tokio::test]
async fn figures_are_those_of_the_raw_rows_after_other_steps() {
    check(2).await;
}

#[tokio::test]
async fn figures_are_those_of_the_raw_rows_after_yet_other_steps() {
    check(3).await;
}

#[tokio::test]
async fn sums_that_are_not_those_of_the_records_are_found() {
    let mut random = Rng::with_seed(4);
    let mut world = World::new("Asia/Shanghai").await;
    for _ in 0..8 {
        world.play(&mut random).await;
    }
    rollups::fold_all(&mut world.connection).await.unwrap();
    rollups::verify(&mut world.connection).await.unwrap();
    for harm in [
        "UPDATE usage_rollups SET cost_fen = cost_fen + 1
         WHERE ctid = (SELECT ctid FROM usage_rollups WHERE dimensions = 1 AND level = 0 LIMIT 1)",
        "UPDATE usage_rollups SET players = players - 1
         WHERE ctid = (SELECT ctid FROM usage_rollups WHERE dimensions = 4 AND level = 3 LIMIT 1)",
        "DELETE FROM usage_rollups
         WHERE ctid = (SELECT ctid FROM usage_rollups WHERE dimensions = 3 AND level = 2 LIMIT 1)",
        "DELETE FROM usage_rollups WHERE day >= (SELECT max(day) FROM usage_rollups WHERE level = 0)",
        "UPDATE usage_rollup_marks SET sessions = sessions - 1 WHERE operator_id = (SELECT id FROM operators LIMIT 1)",
        "DELETE FROM usage_rollup_marks WHERE operator_id = (SELECT id FROM operators LIMIT 1)",
        "UPDATE usage_rollup_zone SET name = 'UTC'",
    ] {
        let mut transaction = world.connection.begin().await.unwrap();
        let changed = transaction.execute(AssertSqlSafe(harm)).await.unwrap();
        assert!(changed.rows_affected() > 0, "{harm}");
        transaction.commit().await.unwrap();
        let found = rollups::verify(&mut world.connection).await;
        assert!(matches!(found, Err(rollups::VerifyError::Broken(_))), "{harm}");
        rollups::rebuild(&mut world.connection).await.unwrap();
        rollups::verify(&mut world.connection).await.unwrap();
    }
}

#[tokio::test]
async fn the_command_makes_the_sums_anew_and_verify_looks_at_them() {
    let mut random = Rng::with_seed(5);
    let mut world = World::new("Asia/Shanghai").await;
    world.play(&mut random).await;
    let count = world.records().await.len();
    world.connection.close().await.unwrap();
    let run = async |arguments: &[&str]| {
        let output = coinslot(&world.server.database_url).args(arguments).output().await.unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let (is_well, text) = run(&["rollups", "rebuild"]).await;
    assert!(is_well);
    // The server folds as well, once its turn comes.
    let mut owner = world.server.owner().await;
    assert_eq!(rollups::verify(&mut owner).await.unwrap(), i64::try_from(count).unwrap(), "{text}");
    let (is_well, text) = run(&["verify"]).await;
    assert!(is_well && text.contains(&format!("{count} charges ({count} in the sums)")), "{text}");
    owner.execute("UPDATE usage_rollups SET players = players + 1 WHERE level = 2").await.unwrap();
    assert!(!run(&["verify"]).await.0);
}
