//! Reports whose making is interrupted, fails, or is undone.

use std::sync::Arc;
use std::time::Duration;

use office::reports::{self, Directory, NewReport, Period, Production, ReportFormat, ReportType};
use platform::jobs::{Handler, Handlers, Pace, Worker};
use platform::settings::SettingsStore;
use serde_json::{Value, json};

use super::{completed, download, february, instance, office};
use crate::scratch::wait_for;

#[tokio::test]
async fn a_report_that_was_cut_off_in_the_middle_is_made_by_the_next_instance() {
    let office = office().await;
    let super::Office { database, server, finance, data_dir } = office;
    let clock = server.app.clock().clone();
    let (database_handle, mut owner) = (server.app.database().clone(), server.owner().await);
    server.stop().await;
    let period = Period::parse("2025-02-01", "2025-02-28").unwrap();
    let new = NewReport::new(ReportType::Monthly, period, ReportFormat::Pdf, None).unwrap();
    let mut transaction = database_handle.begin().await.unwrap();
    let id = reports::request(&mut transaction, &new, "somebody", clock.now()).await.unwrap();
    transaction.commit().await.unwrap();

    let mut lock = sqlx::Connection::begin(&mut owner).await.unwrap();
    sqlx::query("LOCK TABLE ledger_movements IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let production = Production::new(
        database_handle.clone(),
        Arc::new(SettingsStore::default()),
        clock.clone(),
        Directory::below(data_dir.path()),
    );
    let handlers = Handlers::from([(reports::KIND, Arc::new(production) as Arc<dyn Handler>)]);
    let pace = Pace { grace: Duration::ZERO, ..Pace::default() };
    let running = Worker::new(database_handle.pool().clone(), clock, handlers, pace).start();
    let progress = "SELECT progress FROM reports";
    wait_for("half of it is done", async || {
        let progress: i32 = sqlx::query_scalar(progress).fetch_one(database_handle.pool()).await.unwrap();
        (progress > 50).then_some(())
    })
    .await;
    running.finish().await;
    assert!(!data_dir.path().join("reports").exists(), "nothing was written yet");
    lock.rollback().await.unwrap();

    let next = instance(&database, data_dir.path()).await;
    let id = id.to_string();
    let report = completed(&next, &finance, &id).await;
    assert_eq!(report["progress"], 100);
    assert!(download(&next, &finance, &id).await.1.starts_with(b"%PDF-"));
    let files: Vec<_> = std::fs::read_dir(data_dir.path().join("reports")).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

#[tokio::test]
async fn a_file_that_was_lost_or_changed_is_made_again_instead_of_being_handed_out() {
    let office = office().await;
    let id = office.ask(february("excel")).await;
    office.made(&id).await;
    let path = office.file(&id, "xlsx");
    let whole = std::fs::read(&path).unwrap();
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    let damages: [&dyn Fn(); 3] = [
        &|| std::fs::remove_file(&path).unwrap(),
        &|| std::fs::write(&path, &whole[..whole.len() - 1]).unwrap(),
        &|| std::fs::write(&path, &changed).unwrap(),
    ];
    for damage in damages {
        damage();
        let answer = office.try_download(&id).await;
        answer.expect(404, "REPORT_NOT_READY");
        assert!(answer.body["message"].as_str().unwrap().contains("重新生成"));
        let report = office.made(&id).await;
        let (_, bytes) = office.download(&id).await;
        assert_eq!(report["file_size"], bytes.len());
        assert_eq!(bytes, std::fs::read(&path).unwrap());
    }
}

#[tokio::test]
async fn a_report_that_cannot_be_made_says_so() {
    let office = office().await;
    // Where the directory should be is a file.
    std::fs::write(office.data_dir.path().join("reports"), "").unwrap();
    let id = office.ask(february("pdf")).await;
    let in_english = async || {
        let headers = [("Accept-Language", "en")];
        let path = format!("/v1/finance/reports/{id}");
        let token = Some(office.finance.token.as_str());
        office.server.call_with(token, "GET", &path, &Value::Null, &headers).await.expect(200, "").clone()
    };
    let waiting = wait_for("it is put off", async || {
        let report = in_english().await;
        (!report["error_message"].is_null()).then_some(report)
    })
    .await;
    assert_eq!(waiting["status"], "generating");
    assert!(waiting["error_message"].as_str().unwrap().contains("tried again"), "{waiting}");
    office.server.change(sqlx::query("UPDATE jobs SET attempts = 20, due_at = created_at")).await;
    let failed = wait_for("it is given up", async || {
        let report = in_english().await;
        (report["status"] == "failed").then_some(report)
    })
    .await;
    assert!(failed["error_message"].as_str().unwrap().contains("generate it again"), "{failed}");
    assert_eq!((&failed["download_url"], &failed["file_size"]), (&Value::Null, &Value::Null));
    let answer = office.try_download(&id).await;
    answer.expect(404, "REPORT_NOT_READY");
    assert_eq!(answer.body["message"], json!("报表生成失败，请重新生成；如仍失败请联系技术支持"));

    // An administrator mends what was in the way, and has the job tried again.
    std::fs::remove_file(office.data_dir.path().join("reports")).unwrap();
    let admin = office.server.staff("admin", "super_admin").await;
    let listed = admin.get(&office.server, "/v1/admin/jobs").await;
    let job = listed.expect(200, "")["dead"][0]["job_id"].as_str().unwrap();
    let path = format!("/v1/admin/jobs/dead/{job}/retry");
    admin.post(&office.server, &path, json!({})).await.expect(200, "");
    assert_eq!(office.made(&id).await["error_message"], Value::Null);
}
