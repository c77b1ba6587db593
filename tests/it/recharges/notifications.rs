//! What providers tell: once, often, late, and wrongly.

use base::clock::UtcTime;
use base::ids::OrderId;
use jiff::SignedDuration;
use money::Fen;
use office::payments::providers::{NewOrder, OrderState, Outcome, PaymentMethod};
use pay_sandbox::PaymentResult;
use reqwest::header::HeaderValue;

use super::shop::{RECHARGES, Shop, minutes, seconds};
use crate::harness::start_at;
use crate::scratch::wait_for;

#[tokio::test]
async fn a_payment_is_credited_as_soon_as_the_provider_tells_of_it() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::Success);
        shop.until_status(order, "success").await;
        shop.expect_credited(1).await;
        let answer = shop.operator.get(&shop.server, &format!("{RECHARGES}/{order}")).await;
        let seen = answer.expect(200, "");
        assert!(seen["paid_at"].is_string() && seen["qr_code_url"].is_null(), "{seen}");
        let path = "/v1/operators/me/transactions?type=recharge";
        let transaction = &shop.operator.get(&shop.server, path).await.body["items"][0];
        assert_eq!(transaction["order_id"], order.to_string());
        assert_eq!(
            (&transaction["amount"], &transaction["payment_method"]),
            (&"50.00".into(), &method.into_str().into())
        );
        let row = shop.row(order).await;
        assert!(
            !row.paid_late && row.next_query_at.is_none() && row.provider_transaction_id.is_some(),
            "{row:?}"
        );
        assert_eq!((shop.verdicts().await, shop.alerts().await.len()), (vec!["credited".to_owned()], 0));
        wait_for("it is counted", async || (shop.counted("success").await == 1).then_some(())).await;
    }
}

#[tokio::test]
async fn a_notification_that_comes_twice_credits_once() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::SuccessDuplicateNotify);
        wait_for("both have come", async || (shop.verdicts().await.len() == 2).then_some(())).await;
        assert_eq!(shop.verdicts().await, ["credited", "duplicate"]);
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn a_late_notification_credits_when_it_comes() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::SuccessLateNotify);
        assert_eq!(shop.row(order).await.status, "pending");
        shop.advance(seconds(10)).await;
        shop.until_status(order, "success").await;
        shop.expect_credited(1).await;
    }
}

/// The race: the order's account is locked, and all of them wait for it, on two instances.
#[tokio::test]
async fn notifications_that_come_at_the_same_moment_credit_once() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        let other = start_at(&shop.server.database_url, shop.clock.clone()).await;
        let sent = shop.unsent(order);
        let calls = (0..8).map(|call| {
            let server = if call % 2 == 0 { &shop.server } else { &other };
            shop.notify(server, &sent)
        });
        let answers = shop.server.lined_up(shop.venue.operator_id, calls).await;
        assert!(answers.iter().all(|answer| shop.is_taken(answer)), "{answers:?}");
        let verdicts = shop.verdicts().await;
        assert_eq!(verdicts.len(), 8);
        assert_eq!(verdicts.iter().filter(|verdict| *verdict == "credited").count(), 1, "{verdicts:?}");
        assert_eq!(verdicts.iter().filter(|verdict| *verdict == "duplicate").count(), 7, "{verdicts:?}");
        shop.expect_credited(1).await;
        other.stop().await;
    }
}

#[tokio::test]
async fn a_payment_for_an_order_of_nobody_is_taken_kept_and_told() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let stranger = NewOrder {
            id: OrderId::generate(shop.now()),
            amount: Fen::new(700),
            description: "充值".to_owned(),
            expires_at: shop.now().plus(minutes(15)),
        };
        let provider = shop.server.app.providers().of(method).unwrap();
        assert!(matches!(provider.create_order(&stranger).await, Outcome::Succeeded(_)));
        shop.pay(stranger.id, PaymentResult::SuccessDuplicateNotify);
        wait_for("both have come", async || (shop.verdicts().await.len() == 2).then_some(())).await;
        assert_eq!(shop.verdicts().await, ["duplicate", "unknown_order"]);
        assert_eq!(shop.alerts().await.len(), 1);
        let finance = shop.finance().await;
        let incidents = finance.get(&shop.server, "/v1/finance/payment-incidents").await;
        let incident = &incidents.body["items"][0];
        assert_eq!((&incidents.body["total"], &incident["kind"]), (&1.into(), &"unknown_order".into()));
        assert_eq!(incident["order_id"], stranger.id.to_string());
        assert_eq!(
            (&incident["operator_id"], &incident["amount"]),
            (&serde_json::Value::Null, &"7.00".into())
        );
        shop.expect_credited(0).await;
    }
}

#[tokio::test]
async fn another_amount_than_the_orders_is_not_credited() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        let change = "UPDATE recharge_orders SET amount_fen = 5001 WHERE id = $1";
        shop.server.change(sqlx::query(change).bind(order)).await;
        shop.pay(order, PaymentResult::SuccessDuplicateNotify);
        wait_for("both have come", async || (shop.verdicts().await.len() == 2).then_some(())).await;
        assert_eq!(shop.verdicts().await, ["amount_differs", "duplicate"]);
        assert_eq!(shop.row(order).await.status, "abnormal");
        assert_eq!(shop.alerts().await.len(), 1);
        assert_eq!(shop.counted("mismatch").await, 1);
        shop.expect_credited(0).await;
        let finance = shop.finance().await;
        let seen = finance.get(&shop.server, &format!("/v1/finance/recharges/{order}")).await;
        assert_eq!(seen.expect(200, "")["incidents"][0]["kind"], "amount_differs");
    }
}

#[tokio::test]
async fn a_second_payment_of_an_order_is_told_and_not_credited() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::Success);
        shop.until_status(order, "success").await;
        let sent = shop.sent(order).await;
        let change = "UPDATE recharge_orders SET provider_transaction_id = 'the first' WHERE id = $1";
        shop.server.change(sqlx::query(change).bind(order)).await;
        for _ in 0..2 {
            assert!(shop.is_taken(&shop.notify(&shop.server, &sent).await));
        }
        assert_eq!(shop.verdicts().await, ["credited", "duplicate", "second_payment"]);
        assert_eq!((shop.row(order).await.status.as_str(), shop.alerts().await.len()), ("success", 1));
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn a_payment_that_another_order_has_is_not_credited() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let (one, other) = (shop.order().await, shop.order().await);
        let sent = shop.unsent(one);
        let provider = shop.server.app.providers().of(method).unwrap();
        let Ok(OrderState::Paid(payment)) = provider.query_order(one).await else {
            panic!("it is paid");
        };
        let change = "UPDATE recharge_orders SET provider_transaction_id = $2 WHERE id = $1";
        shop.server.change(sqlx::query(change).bind(other).bind(payment.transaction_id)).await;
        for _ in 0..2 {
            assert!(shop.is_taken(&shop.notify(&shop.server, &sent).await));
        }
        assert_eq!(shop.verdicts().await, ["duplicate", "payment_of_other_order"]);
        assert_eq!(shop.row(one).await.status, "abnormal");
        shop.expect_credited(0).await;
    }
}

/// The provider is told after the commit; when that is not heard, it says the same again.
#[tokio::test]
async fn a_server_that_ends_between_the_commit_and_the_answer_credits_once() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        let sent = shop.unsent(order);
        // The provider hangs up at once and never hears the answer; the notification is acted upon or not.
        let path = format!("{}/v1/payments/{}/notify", shop.server.base_url, method.into_str());
        let request = shop.server.client.post(path).headers(sent.headers.clone()).body(sent.body.clone());
        drop(tokio::time::timeout(std::time::Duration::from_millis(3), request.send()).await);
        let again = start_at(&shop.server.database_url, shop.clock.clone()).await;
        let ended = std::mem::replace(&mut shop.server, again);
        ended.stop().await;
        for _ in 0..2 {
            assert!(shop.is_taken(&shop.notify(&shop.server, &sent).await));
        }
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn locked_and_departed_operators_get_their_money() {
    for state in ["locked", "deactivated"] {
        let shop = Shop::open(PaymentMethod::Alipay).await;
        let order = shop.order().await;
        shop.server.set_state(&shop.venue, state).await;
        shop.pay(order, PaymentResult::Success);
        shop.until_status(order, "success").await;
        shop.expect_credited(1).await;
        // Nobody signs in any more to see the money of whoever has left.
        let told = if state == "deactivated" {
            &["[财务告警] 已注销运营商的充值到账"][..]
        } else {
            &[]
        };
        assert_eq!(shop.alerts().await, told);
    }
}

#[tokio::test]
async fn nothing_is_shown_as_paid_before_it_was_ordered() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        // Providers tell the second.
        shop.advance(SignedDuration::from_millis(600)).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::Success);
        shop.until_status(order, "success").await;
        let answer = shop.operator.get(&shop.server, &format!("{RECHARGES}/{order}")).await;
        let seen = answer.expect(200, "");
        assert_eq!(seen["paid_at"], seen["created_at"]);
    }
}

#[tokio::test]
async fn a_failed_payment_ends_the_order_and_leaves_the_balance() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::Failed);
        // WeChat Pay tells nobody: whoever looks at the order has it asked.
        shop.advance(SignedDuration::from_secs(11)).await;
        shop.operator.get(&shop.server, &format!("{RECHARGES}/{order}")).await.expect(200, "");
        shop.until_status(order, "failed").await;
        shop.expect_credited(0).await;
    }
}

#[tokio::test]
async fn a_database_that_is_away_makes_the_provider_try_again() {
    for method in PaymentMethod::ALL {
        let shop = Shop::open(method).await;
        let order = shop.order().await;
        let sent = shop.unsent(order);
        let mut owner = shop.server.owner().await;
        let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
        let hide = rename("payment_notifications", "hidden_notifications");
        sqlx::raw_sql(sqlx::AssertSqlSafe(hide)).execute(&mut owner).await.unwrap();
        let answer = shop.notify(&shop.server, &sent).await;
        match method {
            PaymentMethod::Wechat => assert_eq!(answer.status.as_u16(), 500),
            PaymentMethod::Alipay => assert_eq!(answer.body, "failure"),
        }
        let show = rename("hidden_notifications", "payment_notifications");
        sqlx::raw_sql(sqlx::AssertSqlSafe(show)).execute(&mut owner).await.unwrap();
        shop.expect_credited(0).await;
        assert_eq!(shop.counted("error").await, 1);
        assert!(shop.is_taken(&shop.notify(&shop.server, &sent).await));
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn what_is_kept_of_a_notification_names_its_order_and_no_secrets() {
    let shop = Shop::open(PaymentMethod::Wechat).await;
    let order = shop.order().await;
    let mut sent = shop.unsent(order);
    sent.headers.insert("authorization", HeaderValue::from_static("Bearer secret"));
    sent.headers.insert("cookie", HeaderValue::from_static("secret=1"));
    assert!(shop.is_taken(&shop.notify(&shop.server, &sent).await));
    let (kept, headers, at): (Option<OrderId>, serde_json::Value, UtcTime) = sqlx::query_as(
        "SELECT order_id, headers, received_at FROM payment_notifications WHERE verdict = 'credited'",
    )
    .fetch_one(&mut shop.server.owner().await)
    .await
    .unwrap();
    assert_eq!((kept, at), (Some(order), shop.now()));
    assert!(
        headers["wechatpay-signature"].is_string() && !headers.to_string().contains("secret"),
        "{headers}"
    );
}
