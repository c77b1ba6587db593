//! The analyst's figures: shapes, filters, refusals, and who may ask.

use base::ids::{AppId, OperatorId, SiteId};
use serde_json::{Value, json};

use crate::fixtures::{application, operator, site};
use crate::games::{Entry, Game, at, server_at, write};
use crate::harness::Server;
use crate::people::Person;

const NOW: &str = "2025-03-01T17:00:00Z";
const PATHS: [&str; 7] = [
    "overview",
    "by-operator",
    "by-site",
    "by-app",
    "trends",
    "player-distribution",
    "cross?rows=app&cols=day",
];

struct Platform {
    server: Server,
    analyst: Person,
    operators: [OperatorId; 2],
    /// Two of the first operator, then one of the second.
    sites: [SiteId; 3],
    apps: [AppId; 2],
}

/// It is March 2 in Shanghai.
async fn platform() -> Platform {
    let server = server_at(NOW, "Asia/Shanghai").await;
    let operators = [operator(&server.app, "first").await.id, operator(&server.app, "second").await.id];
    let mut sites = Vec::new();
    for (owner, name) in [(0, "一号店"), (0, "二号店"), (1, "三号店")] {
        sites.push(site(&server.app, operators[owner], name).await);
    }
    let sites: [SiteId; 3] = sites.try_into().unwrap();
    let apps = [
        application(&server.app, "太空探险", 1_000).await,
        application(&server.app, "星际战争", 1_200).await,
    ];
    let game = |owner: usize, site: usize, app: usize, players, time| {
        let price_fen = [1_000, 1_200][app];
        let game = Game {
            operator: operators[owner],
            site: sites[site],
            app: apps[app],
            players,
            price_fen,
            at: at(time),
        };
        Entry::Game(game)
    };
    let games = [
        game(0, 0, 0, 2, "2025-02-28T16:00:00Z"),
        game(0, 0, 1, 10, "2025-03-01T16:00:00Z"),
        game(1, 2, 0, 4, "2025-03-01T15:59:59.999Z"),
        game(1, 2, 0, 4, "2025-03-01T16:59:59.999Z"),
        game(1, 2, 0, 4, "2024-12-31T00:00:00Z"),
    ];
    write(&server.app, &games).await;
    let analyst = server.staff("analyst", "analyst").await;
    Platform { server, analyst, operators, sites, apps }
}

impl Platform {
    async fn body(&self, path: &str) -> Value {
        let answer = self.analyst.get(&self.server, &format!("/v1/analytics/{path}")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    async fn data(&self, path: &str) -> Value {
        self.body(path).await["data"].clone()
    }

    async fn refuse(&self, path: &str, fields: &[&str]) {
        let answer = self.analyst.get(&self.server, &format!("/v1/analytics/{path}")).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), fields, "{path}");
    }
}

#[tokio::test]
async fn the_overview_counts_the_platform() {
    let platform = platform().await;
    let expected = json!({
        "total_operators": 2, "total_sites": 3, "total_sessions": 4, "total_players": 20,
        "total_revenue": "220.00", "avg_players_per_session": 5,
    });
    assert_eq!(platform.data("overview").await, expected);
    let of_second = platform.data(&format!("overview?operator_id={}", platform.operators[1])).await;
    let expected = json!({
        "total_operators": 1, "total_sites": 1, "total_sessions": 2, "total_players": 8,
        "total_revenue": "80.00", "avg_players_per_session": 4,
    });
    assert_eq!(of_second, expected);
    let of_site = platform.data(&format!("overview?site_id={}", platform.sites[1])).await;
    assert_eq!(
        (&of_site["total_operators"], &of_site["total_sites"], &of_site["total_sessions"]),
        (&json!(1), &json!(1), &json!(0))
    );
    let leave = "UPDATE operators SET deactivated_at = now() WHERE id = $1";
    platform.server.change(sqlx::query(leave).bind(platform.operators[1])).await;
    let close = "UPDATE sites SET deleted_at = now() WHERE id = $1";
    platform.server.change(sqlx::query(close).bind(platform.sites[1])).await;
    let rest = platform.data("overview").await;
    assert_eq!(
        (&rest["total_operators"], &rest["total_sites"], &rest["total_sessions"]),
        (&json!(1), &json!(1), &json!(4))
    );
}

#[tokio::test]
async fn rankings_are_pages_with_shares_of_the_whole() {
    let platform = platform().await;
    let [first, second] = platform.operators.map(|id| id.to_string());
    let item = |id: &str, sessions, players, average, cost: &str, percentage| {
        json!({"operator_id": id, "operator_name": "测试运营商", "total_sessions": sessions, "total_players": players,
               "avg_players_per_session": average, "total_cost": cost, "percentage": percentage})
    };
    let items =
        [item(&first, 2, 12, 6, "140.00", json!(63.64)), item(&second, 2, 8, 4, "80.00", json!(36.36))];
    assert_eq!(
        platform.body("by-operator").await,
        json!({"page": 1, "page_size": 20, "total": 2, "items": items})
    );
    assert_eq!(
        platform.body("by-operator?page=2&page_size=1").await,
        json!({"page": 2, "page_size": 1, "total": 2, "items": [items[1]]})
    );
    assert_eq!(platform.body("by-operator?page=9").await["items"], json!([]));
    let by_site = platform.body("by-site").await;
    let sites: Vec<_> = by_site["items"].as_array().unwrap().iter().map(|item| &item["site_name"]).collect();
    assert_eq!(sites, ["一号店", "三号店"]);
    assert_eq!(by_site["items"][1]["site_id"], platform.sites[2].to_string());
    let by_app = platform.body("by-app").await;
    assert_eq!(
        by_app["items"][0],
        json!({"app_id": platform.apps[1].to_string(), "app_name": "星际战争", "total_sessions": 1,
               "total_players": 10, "avg_players_per_session": 10, "total_cost": "120.00", "percentage": 54.55})
    );
    platform.refuse("by-app?page=0", &["page"]).await;
    platform.refuse("by-site?page_size=101", &["page_size"]).await;
}

#[tokio::test]
async fn filters_may_be_repeated_and_unknown_ids_match_nothing() {
    let platform = platform().await;
    let [first, second] = platform.operators;
    let sessions = async |query: &str| {
        let data = platform.data(&format!("overview?start_time=2024-01-01T00:00:00Z&{query}")).await;
        data["total_sessions"].as_i64().unwrap()
    };
    let unknown = "op_01h455vb4pex5vsknk084sn02q";
    assert_eq!(sessions("").await, 5);
    assert_eq!(sessions(&format!("operator_id={first}&operator_id={second}")).await, 5);
    assert_eq!(sessions(&format!("operator_id={second}&operator_id={second}")).await, 3);
    assert_eq!(sessions(&format!("operator_id={unknown}&operator_id={first}")).await, 2);
    assert_eq!(sessions(&format!("operator_id={unknown}")).await, 0);
    let [one, two, three] = platform.sites;
    assert_eq!(sessions(&format!("site_id={one}&site_id={two}")).await, 2);
    assert_eq!(sessions(&format!("site_id={three}&operator_id={first}")).await, 0);
    assert_eq!(sessions(&format!("app_id={}&app_id={}", platform.apps[0], platform.apps[1])).await, 5);
    assert_eq!(sessions(&format!("app_id={}", platform.apps[1])).await, 1);
}

#[tokio::test]
async fn trends_have_a_point_for_every_bucket() {
    let platform = platform().await;
    let range = "start_time=2025-02-28T16:00:00Z&end_time=2025-03-02T16:00:00Z";
    let point = |date: &str, sessions, players, cost: &str| json!({"date": date, "total_sessions": sessions, "total_players": players, "total_cost": cost});
    assert_eq!(
        platform.data(&format!("trends?{range}")).await,
        json!({"series": [{"key": "all", "name": "all", "points": [
            point("2025-03-01", 2, 6, "60.00"), point("2025-03-02", 2, 14, "160.00"),
        ]}]})
    );
    let [one, two, three] = platform.sites.map(|id| id.to_string());
    let compared = format!("trends?{range}&group_by=site&site_id={one}&site_id={two}&site_id={three}");
    assert_eq!(
        platform.data(&compared).await,
        json!({"series": [
            {"key": one, "name": "一号店",
             "points": [point("2025-03-01", 1, 2, "20.00"), point("2025-03-02", 1, 10, "120.00")]},
            {"key": three, "name": "三号店",
             "points": [point("2025-03-01", 1, 4, "40.00"), point("2025-03-02", 1, 4, "40.00")]},
            {"key": two, "name": "二号店",
             "points": [point("2025-03-01", 0, 0, "0.00"), point("2025-03-02", 0, 0, "0.00")]},
        ]})
    );
    let months = platform.data("trends?dimension=month&start_time=2024-12-01T00:00:00Z").await;
    let dates: Vec<_> =
        months["series"][0]["points"].as_array().unwrap().iter().map(|p| &p["date"]).collect();
    assert_eq!(dates, ["2024-12-01", "2025-01-01", "2025-02-01", "2025-03-01"]);
    let nobody = platform.data("trends?group_by=app&end_time=2020-01-01T00:00:00Z").await;
    assert_eq!(nobody, json!({"series": []}));
}

#[tokio::test]
async fn of_very_many_groups_the_last_series_is_the_sum_of_the_rest() {
    let platform = platform().await;
    let mut games = Vec::new();
    for number in 0..60 {
        let app = application(&platform.server.app, &format!("游戏{number}"), 1_000).await;
        let (operator, site) = (platform.operators[0], platform.sites[0]);
        let (price_fen, time) = (1_000 + number, at("2025-03-01T16:30:00Z"));
        games.push(Entry::Game(Game { operator, site, app, players: 2, price_fen, at: time }));
    }
    write(&platform.server.app, &games).await;
    let data = platform.data("trends?group_by=app").await;
    let series = data["series"].as_array().unwrap();
    assert_eq!((series.len(), &series[49]["key"]), (50, &json!("others")));
    let sessions = |series: &Value| -> i64 {
        let points = series["points"].as_array().unwrap();
        points.iter().map(|point| point["total_sessions"].as_i64().unwrap()).sum()
    };
    assert_eq!(sessions(&series[49]), 13, "62 applications with games less 49");
    assert_eq!(series.iter().map(sessions).sum::<i64>(), 64);
    assert_eq!(series[49]["points"].as_array().unwrap().len(), 30);
}

#[tokio::test]
async fn the_distribution_has_all_five_bands() {
    let platform = platform().await;
    let data = platform.data("player-distribution").await;
    assert_eq!(
        data,
        json!({"distribution": [
            {"band": "1", "total_sessions": 0, "percentage": 0},
            {"band": "2", "total_sessions": 1, "percentage": 25},
            {"band": "3-4", "total_sessions": 2, "percentage": 50},
            {"band": "5-8", "total_sessions": 0, "percentage": 0},
            {"band": "9+", "total_sessions": 1, "percentage": 25},
        ]})
    );
}

#[tokio::test]
async fn a_cross_table_has_a_cell_for_every_row_and_column() {
    let platform = platform().await;
    let [app, other_app] = platform.apps.map(|id| id.to_string());
    assert_eq!(
        platform.data("cross?rows=app&cols=player_count").await,
        json!({
            "rows": [{"key": app, "name": "太空探险"}, {"key": other_app, "name": "星际战争"}],
            "cols": [{"key": "2", "name": "2"}, {"key": "4", "name": "4"}, {"key": "10", "name": "10"}],
            "cells": [[1, 2, 0], [0, 0, 1]],
        })
    );
    let range = "start_time=2025-02-27T16:00:00Z";
    let by_cost = platform.data(&format!("cross?rows=day&cols=operator&measure=cost&{range}")).await;
    let [first, second] = platform.operators.map(|id| id.to_string());
    let names: Vec<_> = by_cost["cols"].as_array().unwrap().iter().map(|col| &col["key"]).collect();
    assert_eq!(names, [&json!(first), &json!(second)]);
    let days: Vec<_> = by_cost["rows"].as_array().unwrap().iter().map(|row| &row["key"]).collect();
    assert_eq!(days, ["2025-02-28", "2025-03-01", "2025-03-02"]);
    assert_eq!(by_cost["cells"], json!([["0.00", "0.00"], ["20.00", "40.00"], ["120.00", "40.00"]]));
    // March 2 is a Sunday: both days are of the week of February 24, which two months share.
    let weeks = platform.data(&format!("cross?rows=week&cols=month&measure=players&{range}")).await;
    assert_eq!(
        weeks,
        json!({
            "rows": [{"key": "2025-02-24", "name": "2025-02-24"}],
            "cols": [{"key": "2025-02-01", "name": "2025-02-01"}, {"key": "2025-03-01", "name": "2025-03-01"}],
            "cells": [[0, 20]],
        })
    );
    let empty = platform.data("cross?rows=site&cols=app&end_time=2020-01-01T00:00:00Z").await;
    assert_eq!(empty, json!({"rows": [], "cols": [], "cells": []}));
}

#[tokio::test]
async fn a_cross_table_needs_two_different_sides_of_bounded_size() {
    let platform = platform().await;
    platform.refuse("cross", &["rows", "cols"]).await;
    platform.refuse("cross?rows=app", &["cols"]).await;
    platform.refuse("cross?cols=app", &["rows"]).await;
    platform.refuse("cross?rows=app&cols=app", &["cols"]).await;
    platform.refuse("cross?rows=planet&cols=app", &["rows"]).await;
    platform.refuse("cross?rows=app&cols=band", &["cols"]).await;
    platform.refuse("cross?rows=app&cols=day&measure=profit", &["measure"]).await;
    platform.refuse("cross?rows=app&cols=day&start_time=1990-01-01T00:00:00Z", &["start_time"]).await;
    // Nine years of days against as many weeks.
    platform.refuse("cross?rows=day&cols=week&start_time=2016-01-01T00:00:00Z", &["cols"]).await;
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let platform = platform().await;
    for path in PATHS {
        let join = if path.contains('?') { '&' } else { '?' };
        for (query, field) in [
            ("start_time=yesterday", "start_time"),
            ("end_time=2025-13-01T00:00:00Z", "end_time"),
            ("start_time=2025-01-02T00:00:00Z&end_time=2025-01-02T00:00:00Z", "end_time"),
            ("operator_id=nonsense", "operator_id"),
            ("site_id=site_01h455vb4pex5vsknk084sn02q&site_id=x", "site_id"),
            ("app_id=op_01h455vb4pex5vsknk084sn02q", "app_id"),
        ] {
            platform.refuse(&format!("{path}{join}{query}"), &[field]).await;
        }
    }
    platform.refuse("trends?dimension=hour", &["dimension"]).await;
    platform.refuse("trends?group_by=player_count", &["group_by"]).await;
    platform.refuse("trends?start_time=2010-01-01T00:00:00Z", &["start_time"]).await;
}

#[tokio::test]
async fn analysts_and_administrators_with_financial_permission_may_ask() {
    let platform = platform().await;
    let server = &platform.server;
    let admin = server.staff("admin", "admin").await;
    let support = server.staff("admin", "operator").await;
    let finance = server.staff("finance", "manager").await;
    let venue = operator(&server.app, "venue").await;
    for path in PATHS {
        let path = format!("/v1/analytics/{path}");
        admin.get(server, &path).await.expect(200, "");
        server.visit(&path).await.expect(401, "UNAUTHORIZED");
        // The role comes before the parameters.
        let join = if path.contains('?') { '&' } else { '?' };
        let wrong = format!("{path}{join}start_time=nonsense");
        for token in [&support.token, &finance.token, &venue.token] {
            server.call(Some(token), "GET", &wrong, &Value::Null).await.expect(403, "PERMISSION_DENIED");
        }
    }
}
