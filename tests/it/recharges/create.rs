//! Asking for a top-up, and what becomes of it when the provider is not well.

use office::payments::providers::PaymentMethod;
use pay_sandbox::{Fault, PaymentResult};
use serde_json::{Value, json};

use super::shop::{RECHARGE, RECHARGES, Shop, minutes, seconds};
use crate::harness::start_with;

#[tokio::test]
async fn a_top_up_is_offered_with_a_code_and_listed() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let answer = shop.ask("50").await;
        let order = answer.expect(201, "");
        let code = match method {
            PaymentMethod::Wechat => "weixin://wxpay/bizpayurl?pr=",
            PaymentMethod::Alipay => "https://qr.alipay.com/",
        };
        assert!(order["qr_code_url"].as_str().unwrap().starts_with(code), "{order}");
        let page = order["payment_url"].as_str().unwrap();
        assert!(page.starts_with(&format!("{}/sandbox/pay/", shop.server.base_url)), "{page}");
        let expected = json!({
            "order_id": order["order_id"], "amount": "50.00", "payment_method": method, "status": "pending",
            "qr_code_url": order["qr_code_url"], "payment_url": page, "expires_at": shop.now().plus(minutes(15)),
        });
        assert_eq!(order, &expected);
        let listed = shop.operator.get(&shop.server, &format!("{RECHARGES}?status=pending")).await;
        let item = &listed.body["items"][0];
        assert_eq!(listed.body["total"], 1);
        assert_eq!((&item["order_id"], &item["paid_at"]), (&order["order_id"], &Value::Null));
        let one = format!("{RECHARGES}/{}", order["order_id"].as_str().unwrap());
        assert_eq!(shop.operator.get(&shop.server, &one).await.expect(200, ""), item);
        let paid = shop.operator.get(&shop.server, &format!("{RECHARGES}?status=success")).await;
        assert_eq!(paid.body["total"], 0);
        shop.expect_credited(0).await;
    }
}

#[tokio::test]
async fn amounts_outside_the_limits_and_unknown_methods_are_refused() {
    let shop = Shop::open(PaymentMethod::Wechat).await;
    for amount in ["9.99", "10000.01", "0.00"] {
        let answer = shop.ask(amount).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), ["amount"], "{amount}");
    }
    for (body, field) in [
        (json!({"amount": 50, "payment_method": "wechat"}), "amount"),
        (json!({"amount": "50.001", "payment_method": "wechat"}), "amount"),
        (json!({"amount": "-50.00", "payment_method": "wechat"}), "amount"),
        (json!({"amount": "50.00", "payment_method": "manual"}), "payment_method"),
    ] {
        let answer = shop.operator.post(&shop.server, RECHARGE, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field]);
    }
    shop.server.set("recharge_min", json!("0.01")).await;
    shop.ask("0.01").await.expect(201, "");
    assert_eq!(shop.operator.get(&shop.server, RECHARGES).await.body["total"], 1);
}

#[tokio::test]
async fn without_a_provider_nothing_is_written() {
    let shop = Shop::open(PaymentMethod::Wechat).await;
    let config = api::app::Config::default();
    let bare = start_with(&shop.server.database_url, shop.clock.clone(), config).await;
    let answer = shop.operator.post(&bare, RECHARGE, shop.request("50.00")).await;
    answer.expect(503, "PAYMENT_UNAVAILABLE");
    assert_eq!(shop.operator.get(&bare, RECHARGES).await.body["total"], 0);
}

#[tokio::test]
async fn an_order_that_a_provider_in_trouble_gave_no_code_for_has_failed_and_is_closed_there() {
    for method in PaymentMethod::ALL {
        for fault in [Fault::Down, Fault::ServerError] {
            let mut shop = Shop::open(method).await;
            shop.set_fault(fault);
            let answer = shop.ask("50.00").await;
            let details = answer.expect(503, "PAYMENT_UNAVAILABLE");
            assert_eq!(details["status"], "failed", "{fault:?}");
            let id = details["order_id"].as_str().unwrap().parse().unwrap();
            shop.set_fault(Fault::None);
            // The first question may have come while the provider was still in trouble.
            shop.advance(minutes(5)).await;
            shop.reconcile().await;
            shop.advance(minutes(13)).await;
            shop.reconcile().await;
            let row = shop.row(id).await;
            assert_eq!((row.status.as_str(), row.next_query_at), ("failed", None), "{row:?}");
            shop.expect_credited(0).await;
        }
    }
}

#[tokio::test]
async fn the_same_request_takes_up_the_order_whose_fate_was_unknown() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        shop.set_fault(Fault::TimeoutAfterSuccess);
        let body = shop.request("50.00");
        let first = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
        let details = first.expect(503, "PAYMENT_UNAVAILABLE").clone();
        assert_eq!(details["status"], "pending");
        shop.set_fault(Fault::None);
        let again = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
        let order = again.expect(201, "");
        assert_eq!(order["order_id"], details["order_id"]);
        assert!(again.headers.get("idempotent-replayed").is_none());
        let third = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
        assert_eq!(third.expect(201, ""), order);
        assert!(third.headers.get("idempotent-replayed").is_some());
        let other = shop.operator.post_once(&shop.server, RECHARGE, &shop.request("51"), "key-1").await;
        other.expect(409, "IDEMPOTENCY_CONFLICT");
        let id = order["order_id"].as_str().unwrap().parse().unwrap();
        shop.pay(id, PaymentResult::Success);
        shop.until_status(id, "success").await;
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn after_a_failure_the_same_key_makes_a_new_order() {
    let shop = Shop::open(PaymentMethod::Alipay).await;
    shop.set_fault(Fault::Down);
    let body = shop.request("50.00");
    let first = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
    let failed = first.expect(503, "PAYMENT_UNAVAILABLE")["order_id"].clone();
    shop.set_fault(Fault::None);
    let again = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
    assert_ne!(again.expect(201, "")["order_id"], failed);
}

#[tokio::test]
async fn an_answer_is_given_again_though_the_limits_have_changed() {
    let shop = Shop::open(PaymentMethod::Wechat).await;
    let body = shop.request("50.00");
    let first = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
    shop.server.set("recharge_min", json!("60.00")).await;
    let again = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
    assert_eq!(again.expect(201, ""), first.expect(201, ""));
    let other = shop.operator.post_once(&shop.server, RECHARGE, &shop.request("51"), "key-1").await;
    other.expect(409, "IDEMPOTENCY_CONFLICT");
    // A refusal lets go of its key.
    shop.operator.post_once(&shop.server, RECHARGE, &body, "key-2").await.expect(400, "INVALID_PARAMS");
    let in_time = shop.operator.post_once(&shop.server, RECHARGE, &shop.request("60"), "key-2").await;
    in_time.expect(201, "");
}

#[tokio::test]
async fn a_key_that_a_crash_left_claimed_leads_to_its_order_a_minute_later() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    shop.set_fault(Fault::TimeoutAfterSuccess);
    let body = shop.request("50.00");
    let first = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
    let left = first.expect(503, "PAYMENT_UNAVAILABLE")["order_id"].clone();
    shop.set_fault(Fault::None);
    // As if the instance had died before it let go of the key.
    let claim = "INSERT INTO idempotency_keys (account_id, endpoint, key, body_hash, created_at)
                 VALUES ($1, $2, 'key-1', '', $3)";
    let endpoint = format!("POST {RECHARGE}");
    let claim = sqlx::query(claim).bind(shop.venue.operator_id).bind(endpoint).bind(shop.now());
    shop.server.change(claim).await;
    let at_once = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
    at_once.expect(409, "IDEMPOTENCY_CONFLICT");
    shop.advance(seconds(61)).await;
    let later = shop.operator.post_once(&shop.server, RECHARGE, &body, "key-1").await;
    assert_eq!(later.expect(201, "")["order_id"], left);
}

#[tokio::test]
async fn a_locked_operator_orders_nothing() {
    let shop = Shop::open(PaymentMethod::Wechat).await;
    shop.server.set_state(&shop.venue, "locked").await;
    assert!([401, 403].contains(&shop.ask("50.00").await.status.as_u16()));
    let orders: i64 = sqlx::query_scalar("SELECT count(*) FROM recharge_orders")
        .fetch_one(&mut shop.server.owner().await)
        .await
        .unwrap();
    assert_eq!(orders, 0);
}
