//! Finance looks at top-ups and decides the abnormal ones.

use base::ids::OrderId;
use office::payments::providers::PaymentMethod;
use pay_sandbox::{Fault, PaymentResult};
use serde_json::{Value, json};

use super::shop::{Shop, minutes};
use crate::harness::Answer;
use crate::people::{Person, demo_server};

const ALL: &str = "/v1/finance/recharges";
const REASON: &str = "已在商户平台核实该笔款项";

async fn decide(shop: &Shop, finance: &Person, order: OrderId, outcome: &str) -> Answer {
    let body = json!({"outcome": outcome, "reason": REASON});
    finance.post(&shop.server, &format!("{ALL}/{order}/resolve"), body).await
}

/// An order that became abnormal, paid or not.
async fn abnormal(shop: &mut Shop, is_paid: bool) -> OrderId {
    shop.server.set("payment_query_max_failures", json!(1)).await;
    let order = shop.order().await;
    if is_paid {
        shop.pay(order, PaymentResult::SuccessLateNotify);
    }
    shop.set_fault(Fault::Down);
    // The notification of a paid order waits for the clock; it is turned back below.
    let lease = "UPDATE recharge_orders SET next_query_at = $2 WHERE id = $1";
    shop.server.change(sqlx::query(lease).bind(order).bind(shop.now())).await;
    shop.reconcile().await;
    shop.until_status(order, "abnormal").await;
    shop.set_fault(Fault::None);
    order
}

#[tokio::test]
async fn top_ups_are_listed_by_status_operator_method_and_time() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    let first = shop.order().await;
    shop.pay(first, PaymentResult::Success);
    shop.until_status(first, "success").await;
    shop.advance(minutes(1)).await;
    let second = shop.order().await;
    let finance = shop.finance().await;
    let (op, from) = (shop.venue.operator_id, shop.now());
    for (query, expected) in [
        (String::new(), vec![second, first]),
        ("?status=success".to_owned(), vec![first]),
        ("?status=pending".to_owned(), vec![second]),
        ("?status=abnormal".to_owned(), vec![]),
        (format!("?operator_id={op}&payment_method=wechat"), vec![second, first]),
        ("?payment_method=alipay".to_owned(), vec![]),
        ("?operator_id=op_01h455vb4pex5vsknk084sn02q".to_owned(), vec![]),
        (format!("?start_time={from}"), vec![second]),
        (format!("?end_time={from}"), vec![first]),
    ] {
        let listed = finance.get(&shop.server, &format!("{ALL}{query}")).await;
        let ids = listed.body["items"].as_array().unwrap().iter();
        let ids: Vec<OrderId> = ids.map(|item| item["order_id"].as_str().unwrap().parse().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
        assert_eq!(listed.body["total"], expected.len(), "{query}");
    }
    for query in [
        "?status=lost",
        "?payment_method=cash",
        "?operator_id=x",
        "?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z",
    ] {
        finance.get(&shop.server, &format!("{ALL}{query}")).await.expect(400, "INVALID_PARAMS");
    }
    let one = finance.get(&shop.server, &format!("{ALL}/{first}")).await;
    let one = one.expect(200, "");
    assert_eq!((&one["operator_name"], &one["paid_late"]), (&json!("测试运营商"), &json!(false)));
    assert!(one["provider_transaction_id"].is_string() && one["incidents"] == json!([]), "{one}");
    finance.get(&shop.server, &format!("{ALL}/nonsense")).await.expect(404, "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn an_order_that_finance_credits_is_credited_once_whatever_the_provider_says_later() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = abnormal(&mut shop, true).await;
        let finance = shop.finance().await;
        let answer = decide(&shop, &finance, order, "success").await;
        let decided = answer.expect(200, "");
        assert_eq!((&decided["status"], &decided["resolve_reason"]), (&json!("success"), &json!(REASON)));
        assert_eq!(decided["provider_transaction_id"], Value::Null);
        shop.expect_credited(1).await;
        decide(&shop, &finance, order, "success").await.expect(400, "INVALID_PARAMS");
        shop.advance(minutes(1)).await;
        shop.sent(order).await;
        assert_eq!(shop.verdicts().await, ["attributed"]);
        assert!(shop.row(order).await.provider_transaction_id.is_some());
        assert_eq!(shop.alerts().await.len(), 1, "only that the order was abnormal");
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn money_that_comes_after_finance_said_failed_is_credited_late_and_told() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = abnormal(&mut shop, true).await;
        let finance = shop.finance().await;
        decide(&shop, &finance, order, "failed").await.expect(200, "");
        assert_eq!(shop.row(order).await.status, "failed");
        shop.expect_credited(0).await;
        shop.reconcile().await;
        assert_eq!(shop.row(order).await.next_query_at, None, "nobody asks against the decision");
        shop.advance(minutes(1)).await;
        shop.until_status(order, "success").await;
        let row = shop.row(order).await;
        assert!(row.paid_late, "{row:?}");
        assert_eq!(shop.alerts().await[1], "[财务告警] 人工标记失败的订单随后到账，已入账");
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn a_decision_and_the_providers_word_at_the_same_moment_credit_once() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = abnormal(&mut shop, true).await;
        let finance = shop.finance().await;
        let word = async {
            shop.clock.set(shop.now().plus(minutes(1)).as_millis());
            shop.sent(order).await;
        };
        // Both wait for the account; whoever is first decides.
        let mut transaction = shop.server.app.database().begin().await.unwrap();
        books::ledger::lock_account(&mut transaction, shop.venue.operator_id).await.unwrap();
        let release = async {
            crate::scratch::wait_for("both wait", async || {
                let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                           AND wait_event_type = 'Lock' AND query LIKE '%FROM operator_accounts%FOR UPDATE%'";
                let waiting: i64 =
                    sqlx::query_scalar(sql).fetch_one(&mut shop.server.owner().await).await.unwrap();
                (waiting == 2).then_some(())
            })
            .await;
            transaction.rollback().await.unwrap();
        };
        let (answer, (), ()) = tokio::join!(decide(&shop, &finance, order, "success"), word, release);
        assert!([200, 400].contains(&answer.status.as_u16()), "{}", answer.body);
        assert_eq!(shop.row(order).await.status, "success");
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn only_abnormal_orders_can_be_decided_and_only_with_a_reason() {
    let shop = Shop::open(PaymentMethod::Alipay).await;
    let order = shop.order().await;
    let finance = shop.finance().await;
    for outcome in ["success", "failed"] {
        decide(&shop, &finance, order, outcome).await.expect(400, "INVALID_PARAMS");
    }
    let path = format!("{ALL}/{order}/resolve");
    for (body, field) in [
        (json!({"outcome": "success", "reason": "太短"}), "reason"),
        (json!({"outcome": "success", "reason": "长".repeat(201)}), "reason"),
        (json!({"outcome": "maybe", "reason": REASON}), "outcome"),
        (json!({"outcome": "success"}), "reason"),
    ] {
        let answer = finance.post(&shop.server, &path, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field]);
    }
    let unknown = format!("{ALL}/ord_01h455vb4pex5vsknk084sn02q/resolve");
    let body = json!({"outcome": "success", "reason": REASON});
    finance.post(&shop.server, &unknown, body).await.expect(404, "RESOURCE_NOT_FOUND");
    assert_eq!(shop.row(order).await.status, "pending");
}

#[tokio::test]
async fn who_only_reads_decides_nothing_and_a_decision_is_in_the_audit_log() {
    let server = demo_server().await;
    let auditor = server.auditor().await;
    let body = json!({"outcome": "success", "reason": REASON});
    let path = format!("{ALL}/ord_01h455vb4pex5vsknk084sn02q/resolve");
    auditor.post(&server, &path, body).await.expect(403, "PERMISSION_DENIED");

    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    let order = abnormal(&mut shop, false).await;
    let finance = shop.finance().await;
    decide(&shop, &finance, order, "failed").await.expect(200, "");
    let logs = finance.get(&shop.server, "/v1/finance/audit-logs?operation_type=recharge_resolve").await;
    let entry = &logs.body["items"][0];
    assert_eq!(entry["target_resource_id"], order.to_string());
    let details = &entry["operation_details"];
    assert_eq!((&details["outcome"], &details["reason"]), (&json!("failed"), &json!(REASON)));
    assert_eq!((&details["amount"], &entry["outcome"]), (&json!("50.00"), &json!("success")));
    shop.expect_credited(0).await;
}
