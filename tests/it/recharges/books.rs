//! `coinslot verify` on orders that do not fit their entries.

use base::ids::OrderId;
use books::ledger::verify::verify;
use office::payments::providers::PaymentMethod;
use pay_sandbox::PaymentResult;

use super::shop::Shop;

async fn is_found(shop: &Shop, order: OrderId, sql: &'static str) {
    let mut owner = shop.server.owner().await;
    let before: (String, String, i64, Option<String>) =
        sqlx::query_as("SELECT status, payment_method, amount_fen, provider_transaction_id FROM recharge_orders WHERE id = $1")
            .bind(order)
            .fetch_one(&mut owner)
            .await
            .unwrap();
    shop.server.change(sqlx::query(sql).bind(order)).await;
    let found = verify(&mut owner).await.unwrap_err().to_string();
    assert!(found.contains(&order.to_string()), "{sql}: {found}");
    let back = "UPDATE recharge_orders
                SET status = $2, payment_method = $3, amount_fen = $4, provider_transaction_id = $5 WHERE id = $1";
    let back = sqlx::query(back).bind(order).bind(before.0).bind(before.1).bind(before.2).bind(before.3);
    shop.server.change(back).await;
    shop.server.verify().await;
}

#[tokio::test]
async fn an_order_that_does_not_fit_its_entry_is_found() {
    let shop = Shop::open(PaymentMethod::Wechat).await;
    let (paid, unpaid) = (shop.order().await, shop.order().await);
    shop.pay(paid, PaymentResult::Success);
    shop.until_status(paid, "success").await;
    for sql in [
        "UPDATE recharge_orders SET status = 'closed' WHERE id = $1",
        "UPDATE recharge_orders SET status = 'abnormal' WHERE id = $1",
        "UPDATE recharge_orders SET amount_fen = 5001 WHERE id = $1",
        "UPDATE recharge_orders SET payment_method = 'alipay' WHERE id = $1",
    ] {
        is_found(&shop, paid, sql).await;
    }
    is_found(&shop, unpaid, "UPDATE recharge_orders SET status = 'success' WHERE id = $1").await;
}
