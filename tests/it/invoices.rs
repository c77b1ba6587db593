//! Invoices: what may be invoiced, who decides, and the numbers.

use base::clock::UtcTime;
use base::ids::InvoiceId;
use futures_util::future::join_all;
use office::invoices::{self, Approval, OwnDocument};
use serde_json::{Value, json};

use crate::fixtures::{adjust, top_up};
use crate::harness::{Answer, Server, Venue};
use crate::people::{Person, demo_server};
use crate::scratch::wait_for;

const INVOICES: &str = "/v1/operators/me/invoices";
const REASON: &str = "门店停业，申请退还余额";
const UNKNOWN: &str = "inv_01h455vb4pex5vsknk084sn02q";

fn asked(amount: &str) -> Value {
    json!({"amount": amount, "invoice_title": "梦境互动娱乐有限公司", "tax_id": "91110000MA01ABCD0X"})
}

/// An operator with top-ups of this amount.
async fn paying(server: &Server, amount_fen: i64) -> (Venue, Person) {
    let venue = server.venue(0).await;
    top_up(&server.app, venue.operator_id, amount_fen).await;
    let operator = server.owner_of(&venue).await;
    (venue, operator)
}

async fn ask(server: &Server, operator: &Person, amount: &str) -> String {
    let answer = operator.post(server, INVOICES, asked(amount)).await;
    answer.expect(201, "")["invoice_id"].as_str().unwrap().to_owned()
}

async fn decide(server: &Server, finance: &Person, id: &str, verb: &str, body: Value) -> Answer {
    finance.post(server, &format!("/v1/finance/invoices/{id}/{verb}"), body).await
}

async fn approve(server: &Server, finance: &Person, id: &str) -> Answer {
    decide(server, finance, id, "approve", Value::Null).await
}

/// The whole balance back, approved.
async fn refund(server: &Server, finance: &Person, operator: &Person) {
    let refund = operator.post(server, "/v1/operators/me/refunds", json!({"reason": REASON})).await;
    let id = refund.expect(201, "")["refund_id"].as_str().unwrap().to_owned();
    finance.post(server, &format!("/v1/finance/refunds/{id}/approve"), Value::Null).await.expect(200, "");
}

/// What an operator is told when it asks for more than there can be.
async fn available(server: &Server, operator: &Person) -> String {
    let answer = operator.post(server, INVOICES, asked("99999999.99")).await;
    let details = answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.fields(), ["amount"]);
    details["available_amount"].as_str().unwrap().to_owned()
}

/// The year of now in the business time zone, as numbers begin.
fn prefix(server: &Server) -> String {
    let timezone = server.app.settings().business_timezone.clone();
    format!("INV{}", server.app.clock().now().timestamp().to_zoned(timezone).year())
}

#[tokio::test]
async fn an_invoice_is_asked_for_and_listed() {
    let server = demo_server().await;
    let (_, operator) = paying(&server, 10_000).await;
    let mut body = asked("50.5");
    body["email"] = json!("billing@example.com");
    let answer = operator.post(&server, INVOICES, body).await;
    let invoice = answer.expect(201, "");
    let expected = json!({
        "invoice_id": invoice["invoice_id"], "amount": "50.50", "invoice_title": "梦境互动娱乐有限公司",
        "tax_id": "91110000MA01ABCD0X", "email": "billing@example.com", "status": "pending",
        "created_at": invoice["created_at"],
    });
    assert_eq!(invoice, &expected);
    let listed = operator.get(&server, INVOICES).await;
    assert_eq!(listed.body, json!({"page": 1, "page_size": 20, "total": 1, "items": [expected]}));
    let other = server.operator2().await.get(&server, INVOICES).await;
    assert_eq!(other.body["items"], json!([]));
    let seen = server.auditor().await.get(&server, "/v1/finance/invoices?status=pending").await;
    let item = &seen.body["items"][0];
    assert_eq!((&item["operator_name"], &item["amount"]), (&json!("测试运营商"), &json!("50.50")));
    assert_eq!(item["operator_id"], operator.data["operator"]["operator_id"]);
    let none = server.auditor().await.get(&server, "/v1/finance/invoices?status=rejected").await;
    assert_eq!(none.body["total"], 0);
}

#[tokio::test]
async fn an_operator_looks_at_one_of_its_invoices() {
    let server = demo_server().await;
    let (_, operator) = paying(&server, 10_000).await;
    let id = ask(&server, &operator, "50.00").await;
    let path = format!("{INVOICES}/{id}");
    let pending = operator.get(&server, &path).await;
    assert_eq!(pending.expect(200, ""), &operator.get(&server, INVOICES).await.body["items"][0]);
    approve(&server, &server.finance().await, &id).await.expect(200, "");
    let approved = operator.get(&server, &path).await;
    assert_eq!(approved.expect(200, "")["pdf_url"], format!("{path}/pdf"));
    server.operator2().await.get(&server, &path).await.expect(404, "INVOICE_NOT_FOUND");
    for unknown in [UNKNOWN, "inv_1"] {
        operator.get(&server, &format!("{INVOICES}/{unknown}")).await.expect(404, "INVOICE_NOT_FOUND");
    }
}

#[tokio::test]
async fn fields_that_do_not_fit_are_named() {
    let server = demo_server().await;
    let (_, operator) = paying(&server, 10_000).await;
    for (field, value) in [
        ("amount", json!("0.00")),
        ("amount", json!("-1.00")),
        ("amount", json!("1.001")),
        ("amount", json!(5)),
        ("invoice_title", json!("一")),
        ("invoice_title", json!("长".repeat(101))),
        ("tax_id", json!("91110000MA01AB")),
        ("tax_id", json!("91110000MA01ABCD0X123")),
        ("tax_id", json!("91110000ma01abcd0x")),
        ("email", json!("nobody")),
    ] {
        let mut body = asked("10.00");
        body[field] = value.clone();
        let answer = operator.post(&server, INVOICES, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{value}");
    }
    let empty = operator.post(&server, INVOICES, json!({})).await;
    assert_eq!(empty.fields(), ["amount", "invoice_title", "tax_id"]);
}

#[tokio::test]
async fn top_ups_minus_refunds_minus_invoices_may_be_invoiced() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (venue, operator) = paying(&server, 10_000).await;
    assert_eq!(available(&server, &operator).await, "100.00");
    adjust(&server.app, venue.operator_id, 5_000, server.app.clock().now()).await;
    assert_eq!(available(&server, &operator).await, "100.00", "adjustments are not invoiceable");
    server.authorize(&venue, &venue.session(), 2).await.expect(200, "");
    assert_eq!(available(&server, &operator).await, "100.00", "what was played is invoiceable");

    let first = ask(&server, &operator, "30.00").await;
    assert_eq!(available(&server, &operator).await, "70.00", "a pending invoice reserves its amount");
    let above = operator.post(&server, INVOICES, asked("70.01")).await;
    let details = above.expect(400, "INVALID_PARAMS");
    assert_eq!((&details["available_amount"], above.fields()), (&json!("70.00"), vec!["amount"]));
    let second = ask(&server, &operator, "70.00").await;
    assert_eq!(available(&server, &operator).await, "0.00");
    approve(&server, &finance, &first).await.expect(200, "");
    assert_eq!(available(&server, &operator).await, "0.00", "an approved invoice keeps its amount");
    let reason = json!({"reason": "发票抬头与营业执照不一致"});
    decide(&server, &finance, &second, "reject", reason).await.expect(200, "");
    assert_eq!(available(&server, &operator).await, "70.00", "a rejected one sets it free");

    // 130.00 of balance go back, of which 50.00 came from an adjustment: all of it counts.
    refund(&server, &finance, &operator).await;
    assert_eq!(available(&server, &operator).await, "0.00");
    top_up(&server.app, venue.operator_id, 6_100).await;
    assert_eq!(available(&server, &operator).await, "1.00");
    server.verify().await;
}

#[tokio::test]
async fn of_requests_at_once_as_many_pass_as_the_amount_allows() {
    let server = demo_server().await;
    let (_, operator) = paying(&server, 10_000).await;
    let calls = (0..6).map(|_| operator.post(&server, INVOICES, asked("40.00")));
    let answers = server.lined_up(operator.operator_id(), calls).await;
    let passed = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.code() == "INVALID_PARAMS").count();
    assert_eq!((passed, refused), (2, 4), "{answers:?}");
    assert_eq!(available(&server, &operator).await, "20.00");
    server.verify().await;
}

#[tokio::test]
async fn an_approval_gives_the_number_and_tells_the_operator() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (venue, operator) = paying(&server, 10_000).await;
    let id = ask(&server, &operator, "30.00").await;
    let answer = decide(&server, &finance, &id, "approve", json!({"note": "已核对"})).await;
    let number = format!("{}000001", prefix(&server));
    let data = answer.expect(200, "");
    assert_eq!((&data["invoice_id"], &data["invoice_number"]), (&json!(id), &json!(number)));
    let item = operator.get(&server, INVOICES).await.body["items"][0].clone();
    assert_eq!((&item["status"], &item["invoice_number"]), (&json!("approved"), &json!(number)));
    assert_eq!((&item["reviewed_by"], item.get("note")), (&json!("finance"), None));
    assert!(item["reviewed_at"].is_string());
    let content: Vec<String> =
        sqlx::query_scalar("SELECT content FROM messages WHERE operator_id = $1 AND type = 'system'")
            .bind(venue.operator_id)
            .fetch_all(&mut server.owner().await)
            .await
            .unwrap();
    assert!(content.len() == 1 && content[0].contains(&number), "{content:?}");
    approve(&server, &finance, &id).await.expect(400, "INVALID_PARAMS");
    let reason = json!({"reason": "发票抬头与营业执照不一致"});
    decide(&server, &finance, &id, "reject", reason).await.expect(400, "INVALID_PARAMS");
    server.verify().await;
}

async fn pdf(server: &Server, person: &Person, path: &str) -> reqwest::Response {
    let url = format!("{}{path}", server.base_url);
    server.client.get(url).bearer_auth(&person.token).send().await.unwrap()
}

#[tokio::test]
async fn the_document_of_an_approved_invoice_is_downloaded_as_it_was_made() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (_, operator) = paying(&server, 10_000).await;
    let (_, stranger) = paying(&server, 10_000).await;
    let id = ask(&server, &operator, "30.00").await;
    let (own, any) = (format!("{INVOICES}/{id}/pdf"), format!("/v1/finance/invoices/{id}/pdf"));
    operator.get(&server, &own).await.expect(404, "INVOICE_NOT_FOUND");
    finance.get(&server, &any).await.expect(404, "INVOICE_NOT_FOUND");
    let approved = approve(&server, &finance, &id).await;
    let approved = approved.expect(200, "");
    assert_eq!(approved["pdf_url"], any);
    assert_eq!(operator.get(&server, INVOICES).await.body["items"][0]["pdf_url"], own);
    assert_eq!(finance.get(&server, "/v1/finance/invoices").await.body["items"][0]["pdf_url"], any);

    let number = approved["invoice_number"].as_str().unwrap();
    let answer = pdf(&server, &operator, &own).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    assert_eq!(answer.headers()["content-disposition"], format!("attachment; filename=\"{number}.pdf\""));
    let bytes = answer.bytes().await.unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 1_000);
    // The issuer that changes later is not the one that issued it.
    server.set("invoice_issuer_name", json!("另一家公司")).await;
    assert_eq!(pdf(&server, &server.auditor().await, &any).await.bytes().await.unwrap(), bytes);

    stranger.get(&server, &own).await.expect(404, "INVOICE_NOT_FOUND");
    finance.get(&server, &own).await.expect(403, "PERMISSION_DENIED");
    operator.get(&server, &any).await.expect(403, "PERMISSION_DENIED");
    for id in [UNKNOWN, "nonsense"] {
        operator.get(&server, &format!("{INVOICES}/{id}/pdf")).await.expect(404, "INVOICE_NOT_FOUND");
        let path = format!("/v1/finance/invoices/{id}/pdf");
        finance.get(&server, &path).await.expect(404, "INVOICE_NOT_FOUND");
    }
}

#[tokio::test]
async fn what_cannot_be_printed_is_refused_and_takes_no_number() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (_, operator) = paying(&server, 10_000).await;
    let mut body = asked("10.00");
    body["invoice_title"] = json!("梦境🎮公司");
    let refused = operator.post(&server, INVOICES, body).await;
    refused.expect(400, "INVALID_PARAMS");
    assert_eq!(refused.fields(), ["invoice_title"]);
    assert!(refused.body["details"]["fields"][0]["message"].as_str().unwrap().contains('🎮'));

    let id = ask(&server, &operator, "10.00").await;
    server.set("invoice_issuer_name", json!("公司🎮")).await;
    let refused = approve(&server, &finance, &id).await;
    refused.expect(400, "INVALID_PARAMS");
    assert!(refused.body["message"].as_str().unwrap().contains("issuer.name 🎮"), "{}", refused.body);
    server.set("invoice_issuer_name", json!("平台公司")).await;
    let approved = approve(&server, &finance, &id).await;
    assert_eq!(approved.expect(200, "")["invoice_number"], format!("{}000001", prefix(&server)));
    server.verify().await;
}

#[tokio::test]
async fn a_rejection_says_why() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (_, operator) = paying(&server, 10_000).await;
    let id = ask(&server, &operator, "30.00").await;
    let short = decide(&server, &finance, &id, "reject", json!({"reason": "不行"})).await;
    short.expect(400, "INVALID_PARAMS");
    assert_eq!(short.fields(), ["reason"]);
    let reason = json!({"reason": "发票抬头与营业执照不一致"});
    decide(&server, &finance, &id, "reject", reason.clone()).await.expect(200, "");
    let item = operator.get(&server, INVOICES).await.body["items"][0].clone();
    assert_eq!((&item["status"], &item["reject_reason"]), (&json!("rejected"), &reason["reason"]));
    assert_eq!((item.get("invoice_number"), item.get("pdf_url")), (None, None));
    approve(&server, &finance, &id).await.expect(400, "INVALID_PARAMS");
    decide(&server, &finance, &id, "reject", reason).await.expect(400, "INVALID_PARAMS");
}

#[tokio::test]
async fn a_refund_between_request_and_approval_is_noticed() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (venue, operator) = paying(&server, 10_000).await;
    server.authorize(&venue, &venue.session(), 2).await.expect(200, "");
    let (first, second) = (ask(&server, &operator, "15").await, ask(&server, &operator, "70").await);
    refund(&server, &finance, &operator).await;
    // 20.00 of 100.00 were played and are left to be invoiced.
    let refused = approve(&server, &finance, &second).await;
    assert_eq!(refused.expect(400, "INVALID_PARAMS"), &json!({"available_amount": "5.00"}));
    let refused = approve(&server, &finance, &first).await;
    assert_eq!(refused.expect(400, "INVALID_PARAMS"), &json!({"available_amount": "0.00"}));
    let reason = json!({"reason": "款项已退还，超出可开票金额"});
    decide(&server, &finance, &second, "reject", reason).await.expect(200, "");
    approve(&server, &finance, &first).await.expect(200, "");
    server.verify().await;
}

#[tokio::test]
async fn a_refund_after_the_approval_leaves_nothing_to_invoice() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (_, operator) = paying(&server, 10_000).await;
    let id = ask(&server, &operator, "60").await;
    approve(&server, &finance, &id).await.expect(200, "");
    refund(&server, &finance, &operator).await;
    assert_eq!(available(&server, &operator).await, "0.00");
    let (status, invoiced): (String, i64) = sqlx::query_as("SELECT status, amount_fen FROM invoices")
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!((status.as_str(), invoiced), ("approved", 6_000));
    server.verify().await;
}

#[tokio::test]
async fn approvals_and_refunds_at_once_never_invoice_what_was_refunded_before() {
    let server = demo_server().await;
    let finance = server.finance().await;
    for _ in 0..8 {
        let (venue, operator) = paying(&server, 10_000).await;
        server.authorize(&venue, &venue.session(), 2).await.expect(200, "");
        let id = ask(&server, &operator, "50").await;
        let (approved, ()) =
            tokio::join!(approve(&server, &finance, &id), refund(&server, &finance, &operator));
        let done: Vec<String> = sqlx::query_scalar(
            "SELECT operation_type FROM audit_log
             WHERE operation_details ->> 'operator_id' = $1 AND outcome = 'success' ORDER BY seq",
        )
        .bind(venue.operator_id.to_string())
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap();
        match approved.status.as_u16() {
            200 => assert_eq!(done, ["invoice_approve", "refund_approve"]),
            400 => assert_eq!(approved.body["details"]["available_amount"], "20.00"),
            _ => panic!("{}", approved.body),
        }
    }
    server.verify().await;
}

#[tokio::test]
async fn numbers_are_consecutive_when_many_are_approved_at_once() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let (_, operator) = paying(&server, 10_000).await;
        ids.push(ask(&server, &operator, "20").await);
        ids.push(ask(&server, &operator, "30").await);
    }
    let answers = join_all(ids.iter().map(|id| approve(&server, &finance, id))).await;
    let mut numbers: Vec<&str> =
        answers.iter().map(|answer| answer.expect(200, "")["invoice_number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    let expected: Vec<String> = (1..=8).map(|n| format!("{}{n:06}", prefix(&server))).collect();
    assert_eq!(numbers, expected);
    server.verify().await;
}

#[tokio::test]
async fn a_number_that_is_rolled_back_is_given_to_who_waits_for_it() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (_, one) = paying(&server, 10_000).await;
    let (_, other) = paying(&server, 10_000).await;
    let (first, second) = (ask(&server, &one, "20").await, ask(&server, &other, "20").await);
    let mut owner = server.owner().await;
    let mut cut_off = server.app.database().begin().await.unwrap();
    let number = approve_in(&mut cut_off, &server, &first, server.app.clock().now()).await;
    let expected = format!("{}000001", prefix(&server));
    assert_eq!(number, expected);
    let waiting = approve(&server, &finance, &second);
    let cut = async {
        wait_for("the second approval waits for the number", async || {
            let waits: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                                WHERE wait_event_type = 'Lock' AND query LIKE '%INTO invoice_numbers%'
                                  AND datname = current_database())",
            )
            .fetch_one(&mut owner)
            .await
            .unwrap();
            waits.then_some(())
        })
        .await;
        cut_off.rollback().await.unwrap();
    };
    let (answer, ()) = tokio::join!(waiting, cut);
    assert_eq!(answer.expect(200, "")["invoice_number"], expected);
    let next = approve(&server, &finance, &first).await;
    assert_eq!(next.expect(200, "")["invoice_number"], format!("{}000002", prefix(&server)));
    server.verify().await;
}

async fn approve_in(connection: &mut sqlx::PgConnection, server: &Server, id: &str, now: UtcTime) -> String {
    let id: InvoiceId = id.parse().unwrap();
    let approval = Approval { note: None, by: "finance", drawer: "财务" };
    let approved =
        invoices::approve(connection, &OwnDocument, &server.app.settings(), id, approval, now).await;
    approved.unwrap().number.unwrap()
}

#[tokio::test]
async fn numbers_begin_again_with_the_year_of_the_business_time_zone() {
    let server = demo_server().await;
    let (_, operator) = paying(&server, 10_000).await;
    let mut connection = server.app.database().acquire().await.unwrap();
    let mut numbers = Vec::new();
    for time in
        ["2025-12-31T15:59:59Z", "2025-12-31T15:59:59Z", "2025-12-31T16:00:00Z", "2026-12-31T15:59:59Z"]
    {
        let id = ask(&server, &operator, "1").await;
        let at = serde_json::from_value(json!(time)).unwrap();
        numbers.push(approve_in(&mut connection, &server, &id, at).await);
    }
    assert_eq!(numbers, ["INV2025000001", "INV2025000002", "INV2026000001", "INV2026000002"]);
    server.verify().await;
}

#[tokio::test]
async fn only_who_may_review_invoices_decides_them() {
    let server = demo_server().await;
    let (_, operator) = paying(&server, 10_000).await;
    let id = ask(&server, &operator, "20").await;
    for person in [server.auditor().await, server.admin().await, operator] {
        for verb in ["approve", "reject"] {
            decide(&server, &person, &id, verb, json!({"reason": 1})).await.expect(403, "PERMISSION_DENIED");
            decide(&server, &person, "x", verb, json!({})).await.expect(403, "PERMISSION_DENIED");
        }
    }
    let finance = server.finance().await;
    for id in [UNKNOWN, "nonsense"] {
        approve(&server, &finance, id).await.expect(404, "INVOICE_NOT_FOUND");
        let reason = json!({"reason": "发票抬头与营业执照不一致"});
        decide(&server, &finance, id, "reject", reason).await.expect(404, "INVOICE_NOT_FOUND");
    }
    let long = decide(&server, &finance, &id, "approve", json!({"note": "长".repeat(201)})).await;
    long.expect(400, "INVALID_PARAMS");
    assert_eq!(long.fields(), ["note"]);
    server.admin().await.get(&server, "/v1/finance/invoices").await.expect(403, "PERMISSION_DENIED");
}

#[tokio::test]
async fn a_repeated_key_asks_and_approves_once() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (_, operator) = paying(&server, 10_000).await;
    let first = operator.post_once(&server, INVOICES, &asked("60"), "k").await;
    let again = operator.post_once(&server, INVOICES, &asked("60"), "k").await;
    assert_eq!(first.expect(201, ""), again.expect(201, ""));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    operator.post_once(&server, INVOICES, &asked("20"), "k").await.expect(409, "IDEMPOTENCY_CONFLICT");
    assert_eq!(available(&server, &operator).await, "40.00");
    let id = first.body["data"]["invoice_id"].as_str().unwrap();
    let path = format!("/v1/finance/invoices/{id}/approve");
    let first = finance.post_once(&server, &path, &Value::Null, "k").await;
    let again = finance.post_once(&server, &path, &Value::Null, "k").await;
    assert_eq!(first.expect(200, ""), again.expect(200, ""));
    server.verify().await;
}
