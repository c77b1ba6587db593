//! Every wrong parameter is named before anything is sent.

use serde_json::Value;

use super::venue::{ME, Venue};

#[tokio::test]
async fn wrong_parameters_are_named() {
    let venue = Venue::idle().await;
    let analyst = venue.server.staff("analyst", "analyst").await;
    let operator = venue.operator.token.as_str();
    let analytics = "/v1/analytics/export".to_owned();
    let [transactions, usage, statistics] =
        ["transactions", "usage-records", "statistics"].map(|list| format!("{ME}/{list}/export"));
    let times = [
        ("start_time=yesterday", "start_time"),
        ("end_time=2025-01-01", "end_time"),
        ("start_time=2025-01-02T00:00:00Z&end_time=2025-01-01T00:00:00Z", "end_time"),
        ("format=pdf", "format"),
    ];
    let of_statistics = [
        ("dimension=hour", "dimension"),
        ("site_id=nonsense", "site_id"),
        ("app_id=site_01h455vb4pex5vsknk084sn02q", "app_id"),
        ("start_time=1990-01-01T00:00:00Z", "start_time"),
    ];
    let of_analytics = [
        ("operator_id=x", "operator_id"),
        ("group_by=player", "group_by"),
        ("measure=money", "measure"),
        ("rows=x", "rows"),
        ("cols=x", "cols"),
    ];
    let mut calls = Vec::new();
    for (query, field) in times {
        for (token, path, report) in [
            (operator, &transactions, ""),
            (operator, &usage, ""),
            (operator, &statistics, "report=consumption&"),
            (analyst.token.as_str(), &analytics, "report=trends&"),
        ] {
            calls.push((token, format!("{path}?{report}{query}"), field));
        }
    }
    calls.push((operator, format!("{transactions}?type=payout"), "type"));
    calls.push((operator, format!("{usage}?site_id=nonsense"), "site_id"));
    calls.push((operator, format!("{usage}?app_id=nonsense"), "app_id"));
    for (query, field) in of_statistics {
        calls.push((operator, format!("{statistics}?report=consumption&{query}"), field));
    }
    for query in ["", "?report=trends", "?report="] {
        calls.push((operator, format!("{statistics}{query}"), "report"));
    }
    for (query, field) in of_statistics.into_iter().chain(of_analytics) {
        calls.push((&analyst.token, format!("{analytics}?report=trends&{query}"), field));
    }
    for (query, field) in [
        ("", "report"),
        ("?report=consumption", "report"),
        ("?report=cross&cols=app", "rows"),
        ("?report=cross&rows=app", "cols"),
        ("?report=cross&rows=app&cols=app", "cols"),
    ] {
        calls.push((&analyst.token, format!("{analytics}{query}"), field));
    }
    for (token, path, field) in calls {
        for format in ["", "&format=csv"] {
            let path = if path.contains("format=") || !path.contains('?') {
                path.clone()
            } else {
                path.clone() + format
            };
            let file = venue.server.download(token, &path).await;
            let body: Value = serde_json::from_slice(&file.bytes).unwrap();
            assert_eq!((file.status, &body["error_code"]), (400, &"INVALID_PARAMS".into()), "{path}: {body}");
            assert_eq!(body["details"]["fields"][0]["field"], field, "{path}: {body}");
            assert_eq!(file.header("content-type"), "application/json");
            assert_eq!((file.header("content-disposition"), file.header("x-total-rows")), ("", ""));
        }
    }
    assert_eq!(venue.server.app.exports().taken(), 0, "a refused export holds nothing");
}
