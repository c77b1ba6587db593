//! Asking for reports, and getting them.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{GENERATE, february, office};
use crate::scratch::wait_for;

#[tokio::test]
async fn a_report_is_made_in_the_background_and_handed_out() {
    let office = office().await;
    for (format, extension, content_type, magic) in [
        ("pdf", "pdf", "application/pdf", &b"%PDF-"[..]),
        ("excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ] {
        let answer = office.finance.post(&office.server, GENERATE, february(format)).await;
        let asked = answer.expect(201, "");
        assert_eq!((&asked["status"], &asked["estimated_time"]), (&json!("generating"), &json!(3)));
        let id = asked["report_id"].as_str().unwrap();
        let report = office.made(id).await;
        let (head, bytes) = office.download(id).await;
        assert!(bytes.starts_with(magic));
        let sections = ["income_summary", "top_customers", "usage_statistics", "refund_summary"];
        let name = report["created_by"].as_str().unwrap();
        assert!(name.starts_with("manager_"), "{name}");
        assert_eq!(
            report,
            json!({
                "report_id": id, "report_type": "monthly", "start_date": "2025-02-01", "end_date": "2025-02-28",
                "format": format, "include_sections": sections, "status": "completed", "progress": 100,
                "file_size": bytes.len(), "sha256": hex::encode(digest(&SHA256, &bytes)),
                "download_url": format!("/v1/finance/reports/{id}/download"), "error_message": null,
                "is_automatic": false, "created_by": name, "created_at": "2025-03-01T17:00:00.000Z",
                "completed_at": "2025-03-01T17:00:00.000Z",
            })
        );
        let header = |name: &str| head.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), content_type);
        assert_eq!(header("content-length"), bytes.len().to_string());
        // 财务月报_2025-02-01_2025-02-28
        let encoded = "%E8%B4%A2%E5%8A%A1%E6%9C%88%E6%8A%A5";
        let disposition = header("content-disposition");
        assert!(
            disposition.contains(&format!("filename=\"monthly-report_2025-02-01_2025-02-28.{extension}\""))
        );
        assert!(disposition.contains(&format!("filename*=UTF-8''{encoded}")), "{disposition}");
        assert_eq!(std::fs::read(office.file(id, extension)).unwrap(), bytes);
    }
}

#[tokio::test]
async fn a_report_is_not_handed_out_before_it_is_made() {
    let office = office().await;
    let mut owner = office.server.owner().await;
    let mut lock = sqlx::Connection::begin(&mut owner).await.unwrap();
    sqlx::query("LOCK TABLE ledger_movements IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let id = office.ask(february("pdf")).await;
    wait_for("it is on its way", async || {
        (office.get(&id).await["progress"].as_i64() > Some(50)).then_some(())
    })
    .await;
    let report = office.get(&id).await;
    assert_eq!(report["status"], "generating");
    assert!(report["progress"].as_i64().unwrap() < 100);
    for field in ["file_size", "sha256", "download_url", "error_message", "completed_at"] {
        assert_eq!(report[field], Value::Null, "{field}");
    }
    office.try_download(&id).await.expect(404, "REPORT_NOT_READY");
    lock.rollback().await.unwrap();
    office.made(&id).await;
    assert!(office.download(&id).await.1.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let office = office().await;
    let refused = async |changes: Value| {
        let mut body = february("pdf");
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let answer = office.finance.post(&office.server, GENERATE, body).await;
        answer.expect(400, "INVALID_PARAMS");
        answer.fields().join(" ")
    };
    for (changes, fields) in [
        (json!({"report_type": "yearly"}), "report_type"),
        (json!({"start_date": "2025-02-30", "end_date": "today"}), "start_date end_date"),
        (json!({"start_date": 20250201}), "start_date"),
        (json!({"end_date": "2026-02-02"}), "end_date"),
        (json!({"end_date": "2025-01-31"}), "end_date"),
        (json!({"format": "word"}), "format"),
        (json!({"include_sections": []}), "include_sections"),
        (json!({"include_sections": ["weather"]}), "include_sections[0]"),
    ] {
        assert_eq!(refused(changes.clone()).await, fields, "{changes}");
    }
    let nothing = office.finance.post(&office.server, GENERATE, json!({})).await;
    nothing.expect(400, "INVALID_PARAMS");
    assert_eq!(nothing.fields(), ["report_type", "start_date", "end_date", "format"]);
    let listed = office.finance.get(&office.server, "/v1/finance/reports?report_type=yearly").await;
    listed.expect(400, "INVALID_PARAMS");
    assert_eq!(listed.fields(), ["report_type"]);
    for path in
        ["/v1/finance/reports/rpt_01h455vb4pex5vsknk084sn02q", "/v1/finance/reports/nonsense/download"]
    {
        office.finance.get(&office.server, path).await.expect(404, "RESOURCE_NOT_FOUND");
    }
}

#[tokio::test]
async fn a_report_may_end_in_the_future_and_has_only_the_sections_asked_for() {
    let office = office().await;
    let id = office
        .ask(json!({
            "report_type": "custom", "start_date": "2025-02-01", "end_date": "2026-02-01", "format": "excel",
            "include_sections": ["refund_summary", "income_summary", "refund_summary"],
        }))
        .await;
    let report = office.made(&id).await;
    assert_eq!(report["include_sections"], json!(["income_summary", "refund_summary"]));
    let (_, bytes) = office.download(&id).await;
    use calamine::Reader;
    let names = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap().sheet_names();
    assert_eq!(names, ["概览", "收入汇总", "收入汇总（按月）", "退款汇总", "退款明细"]);
}

#[tokio::test]
async fn only_those_who_may_export_ask_for_reports_and_all_of_finance_read_them() {
    let office = office().await;
    let id = office.ask(february("pdf")).await;
    office.made(&id).await;
    let reader = office.server.staff("finance", "auditor").await;
    let sql = r#"UPDATE staff_accounts SET permission_overrides = '{"can_export_report": false}' WHERE role = 'auditor'"#;
    office.server.change(sqlx::query(sql)).await;
    reader.post(&office.server, GENERATE, february("pdf")).await.expect(403, "PERMISSION_DENIED");
    let listed = reader.get(&office.server, "/v1/finance/reports").await;
    assert_eq!((&listed.body["total"], &listed.body["items"][0]["report_id"]), (&json!(1), &json!(id)));
    let (head, _) = super::download(&office.server, &reader, &id).await;
    assert_eq!(head.status().as_u16(), 200);
}

#[tokio::test]
async fn asking_twice_with_one_key_makes_one_report_and_one_entry_of_the_audit_log() {
    let office = office().await;
    let ask = async || office.finance.post_once(&office.server, GENERATE, &february("pdf"), "key").await;
    let (first, second) = (ask().await, ask().await);
    assert_eq!(first.expect(201, ""), second.expect(201, ""));
    assert_eq!(second.headers["idempotent-replayed"], "true");
    let other = office.finance.post_once(&office.server, GENERATE, &february("excel"), "key").await;
    other.expect(409, "IDEMPOTENCY_CONFLICT");
    let id = first.body["data"]["report_id"].as_str().unwrap();
    office.made(id).await;
    let logs = "/v1/finance/audit-logs?operation_type=report_generate";
    let logs = office.finance.get(&office.server, logs).await;
    assert_eq!(logs.body["total"], 1, "{}", logs.body);
    let entry = &logs.body["items"][0];
    assert_eq!((&entry["target_resource_id"], &entry["outcome"]), (&json!(id), &json!("success")));
    assert_eq!(entry["operation_details"]["start_date"], "2025-02-01");
}
