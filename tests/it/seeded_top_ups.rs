//! The top-ups of a past that `coinslot seed` wrote: finance sees them, providers know them, money can go back to them.

use base::clock::Clock;
use coinslot::demo;
use coinslot::seed::{self, SeedArgs, Seeded, Shared};
use money::Fen;
use office::payments::{bills, reconcile_once};
use serde_json::{Value, json};

use crate::fixtures::password_hash;
use crate::games::server_at;
use crate::harness::{Server, start};
use crate::people::demo_server;
use crate::scratch::wait_for;

/// Noon in Shanghai; twenty days before are in the same month.
const NOW: &str = "2026-11-24T04:00:00Z";
/// The day before [`NOW`] in Beijing, whose bills are the newest.
const YESTERDAY: &str = "2026-11-23";
const TIMEZONE: &str = "Asia/Shanghai";

fn history(days: u32) -> SeedArgs {
    SeedArgs {
        history: Some(days),
        records: None,
        operators: None,
        sites: 1,
        apps: 3,
        keys_file: None,
        seed: 7,
    }
}

/// Operators for a load test, who top up often.
fn busy(operators: u32) -> SeedArgs {
    SeedArgs { operators: Some(operators), records: Some(4_000), ..history(20) }
}

async fn seed(server: &Server, args: &SeedArgs) -> Seeded {
    let hash = password_hash();
    let clock = Clock::fixed(server.app.clock().now().as_millis());
    let shared = Shared { cipher: server.app.cipher(), clock: &clock, password_hash: &hash };
    seed::run(args, &server.options, &shared).await.unwrap()
}

/// Amount, method, status and times of every order, the earliest first.
async fn orders(server: &Server) -> Vec<(i64, String, String, String)> {
    let sql = "SELECT amount_fen, payment_method, status, concat_ws(' ', created_at, expires_at, paid_at, updated_at)
               FROM recharge_orders ORDER BY created_at, updated_at";
    sqlx::query_as(sql).fetch_all(&mut server.owner().await).await.unwrap()
}

/// What was paid, and by how many orders.
async fn paid(server: &Server) -> (i64, Fen) {
    let orders = orders(server).await;
    let paid: Vec<i64> =
        orders.iter().filter(|(_, _, status, _)| status == "success").map(|order| order.0).collect();
    (i64::try_from(paid.len()).unwrap(), Fen::new(paid.iter().sum()))
}

fn fen(amount: &Value) -> Fen {
    amount.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn finance_and_the_operator_see_what_was_topped_up() {
    let server = server_at(NOW, TIMEZONE).await;
    demo::insert(&server.app).await.unwrap();
    seed(&server, &history(20)).await;
    server.verify().await;
    let (count, sum) = paid(&server).await;
    assert!(count >= 3, "{count} top-ups");

    let finance = server.finance().await;
    let trends = finance.get(&server, "/v1/finance/dashboard/trends").await;
    assert_eq!(fen(&trends.expect(200, "")["summary"]["total_recharge"]), sum);
    let listed = finance.get(&server, "/v1/finance/recharges?status=success&page_size=100").await;
    listed.expect(200, "");
    assert_eq!(listed.body["total"], count);
    let customer = server.operator1().await;
    let listed = customer.get(&server, "/v1/operators/me/recharges?page_size=100").await;
    listed.expect(200, "");
    for order in listed.body["items"].as_array().unwrap() {
        assert_eq!(fen(&order["amount"]).get() % 10_000, 0, "{order}");
        assert!(matches!(order["status"].as_str(), Some("success" | "closed")), "{order}");
    }
    let entries = customer.get(&server, "/v1/operators/me/transactions?type=recharge&page_size=100").await;
    entries.expect(200, "");
    assert_eq!(entries.body["total"], count);
    let balance = customer.get(&server, "/v1/operators/me/balance").await;
    assert_eq!(balance.expect(200, "")["balance"], "1000.00");
}

#[tokio::test]
async fn both_methods_are_used_and_some_orders_expire() {
    let server = server_at(NOW, TIMEZONE).await;
    seed(&server, &busy(40)).await;
    server.verify().await;
    let all = orders(&server).await;
    for method in ["wechat", "alipay"] {
        assert!(all.iter().any(|(_, used, status, _)| used == method && status == "success"), "{method}");
    }
    let unpaid = all.iter().filter(|(_, _, status, _)| status == "closed").count();
    assert!(0 < unpaid && unpaid * 6 < all.len(), "{unpaid} of {}", all.len());
    let odd: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM recharge_orders o LEFT JOIN ledger_movements m USING (operator_id)
         WHERE m.order_id = o.id AND m.occurred_at < o.paid_at OR o.paid_at < o.created_at
            OR o.paid_at > o.expires_at OR o.qr_code_url IS NULL OR o.next_query_at IS NOT NULL
            OR (o.status = 'success') <> (o.provider_transaction_id IS NOT NULL)",
    )
    .fetch_one(&mut server.owner().await)
    .await
    .unwrap();
    assert_eq!(odd, 0);
}

#[tokio::test]
async fn bills_name_what_was_topped_up_and_nobody_is_asked_or_alerted() {
    let server = server_at(NOW, TIMEZONE).await;
    server.set("alert_email", json!("alert@example.com")).await;
    seed(&server, &busy(3)).await;
    assert_eq!(reconcile_once(server.app.cashier()).await.unwrap(), 0);
    assert!(bills::bills_once(server.app.cashier()).await.unwrap() > 0);
    let finance = server.staff("finance", "auditor").await;
    let runs = finance.get(&server, "/v1/finance/reconciliation?page_size=100").await;
    runs.expect(200, "");
    let mut named = 0;
    for run in runs.body["items"].as_array().unwrap() {
        // Alipay has no bill for a day without payments, and until the day after the next it may only be late.
        let may_be_late =
            run["payment_method"] == "alipay" && run["date"] == YESTERDAY && run["ours_count"] == 0;
        let status = if may_be_late { "not_ready" } else { "completed" };
        assert_eq!((&run["status"], &run["differences_count"]), (&json!(status), &json!(0)), "{run}");
        assert_eq!(run["ours_count"], run["theirs_count"], "{run}");
        named += run["ours_count"].as_i64().unwrap();
    }
    assert!(named > 0);
    let told: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM payment_incidents), (SELECT count(*) FROM email_outbox)",
    )
    .fetch_one(&mut server.owner().await)
    .await
    .unwrap();
    assert_eq!(told, (0, 0));
}

#[tokio::test]
async fn a_refund_goes_back_to_the_top_ups_of_the_past() {
    let server = demo_server().await;
    seed(&server, &history(30)).await;
    let (customer, finance) = (server.operator1().await, server.finance().await);
    let asked =
        customer.post(&server, "/v1/operators/me/refunds", json!({"reason": "门店停业，申请退还余额"})).await;
    let id = asked.expect(201, "")["refund_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/finance/refunds/{id}");
    finance.post(&server, &format!("{path}/approve"), json!({})).await.expect(200, "");
    let refund = wait_for("the payout is completed", async || {
        let refund = finance.get(&server, &path).await.expect(200, "").clone();
        assert_ne!(refund["payout_status"], "failed", "{refund}");
        (refund["payout_status"] == "completed").then_some(refund)
    })
    .await;
    let parts = refund["payouts"].as_array().unwrap();
    assert!(parts.iter().all(|part| part["order_id"].is_string()), "{refund}");
    assert_eq!(parts.iter().map(|part| fen(&part["amount"]).get()).sum::<i64>(), 100_000);
    server.verify().await;
}

#[tokio::test]
async fn seeding_twice_adds_to_what_is_there() {
    let server = start().await;
    let first = seed(&server, &busy(2)).await;
    let (count, _) = paid(&server).await;
    let second = seed(&server, &busy(2)).await;
    assert_eq!((first.operators, second.operators), (2, 2));
    assert!(paid(&server).await.0 > count);
    server.verify().await;
}

#[tokio::test]
async fn the_same_seed_gives_the_same_top_ups() {
    let (one, other) = (server_at(NOW, TIMEZONE).await, server_at(NOW, TIMEZONE).await);
    seed(&one, &busy(1)).await;
    seed(&other, &busy(1)).await;
    let made = orders(&one).await;
    assert!(!made.is_empty());
    assert_eq!(made, orders(&other).await);
}
