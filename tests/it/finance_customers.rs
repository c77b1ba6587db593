//! How finance finds a customer, and what that customer asked for.

use serde_json::json;

use crate::fixtures::top_up;
use crate::harness::{Answer, Server};
use crate::people::{Person, demo_server};

const CUSTOMERS: &str = "/v1/finance/customers";

async fn find(server: &Server, finance: &Person, query: &str) -> Answer {
    finance.get(server, &format!("{CUSTOMERS}{query}")).await
}

#[tokio::test]
async fn customers_are_found_by_part_of_name_or_username() {
    let server = demo_server().await;
    let auditor = server.auditor().await;
    let rename = "UPDATE operators SET name = 'Arcade 50%' WHERE username = 'operator2'";
    server.change(sqlx::query(rename)).await;
    for (query, expected) in [
        ("", &["operator2", "operator1"][..]),
        ("?keyword=", &["operator2", "operator1"]),
        ("?keyword=%E6%A2%A6%E5%A2%83", &["operator1"]),
        ("?keyword=%20OPERATOR1%20", &["operator1"]),
        ("?keyword=arcade", &["operator2"]),
        // Signs of a pattern are signs like any other.
        ("?keyword=%25", &["operator2"]),
        ("?keyword=_", &[]),
        // Neither phone nor email is shown to finance, so neither is searched.
        ("?keyword=%40", &[]),
        ("?keyword=138", &[]),
        ("?page_size=1", &["operator2"]),
        ("?page_size=1&page=2", &["operator1"]),
        ("?page=9", &[]),
    ] {
        let answer = find(&server, &auditor, query).await;
        assert_eq!(answer.status, 200, "{query} {}", answer.body);
        assert_eq!(answer.column("username"), expected, "{query}");
    }
    assert_eq!(find(&server, &auditor, "?page=9").await.body["total"], 2);
    assert_eq!(find(&server, &auditor, "?keyword=arcade").await.body["total"], 1);
    let long = format!("?keyword={}", "x".repeat(101));
    for (query, field) in [
        (long.as_str(), "keyword"),
        ("?keyword=%00", "keyword"),
        ("?page=0", "page"),
        ("?page_size=101", "page_size"),
    ] {
        let answer = find(&server, &auditor, query).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{query}");
    }
}

#[tokio::test]
async fn a_customer_is_listed_with_its_money_and_stays_when_it_has_left() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let operator = server.operator1().await;
    top_up(&server.app, operator.operator_id(), 12_345).await;
    let gone = "UPDATE operators SET deactivated_at = now() WHERE username = 'operator1'";
    server.change(sqlx::query(gone)).await;
    let found = find(&server, &finance, "?keyword=operator1").await;
    let item = &found.body["items"][0];
    let expected = json!({
        "operator_id": operator.operator_id(), "operator_name": "梦境互动娱乐", "username": "operator1",
        "category": "normal", "current_balance": "1123.45", "total_recharged": "123.45", "total_consumed": "0.00",
        "total_refunded": "0.00", "is_deactivated": true, "created_at": item["created_at"],
    });
    assert_eq!(item, &expected);
    assert_eq!(find(&server, &finance, "?keyword=operator2").await.body["items"][0]["is_deactivated"], false);
}

#[tokio::test]
async fn refunds_and_invoices_are_filtered_by_customer() {
    let server = demo_server().await;
    let auditor = server.auditor().await;
    let mut asked = Vec::new();
    for amount_fen in [10_000, 20_000] {
        let venue = server.venue(0).await;
        top_up(&server.app, venue.operator_id, amount_fen).await;
        let owner = server.owner_of(&venue).await;
        let reason = json!({"reason": "门店停业，申请退还余额"});
        let refund = owner.post(&server, "/v1/operators/me/refunds", reason).await;
        let body = json!({"amount": "50.00", "invoice_title": "梦境互动娱乐有限公司", "tax_id": "91110000MA01ABCD0X"});
        let invoice = owner.post(&server, "/v1/operators/me/invoices", body).await;
        let (refund, invoice) =
            (refund.expect(201, "")["refund_id"].clone(), invoice.expect(201, "")["invoice_id"].clone());
        asked.push((venue.operator_id.to_string(), refund, invoice));
    }
    for (list, field) in [("refunds", "refund_id"), ("invoices", "invoice_id")] {
        let path = format!("/v1/finance/{list}");
        assert_eq!(auditor.get(&server, &path).await.body["total"], 2);
        for (operator_id, refund, invoice) in &asked {
            let id = if list == "refunds" { refund } else { invoice };
            for (status, expected) in
                [("", vec![id]), ("&status=pending", vec![id]), ("&status=approved", vec![])]
            {
                let answer = auditor.get(&server, &format!("{path}?operator_id={operator_id}{status}")).await;
                assert_eq!(answer.column(field), expected, "{list} {status}");
                assert_eq!(answer.body["total"], expected.len(), "{list} {status}");
            }
        }
        let nobody = format!("{path}?operator_id=op_01h455vb4pex5vsknk084sn02q");
        assert_eq!(auditor.get(&server, &nobody).await.body["items"], json!([]));
        for wrong in ["op_1", "site_01h455vb4pex5vsknk084sn02q"] {
            let answer = auditor.get(&server, &format!("{path}?operator_id={wrong}")).await;
            answer.expect(400, "INVALID_PARAMS");
            assert_eq!(answer.fields(), ["operator_id"], "{list} {wrong:?}");
        }
    }
}
