//! An operator's statistics: shapes, defaults, refusals, and nothing of anybody else's.

use base::ids::{AppId, SiteId};
use serde_json::{Value, json};

use crate::fixtures::{Operator, application, operator, site};
use crate::games::{Entry, Game, at, server_at, write};
use crate::harness::Server;

const NOW: &str = "2025-03-01T17:00:00Z";

struct Venue {
    server: Server,
    operator: Operator,
    sites: [SiteId; 2],
    apps: [AppId; 2],
}

/// It is March 2 in Shanghai. Two games at the first site, the last of March 1 and the first of March 2; one of long ago
/// at the second.
async fn venue() -> Venue {
    let server = server_at(NOW, "Asia/Shanghai").await;
    let operator = operator(&server.app, "venue").await;
    let sites =
        [site(&server.app, operator.id, "一号店").await, site(&server.app, operator.id, "二号店").await];
    let apps = [
        application(&server.app, "太空探险", 1_000).await,
        application(&server.app, "星际战争", 1_200).await,
    ];
    let game = |site: usize, app: usize, players, time| {
        Entry::Game(Game {
            operator: operator.id,
            site: sites[site],
            app: apps[app],
            players,
            price_fen: 1_000 + 200 * i64::try_from(app).unwrap(),
            at: at(time),
        })
    };
    let games = [
        game(0, 0, 2, "2025-03-01T15:59:59.999Z"),
        game(0, 1, 5, "2025-03-01T16:00:00.000Z"),
        game(1, 0, 4, "2025-01-31T15:59:59.999Z"),
    ];
    write(&server.app, &games).await;
    Venue { server, operator, sites, apps }
}

impl Venue {
    async fn get(&self, path: &str) -> Value {
        let path = format!("/v1/operators/me/statistics/{path}");
        let (status, body) = self.server.get(&path, &self.operator.token).await;
        assert_eq!((status, &body["success"]), (200, &json!(true)), "{path}: {body}");
        body["data"].clone()
    }

    async fn refuse(&self, path: &str, field: &str) {
        let path = format!("/v1/operators/me/statistics/{path}");
        let (status, body) = self.server.get(&path, &self.operator.token).await;
        assert_eq!((status, &body["error_code"]), (400, &json!("INVALID_PARAMS")), "{path}: {body}");
        assert_eq!(body["details"]["fields"][0]["field"], field, "{path}");
        assert_eq!(body["details"]["fields"].as_array().unwrap().len(), 1, "{path}");
    }
}

#[tokio::test]
async fn consumption_of_the_last_30_days_has_every_day() {
    let venue = venue().await;
    let data = venue.get("consumption").await;
    assert_eq!(data["dimension"], "day");
    let points = data["chart_data"].as_array().unwrap();
    assert_eq!((points.len(), &points[0]["date"]), (30, &json!("2025-02-01")));
    assert_eq!(
        points[0],
        json!({"date": "2025-02-01", "total_sessions": 0, "total_players": 0, "total_cost": "0.00"})
    );
    assert_eq!(
        points[28..],
        [
            json!({"date": "2025-03-01", "total_sessions": 1, "total_players": 2, "total_cost": "20.00"}),
            json!({"date": "2025-03-02", "total_sessions": 1, "total_players": 5, "total_cost": "60.00"}),
        ]
    );
    let summary = json!({
        "total_sessions": 2, "total_players": 7, "total_cost": "80.00", "avg_players_per_session": 3.5,
    });
    assert_eq!(data["summary"], summary);
    assert_eq!(data.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn weeks_begin_on_monday_and_months_on_the_first() {
    let venue = venue().await;
    let range = "start_time=2025-01-31T00:00:00%2B08:00&end_time=2025-03-03T00:00:00%2B08:00";
    let data = venue.get(&format!("consumption?dimension=week&{range}")).await;
    let sessions = |data: &Value| -> Vec<(String, i64)> {
        let points = data["chart_data"].as_array().unwrap();
        let of = |point: &Value| {
            (point["date"].as_str().unwrap().to_owned(), point["total_sessions"].as_i64().unwrap())
        };
        points.iter().map(of).collect()
    };
    let expected =
        [("2025-01-27", 1), ("2025-02-03", 0), ("2025-02-10", 0), ("2025-02-17", 0), ("2025-02-24", 2)];
    assert_eq!(sessions(&data), expected.map(|(date, count)| (date.to_owned(), count)));
    let data = venue.get(&format!("consumption?dimension=month&{range}")).await;
    assert_eq!(data["dimension"], "month");
    let expected = [("2025-01-01", 1), ("2025-02-01", 0), ("2025-03-01", 2)];
    assert_eq!(sessions(&data), expected.map(|(date, count)| (date.to_owned(), count)));
}

#[tokio::test]
async fn another_business_time_zone_moves_the_days() {
    let venue = venue().await;
    venue.server.set("business_timezone", json!("UTC")).await;
    let data = venue.get("consumption").await;
    let points = data["chart_data"].as_array().unwrap();
    assert_eq!((points.len(), &points[0]["date"]), (30, &json!("2025-01-31")));
    assert_eq!((&points[0]["total_sessions"], &points[29]["total_sessions"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn consumption_is_filtered_by_site_and_application() {
    let venue = venue().await;
    let count = async |query: &str| {
        venue.get(&format!("consumption?{query}")).await["summary"]["total_sessions"].clone()
    };
    let [app, other_app] = venue.apps;
    let [site, other_site] = venue.sites;
    assert_eq!(count(&format!("site_id={site}")).await, 2);
    assert_eq!(count(&format!("site_id={other_site}")).await, 0);
    assert_eq!(count(&format!("app_id={app}")).await, 1);
    assert_eq!(count(&format!("app_id={other_app}&site_id={site}")).await, 1);
    let stranger = operator(&venue.server.app, "stranger").await;
    let foreign = site_of(&venue, &stranger).await;
    assert_eq!(count(&format!("site_id={foreign}")).await, 0);
}

/// A site of another operator with a game of the same application.
async fn site_of(venue: &Venue, stranger: &Operator) -> SiteId {
    let foreign = site(&venue.server.app, stranger.id, "别人的店").await;
    let game = Game {
        operator: stranger.id,
        site: foreign,
        app: venue.apps[0],
        players: 3,
        price_fen: 7_777,
        at: at("2025-03-01T16:00:00Z"),
    };
    write(&venue.server.app, &[Entry::Game(game)]).await;
    foreign
}

#[tokio::test]
async fn applications_and_sites_are_those_that_were_played() {
    let venue = venue().await;
    let [app, other_app] = venue.apps.map(|id| id.to_string());
    let [site, other_site] = venue.sites.map(|id| id.to_string());
    assert_eq!(
        venue.get("by-app").await,
        json!({"applications": [
            {"app_id": other_app, "app_name": "星际战争", "total_sessions": 1, "total_players": 5,
             "avg_players_per_session": 5, "total_cost": "60.00"},
            {"app_id": app, "app_name": "太空探险", "total_sessions": 1, "total_players": 2,
             "avg_players_per_session": 2, "total_cost": "20.00"},
        ]})
    );
    assert_eq!(
        venue.get("by-site?start_time=2025-01-01T00:00:00Z").await,
        json!({"sites": [
            {"site_id": site, "site_name": "一号店", "total_sessions": 2, "total_players": 7, "total_cost": "80.00"},
            {"site_id": other_site, "site_name": "二号店", "total_sessions": 1, "total_players": 4,
             "total_cost": "40.00"},
        ]})
    );
}

#[tokio::test]
async fn the_distribution_has_all_five_bands() {
    let venue = venue().await;
    assert_eq!(
        venue.get("player-distribution?start_time=2025-01-01T00:00:00Z").await,
        json!({"distribution": [
            {"band": "1", "total_sessions": 0, "percentage": 0},
            {"band": "2", "total_sessions": 1, "percentage": 33.33},
            {"band": "3-4", "total_sessions": 1, "percentage": 33.33},
            {"band": "5-8", "total_sessions": 1, "percentage": 33.33},
            {"band": "9+", "total_sessions": 0, "percentage": 0},
        ]})
    );
    let nothing = venue.get("player-distribution?end_time=2020-01-01T00:00:00Z").await;
    let bands = nothing["distribution"].as_array().unwrap();
    assert!(bands.len() == 5 && bands.iter().all(|band| band["percentage"] == 0), "{nothing}");
}

#[tokio::test]
async fn one_operator_never_sees_the_figures_of_another() {
    let venue = venue().await;
    let stranger = operator(&venue.server.app, "stranger").await;
    let before = [
        venue.get("consumption").await,
        venue.get("by-app").await,
        venue.get("by-site").await,
        venue.get("player-distribution").await,
    ];
    site_of(&venue, &stranger).await;
    let after = [
        venue.get("consumption").await,
        venue.get("by-app").await,
        venue.get("by-site").await,
        venue.get("player-distribution").await,
    ];
    assert_eq!(before, after);
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let venue = venue().await;
    for path in ["consumption", "by-app", "by-site", "player-distribution"] {
        venue.refuse(&format!("{path}?start_time=yesterday"), "start_time").await;
        venue.refuse(&format!("{path}?end_time=2025-01-01"), "end_time").await;
        let empty = "start_time=2025-01-01T00:00:00Z&end_time=2025-01-01T00:00:00Z";
        venue.refuse(&format!("{path}?{empty}"), "end_time").await;
        venue.refuse(&format!("{path}?start_time=2026-01-01T00:00:00Z"), "end_time").await;
    }
    venue.refuse("consumption?dimension=year", "dimension").await;
    venue.refuse("consumption?site_id=nonsense", "site_id").await;
    venue.refuse(&format!("consumption?app_id={}", venue.sites[0]), "app_id").await;
    venue.refuse("consumption?start_time=1900-01-01T00:00:00Z", "start_time").await;
    venue.refuse("consumption?start_time=-009999-01-03T00:00:00Z", "start_time").await;
    let before_all = "end_time=-009999-01-05T00:00:00Z&start_time=0000-01-01T00:00:00Z";
    venue.refuse(&format!("consumption?{before_all}"), "end_time").await;
    let year_0 = "start_time=0000-01-01T00:00:00Z&end_time=0000-01-03T00:00:00Z";
    assert_eq!(venue.get(&format!("consumption?{year_0}")).await["summary"]["total_sessions"], 0);
    let far = "start_time=9999-12-01T00:00:00Z&end_time=9999-12-30T22:00:00Z";
    venue.refuse(&format!("consumption?dimension=month&{far}"), "end_time").await;
    let centuries = "start_time=1800-01-01T00:00:00Z&end_time=2025-01-01T00:00:00Z";
    assert_eq!(
        venue.get(&format!("consumption?dimension=month&{centuries}")).await["summary"]["total_sessions"],
        0
    );
}

#[tokio::test]
async fn only_operators_have_statistics_of_their_own() {
    let server = server_at(NOW, "Asia/Shanghai").await;
    let (admin, analyst) =
        (server.staff("admin", "super_admin").await, server.staff("analyst", "analyst").await);
    for path in ["consumption", "by-app", "by-site", "player-distribution"] {
        // The role comes before the parameters.
        let path = format!("/v1/operators/me/statistics/{path}?start_time=nonsense");
        server.visit(&path).await.expect(401, "UNAUTHORIZED");
        admin.get(&server, &path).await.expect(403, "PERMISSION_DENIED");
        analyst.get(&server, &path).await.expect(403, "PERMISSION_DENIED");
    }
}
