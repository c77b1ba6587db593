//! Operators that leave: what is closed, what becomes of the balance, and who else wants it at the same time.

use books::ledger::BookAccount;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::fixtures::{PASSWORD, top_up};
use crate::harness::{Answer, Server, Venue, start};
use crate::people::{Person, demo_server};

const ME: &str = "/v1/operators/me";
const REASON: &str = "门店停业，申请退还余额";

async fn leave(server: &Server, operator: &Person, forfeit: bool) -> Answer {
    operator.delete(server, ME, json!({"password": PASSWORD, "forfeit_balance": forfeit})).await
}

async fn username(server: &Server, venue: &Venue) -> String {
    sqlx::query_scalar("SELECT username FROM operators WHERE id = $1")
        .bind(venue.operator_id)
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap()
}

async fn log(server: &Server) -> Vec<(String, Value)> {
    sqlx::query_as(
        "SELECT outcome, operation_details FROM audit_log WHERE operation_type = 'operator_deactivate' ORDER BY seq",
    )
    .fetch_all(&mut server.owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn leaving_needs_the_password_and_a_word_about_the_balance() {
    let server = demo_server().await;
    let venue = server.venue(12_345).await;
    let operator = server.owner_of(&venue).await;
    let missing = operator.delete(&server, ME, json!({})).await;
    missing.expect(400, "INVALID_PARAMS");
    assert_eq!(missing.fields(), ["password"]);
    let long = json!({"password": PASSWORD, "reason": "长".repeat(201)});
    operator.delete(&server, ME, long).await.expect(400, "INVALID_PARAMS");
    let wrong = json!({"password": "Wrong12345", "forfeit_balance": true});
    operator.delete(&server, ME, wrong).await.expect(401, "UNAUTHORIZED");
    let refused = leave(&server, &operator, false).await;
    assert_eq!(refused.expect(409, "BALANCE_NOT_ZERO"), &json!({"balance": "123.45"}));
    operator.get(&server, ME).await.expect(200, "");
    server.finance().await.delete(&server, ME, json!({})).await.expect(403, "PERMISSION_DENIED");
    let outcomes: Vec<_> = log(&server).await.into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, ["failed: UNAUTHORIZED", "failed: BALANCE_NOT_ZERO"]);
    server.verify().await;
}

#[tokio::test]
async fn wrong_passwords_are_counted_as_failed_sign_ins() {
    let server = start().await;
    let venue = server.venue(0).await;
    let operator = server.owner_of(&venue).await;
    server.set("login_attempts_per_minute", json!(3)).await;
    let wrong = json!({"password": "Wrong12345"});
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(operator.delete(&server, ME, wrong.clone()).await.status.as_u16());
    }
    assert_eq!(codes, [401, 401, 401, 429]);
    leave(&server, &operator, true).await.expect(429, "RATE_LIMIT_EXCEEDED");
    // What was not tried is not in the log.
    assert_eq!(log(&server).await.len(), 3);
}

#[tokio::test]
async fn who_has_left_can_do_nothing_any_more() {
    let server = demo_server().await;
    let venue = server.venue(0).await;
    let operator = server.owner_of(&venue).await;
    let body = json!({"password": PASSWORD, "reason": "不再经营"});
    operator.delete(&server, ME, body).await.expect(200, "");
    operator.get(&server, ME).await.expect(401, "UNAUTHORIZED");
    let name = username(&server, &venue).await;
    server.try_sign_in("operators", &name, PASSWORD).await.expect(403, "ACCOUNT_DEACTIVATED");
    server.try_sign_in("operators", &name, "Wrong12345").await.expect(401, "UNAUTHORIZED");
    let game = server.authorize(&venue, &venue.session(), 2).await;
    game.expect(403, "ACCOUNT_DEACTIVATED");
    let admin = server.admin().await;
    let path = format!("/v1/admin/operators/{}", venue.operator_id);
    let details = admin.get(&server, &path).await;
    assert_eq!(details.expect(200, "")["is_deactivated"], true);
    let listed = admin.get(&server, &format!("/v1/admin/operators?keyword={name}")).await;
    assert_eq!(listed.body["total"], 0);
    let grant = json!({"operator_id": venue.operator_id, "app_id": venue.app_id});
    admin.post(&server, "/v1/admin/authorizations", grant).await.expect(400, "INVALID_PARAMS");
    let (reason,): (String,) = sqlx::query_as("SELECT deactivation_reason FROM operators WHERE id = $1")
        .bind(venue.operator_id)
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!(reason, "不再经营");
    server.verify().await;
}

#[tokio::test]
async fn a_forfeited_balance_is_an_adjustment_in_the_books() {
    let server = demo_server().await;
    let venue = server.venue(12_345).await;
    let operator = server.owner_of(&venue).await;
    leave(&server, &operator, true).await.expect(200, "");
    let entry: (String, String, String, i64, i64, String) = sqlx::query_as(
        "SELECT kind, debit_account, credit_account, amount_fen, balance_after_fen, reason FROM ledger_movements
         WHERE operator_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(venue.operator_id)
    .fetch_one(&mut server.owner().await)
    .await
    .unwrap();
    let texts = (entry.0.as_str(), entry.1.as_str(), entry.2.as_str());
    assert_eq!(texts, ("adjustment", "operator_balance", "adjustments"));
    assert_eq!((entry.3, entry.4), (12_345, 0));
    assert!(entry.5.contains("放弃余额"), "{}", entry.5);
    let entries = log(&server).await;
    assert_eq!((entries[0].0.as_str(), &entries[0].1["forfeited"]), ("success", &json!("123.45")));
    server.verify().await;
}

#[tokio::test]
async fn what_waits_of_an_operator_that_leaves_is_rejected() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let venue = server.venue(0).await;
    let operator = server.owner_of(&venue).await;
    top_up(&server.app, venue.operator_id, 10_000).await;
    let refund = operator.post(&server, "/v1/operators/me/refunds", json!({"reason": REASON})).await;
    let refund = refund.expect(201, "")["refund_id"].as_str().unwrap().to_owned();
    let invoice = json!({"amount": "10", "invoice_title": "某某公司", "tax_id": "91110000MA01ABCD0X"});
    let invoice = operator.post(&server, "/v1/operators/me/invoices", invoice).await;
    let invoice = invoice.expect(201, "")["invoice_id"].as_str().unwrap().to_owned();
    server
        .change(
            sqlx::query(
                "INSERT INTO app_requests (operator_id, id, app_id, reason, created_at)
                 VALUES ($1, gen_random_uuid(), $2, '', now())",
            )
            .bind(venue.operator_id)
            .bind(venue.app_id),
        )
        .await;
    leave(&server, &operator, true).await.expect(200, "");
    let decided: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT status, reject_reason, reviewed_by FROM refunds WHERE operator_id = $1
         UNION ALL SELECT status, reject_reason, reviewed_by FROM invoices WHERE operator_id = $1
         UNION ALL SELECT status, reject_reason, reviewed_by FROM app_requests WHERE operator_id = $1",
    )
    .bind(venue.operator_id)
    .fetch_all(&mut server.owner().await)
    .await
    .unwrap();
    let rejected = ("rejected".to_owned(), "账号已注销".to_owned(), "system".to_owned());
    assert_eq!(decided, vec![rejected; 3]);
    for path in [format!("refunds/{refund}"), format!("invoices/{invoice}")] {
        let late = finance.post(&server, &format!("/v1/finance/{path}/approve"), Value::Null).await;
        late.expect(400, "INVALID_PARAMS");
    }
    server.verify().await;
}

#[tokio::test]
async fn a_refund_that_was_approved_is_paid_out_after_the_operator_has_left() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let venue = server.venue(5_000).await;
    let operator = server.owner_of(&venue).await;
    let refund = operator.post(&server, "/v1/operators/me/refunds", json!({"reason": REASON})).await;
    let path = format!("/v1/finance/refunds/{}", refund.expect(201, "")["refund_id"].as_str().unwrap());
    finance.post(&server, &format!("{path}/approve"), Value::Null).await.expect(200, "");
    leave(&server, &operator, false).await.expect(200, "");
    let done = finance.post(&server, &format!("{path}/complete"), json!({"reference": "流水 1"})).await;
    assert_eq!(done.expect(200, "")["payout_status"], "completed");
    server.verify().await;
}

#[tokio::test]
async fn games_that_go_on_while_the_operator_leaves_are_charged_or_refused() {
    const BALANCE_FEN: i64 = 20_000_000;
    let server = demo_server().await;
    let venue = server.venue(BALANCE_FEN).await;
    let operator = server.owner_of(&venue).await;
    let play_on = async || {
        let mut played = 0_i64;
        loop {
            let answer = server.authorize(&venue, &venue.session(), 2).await;
            if answer.status != 200 {
                answer.expect(403, "ACCOUNT_DEACTIVATED");
                return played;
            }
            played += 1;
        }
    };
    let leaving = async {
        crate::scratch::wait_for("games are played", async || {
            (server.usage_count(&venue).await > 5).then_some(())
        })
        .await;
        leave(&server, &operator, true).await
    };
    let (played, left) = tokio::join!(join_all((0..6).map(|_| play_on())), leaving);
    left.expect(200, "");
    let played: i64 = played.into_iter().sum();
    let forfeited: money::Fen = log(&server).await[0].1["forfeited"].as_str().unwrap().parse().unwrap();
    assert_eq!(played * 2_000 + forfeited.get(), BALANCE_FEN);
    assert_eq!(server.balance_fen(&venue).await, 0);
    server.verify().await;
}

#[tokio::test]
async fn an_approval_and_a_departure_at_once_never_lose_the_balance() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let mut refunded_fen = 0;
    for round in 0..12 {
        let venue = server.venue(7_000).await;
        let operator = server.owner_of(&venue).await;
        let refund = operator.post(&server, "/v1/operators/me/refunds", json!({"reason": REASON})).await;
        let id = refund.expect(201, "")["refund_id"].as_str().unwrap().to_owned();
        let path = format!("/v1/finance/refunds/{id}/approve");
        let approval = finance.post(&server, &path, Value::Null);
        let forfeit = round % 2 == 0;
        let (approved, left) = tokio::join!(approval, leave(&server, &operator, forfeit));
        let balance_fen = server.balance_fen(&venue).await;
        match (approved.status.as_u16(), left.status.as_u16()) {
            // The approval first: nothing is left to forfeit, and nothing stands in the way of leaving.
            (200, 200) => {
                refunded_fen += 7_000;
                assert_eq!(approved.body["data"]["actual_refund_amount"], "70.00");
            }
            // The departure first: it was refused and the refund was approved behind it.
            (200, 409) if !forfeit => refunded_fen += 7_000,
            // The departure first, and the refund was rejected with it.
            (400, 200) if forfeit => {}
            other => panic!("{other:?}: {} {}", approved.body, left.body),
        }
        assert_eq!(balance_fen, 0);
    }
    let books = server.verify().await.book_balances;
    let payable = books.get(&BookAccount::RefundPayable).copied().unwrap_or(0);
    assert_eq!(payable, refunded_fen);
}
