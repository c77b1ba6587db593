//! Statistics of operators and analyses of the platform: the figures of a file are those of the endpoint.

use serde_json::Value;

use super::venue::{ME, Venue, both, shown};

fn line(item: &Value, fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| shown(&item[*field], "UTC")).collect()
}

fn lines(items: &Value, fields: &[&str]) -> Vec<Vec<String>> {
    let items = items.as_array().unwrap();
    assert!(!items.is_empty());
    items.iter().map(|item| line(item, fields)).collect()
}

#[tokio::test]
async fn an_operators_figures_are_exported_as_they_are_shown() {
    let venue = Venue::busy().await;
    let points = ["date", "total_sessions", "total_players", "total_cost"];
    let by_app =
        ["app_id", "app_name", "total_sessions", "total_players", "avg_players_per_session", "total_cost"];
    let by_site = ["site_id", "site_name", "total_sessions", "total_players", "total_cost"];
    let range = "start_time=2025-01-31T16:00:00Z&end_time=2025-03-31T16:00:00Z";
    for (report, query, list, fields) in [
        ("consumption", "dimension=day", "chart_data", points.as_slice()),
        ("consumption", "dimension=week&start_time=2025-02-10T00:00:00Z", "chart_data", points.as_slice()),
        ("consumption", &format!("dimension=month&{range}"), "chart_data", points.as_slice()),
        ("by-app", "", "applications", by_app.as_slice()),
        ("by-app", range, "applications", by_app.as_slice()),
        ("by-site", range, "sites", by_site.as_slice()),
    ] {
        let data = venue.get(&format!("{ME}/statistics/{report}?{query}")).await["data"].clone();
        let exported = venue.both(&format!("/statistics/export?report={report}&{query}")).await;
        assert_eq!(exported, lines(&data[list], fields), "{report} {query}");
    }
    // The filters work for every report.
    let site = venue.sites[0];
    let exported = venue.both(&format!("/statistics/export?report=by-app&site_id={site}")).await;
    assert_eq!(exported.iter().map(|line| line[2].as_str()).collect::<Vec<_>>(), ["1", "1"]);
    let exported = venue.both(&format!("/statistics/export?report=consumption&site_id={site}")).await;
    let data = venue.get(&format!("{ME}/statistics/consumption?site_id={site}")).await["data"].clone();
    assert_eq!(exported, lines(&data["chart_data"], &points));
}

#[tokio::test]
async fn rankings_distribution_and_trends_are_exported_as_they_are_shown() {
    let venue = Venue::busy().await;
    let analyst = venue.server.staff("analyst", "analyst").await;
    let get = async |path: &str| venue.server.get(&format!("/v1/analytics/{path}"), &analyst.token).await.1;
    let export = async |query: &str| {
        both(&venue.server, &analyst.token, &format!("/v1/analytics/export?report={query}")).await
    };
    let figures = ["total_sessions", "total_players", "avg_players_per_session", "total_cost", "percentage"];
    for group in ["operator", "site", "app"] {
        for filter in [String::new(), format!("&app_id={}", venue.apps[1])] {
            let (id, name) = (format!("{group}_id"), format!("{group}_name"));
            let fields = [[id.as_str(), name.as_str()].as_slice(), &figures].concat();
            let body = get(&format!("by-{group}?x=1{filter}")).await;
            assert_eq!(
                export(&format!("by-{group}{filter}")).await,
                lines(&body["items"], &fields),
                "{group}"
            );
        }
    }
    let body = get("player-distribution").await;
    let expected = lines(&body["data"]["distribution"], &["band", "total_sessions", "percentage"]);
    assert_eq!(export("player-distribution").await, expected);
    for query in ["group_by=site&dimension=week", "group_by=operator", "dimension=month"] {
        let body = get(&format!("trends?{query}")).await;
        let mut expected = Vec::new();
        for series in body["data"]["series"].as_array().unwrap() {
            for point in series["points"].as_array().unwrap() {
                let mut cells = line(series, &["key", "name"]);
                if cells[0] == "all" {
                    cells[1] = "全部".to_owned();
                }
                cells.extend(line(point, &["date", "total_sessions", "total_players", "total_cost"]));
                expected.push(cells);
            }
        }
        assert!(!expected.is_empty());
        assert_eq!(export(&format!("trends&{query}")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn cross_tables_are_exported_as_they_are_shown() {
    let venue = Venue::busy().await;
    let analyst = venue.server.staff("analyst", "analyst").await;
    for (rows, cols, measure, width) in [
        ("operator", "app", "cost", 2),
        ("site", "day", "sessions", 2),
        ("app", "player_count", "players", 2),
        ("month", "site", "cost", 1),
        ("player_count", "app", "sessions", 1),
    ] {
        let query = format!("rows={rows}&cols={cols}&measure={measure}");
        let (_, body) = venue.server.get(&format!("/v1/analytics/cross?{query}"), &analyst.token).await;
        let data = &body["data"];
        let heads = data["rows"].as_array().unwrap().iter().zip(data["cells"].as_array().unwrap());
        let expected: Vec<Vec<String>> = heads
            .map(|(row, cells)| {
                let mut told = line(row, &["key", "name"][..width]);
                told.extend(cells.as_array().unwrap().iter().map(|cell| shown(cell, "UTC")));
                told
            })
            .collect();
        let path = format!("/v1/analytics/export?report=cross&{query}");
        let exported = both(&venue.server, &analyst.token, &path).await;
        assert!(!expected.is_empty());
        assert_eq!(exported, expected, "{query}");
        let (titles, _) = venue.server.download(&analyst.token, &format!("{path}&format=csv")).await.csv();
        for (title, col) in titles[width..].iter().zip(data["cols"].as_array().unwrap()) {
            let (key, name) = (col["key"].as_str().unwrap(), col["name"].as_str().unwrap());
            let expected = if key == name { name.to_owned() } else { format!("{name} ({key})") };
            assert_eq!(*title, expected);
        }
    }
}

/// Spreadsheets have no such dates.
#[tokio::test]
async fn days_before_1900_are_exported_as_text() {
    let venue = Venue::idle().await;
    let range = "start_time=1899-11-10T00:00:00Z&end_time=1899-12-20T00:00:00Z";
    let lines = venue.both(&format!("/statistics/export?report=consumption&dimension=month&{range}")).await;
    let dates: Vec<&str> = lines.iter().map(|line| line[0].as_str()).collect();
    assert_eq!(dates, ["1899-11-01", "1899-12-01"]);
}
