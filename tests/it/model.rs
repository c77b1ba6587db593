//! Every figure of the contract, computed from the raw rows by plain loops: slow, and with nothing in common with the
//! code under test.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use money::Fen;
use serde_json::{Value, json};

use crate::harness::Server;

/// A range with filters; both times or neither.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) start: Option<UtcTime>,
    pub(crate) end: Option<UtcTime>,
    pub(crate) operators: Vec<OperatorId>,
    pub(crate) sites: Vec<SiteId>,
    pub(crate) apps: Vec<AppId>,
}

impl Asked {
    pub(crate) fn query(&self) -> String {
        let times = [("start_time", self.start), ("end_time", self.end)];
        let times = times.into_iter().filter_map(|(name, time)| Some(format!("{name}={}", time?)));
        let operators = self.operators.iter().map(|id| format!("operator_id={id}"));
        let sites = self.sites.iter().map(|id| format!("site_id={id}"));
        let apps = self.apps.iter().map(|id| format!("app_id={id}"));
        times.chain(operators).chain(sites).chain(apps).collect::<Vec<_>>().join("&")
    }

    fn named(&self, entity: &str) -> Vec<String> {
        match entity {
            "operator" => self.operators.iter().map(ToString::to_string).collect(),
            "site" => self.sites.iter().map(ToString::to_string).collect(),
            "app" => self.apps.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
struct Game {
    operator: String,
    site: String,
    app: String,
    players: i64,
    fen: i64,
    at: UtcTime,
}

#[derive(Clone, Debug)]
struct Move {
    operator: String,
    kind: String,
    fen: i64,
    at: UtcTime,
}

pub(crate) struct Model {
    games: Vec<Game>,
    moves: Vec<Move>,
    names: HashMap<String, String>,
    /// Site and owner.
    sites: Vec<(String, String)>,
    operators: Vec<String>,
    timezone: TimeZone,
    pub(crate) now: UtcTime,
}

/// Sessions, players, fen.
type Sums = (i64, i64, i64);

fn add(sums: &mut Sums, game: &Game) {
    *sums = (sums.0 + 1, sums.1 + game.players, sums.2 + game.fen);
}

fn yuan(fen: i64) -> String {
    Fen::new(fen).to_string()
}

/// Half-up to two decimals; a whole number has none.
fn decimal(numerator: i64, denominator: i64) -> Value {
    if denominator == 0 {
        return json!(0);
    }
    let (mut hundredths, rest) = (numerator * 100 / denominator, numerator * 100 % denominator);
    if rest * 2 >= denominator {
        hundredths += 1;
    }
    if hundredths % 100 == 0 {
        return json!(hundredths / 100);
    }
    serde_json::from_str(&format!("{}.{:02}", hundredths / 100, hundredths % 100)).unwrap()
}

fn point(date: &str, sums: Sums) -> Value {
    json!({"date": date, "total_sessions": sums.0, "total_players": sums.1, "total_cost": yuan(sums.2)})
}

impl Model {
    pub(crate) async fn read(server: &Server, timezone: &str) -> Model {
        let mut owner = server.owner().await;
        let games: Vec<(OperatorId, SiteId, AppId, i32, i64, UtcTime)> = sqlx::query_as(
            "SELECT operator_id, site_id, app_id, player_count, total_fen, authorized_at FROM usage_records",
        )
        .fetch_all(&mut owner)
        .await
        .unwrap();
        let moves: Vec<(OperatorId, String, i64, UtcTime)> =
            sqlx::query_as("SELECT operator_id, kind, amount_fen, occurred_at FROM ledger_movements")
                .fetch_all(&mut owner)
                .await
                .unwrap();
        let sites: Vec<(SiteId, OperatorId, String)> =
            sqlx::query_as("SELECT id, operator_id, name FROM sites").fetch_all(&mut owner).await.unwrap();
        let operators: Vec<(OperatorId, String)> =
            sqlx::query_as("SELECT id, name FROM operators").fetch_all(&mut owner).await.unwrap();
        let apps: Vec<(AppId, String)> =
            sqlx::query_as("SELECT id, name FROM applications").fetch_all(&mut owner).await.unwrap();
        let mut names = HashMap::new();
        names.extend(sites.iter().map(|(id, _, name)| (id.to_string(), name.clone())));
        names.extend(operators.iter().map(|(id, name)| (id.to_string(), name.clone())));
        names.extend(apps.iter().map(|(id, name)| (id.to_string(), name.clone())));
        let game =
            |(operator, site, app, players, fen, at): (OperatorId, SiteId, AppId, i32, i64, UtcTime)| Game {
                operator: operator.to_string(),
                site: site.to_string(),
                app: app.to_string(),
                players: players.into(),
                fen,
                at,
            };
        Model {
            games: games.into_iter().map(game).collect(),
            moves: moves
                .into_iter()
                .map(|(operator, kind, fen, at)| Move { operator: operator.to_string(), kind, fen, at })
                .collect(),
            names,
            sites: sites.into_iter().map(|(id, owner, _)| (id.to_string(), owner.to_string())).collect(),
            operators: operators.into_iter().map(|(id, _)| id.to_string()).collect(),
            timezone: TimeZone::get(timezone).unwrap(),
            now: server.app.clock().now(),
        }
    }

    pub(crate) fn games(&self) -> usize {
        self.games.len()
    }

    fn date(&self, at: UtcTime) -> Date {
        at.timestamp().to_zoned(self.timezone.clone()).date()
    }

    fn bucket(period: &str, mut date: Date) -> String {
        match period {
            "week" => {
                while date.weekday() != Weekday::Monday {
                    date = date.yesterday().unwrap();
                }
            }
            "month" => {
                while date.day() != 1 {
                    date = date.yesterday().unwrap();
                }
            }
            _ => {}
        }
        date.to_string()
    }

    fn midnight(&self, date: Date) -> UtcTime {
        UtcTime::from_timestamp(date.to_zoned(self.timezone.clone()).unwrap().timestamp())
    }

    fn range(&self, asked: &Asked) -> (UtcTime, UtcTime) {
        let today = self.date(self.now);
        let first = today.checked_sub(29.days()).unwrap();
        let start = asked.start.unwrap_or_else(|| self.midnight(first));
        (start, asked.end.unwrap_or_else(|| self.midnight(today.tomorrow().unwrap())))
    }

    fn buckets(&self, asked: &Asked, period: &str) -> Vec<String> {
        let (start, end) = self.range(asked);
        let last = self.date(UtcTime::from_millis(end.as_millis() - 1).unwrap());
        let mut date = self.date(start);
        let mut buckets = BTreeSet::new();
        while date <= last {
            buckets.insert(Self::bucket(period, date));
            date = date.tomorrow().unwrap();
        }
        buckets.into_iter().collect()
    }

    fn chosen(&self, asked: &Asked) -> Vec<&Game> {
        let (start, end) = self.range(asked);
        let fits = |named: Vec<String>, id: &String| named.is_empty() || named.contains(id);
        let games = self.games.iter().filter(|game| {
            start <= game.at
                && game.at < end
                && fits(asked.named("operator"), &game.operator)
                && fits(asked.named("site"), &game.site)
                && fits(asked.named("app"), &game.app)
        });
        games.collect()
    }

    fn total(games: &[&Game]) -> Sums {
        let mut sums = (0, 0, 0);
        games.iter().for_each(|game| add(&mut sums, game));
        sums
    }

    fn key(&self, dimension: &str, game: &Game) -> String {
        match dimension {
            "operator" => game.operator.clone(),
            "site" => game.site.clone(),
            "app" => game.app.clone(),
            "player_count" => format!("{:03}", game.players),
            period => Self::bucket(period, self.date(game.at)),
        }
    }

    pub(crate) fn overview(&self, asked: &Asked) -> Value {
        let (operators, sites) = (asked.named("operator"), asked.named("site"));
        let fits = |(site, owner): &&(String, String)| {
            (operators.is_empty() || operators.contains(owner)) && (sites.is_empty() || sites.contains(site))
        };
        let there: Vec<_> = self.sites.iter().filter(fits).collect();
        // Every operator here has a site.
        let owners: BTreeSet<&String> = there.iter().map(|(_, owner)| owner).collect();
        let sums = Self::total(&self.chosen(asked));
        json!({
            "total_operators": owners.len(), "total_sites": there.len(), "total_sessions": sums.0,
            "total_players": sums.1, "total_revenue": yuan(sums.2),
            "avg_players_per_session": decimal(sums.1, sums.0),
        })
    }

    /// The costliest first, then the busiest, then by id.
    fn ranked(&self, asked: &Asked, entity: &str, named: bool) -> Vec<(String, Sums)> {
        let mut groups: BTreeMap<String, Sums> = BTreeMap::new();
        if named {
            groups.extend(asked.named(entity).into_iter().map(|id| (id, (0, 0, 0))));
        }
        for game in self.chosen(asked) {
            add(groups.entry(self.key(entity, game)).or_default(), game);
        }
        let mut ranked: Vec<_> = groups.into_iter().collect();
        ranked.sort_by_key(|(id, sums)| (-sums.2, -sums.0, id.clone()));
        ranked
    }

    pub(crate) fn ranking(&self, asked: &Asked, entity: &str) -> Value {
        let total = Self::total(&self.chosen(asked)).2;
        let item = |(id, sums): (String, Sums)| {
            let mut item = json!({
                "total_sessions": sums.0, "total_players": sums.1, "avg_players_per_session": decimal(sums.1, sums.0),
                "total_cost": yuan(sums.2), "percentage": decimal(sums.2 * 100, total),
            });
            item[format!("{entity}_name")] = json!(self.names[&id]);
            item[format!("{entity}_id")] = json!(id);
            item
        };
        self.ranked(asked, entity, false).into_iter().map(item).collect()
    }

    pub(crate) fn distribution(&self, asked: &Asked) -> Value {
        let games = self.chosen(asked);
        let bands = [("1", 1, 1), ("2", 2, 2), ("3-4", 3, 4), ("5-8", 5, 8), ("9+", 9, 100)];
        let share = |(band, from, to): (&str, i64, i64)| {
            let count = games.iter().filter(|game| from <= game.players && game.players <= to).count() as i64;
            json!({"band": band, "total_sessions": count, "percentage": decimal(count * 100, games.len() as i64)})
        };
        json!({"distribution": bands.map(share)})
    }

    fn points(&self, buckets: &[String], period: &str, games: &[&Game]) -> Vec<Value> {
        let mut sums: BTreeMap<&String, Sums> = buckets.iter().map(|bucket| (bucket, (0, 0, 0))).collect();
        for game in games {
            add(sums.get_mut(&Self::bucket(period, self.date(game.at))).unwrap(), game);
        }
        sums.into_iter().map(|(bucket, sums)| point(bucket, sums)).collect()
    }

    pub(crate) fn consumption(&self, asked: &Asked, period: &str) -> Value {
        let games = self.chosen(asked);
        let sums = Self::total(&games);
        json!({
            "dimension": period,
            "chart_data": self.points(&self.buckets(asked, period), period, &games),
            "summary": {
                "total_sessions": sums.0, "total_players": sums.1, "total_cost": yuan(sums.2),
                "avg_players_per_session": decimal(sums.1, sums.0),
            },
        })
    }

    pub(crate) fn trends(&self, asked: &Asked, period: &str, group_by: &str) -> Value {
        let games = self.chosen(asked);
        let buckets = self.buckets(asked, period);
        if group_by == "none" {
            let points = self.points(&buckets, period, &games);
            return json!({"series": [{"key": "all", "name": "all", "points": points}]});
        }
        let line = |(id, _): (String, Sums)| {
            let held = games.iter().filter(|game| self.key(group_by, game) == id);
            let points = self.points(&buckets, period, &held.copied().collect::<Vec<_>>());
            json!({"key": id, "name": self.names[&id], "points": points})
        };
        let lines = self.ranked(asked, group_by, true).into_iter().map(line);
        json!({"series": lines.collect::<Vec<_>>()})
    }

    fn side(&self, asked: &Asked, dimension: &str, measure: fn(Sums) -> i64) -> Vec<String> {
        match dimension {
            "day" | "week" | "month" => self.buckets(asked, dimension),
            "player_count" => {
                let counts = self.chosen(asked).into_iter().map(|game| self.key(dimension, game));
                counts.collect::<BTreeSet<_>>().into_iter().collect()
            }
            _ => {
                let mut ranked = self.ranked(asked, dimension, true);
                ranked.sort_by_key(|(id, sums)| (-measure(*sums), id.clone()));
                ranked.into_iter().map(|(id, _)| id).collect()
            }
        }
    }

    pub(crate) fn cross(&self, asked: &Asked, rows: &str, cols: &str, measure: &str) -> Value {
        let of: fn(Sums) -> i64 = match measure {
            "sessions" => |sums| sums.0,
            "players" => |sums| sums.1,
            _ => |sums| sums.2,
        };
        let mut sums: HashMap<(String, String), Sums> = HashMap::new();
        for game in self.chosen(asked) {
            add(sums.entry((self.key(rows, game), self.key(cols, game))).or_default(), game);
        }
        let cell = |row: &String, col: &String| {
            let amount = of(sums.get(&(row.clone(), col.clone())).copied().unwrap_or_default());
            if measure == "cost" { json!(yuan(amount)) } else { json!(amount) }
        };
        let heading = |key: &String| {
            let key = key.trim_start_matches('0');
            json!({"key": key, "name": self.names.get(key).map_or(key, String::as_str)})
        };
        let (rows, cols) = (self.side(asked, rows, of), self.side(asked, cols, of));
        let cells = rows.iter().map(|row| cols.iter().map(|col| cell(row, col)).collect::<Vec<_>>());
        json!({
            "cells": cells.collect::<Vec<_>>(),
            "rows": rows.iter().map(heading).collect::<Vec<_>>(),
            "cols": cols.iter().map(heading).collect::<Vec<_>>(),
        })
    }

    fn moved(&self, kind: &str, date: Date) -> i64 {
        let moves = self.moves.iter().filter(|one| one.kind == kind && self.date(one.at) == date);
        moves.map(|one| one.fen).sum()
    }

    fn consumed(&self, date: Date) -> i64 {
        self.games.iter().filter(|game| self.date(game.at) == date).map(|game| game.fen).sum()
    }

    pub(crate) fn finance_today(&self) -> Value {
        let today = self.date(self.now);
        let (recharge, refund) = (self.moved("recharge", today), self.moved("refund", today));
        let players = self.games.iter().filter(|game| self.date(game.at) == today).map(|game| &game.operator);
        let payers = self.moves.iter().filter(|one| one.kind == "recharge" && self.date(one.at) == today);
        let active: BTreeSet<&String> = players.chain(payers.map(|one| &one.operator)).collect();
        json!({
            "today_recharge": yuan(recharge), "today_consumption": yuan(self.consumed(today)),
            "today_refund": yuan(refund), "today_net_income": yuan(recharge - refund),
            "total_operators": self.operators.len(), "active_operators_today": active.len(),
        })
    }

    pub(crate) fn month(&self, month: &str) -> Value {
        let mut date: Date = format!("{month}-01").parse().unwrap();
        let (mut days, mut total) = (Vec::new(), [0, 0, 0]);
        while date.to_string().starts_with(month) {
            let sums = [self.moved("recharge", date), self.consumed(date), self.moved("refund", date)];
            for (total, sum) in total.iter_mut().zip(sums) {
                *total += sum;
            }
            days.push(json!({
                "date": date.to_string(), "recharge": yuan(sums[0]), "consumption": yuan(sums[1]),
                "refund": yuan(sums[2]), "net_income": yuan(sums[0] - sums[2]),
            }));
            date = date.tomorrow().unwrap();
        }
        json!({
            "month": month,
            "chart_data": days,
            "summary": {
                "total_recharge": yuan(total[0]), "total_consumption": yuan(total[1]), "total_refund": yuan(total[2]),
                "total_net_income": yuan(total[0] - total[2]),
            },
        })
    }

    pub(crate) fn top_customers(&self, asked: &Asked, limit: usize) -> Value {
        let total = Self::total(&self.chosen(asked)).2;
        let ranked = self.ranked(asked, "operator", false);
        let item = |(index, (id, sums)): (usize, (String, Sums))| {
            json!({
                "rank": index + 1, "operator_id": id, "operator_name": self.names[&id], "category": "normal",
                "total_consumption": yuan(sums.2), "consumption_percentage": decimal(sums.2 * 100, total),
                "total_sessions": sums.0,
            })
        };
        let customers: Vec<Value> = ranked.into_iter().take(limit).enumerate().map(item).collect();
        json!({"customers": customers, "total_consumption": yuan(total)})
    }
}
