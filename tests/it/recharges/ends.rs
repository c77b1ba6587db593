//! How orders end that nobody pays in time, here and at the provider.

use office::payments::providers::{OrderState, PaymentMethod};
use pay_sandbox::{Fault, PaymentResult};

use super::shop::{Shop, minutes, seconds};

#[tokio::test]
async fn an_unpaid_order_is_closed_here_and_there() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.scan(order);
        shop.advance(minutes(15) - seconds(1)).await;
        shop.reconcile().await;
        shop.expire().await;
        assert_eq!(shop.row(order).await.status, "pending");
        shop.advance(seconds(1)).await;
        shop.reconcile().await;
        let row = shop.row(order).await;
        assert_eq!((row.status.as_str(), row.next_query_at), ("closed", None), "{row:?}");
        let provider = shop.server.app.providers().of(method).unwrap();
        assert_eq!(provider.query_order(order).await, Ok(OrderState::Closed));
        shop.expect_credited(0).await;
    }
}

#[tokio::test]
async fn a_code_that_nobody_scanned_is_asked_about_once_more() {
    let mut shop = Shop::open(PaymentMethod::Alipay).await;
    let order = shop.order().await;
    shop.advance(minutes(15)).await;
    shop.reconcile().await;
    let row = shop.row(order).await;
    assert_eq!(row.status, "closed");
    assert_eq!(row.next_query_at, Some(shop.now().plus(minutes(2))));
    shop.advance(minutes(2)).await;
    shop.reconcile().await;
    assert_eq!(shop.row(order).await.next_query_at, None);
}

#[tokio::test]
async fn a_payment_that_was_faster_than_the_closing_is_credited() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.advance(minutes(15) - seconds(1)).await;
        shop.pay(order, PaymentResult::SuccessWithoutNotify);
        shop.advance(seconds(1)).await;
        shop.reconcile().await;
        shop.until_status(order, "success").await;
        assert!(!shop.row(order).await.paid_late);
        shop.expect_credited(1).await;
    }
}

#[tokio::test]
async fn an_order_whose_provider_is_away_at_its_end_is_closed_here_and_credited_late() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.pay(order, PaymentResult::SuccessWithoutNotify);
        shop.set_fault(Fault::Down);
        shop.advance(minutes(15)).await;
        shop.reconcile().await;
        let row = shop.row(order).await;
        assert_eq!((row.status.as_str(), row.query_failures), ("closed", 1), "{row:?}");
        shop.expect_credited(0).await;
        for _ in 0..4 {
            shop.advance(minutes(5)).await;
            shop.reconcile().await;
        }
        assert_eq!(shop.row(order).await.status, "closed");
        shop.set_fault(Fault::None);
        shop.advance(minutes(5)).await;
        shop.reconcile().await;
        shop.until_status(order, "success").await;
        assert!(shop.row(order).await.paid_late);
        shop.expect_credited(1).await;
        let finance = shop.finance().await;
        let seen = finance.get(&shop.server, &format!("/v1/finance/recharges/{order}")).await;
        assert_eq!(seen.expect(200, "")["paid_late"], true);
    }
}

/// Whatever keeps the provider from being asked, the operator waits for a minute at most.
#[tokio::test]
async fn an_order_is_closed_without_its_provider_twenty_seconds_after_its_end() {
    let mut shop = Shop::open(PaymentMethod::Wechat).await;
    let order = shop.order().await;
    let busy = "UPDATE recharge_orders SET next_query_at = $2 WHERE id = $1";
    let later = shop.now().plus(minutes(60));
    shop.server.change(sqlx::query(busy).bind(order).bind(later)).await;
    shop.advance(minutes(15) + seconds(19)).await;
    shop.expire().await;
    assert_eq!(shop.row(order).await.status, "pending");
    shop.advance(seconds(1)).await;
    shop.expire().await;
    let row = shop.row(order).await;
    assert_eq!((row.status.as_str(), row.next_query_at), ("closed", Some(later)));
}

#[tokio::test]
async fn money_for_an_order_that_had_failed_is_credited_late() {
    for method in PaymentMethod::ALL {
        let mut shop = Shop::open(method).await;
        let order = shop.order().await;
        shop.advance(minutes(15)).await;
        let fail = "UPDATE recharge_orders SET status = 'failed', next_query_at = NULL WHERE id = $1";
        shop.server.change(sqlx::query(fail).bind(order)).await;
        shop.clock.set(shop.now().plus(-minutes(1)).as_millis());
        shop.pay(order, PaymentResult::Success);
        shop.until_status(order, "success").await;
        assert!(shop.row(order).await.paid_late);
        assert_eq!(shop.verdicts().await, ["credited_late"]);
        shop.expect_credited(1).await;
    }
}
