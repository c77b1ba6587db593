//! Random histories around every border of time there is, and every figure computed a second time from the raw rows.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId};
use books::ledger::MovementKind;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::fixtures::{Operator, application, operator, site};
use crate::games::{Entry, Game, Move, at, server_at, write};
use crate::harness::Server;
use crate::model::{Asked, Model};
use crate::people::Person;

/// Instants at which a day, week, month, year or hour changes somewhere.
const BORDERS: [&str; 13] = [
    "2024-12-29T16:00:00Z",
    "2024-12-31T16:00:00Z",
    "2025-01-01T00:00:00Z",
    "2025-01-01T05:00:00Z",
    "2025-01-31T16:00:00Z",
    "2025-02-01T05:00:00Z",
    "2025-02-28T16:00:00Z",
    "2025-03-01T00:00:00Z",
    "2025-03-02T16:00:00Z",
    "2025-03-09T05:00:00Z",
    "2025-03-09T07:00:00Z",
    "2025-03-10T04:00:00Z",
    "2025-03-31T16:00:00Z",
];
const GAMES: usize = 350;
const QUESTIONS: usize = 12;
const PLAYERS: [i32; 9] = [1, 2, 3, 4, 5, 6, 8, 9, 30];

struct Platform {
    server: Server,
    operators: Vec<Operator>,
    /// Two of each operator.
    sites: Vec<SiteId>,
    apps: Vec<AppId>,
    analyst: Person,
    finance: Person,
}

/// Mostly within a few milliseconds or hours of a border.
fn some_time(random: &mut Rng) -> UtcTime {
    let border = at(BORDERS[random.usize(..BORDERS.len())]).as_millis();
    let offset_ms = match random.u8(..4) {
        0 => 0,
        1 => random.i64(-2..=2),
        2 => random.i64(-7_200_000..=7_200_000),
        _ => random.i64(-864_000_000..=864_000_000),
    };
    UtcTime::from_millis(border + offset_ms).unwrap()
}

async fn platform(random: &mut Rng, timezone: &str, now: &str) -> Platform {
    let server = server_at(now, timezone).await;
    let (mut operators, mut sites, mut apps) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..3 {
        let operator = operator(&server.app, &format!("venue{number}")).await;
        for name in ["一号店", "二号店"] {
            sites.push(site(&server.app, operator.id, &format!("{name}{number}")).await);
        }
        operators.push(operator);
        apps.push(application(&server.app, &format!("游戏{number}"), 1_000).await);
    }
    let mut entries = Vec::new();
    for _ in 0..GAMES {
        let owner = random.usize(..operators.len());
        entries.push(Entry::Game(Game {
            operator: operators[owner].id,
            site: sites[2 * owner + random.usize(..2)],
            app: apps[random.usize(..apps.len())],
            players: PLAYERS[random.usize(..PLAYERS.len())],
            price_fen: random.i64(1..2_000),
            at: some_time(random),
        }));
    }
    for _ in 0..60 {
        let kind =
            [MovementKind::Recharge, MovementKind::Refund, MovementKind::Payout, MovementKind::Adjustment];
        entries.push(Entry::Move(Move {
            operator: operators[random.usize(..operators.len())].id,
            kind: kind[random.usize(..kind.len())],
            amount_fen: random.i64(1..100_000),
            at: some_time(random),
        }));
    }
    write(&server.app, &entries).await;
    let analyst = server.staff("analyst", "analyst").await;
    let finance = server.staff("finance", "manager").await;
    Platform { server, operators, sites, apps, analyst, finance }
}

impl Platform {
    /// A range with whatever filters; an absent time is the default.
    fn question(&self, random: &mut Rng) -> Asked {
        let (one, other) = (some_time(random), some_time(random));
        let (start, end) = (one.min(other), one.max(other));
        let mut asked = Asked::default();
        if start < end && random.u8(..4) > 0 {
            (asked.start, asked.end) = (Some(start), Some(end));
        }
        if random.bool() {
            asked.operators = random.choose_multiple(self.operators.iter().map(|operator| operator.id), 2);
        }
        if random.u8(..4) == 0 {
            asked.sites = random.choose_multiple(self.sites.iter().copied(), 3);
        }
        if random.u8(..4) == 0 {
            asked.apps = random.choose_multiple(self.apps.iter().copied(), 2);
        }
        asked
    }

    async fn get(&self, person: &Person, path: &str) -> Value {
        let answer = person.get(&self.server, path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    async fn check_analytics(&self, model: &Model, asked: &Asked) {
        let get = async |path: &str| {
            let join = if path.contains('?') { '&' } else { '?' };
            self.get(&self.analyst, &format!("/v1/analytics/{path}{join}{}", asked.query())).await
        };
        assert_eq!(get("overview").await["data"], model.overview(asked), "{asked:?}");
        for entity in ["operator", "site", "app"] {
            let ranking = get(&format!("by-{entity}")).await;
            assert_eq!(ranking["items"], model.ranking(asked, entity), "{entity} {asked:?}");
        }
        assert_eq!(get("player-distribution").await["data"], model.distribution(asked), "{asked:?}");
        for period in ["day", "week", "month"] {
            for group_by in ["none", "operator", "site", "app"] {
                let series = get(&format!("trends?dimension={period}&group_by={group_by}")).await;
                assert_eq!(
                    series["data"],
                    model.trends(asked, period, group_by),
                    "{period} {group_by} {asked:?}"
                );
            }
        }
    }

    async fn check_cross(&self, model: &Model, asked: &Asked, random: &mut Rng) {
        let dimensions = ["operator", "site", "app", "player_count", "day", "week", "month"];
        for rows in dimensions {
            for cols in dimensions.into_iter().filter(|cols| *cols != rows) {
                let measure = ["sessions", "players", "cost"][random.usize(..3)];
                let path = format!(
                    "/v1/analytics/cross?rows={rows}&cols={cols}&measure={measure}&{}",
                    asked.query()
                );
                let table = self.get(&self.analyst, &path).await;
                assert_eq!(table["data"], model.cross(asked, rows, cols, measure), "{path}");
            }
        }
    }

    async fn check_operator(&self, model: &Model, operator: &Operator, mut asked: Asked, random: &mut Rng) {
        asked.operators.clear();
        let range = Asked { sites: Vec::new(), apps: Vec::new(), ..asked.clone() };
        let (of_sites, of_apps) = (random.usize(..2), random.usize(..2));
        let chosen = Asked {
            sites: random.choose_multiple(self.sites.iter().copied(), of_sites),
            apps: random.choose_multiple(self.apps.iter().copied(), of_apps),
            ..range.clone()
        };
        let of = |asked: &Asked| Asked { operators: vec![operator.id], ..asked.clone() };
        let person = Person { token: operator.token.clone(), data: Value::Null };
        let get = async |path: &str, asked: &Asked| {
            let join = if path.contains('?') { '&' } else { '?' };
            let path = format!("/v1/operators/me/statistics/{path}{join}{}", asked.query());
            self.get(&person, &path).await["data"].clone()
        };
        for period in ["day", "week", "month"] {
            let data = get(&format!("consumption?dimension={period}"), &chosen).await;
            assert_eq!(data, model.consumption(&of(&chosen), period), "{chosen:?}");
        }
        let sites = get("by-site", &range).await;
        assert_eq!(
            sites,
            json!({"sites": without(model.ranking(&of(&range), "site"), &["percentage", "avg_players_per_session"])})
        );
        let apps = get("by-app", &range).await;
        assert_eq!(
            apps,
            json!({"applications": without(model.ranking(&of(&range), "app"), &["percentage"])})
        );
        assert_eq!(get("player-distribution", &range).await, model.distribution(&of(&range)));
    }

    async fn check_finance(&self, model: &Model, asked: &Asked) {
        let today = self.get(&self.finance, "/v1/finance/dashboard").await;
        assert_eq!(today["data"], model.finance_today(), "{}", model.now);
        for month in ["2024-12", "2025-01", "2025-02", "2025-03", "2025-04"] {
            let path = format!("/v1/finance/dashboard/trends?month={month}");
            assert_eq!(self.get(&self.finance, &path).await["data"], model.month(month), "{month}");
        }
        let asked = Asked { operators: Vec::new(), sites: Vec::new(), apps: Vec::new(), ..asked.clone() };
        let path = format!("/v1/finance/top-customers?limit=2&{}", asked.query());
        assert_eq!(self.get(&self.finance, &path).await["data"], model.top_customers(&asked, 2), "{asked:?}");
    }
}

fn without(items: Value, fields: &[&str]) -> Value {
    let mut items = items;
    for item in items.as_array_mut().unwrap() {
        fields.iter().for_each(|field| drop(item.as_object_mut().unwrap().remove(*field)));
    }
    items
}

async fn check(timezone: &str, before_midnight: &str, seed: u64) {
    let mut random = Rng::with_seed(seed);
    let platform = platform(&mut random, timezone, before_midnight).await;
    let operators: Vec<OperatorId> = platform.operators.iter().map(|operator| operator.id).collect();
    let mut model = Model::read(&platform.server, timezone).await;
    assert_eq!((model.games(), operators.len()), (GAMES, 3));
    for number in 0..QUESTIONS {
        // Around midnight, and not longer than a token lives.
        let now_ms = at(before_midnight).as_millis() + random.i64(0..3_500_000);
        platform.server.app.clock().set(now_ms);
        model.now = UtcTime::from_millis(now_ms).unwrap();
        let asked = platform.question(&mut random);
        platform.check_analytics(&model, &asked).await;
        platform.check_finance(&model, &asked).await;
        let operator = &platform.operators[number % 3];
        platform.check_operator(&model, operator, asked.clone(), &mut random).await;
        if number % 4 == 0 {
            platform.check_cross(&model, &asked, &mut random).await;
        }
    }
    platform.server.verify().await;
}

#[tokio::test]
async fn figures_in_shanghai_are_those_of_the_raw_rows() {
    check("Asia/Shanghai", "2025-03-02T15:30:00Z", 1).await;
}

#[tokio::test]
async fn figures_in_new_york_are_those_of_the_raw_rows() {
    check("America/New_York", "2025-03-10T03:30:00Z", 2).await;
}

#[tokio::test]
async fn figures_in_utc_are_those_of_the_raw_rows() {
    check("UTC", "2025-02-28T23:30:00Z", 3).await;
}
