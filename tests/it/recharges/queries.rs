//! Asking the providers: what no notification told, and what becomes of orders whose provider does not answer.

use office::payments::providers::PaymentMethod;
use pay_sandbox::{Fault, PaymentResult};
use serde_json::json;

use super::shop::{RECHARGES, Shop, minutes, seconds};
use crate::harness::start_at;
use crate::scratch::wait_for;

#[tokio::test]
async fn a_payment_that_nobody_told_of_is_found_within_ten_minutes() {
    for method in PaymentMethod::ALL {
        for paid_after in [0, 299, 301, 599] {
            let mut shop = Shop::open(method).await;
            let order = shop.order().await;
            shop.advance(seconds(paid_after)).await;
            shop.reconcile().await;
            shop.pay(order, PaymentResult::SuccessWithoutNotify);
            assert_eq!(shop.row(order).await.status, "pending");
            let next = shop.row(order).await.next_query_at.unwrap();
            let wait = next.timestamp().duration_since(shop.now().timestamp());
            assert!(wait <= minutes(5), "{wait:?}");
            shop.advance(wait - seconds(1)).await;
            shop.reconcile().await;
            assert_eq!(shop.row(order).await.status, "pending");
            shop.advance(seconds(1)).await;
            shop.reconcile().await;
            shop.until_status(order, "success").await;
            assert!(!shop.row(order).await.paid_late);
            shop.expect_credited(1).await;
        }
    }
}

#[tokio::test]
async fn an_order_that_somebody_looks_at_is_asked_about_at_once() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::SuccessWithoutNotify);
        shop.advance(seconds(10)).await;
        shop.operator.get(&shop.server, &format!("{RECHARGES}/{order}")).await.expect(200, "");
        shop.until_status(order, "success").await;
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn looking_at_an_order_makes_it_neither_abnormal_nor_later() {
    let mut shop = Shop::open(PaymentMethod::Alipay).await;
    let order = shop.order().await;
    shop.set_fault(Fault::Down);
    for _ in 0..5 {
        shop.advance(seconds(11)).await;
        shop.operator.get(&shop.server, &format!("{RECHARGES}/{order}")).await.expect(200, "");
        office::payments::answer_waiting_once(shop.server.app.cashier()).await.unwrap();
    }
    let row = shop.row(order).await;
    assert_eq!((row.status.as_str(), row.query_failures), ("pending", 0));
    assert!(row.next_query_at.unwrap() < shop.now().plus(minutes(5)));
}

#[tokio::test]
async fn three_questions_without_an_answer_make_an_order_abnormal_and_tell_finance_once() {
    for method in PaymentMethod::ALL {
        for fault in [Fault::Down, Fault::ServerError] {
            let mut shop = Shop::open(method).await;
            shop.server.set("payment_order_expire_minutes", json!(60)).await;
            let order = shop.order().await;
            shop.set_fault(fault);
            for failures in 1..=3 {
                assert_eq!(shop.row(order).await.status, "pending");
                shop.advance(minutes(5)).await;
                shop.reconcile().await;
                assert_eq!(shop.row(order).await.query_failures, failures);
            }
            let row = shop.row(order).await;
            assert_eq!(row.status, "abnormal");
            assert!(row.last_answer.is_some());
            shop.advance(minutes(31)).await;
            shop.reconcile().await;
            let alerts = shop.alerts().await;
            assert_eq!(alerts, [format!("[财务告警] 充值订单 {order} 状态异常")]);
            let shown = shop.operator.get(&shop.server, &format!("{RECHARGES}?status=abnormal")).await;
            assert_eq!(shown.body["total"], 1);
            shop.expect_credited(0).await;
        }
    }
}

#[tokio::test]
async fn a_lowered_setting_counts_for_orders_that_wait_already() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::SuccessWithoutNotify);
        shop.server.set("payment_query_after_seconds", json!(5)).await;
        shop.advance(seconds(4)).await;
        shop.reconcile().await;
        assert_eq!(shop.row(order).await.status, "pending");
        shop.advance(seconds(1)).await;
        shop.reconcile().await;
        shop.until_status(order, "success").await;
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn a_pending_order_is_asked_about_as_often_as_the_setting_says() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    shop.server.set("payment_query_after_seconds", json!(5)).await;
    let order = shop.order().await;
    shop.set_fault(Fault::Down);
    for failures in 1..=3 {
        shop.advance(seconds(5)).await;
        shop.reconcile().await;
        assert_eq!(shop.row(order).await.query_failures, failures);
    }
    assert_eq!(shop.row(order).await.status, "abnormal");
}

#[tokio::test]
async fn a_payment_that_fails_at_the_pay_page_fails_its_order_when_the_payer_is_back() {
    let shop = Shop::open(PaymentMethod::Wechat).await;
    let order = shop.order().await;
    let number = office::payments::providers::order_number(order);
    let page = format!("{}/sandbox/pay/wechat/{number}/pay", shop.server.base_url);
    let paid = shop.server.client.post(page).json(&json!({"result": "failed"})).send().await.unwrap();
    assert_eq!(paid.status(), 200);
    assert_eq!(shop.row(order).await.status, "failed");
    shop.expect_credited(0).await;
}

#[tokio::test]
async fn an_answer_between_failures_begins_the_count_anew() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    shop.server.set("payment_order_expire_minutes", json!(60)).await;
    let order = shop.order().await;
    for fault in [Fault::Down, Fault::Down, Fault::None, Fault::Down, Fault::Down] {
        shop.set_fault(fault);
        shop.advance(minutes(5)).await;
        shop.reconcile().await;
    }
    let row = shop.row(order).await;
    assert_eq!((row.status.as_str(), row.query_failures), ("pending", 2));
}

#[tokio::test]
async fn an_abnormal_order_that_was_paid_settles_by_itself_when_its_provider_is_back() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    shop.server.set("payment_query_max_failures", json!(1)).await;
    let order = shop.order().await;
    shop.pay(order, PaymentResult::SuccessWithoutNotify);
    shop.set_fault(Fault::Down);
    shop.advance(minutes(5)).await;
    shop.reconcile().await;
    assert_eq!(shop.row(order).await.status, "abnormal");
    shop.set_fault(Fault::None);
    shop.advance(minutes(30)).await;
    shop.reconcile().await;
    shop.until_status(order, "success").await;
    shop.expect_credited(1).await;
}

#[tokio::test]
async fn instances_that_ask_at_the_same_time_credit_once() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let mut orders = Vec::new();
        for _ in 0..6 {
            let order = shop.order().await;
            shop.pay(order, PaymentResult::SuccessWithoutNotify);
            orders.push(order);
        }
        shop.advance(minutes(5)).await;
        let cashier = shop.server.app.cashier();
        let looks = (0..3).map(|_| office::payments::reconcile_once(cashier));
        let asked: usize = futures_util::future::join_all(looks).await.into_iter().map(Result::unwrap).sum();
        // The rest was taken by the background.
        assert!(asked <= 6, "{asked}");
        for order in orders {
            shop.until_status(order, "success").await;
        }
        shop.expect_credited(6).await;
    }
}

#[tokio::test]
async fn a_scheduled_run_asks_about_orders_and_closes_those_that_expired() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    let (paid, unpaid) = (shop.order().await, shop.order().await);
    shop.pay(paid, PaymentResult::SuccessWithoutNotify);
    shop.advance(minutes(16)).await;
    let admin = shop.server.staff("admin", "super_admin").await;
    // The clockwork may have begun a run of its own by now.
    wait_for("a run has succeeded", async || {
        admin.post(&shop.server, "/v1/admin/jobs/reconcile_recharges/run", json!({})).await;
        let list = admin.get(&shop.server, "/v1/admin/jobs").await.expect(200, "").clone();
        let schedules = list["schedules"].as_array().unwrap();
        let run = schedules.iter().find(|item| item["name"] == "reconcile_recharges").unwrap();
        (run["last_run"]["result"] == "succeeded").then_some(())
    })
    .await;
    shop.until_status(paid, "success").await;
    shop.until_status(unpaid, "closed").await;
    shop.expect_credited(1).await;
}

/// An instance that dies after it has taken an order leaves it to the others when its lease has ended.
#[tokio::test]
async fn an_order_whose_question_died_with_its_instance_is_asked_about_by_another() {
    let mut shop = Shop::open(PaymentMethod::Alipay).await;
    let order = shop.order().await;
    shop.pay(order, PaymentResult::SuccessWithoutNotify);
    let lease = "UPDATE recharge_orders SET next_query_at = $2 WHERE id = $1";
    let until = shop.now().plus(minutes(7));
    shop.server.change(sqlx::query(lease).bind(order).bind(until)).await;
    shop.advance(minutes(7)).await;
    shop.reconcile().await;
    shop.until_status(order, "success").await;
    let other = start_at(&shop.server.database_url, shop.clock.clone()).await;
    assert_eq!(office::payments::reconcile_once(other.app.cashier()).await.unwrap(), 0);
    shop.expect_credited(1).await;
}
