//! What an operator is told of its bounds is what its requests are judged by.

use serde_json::{Value, json};

use crate::fixtures::{adjust, top_up};
use crate::harness::{Server, Venue};
use crate::people::{Person, demo_server};

const LIMITS: &str = "/v1/operators/me/limits";
const INVOICES: &str = "/v1/operators/me/invoices";
const REASON: &str = "门店停业，申请退还余额";

async fn owner(server: &Server) -> (Venue, Person) {
    let venue = server.venue(0).await;
    let person = server.owner_of(&venue).await;
    (venue, person)
}

async fn limits(server: &Server, person: &Person) -> Value {
    person.get(server, LIMITS).await.expect(200, "").clone()
}

async fn invoiceable(server: &Server, person: &Person) -> Value {
    limits(server, person).await["invoiceable_amount"].clone()
}

/// The status of an invoice of this amount.
async fn ask(server: &Server, person: &Person, amount: &str) -> (u16, String) {
    let body =
        json!({"amount": amount, "invoice_title": "梦境互动娱乐有限公司", "tax_id": "91110000MA01ABCD0X"});
    let answer = person.post(server, INVOICES, body).await;
    let id = answer.body["data"]["invoice_id"].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), id)
}

async fn decide(server: &Server, finance: &Person, what: &str, body: Value) {
    finance.post(server, &format!("/v1/finance/{what}"), body).await.expect(200, "");
}

#[tokio::test]
async fn the_bounds_of_top_ups_are_those_of_the_settings_and_hold() {
    let server = demo_server().await;
    let (venue, person) = owner(&server).await;
    top_up(&server.app, venue.operator_id, 1_000).await;
    let expected = json!({
        "recharge_min": "10.00", "recharge_max": "10000.00", "payment_order_expire_minutes": 15,
        "invoiceable_amount": "10.00", "low_balance_threshold": "100.00",
    });
    assert_eq!(limits(&server, &person).await, expected);
    for (key, value) in [
        ("recharge_min", json!("20.50")),
        ("recharge_max", json!("3000.00")),
        ("payment_order_expire_minutes", json!(7)),
    ] {
        server.set(key, value).await;
    }
    let told = limits(&server, &person).await;
    assert_eq!(
        (&told["recharge_min"], &told["recharge_max"], &told["payment_order_expire_minutes"]),
        (&json!("20.50"), &json!("3000.00"), &json!(7))
    );
    for (amount, is_within) in [("20.49", false), ("20.50", true), ("3000.00", true), ("3000.01", false)] {
        let body = json!({"amount": amount, "payment_method": "wechat"});
        let answer = person.post(&server, "/v1/operators/me/recharge", body).await;
        let expected = if is_within { (201, vec![]) } else { (400, vec!["amount"]) };
        assert_eq!((answer.status.as_u16(), answer.fields()), expected, "{amount}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_threshold_is_that_of_the_category() {
    let server = demo_server().await;
    let (venue, person) = owner(&server).await;
    server.set("low_balance_threshold_vip", json!("888.50")).await;
    server.set("low_balance_threshold_trial", json!("0.00")).await;
    for (category, threshold) in [("trial", "0.00"), ("normal", "100.00"), ("vip", "888.50")] {
        let sql = "UPDATE operator_accounts SET category = $2 WHERE operator_id = $1";
        server.change(sqlx::query(sql).bind(venue.operator_id).bind(category)).await;
        assert_eq!(limits(&server, &person).await["low_balance_threshold"], threshold, "{category}");
    }
}

#[tokio::test]
async fn what_may_be_invoiced_is_told_to_the_fen_whatever_happened() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let (venue, person) = owner(&server).await;
    let (other_venue, other) = owner(&server).await;
    assert_eq!(invoiceable(&server, &person).await, "0.00");
    top_up(&server.app, venue.operator_id, 10_000).await;
    adjust(&server.app, venue.operator_id, 5_000, server.app.clock().now()).await;
    assert_eq!(invoiceable(&server, &person).await, "100.00", "adjustments are not invoiceable");

    let (status, pending) = ask(&server, &person, "30.01").await;
    assert_eq!(status, 201);
    assert_eq!(invoiceable(&server, &person).await, "69.99");
    assert_eq!(ask(&server, &person, "70.00").await.0, 400);
    let (status, approved) = ask(&server, &person, "69.99").await;
    assert_eq!((status, invoiceable(&server, &person).await), (201, json!("0.00")));
    decide(&server, &finance, &format!("invoices/{approved}/approve"), Value::Null).await;
    assert_eq!(invoiceable(&server, &person).await, "0.00");
    let reason = json!({"reason": "发票抬头与营业执照不一致"});
    decide(&server, &finance, &format!("invoices/{pending}/reject"), reason).await;
    assert_eq!(invoiceable(&server, &person).await, "30.01");

    // 150.00 go back, more than was left: never less than nothing.
    let refund = person.post(&server, "/v1/operators/me/refunds", json!({"reason": REASON})).await;
    let id = refund.expect(201, "")["refund_id"].as_str().unwrap().to_owned();
    assert_eq!(invoiceable(&server, &person).await, "30.01", "a refund counts once it is approved");
    decide(&server, &finance, &format!("refunds/{id}/approve"), Value::Null).await;
    assert_eq!(invoiceable(&server, &person).await, "0.00");

    assert_eq!(invoiceable(&server, &other).await, "0.00", "nothing of it is somebody else's");
    top_up(&server.app, other_venue.operator_id, 4_200).await;
    assert_eq!(invoiceable(&server, &other).await, "42.00");
    server.verify().await;
}
