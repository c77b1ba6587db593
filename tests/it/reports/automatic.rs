//! Reports of schedules, and clearing away.

use jiff::civil::date;
use office::reports::{self, Directory, Period, ReportFormat, ReportType};
use serde_json::json;

use super::{Office, february, office};
use crate::games::at;

async fn scheduled(office: &Office, report_type: ReportType, period: Period) -> Option<String> {
    let mut transaction = office.server.app.database().begin().await.unwrap();
    let now = office.server.app.clock().now();
    let asked =
        reports::request_automatic(&mut transaction, report_type, period, ReportFormat::Pdf, now).await;
    transaction.commit().await.unwrap();
    asked.unwrap().map(|id| id.to_string())
}

#[tokio::test]
async fn a_schedule_that_runs_twice_makes_one_report() {
    let office = office().await;
    let day = Period { start: date(2025, 2, 28), end: date(2025, 2, 28) };
    let id = scheduled(&office, ReportType::Daily, day).await.unwrap();
    assert_eq!(scheduled(&office, ReportType::Daily, day).await, None);
    let report = office.made(&id).await;
    assert_eq!((&report["is_automatic"], &report["created_by"]), (&json!(true), &json!("system")));
    // Whoever asks gets one of his own.
    let body = json!({"report_type": "daily", "start_date": "2025-02-28", "end_date": "2025-02-28", "format": "pdf"});
    let own = office.ask(body).await;
    office.made(&own).await;
    office.ask(february("pdf")).await;
    let list = office.finance.get(&office.server, "/v1/finance/reports?report_type=daily").await;
    let ids: Vec<&str> = list.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["report_id"].as_str().unwrap())
        .collect();
    let mut expected = [id.as_str(), own.as_str()];
    expected.sort_unstable();
    expected.reverse();
    assert_eq!((list.body["total"].as_i64(), ids), (Some(2), expected.to_vec()));
}

#[tokio::test]
async fn reports_are_cleared_away_with_their_files_when_their_time_is_over() {
    let office = office().await;
    let (old, young) = (office.ask(february("pdf")).await, office.ask(february("excel")).await);
    for id in [&old, &young] {
        office.made(id).await;
    }
    let sql =
        "UPDATE reports SET created_at = created_at - interval '365 days 1 second' WHERE format = 'pdf'";
    office.server.change(sqlx::query(sql)).await;
    // Left behind by instances that died.
    let parts = [office.file(&old, "1.part"), office.file(&young, "2.part")];
    for part in &parts {
        std::fs::write(part, "half").unwrap();
    }
    let stranger = office.file("somebody's notes", "txt");
    std::fs::write(&stranger, "").unwrap();
    let directory = Directory::below(office.data_dir.path());
    let purge = async |days: i64| {
        let mut connection = office.server.app.database().acquire().await.unwrap();
        reports::purge_expired(&mut connection, &directory, days, at(super::NOW)).await.unwrap()
    };
    assert_eq!(purge(366).await, 0);
    assert!(office.file(&old, "pdf").exists());
    assert_eq!(office.server.app.settings().report_retention_days, 365);
    assert_eq!(purge(365).await, 1);
    assert!(!office.file(&old, "pdf").exists() && !parts.iter().any(|part| part.exists()));
    assert!(office.file(&young, "xlsx").exists() && stranger.exists());
    office
        .finance
        .get(&office.server, &format!("/v1/finance/reports/{old}"))
        .await
        .expect(404, "RESOURCE_NOT_FOUND");
    office.download(&young).await;
    assert_eq!(purge(365).await, 0);
}
