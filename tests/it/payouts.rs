//! Refunds that go back through the channels the money came from, and what happens when a channel will not.

use std::sync::Arc;

use base::clock::UtcTime;
use base::ids::{OperatorId, OrderId, PayoutId};
use futures_util::future::join_all;
use jiff::SignedDuration;
use money::Fen;
use office::payments::providers::{
    NewOrder, OrderState, Outcome, Payment, PaymentMethod, RefundState, Returned, order_number,
};
use office::payments::sandbox::channel_of;
use office::refunds;
use pay_sandbox::{Channel, Fault, PaymentResult};
use serde_json::{Value, json};

use crate::fixtures::{adjust, credit};
use crate::harness::{Server, Venue};
use crate::people::{Person, demo_server};
use crate::scratch::wait_for;

const REASON: &str = "门店停业，申请退还余额";

/// Pays a top-up at the sandbox and credits it.
async fn top_up(server: &Server, operator_id: OperatorId, method: PaymentMethod, fen: i64) -> OrderId {
    let now = server.app.clock().now();
    let order = NewOrder {
        id: OrderId::generate(now),
        amount: Fen::new(fen),
        description: "账户充值".to_owned(),
        expires_at: now.plus(SignedDuration::from_mins(15)),
    };
    let provider = server.app.providers().of(method).unwrap();
    assert!(matches!(provider.create_order(&order).await, Outcome::Succeeded(_)));
    let number = order_number(order.id);
    server.sandbox().pay(channel_of(method), &number, PaymentResult::SuccessWithoutNotify).unwrap();
    let Ok(OrderState::Paid(payment)) = provider.query_order(order.id).await else {
        panic!("the order is not paid");
    };
    credit(&server.app, operator_id, method, order.id, &payment).await;
    order.id
}

/// Credits a payment of 100.00 that the sandbox has never heard of.
async fn unheard_of(server: &Server, operator_id: OperatorId, method: PaymentMethod) -> OrderId {
    let now = server.app.clock().now();
    let order_id = OrderId::generate(now);
    let transaction_id = "4200009999202501150000000001".to_owned();
    let payment =
        Payment { transaction_id, amount: Fen::new(10_000), returned: Returned::Nothing, paid_at: now };
    credit(&server.app, operator_id, method, order_id, &payment).await;
    order_id
}

/// The channel says this of a part. Whether there is such a part.
async fn hear(server: &Server, payout: PayoutId, state: &RefundState, alert_email: &str) -> bool {
    let mut transaction = server.app.database().begin().await.unwrap();
    let now = server.app.clock().now();
    let known = refunds::settle(&mut transaction, payout, state, alert_email, now).await.unwrap();
    transaction.commit().await.unwrap();
    known
}

fn first_payout(refund: &Value) -> PayoutId {
    serde_json::from_value(refund["payouts"][0]["payout_id"].clone()).unwrap()
}

/// An operator without money, and finance.
async fn people(server: &Server) -> (Venue, Person, Person) {
    let venue = server.venue(0).await;
    let operator = server.owner_of(&venue).await;
    (venue, operator, server.finance().await)
}

async fn approved(server: &Server, operator: &Person, finance: &Person) -> String {
    let asked = operator.post(server, "/v1/operators/me/refunds", json!({"reason": REASON})).await;
    let id = asked.expect(201, "")["refund_id"].as_str().unwrap().to_owned();
    finance.post(server, &format!("/v1/finance/refunds/{id}/approve"), json!({})).await.expect(200, "");
    id
}

async fn details(server: &Server, finance: &Person, id: &str) -> Value {
    finance.get(server, &format!("/v1/finance/refunds/{id}")).await.expect(200, "").clone()
}

/// The refund once its payout is so far.
async fn until(server: &Server, finance: &Person, id: &str, status: &str) -> Value {
    wait_for(&format!("the payout is {status}"), async || {
        let refund = details(server, finance, id).await;
        (refund["payout_status"] == status).then_some(refund)
    })
    .await
}

/// Channel, amount and status of each part.
fn parts(refund: &Value) -> Vec<String> {
    let parts = refund["payouts"].as_array().unwrap();
    let text =
        |part: &Value| ["channel", "amount", "status"].map(|field| part[field].as_str().unwrap().to_owned());
    parts.iter().map(|part| text(part).join(" ")).collect()
}

#[tokio::test]
async fn a_refund_goes_back_to_the_newest_top_ups_and_the_rest_is_paid_by_hand() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    adjust(&server.app, venue.operator_id, 5_000, server.app.clock().now()).await;
    let old = top_up(&server, venue.operator_id, PaymentMethod::Wechat, 20_000).await;
    let new = top_up(&server, venue.operator_id, PaymentMethod::Alipay, 10_000).await;
    // 30.00 of the 350.00 are played away: the old adjustment is what lacks its top-up.
    server.authorize(&venue, &venue.session(), 3).await;
    let left = server.balance_fen(&venue).await;
    let id = approved(&server, &operator, &finance).await;
    let by_hand = Fen::new(left - 30_000).to_string();

    let paid = wait_for("the channels have paid", async || {
        let refund = details(&server, &finance, &id).await;
        let is_paid =
            parts(&refund).iter().all(|part| part.starts_with("manual") || part.ends_with("completed"));
        is_paid.then_some(refund)
    })
    .await;
    assert_eq!(
        parts(&paid),
        [
            "alipay 100.00 completed",
            "wechat 200.00 completed",
            format!("manual {by_hand} processing").as_str()
        ]
    );
    let orders: Vec<&Value> =
        paid["payouts"].as_array().unwrap().iter().map(|part| &part["order_id"]).collect();
    assert_eq!(orders, [&json!(new), &json!(old), &Value::Null]);
    assert_eq!(paid["payout_status"], "processing", "the rest is still to be paid");
    server.verify().await;

    let path = format!("/v1/finance/refunds/{id}/complete");
    let completed = finance.post(&server, &path, json!({"reference": "流水 1"})).await;
    assert_eq!(completed.expect(200, "")["payout_status"], "completed");
    let listed = operator.get(&server, "/v1/operators/me/refunds").await;
    assert_eq!(listed.body["items"][0]["payout_status"], "completed");
    finance.post(&server, &path, json!({"reference": "流水 2"})).await.expect(400, "INVALID_PARAMS");
    server.verify().await;
}

#[tokio::test]
async fn money_that_went_back_cannot_go_back_again() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    top_up(&server, venue.operator_id, PaymentMethod::Alipay, 10_000).await;
    let id = approved(&server, &operator, &finance).await;
    until(&server, &finance, &id, "completed").await;
    adjust(&server.app, venue.operator_id, 4_000, server.app.clock().now()).await;
    let again = approved(&server, &operator, &finance).await;
    assert_eq!(parts(&details(&server, &finance, &again).await), ["manual 40.00 processing"]);
    server.verify().await;
}

#[tokio::test]
async fn games_go_on_while_a_refund_is_paid_out() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    top_up(&server, venue.operator_id, PaymentMethod::Wechat, 50_000).await;
    let asked = operator.post(&server, "/v1/operators/me/refunds", json!({"reason": REASON})).await;
    let id = asked.expect(201, "")["refund_id"].as_str().unwrap().to_owned();
    let sessions: Vec<String> = (0..6).map(|_| venue.session()).collect();
    let games = join_all(sessions.iter().map(|session| server.authorize(&venue, session, 2)));
    let path = format!("/v1/finance/refunds/{id}/approve");
    let (games, approval) = tokio::join!(games, finance.post(&server, &path, json!({})));
    let actual: Fen = approval.expect(200, "")["actual_refund_amount"].as_str().unwrap().parse().unwrap();
    let charged = games.iter().filter(|answer| answer.status == 200).count();
    let price = (50_000 - actual.get()) / i64::try_from(charged.max(1)).unwrap();
    assert_eq!(50_000 - price * i64::try_from(charged).unwrap(), actual.get());
    assert_eq!(server.balance_fen(&venue).await, 0);
    let paid = until(&server, &finance, &id, "completed").await;
    assert_eq!(parts(&paid), [format!("wechat {actual} completed")]);
    server.verify().await;
}

#[tokio::test]
async fn a_channel_that_does_not_answer_is_asked_again_and_pays_once() {
    let cases = [
        (PaymentMethod::Wechat, Fault::TimeoutAfterSuccess),
        (PaymentMethod::Alipay, Fault::TimeoutAfterSuccess),
        (PaymentMethod::Wechat, Fault::Down),
        (PaymentMethod::Alipay, Fault::ServerError),
    ];
    for (method, fault) in cases {
        let server = demo_server().await;
        let (venue, operator, finance) = people(&server).await;
        top_up(&server, venue.operator_id, method, 10_000).await;
        server.sandbox().set_fault(channel_of(method), fault);
        let id = approved(&server, &operator, &finance).await;
        if fault != Fault::TimeoutAfterSuccess {
            wait_for("the channel has been asked again", async || {
                let refund = details(&server, &finance, &id).await;
                (refund["payouts"][0]["attempts"].as_i64() > Some(1)).then_some(())
            })
            .await;
            server.sandbox().set_fault(channel_of(method), Fault::None);
        }
        let paid = until(&server, &finance, &id, "completed").await;
        assert_eq!(parts(&paid), [format!("{} 100.00 completed", method.into_str())]);
        server.verify().await;
    }
}

#[tokio::test]
async fn what_a_channel_refuses_is_tried_again_or_paid_by_hand() {
    let server = demo_server().await;
    server.set("alert_email", json!("money@example.com")).await;
    let (venue, operator, finance) = people(&server).await;
    let unknown = unheard_of(&server, venue.operator_id, PaymentMethod::Alipay).await;
    let id = approved(&server, &operator, &finance).await;
    let failed = until(&server, &finance, &id, "failed").await;
    assert_eq!(parts(&failed), ["alipay 100.00 failed"]);
    assert_eq!(failed["payouts"][0]["order_id"], json!(unknown));
    assert!(failed["payouts"][0]["last_error"].is_string(), "{failed}");
    let listed = finance.get(&server, "/v1/finance/refunds?payout_status=failed").await;
    assert_eq!((&listed.body["total"], &listed.body["items"][0]["refund_id"]), (&json!(1), &json!(id)));
    let alerts: Vec<String> =
        sqlx::query_scalar("SELECT subject FROM email_outbox WHERE recipient = 'money@example.com'")
            .fetch_all(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(alerts, [format!("[财务告警] 退款 {id} 打款失败")]);
    server.verify().await;

    let retry = format!("/v1/finance/refunds/{id}/retry");
    finance.post(&server, &retry, json!({})).await.expect(200, "");
    let again = wait_for("the channel has refused again", async || {
        let refund = details(&server, &finance, &id).await;
        let both = ["alipay 100.00 failed", "alipay 100.00 failed"];
        (parts(&refund) == both).then_some(refund)
    })
    .await;
    assert_eq!(again["payout_status"], "failed");
    let path = format!("/v1/finance/refunds/{id}/complete");
    let completed = finance.post(&server, &path, json!({"reference": "银行回单 7"})).await;
    assert_eq!(completed.expect(200, "")["payout_status"], "completed");
    finance.post(&server, &retry, json!({})).await.expect(400, "INVALID_PARAMS");
    server.verify().await;
}

#[tokio::test]
async fn a_part_that_has_just_failed_is_not_told_again() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    top_up(&server, venue.operator_id, PaymentMethod::Wechat, 10_000).await;
    server.sandbox().set_fault(Channel::Wechat, Fault::Down);
    let id = approved(&server, &operator, &finance).await;
    let payout = first_payout(&details(&server, &finance, &id).await);
    wait_for("the channel was told in vain, and the next word is put off", async || {
        let sql =
            "UPDATE jobs SET due_at = 'infinity' WHERE kind = $1 AND attempts = 0 AND due_at > created_at";
        let next = sqlx::query(sql).bind(refunds::KIND).execute(&mut server.owner().await).await.unwrap();
        (next.rows_affected() == 1).then_some(())
    })
    .await;
    server.sandbox().set_fault(Channel::Wechat, Fault::None);

    let mut transaction = server.app.database().begin().await.unwrap();
    let failed = RefundState::Failed { text: "refused".to_owned() };
    let now = server.app.clock().now();
    assert!(refunds::settle(&mut transaction, payout, &failed, "", now).await.unwrap());
    let handler = Arc::clone(&server.app.job_handlers()[refunds::KIND]);
    let job = json!({"payout_id": payout.uuid()});
    let (spoken, ()) = tokio::join!(handler.run(&job), async {
        wait_for("the job waits for the part", async || {
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                       AND wait_event_type = 'Lock' AND query LIKE '%UPDATE refund_payouts%'";
            let waiting: i64 = sqlx::query_scalar(sql).fetch_one(&mut server.owner().await).await.unwrap();
            (waiting == 1).then_some(())
        })
        .await;
        transaction.commit().await.unwrap();
    });
    spoken.unwrap();
    let sent: i64 = sqlx::query_scalar("SELECT count(*) FROM sandbox_records WHERE kind = 'refund'")
        .fetch_one(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!(sent, 0);
    server.verify().await;
}

#[tokio::test]
async fn the_channels_word_counts_once_however_often_it_comes() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    top_up(&server, venue.operator_id, PaymentMethod::Wechat, 10_000).await;
    server.sandbox().set_fault(Channel::Wechat, Fault::Down);
    let id = approved(&server, &operator, &finance).await;
    let refund = details(&server, &finance, &id).await;
    let payout = first_payout(&refund);
    let completed = RefundState::Completed { provider_refund_id: Some("50000001".to_owned()) };
    join_all((0..5).map(|_| hear(&server, payout, &completed, ""))).await;
    // Words that come late change nothing.
    let late = RefundState::Failed { text: "too late".to_owned() };
    assert!(hear(&server, payout, &late, "").await);
    let late = RefundState::Processing { provider_refund_id: None };
    assert!(hear(&server, payout, &late, "").await);
    let paid = details(&server, &finance, &id).await;
    assert_eq!(parts(&paid), ["wechat 100.00 completed"]);
    let stranger = PayoutId::generate(UtcTime::from_millis(0).unwrap());
    assert!(!hear(&server, stranger, &completed, "").await);
    server.verify().await;
}

#[tokio::test]
async fn a_refusal_that_is_taken_back_completes_what_nobody_has_paid_since() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    unheard_of(&server, venue.operator_id, PaymentMethod::Wechat).await;
    let id = approved(&server, &operator, &finance).await;
    let failed = until(&server, &finance, &id, "failed").await;
    let payout = first_payout(&failed);
    let completed = RefundState::Completed { provider_refund_id: None };
    for _ in 0..2 {
        assert!(hear(&server, payout, &completed, "").await);
    }
    assert_eq!(details(&server, &finance, &id).await["payout_status"], "completed");
    server.verify().await;
}

#[tokio::test]
async fn a_refusal_that_is_taken_back_too_late_is_for_a_person_to_look_at() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    unheard_of(&server, venue.operator_id, PaymentMethod::Wechat).await;
    let id = approved(&server, &operator, &finance).await;
    let failed = until(&server, &finance, &id, "failed").await;
    let payout = first_payout(&failed);
    let path = format!("/v1/finance/refunds/{id}/complete");
    finance.post(&server, &path, json!({"reference": "银行回单 7"})).await.expect(200, "");
    let completed = RefundState::Completed { provider_refund_id: None };
    for _ in 0..2 {
        assert!(hear(&server, payout, &completed, "money@example.com").await);
    }
    let refund = details(&server, &finance, &id).await;
    assert_eq!(parts(&refund), ["wechat 100.00 failed", "manual 100.00 completed"]);
    let alerts: i64 =
        sqlx::query_scalar("SELECT count(*) FROM email_outbox WHERE recipient = 'money@example.com'")
            .fetch_one(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(alerts, 1);
    server.verify().await;
}

#[tokio::test]
async fn a_payout_that_was_interrupted_goes_on_on_another_instance() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    top_up(&server, venue.operator_id, PaymentMethod::Alipay, 10_000).await;
    server.sandbox().set_fault(Channel::Alipay, Fault::TimeoutAfterSuccess);
    let id = approved(&server, &operator, &finance).await;
    wait_for("the channel has been told", async || {
        let refund = details(&server, &finance, &id).await;
        (refund["payouts"][0]["attempts"] != 0).then_some(())
    })
    .await;
    // The instance ends between the channel's deed and the note of it.
    let twin = server.twin().await;
    server.sandbox().set_fault(Channel::Alipay, Fault::None);
    let paid = until(&twin, &finance, &id, "completed").await;
    assert_eq!(parts(&paid), ["alipay 100.00 completed"]);
    twin.verify().await;
}

#[tokio::test]
async fn wechat_hears_of_a_second_part_of_one_payment_a_minute_after_the_first() {
    let server = demo_server().await;
    let (venue, operator, finance) = people(&server).await;
    unheard_of(&server, venue.operator_id, PaymentMethod::Wechat).await;
    let id = approved(&server, &operator, &finance).await;
    until(&server, &finance, &id, "failed").await;
    finance.post(&server, &format!("/v1/finance/refunds/{id}/retry"), json!({})).await.expect(200, "");
    let waits: (i32, bool) = wait_for("the second part has got its time", async || {
        sqlx::query_as(
            "SELECT second.attempts, second.next_attempt_at = first.sent_at + interval '60 seconds'
             FROM refund_payouts first JOIN refund_payouts second ON second.order_id = first.order_id
             WHERE first.status = 'failed' AND second.status = 'pending'
               AND second.next_attempt_at <> second.created_at",
        )
        .fetch_optional(&mut server.owner().await)
        .await
        .unwrap()
    })
    .await;
    assert_eq!(waits, (0, true));
    server.verify().await;
}
