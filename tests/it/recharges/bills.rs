//! The providers' bills against our orders.

use base::ids::OrderId;
use money::Fen;
use office::payments::bills;
use office::payments::providers::{NewOrder, Outcome, PaymentMethod};
use pay_sandbox::{Fault, PaymentResult};
use serde_json::{Value, json};

use super::shop::{Shop, minutes};

const RUNS: &str = "/v1/finance/reconciliation";
/// The day of the shop's orders, and how far it is to the hour at which its bill can be had.
const DAY: &str = "2026-11-24";
const TO_THE_BILL: i64 = 24 * 60;

async fn run(shop: &Shop) -> Value {
    let finance = shop.finance().await;
    let body = json!({"date": DAY, "payment_method": shop.method});
    finance.post(&shop.server, &format!("{RUNS}/run"), body).await.expect(200, "").clone()
}

async fn differences(shop: &Shop) -> Vec<Value> {
    let path = format!("{RUNS}/{DAY}/{}", shop.method.into_str());
    let listed = shop.finance().await.get(&shop.server, &path).await;
    listed.body["items"].as_array().unwrap().clone()
}

fn kinds(differences: &[Value]) -> Vec<(&str, &str, Option<bool>)> {
    let mut kinds: Vec<_> = differences
        .iter()
        .map(|item| {
            (
                item["kind"].as_str().unwrap(),
                item["order_id"].as_str().unwrap_or(""),
                item["is_credited"].as_bool(),
            )
        })
        .collect();
    kinds.sort_unstable();
    kinds
}

/// Nobody asks about the order any more, so only the bill knows that it was paid.
async fn forget(shop: &Shop, order: OrderId, status: &'static str) {
    let sql = "UPDATE recharge_orders SET status = $2, next_query_at = NULL WHERE id = $1";
    shop.server.change(sqlx::query(sql).bind(order).bind(status)).await;
}

#[tokio::test]
async fn a_bill_credits_what_nobody_knew_of_and_tells_what_does_not_agree() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let known = shop.order().await;
        shop.pay(known, PaymentResult::Success);
        shop.until_status(known, "success").await;
        let lost = shop.order().await;
        shop.pay(lost, PaymentResult::SuccessWithoutNotify);
        forget(&shop, lost, "closed").await;
        let differing = shop.order().await;
        let change = "UPDATE recharge_orders SET amount_fen = 4000 WHERE id = $1";
        shop.server.change(sqlx::query(change).bind(differing)).await;
        shop.pay(differing, PaymentResult::SuccessWithoutNotify);
        forget(&shop, differing, "closed").await;
        let stranger = NewOrder {
            id: OrderId::generate(shop.now()),
            amount: Fen::new(700),
            description: "充值".to_owned(),
            expires_at: shop.now().plus(minutes(15)),
        };
        let provider = shop.server.app.providers().of(method).unwrap();
        assert!(matches!(provider.create_order(&stranger).await, Outcome::Succeeded(_)));
        shop.pay(stranger.id, PaymentResult::SuccessWithoutNotify);
        let unpaid = shop.order().await;
        let ours_alone = crate::fixtures::top_up(&shop.server.app, shop.venue.operator_id, 5_000).await;

        shop.advance(minutes(TO_THE_BILL)).await;
        let run_of_bill = run(&shop).await;
        assert_eq!(run_of_bill["status"], "completed", "{run_of_bill}");
        assert_eq!(
            (&run_of_bill["theirs_count"], &run_of_bill["theirs_amount"]),
            (&json!(4), &json!("157.00"))
        );
        let found = differences(&shop).await;
        let (lost_id, differing_id) = (lost.to_string(), differing.to_string());
        let (stranger_id, alone_id) = (stranger.id.to_string(), ours_alone.to_string());
        let mut expected = vec![
            ("amount_differs", differing_id.as_str(), Some(false)),
            ("missing_here", lost_id.as_str(), Some(true)),
            ("missing_here", stranger_id.as_str(), Some(false)),
        ];
        // The fixture's top-up came through WeChat Pay.
        if method == PaymentMethod::Wechat {
            expected.push(("missing_there", alone_id.as_str(), Some(false)));
        }
        expected.sort_unstable();
        assert_eq!(kinds(&found), expected);
        assert_eq!(shop.row(lost).await.status, "success");
        assert!(shop.row(lost).await.paid_late);
        assert_eq!(shop.row(differing).await.status, "abnormal");
        assert_ne!(shop.row(unpaid).await.status, "success");
        shop.expect_credited(3).await;

        // Read again, it says the same, and credits nothing more.
        let again = run(&shop).await;
        assert_eq!(again["differences_count"], run_of_bill["differences_count"]);
        assert_eq!(kinds(&differences(&shop).await), expected);
        shop.expect_credited(3).await;
    }
}

#[tokio::test]
async fn a_refund_that_is_not_completed_here_is_a_late_one() {
    use office::payments::providers::RefundOrder;
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::Success);
        shop.until_status(order, "success").await;
        let transaction_id = shop.row(order).await.provider_transaction_id.unwrap();
        let mut numbers = Vec::new();
        shop.advance(minutes(2)).await;
        for fen in [100, 200] {
            let refund = RefundOrder {
                number: uuid::Uuid::new_v4(),
                order_id: order,
                transaction_id: transaction_id.clone(),
                amount: Fen::new(fen),
                total: Fen::new(5_000),
                reason: "退还余额".to_owned(),
                sent_before: false,
            };
            let provider = shop.server.app.providers().of(method).unwrap();
            assert!(matches!(provider.refund(&refund).await, Outcome::Succeeded(_)));
            numbers.push(refund.number);
            shop.advance(minutes(2)).await;
        }
        // One of the two is known here and on its way.
        let known = "WITH refund AS (
                INSERT INTO refunds (operator_id, id, requested_fen, reason, created_at)
                VALUES ($1, $2, 100, 'test', now()) RETURNING operator_id, id)
            INSERT INTO refund_payouts (operator_id, id, refund_id, order_id, channel, amount_fen, status, created_at, updated_at)
            SELECT operator_id, $2, id, $3, $4, 100, 'processing', now(), now() FROM refund";
        let known = sqlx::query(known).bind(shop.venue.operator_id).bind(numbers[0]).bind(order);
        shop.server.change(known.bind(method.into_str())).await;
        shop.advance(minutes(TO_THE_BILL)).await;
        let found = run(&shop).await;
        assert_eq!((&found["refunds_count"], &found["refunds_amount"]), (&json!(2), &json!("3.00")));
        let found = differences(&shop).await;
        let mut kinds: Vec<_> =
            found.iter().map(|item| (item["kind"].as_str().unwrap(), &item["their_amount"])).collect();
        kinds.sort_by_key(|(kind, _)| *kind);
        assert_eq!(kinds, [("late_refund", &json!("1.00")), ("missing_here", &json!("2.00"))]);
        assert!(found.iter().all(|item| item["subject"] == "refund"), "{found:?}");
    }
}

#[tokio::test]
async fn bills_are_read_by_themselves_once_they_are_there() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::SuccessWithoutNotify);
        forget(&shop, order, "closed").await;
        shop.advance(minutes(TO_THE_BILL - 1)).await;
        assert_eq!(bills::bills_once(shop.server.app.cashier()).await.unwrap(), 0);
        shop.advance(minutes(1)).await;
        shop.set_fault(Fault::Down);
        bills::bills_once(shop.server.app.cashier()).await.unwrap();
        let finance = shop.finance().await;
        let listed = finance.get(&shop.server, RUNS).await;
        assert_eq!(
            (&listed.body["total"], &listed.body["items"][0]["status"]),
            (&json!(1), &json!("failed"))
        );
        shop.set_fault(Fault::None);
        assert_eq!(bills::bills_once(shop.server.app.cashier()).await.unwrap(), 0, "not at once");
        shop.advance(minutes(30)).await;
        bills::bills_once(shop.server.app.cashier()).await.unwrap();
        shop.until_status(order, "success").await;
        let listed = shop.finance().await.get(&shop.server, RUNS).await;
        let item = &listed.body["items"][0];
        assert_eq!(
            (&item["status"], &item["run_by"], &item["date"]),
            (&json!("completed"), &json!("system"), &json!(DAY))
        );
        assert_eq!(bills::bills_once(shop.server.app.cashier()).await.unwrap(), 0);
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn a_bill_is_read_by_hand_for_a_day_that_is_over_and_by_who_may() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    let finance = shop.finance().await;
    let path = format!("{RUNS}/run");
    for (body, field) in [
        (json!({"date": DAY, "payment_method": "wechat"}), "date"),
        (json!({"date": "yesterday", "payment_method": "wechat"}), "date"),
        (json!({"date": "20250101", "payment_method": "wechat"}), "date"),
        (json!({"date": "0000-01-01", "payment_method": "wechat"}), "date"),
        (json!({"date": "-000001-01-01", "payment_method": "wechat"}), "date"),
        (json!({"date": "2026-11-23", "payment_method": "cash"}), "payment_method"),
    ] {
        let answer = finance.post(&shop.server, &path, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field]);
    }
    for path in [
        "2026-11-24/wechat",
        "2026-11-24/cash",
        "nonsense/wechat",
        "0000-01-01/wechat",
        "-000001-01-01/wechat",
    ] {
        let answer = finance.get(&shop.server, &format!("{RUNS}/{path}")).await;
        answer.expect(404, "RESOURCE_NOT_FOUND");
    }
    shop.advance(minutes(TO_THE_BILL - 1)).await;
    assert_eq!(run(&shop).await["status"], "not_ready");
    shop.advance(minutes(1)).await;
    assert_eq!(run(&shop).await["status"], "completed");
    let finance = shop.finance().await;
    let logs = finance.get(&shop.server, "/v1/finance/audit-logs?operation_type=reconciliation_run").await;
    assert_eq!(logs.body["total"], 2);
}
