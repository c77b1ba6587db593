//! Refunds from the request to the payout, with games and other reviewers in between.

use books::ledger::verify::VerifyError;
use books::ledger::{self, BookAccount};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, Venue};
use crate::people::{Person, demo_server};

const REFUNDS: &str = "/v1/operators/me/refunds";
const REASON: &str = "门店停业，申请退还余额";
const UNKNOWN: &str = "refund_01h455vb4pex5vsknk084sn02q";

fn asked() -> Value {
    json!({"reason": REASON})
}

async fn ask(server: &Server, operator: &Person) -> String {
    let answer = operator.post(server, REFUNDS, asked()).await;
    answer.expect(201, "")["refund_id"].as_str().unwrap().to_owned()
}

async fn decide(server: &Server, finance: &Person, id: &str, verb: &str, body: Value) -> Answer {
    finance.post(server, &format!("/v1/finance/refunds/{id}/{verb}"), body).await
}

async fn approve(server: &Server, finance: &Person, id: &str) -> Answer {
    decide(server, finance, id, "approve", Value::Null).await
}

/// The newest message of the operator.
async fn message(server: &Server, operator: &Person) -> (String, String, String) {
    sqlx::query_as(
        "SELECT type, title, content FROM messages WHERE operator_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(operator.operator_id())
    .fetch_one(&mut server.owner().await)
    .await
    .unwrap()
}

async fn play(server: &Server, venue: &Venue) -> Answer {
    server.authorize(venue, &venue.session(), 2).await
}

#[tokio::test]
async fn a_refund_is_asked_for_and_listed() {
    let server = demo_server().await;
    let operator = server.operator1().await;
    let answer = operator.post(&server, REFUNDS, json!({"reason": format!("  {REASON} ")})).await;
    let refund = answer.expect(201, "");
    let expected = json!({
        "refund_id": refund["refund_id"], "requested_amount": "1000.00", "status": "pending", "reason": REASON,
        "created_at": refund["created_at"],
    });
    assert_eq!(refund, &expected);
    assert!(refund["refund_id"].as_str().unwrap().starts_with("refund_"));
    let listed = operator.get(&server, REFUNDS).await;
    assert_eq!(listed.body, json!({"page": 1, "page_size": 20, "total": 1, "items": [expected]}));
    let other = server.operator2().await.get(&server, REFUNDS).await;
    assert_eq!(other.body["items"], json!([]));
}

#[tokio::test]
async fn an_operator_looks_at_one_of_its_refunds() {
    let server = demo_server().await;
    let (operator, other) = (server.operator1().await, server.operator2().await);
    let id = ask(&server, &operator).await;
    let path = format!("{REFUNDS}/{id}");
    let pending = operator.get(&server, &path).await;
    assert_eq!(pending.expect(200, ""), &operator.get(&server, REFUNDS).await.body["items"][0]);
    approve(&server, &server.finance().await, &id).await.expect(200, "");
    let approved = operator.get(&server, &path).await;
    let approved = approved.expect(200, "");
    assert_eq!(
        (&approved["status"], &approved["actual_refund_amount"]),
        (&json!("approved"), &json!("1000.00"))
    );
    assert_eq!(approved.get("current_balance"), None, "what finance sees of it stays with finance");
    other.get(&server, &path).await.expect(404, "REFUND_NOT_FOUND");
    for unknown in [UNKNOWN, "refund_1"] {
        operator.get(&server, &format!("{REFUNDS}/{unknown}")).await.expect(404, "REFUND_NOT_FOUND");
    }
}

#[tokio::test]
async fn a_refund_needs_a_reason_a_balance_and_no_other_that_waits() {
    let server = demo_server().await;
    let operator = server.operator1().await;
    for reason in ["太短", &"长".repeat(501)] {
        let answer = operator.post(&server, REFUNDS, json!({"reason": reason})).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), ["reason"]);
    }
    let poor = server.operator2().await.post(&server, REFUNDS, asked()).await;
    poor.expect(400, "INVALID_PARAMS");
    assert_eq!(poor.body["message"], "账户没有可退余额");
    let calls = (0..5).map(|_| operator.post(&server, REFUNDS, asked()));
    let answers = server.lined_up(operator.operator_id(), calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 400).collect();
    assert_eq!(refused.len(), 4);
    assert!(refused.iter().all(|answer| answer.body["message"] == "已有待处理的退款申请"), "{refused:?}");
}

#[tokio::test]
async fn finance_sees_whose_refund_it_is_and_their_money() {
    let server = demo_server().await;
    let (operator, auditor) = (server.operator1().await, server.auditor().await);
    let id = ask(&server, &operator).await;
    let listed = auditor.get(&server, "/v1/finance/refunds?status=pending").await;
    let item = &listed.body["items"][0];
    assert_eq!(listed.body["total"], 1);
    assert_eq!(item["operator_id"], operator.data["operator"]["operator_id"]);
    assert_eq!(
        [&item["operator_name"], &item["operator_category"], &item["current_balance"]],
        ["梦境互动娱乐", "normal", "1000.00"]
    );
    let empty = auditor.get(&server, "/v1/finance/refunds?status=approved").await;
    assert_eq!(empty.body["total"], 0);
    auditor.get(&server, "/v1/finance/refunds?status=lost").await.expect(400, "INVALID_PARAMS");

    let one = auditor.get(&server, &format!("/v1/finance/refunds/{id}")).await;
    let one = one.expect(200, "");
    assert_eq!((&one["refund_id"], &one["current_balance"]), (&json!(id), &json!("1000.00")));
    let money = &one["operator_finance"];
    let expected = json!({
        "operator_id": operator.data["operator"]["operator_id"], "operator_name": "梦境互动娱乐",
        "category": "normal", "current_balance": "1000.00", "total_recharged": "0.00", "total_consumed": "0.00",
        "total_refunded": "0.00", "total_sessions": 0, "first_transaction_at": money["first_transaction_at"],
        "last_transaction_at": money["first_transaction_at"],
    });
    assert_eq!(money, &expected);
    assert!(money["first_transaction_at"].is_string());
    for path in [UNKNOWN, "nonsense"] {
        auditor.get(&server, &format!("/v1/finance/refunds/{path}")).await.expect(404, "REFUND_NOT_FOUND");
    }
}

#[tokio::test]
async fn only_who_may_review_refunds_decides_them() {
    let server = demo_server().await;
    let operator = server.operator1().await;
    let id = ask(&server, &operator).await;
    for person in [server.auditor().await, server.admin().await, operator] {
        for verb in ["approve", "reject", "complete"] {
            // Neither the body nor the id matters to who may not.
            decide(&server, &person, &id, verb, json!({"reason": 1})).await.expect(403, "PERMISSION_DENIED");
            decide(&server, &person, "x", verb, json!({})).await.expect(403, "PERMISSION_DENIED");
        }
    }
    server.admin().await.get(&server, "/v1/finance/refunds").await.expect(403, "PERMISSION_DENIED");
    let finance = server.finance().await;
    let long = json!({"note": "长".repeat(201), "reason": "短", "reference": "x"});
    for (verb, field) in [("approve", "note"), ("reject", "reason"), ("complete", "reference")] {
        let answer = decide(&server, &finance, &id, verb, long.clone()).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field]);
        let good = json!({"reason": REASON, "reference": "流水 1"});
        let unknown = decide(&server, &finance, UNKNOWN, verb, good).await;
        unknown.expect(404, "REFUND_NOT_FOUND");
    }
}

#[tokio::test]
async fn approval_takes_the_balance_of_the_moment() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let venue = server.venue(10_000).await;
    let operator = server.owner_of(&venue).await;
    let id = ask(&server, &operator).await;
    play(&server, &venue).await.expect(200, "");
    let answer = decide(&server, &finance, &id, "approve", json!({"note": "已核对"})).await;
    let expected = json!({
        "refund_id": id, "requested_amount": "100.00", "actual_refund_amount": "80.00", "balance_after": "0.00",
    });
    assert_eq!(answer.expect(200, ""), &expected);

    let item = operator.get(&server, REFUNDS).await.body["items"][0].clone();
    assert_eq!((&item["status"], &item["payout_status"]), (&json!("approved"), &json!("processing")));
    assert_eq!((&item["actual_refund_amount"], &item["reviewed_by"]), (&json!("80.00"), &json!("finance")));
    assert!(item["reviewed_at"].is_string() && item.get("note").is_none(), "{item}");
    let seen = finance.get(&server, &format!("/v1/finance/refunds/{id}")).await;
    assert_eq!(seen.expect(200, "")["note"], "已核对");
    let newest = operator.get(&server, "/v1/operators/me/transactions?page_size=1").await;
    let newest = &newest.body["items"][0];
    assert_eq!((&newest["type"], &newest["refund_id"]), (&json!("refund"), &json!(id)));
    assert_eq!((&newest["amount"], &newest["balance_after"]), (&json!("80.00"), &json!("0.00")));
    let (kind, title, content) = message(&server, &operator).await;
    assert_eq!((kind.as_str(), title.as_str()), ("system", "退款申请已通过"));
    assert!(content.contains("100.00") && content.contains("80.00"), "{content}");
    play(&server, &venue).await.expect(402, "INSUFFICIENT_BALANCE");
    let books = server.verify().await.book_balances;
    assert_eq!(books[&BookAccount::RefundPayable], 8_000);
    // The balance is gone, and so is the reason to ask again.
    operator.post(&server, REFUNDS, asked()).await.expect(400, "INVALID_PARAMS");
}

#[tokio::test]
async fn a_refund_is_decided_once() {
    let server = demo_server().await;
    let (operator, finance) = (server.operator1().await, server.finance().await);
    let rejection = json!({"reason": "资料不全，请补充后重新申请"});
    let id = ask(&server, &operator).await;
    decide(&server, &finance, &id, "reject", rejection.clone()).await.expect(200, "");
    let item = operator.get(&server, REFUNDS).await.body["items"][0].clone();
    assert_eq!((&item["status"], &item["reject_reason"]), (&json!("rejected"), &rejection["reason"]));
    assert_eq!(item.get("payout_status"), None);
    let (kind, _, content) = message(&server, &operator).await;
    assert!(kind == "system" && content.contains("资料不全"), "{content}");

    let second = ask(&server, &operator).await;
    approve(&server, &finance, &second).await.expect(200, "");
    for id in [id, second] {
        approve(&server, &finance, &id).await.expect(400, "INVALID_PARAMS");
        decide(&server, &finance, &id, "reject", rejection.clone()).await.expect(400, "INVALID_PARAMS");
    }
    server.verify().await;
}

#[tokio::test]
async fn a_balance_that_was_used_up_leaves_the_request_to_be_rejected() {
    let server = demo_server().await;
    let finance = server.finance().await;
    let venue = server.venue(2_000).await;
    let operator = server.owner_of(&venue).await;
    let id = ask(&server, &operator).await;
    play(&server, &venue).await.expect(200, "");
    let refused = approve(&server, &finance, &id).await;
    refused.expect(400, "INVALID_PARAMS");
    assert_eq!(refused.body["message"], "账户余额已为零，无可退金额；可驳回该申请");
    assert_eq!(operator.get(&server, REFUNDS).await.body["items"][0]["status"], "pending");
    let reason = json!({"reason": "余额已消费完毕，无可退金额"});
    decide(&server, &finance, &id, "reject", reason).await.expect(200, "");
    server.verify().await;
}

#[tokio::test]
async fn a_payout_by_hand_is_recorded_once_with_its_proof() {
    let server = demo_server().await;
    let (operator, finance) = (server.operator1().await, server.finance().await);
    let id = ask(&server, &operator).await;
    let proof = json!({"reference": " 招行流水 20260101 "});
    decide(&server, &finance, &id, "complete", proof.clone()).await.expect(400, "INVALID_PARAMS");
    approve(&server, &finance, &id).await.expect(200, "");
    let calls = (0..4).map(|_| decide(&server, &finance, &id, "complete", proof.clone()));
    let answers = server.lined_up(operator.operator_id(), calls).await;
    let done: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(done.len(), 1, "{answers:?}");
    let data = done[0].expect(200, "");
    assert_eq!(
        (&data["payout_status"], &data["reference"]),
        (&json!("completed"), &json!("招行流水 20260101"))
    );
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.expect(400, "INVALID_PARAMS");
    }
    let item = operator.get(&server, REFUNDS).await.body["items"][0].clone();
    assert_eq!(item["payout_status"], "completed");
    let books = server.verify().await.book_balances;
    assert_eq!((books[&BookAccount::RefundPayable], books[&BookAccount::ClearingManual]), (0, 100_000));
    let payouts: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT channel, status, amount_fen FROM refund_payouts")
            .fetch_all(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(payouts, [("manual".to_owned(), "completed".to_owned(), 100_000)]);
    // The payout does not move the operator's balance, so it is none of its transactions.
    let transactions = operator.get(&server, "/v1/operators/me/transactions").await;
    assert_eq!(transactions.body["total"], 2);
    let newest = &transactions.body["items"][0]["created_at"];
    let admin = server.admin().await;
    let details = admin.get(&server, &format!("/v1/admin/operators/{}", operator.operator_id())).await;
    assert_eq!(&details.expect(200, "")["last_transaction_at"], newest);
}

#[tokio::test]
async fn of_several_approvals_at_once_one_wins() {
    let server = demo_server().await;
    let (operator, finance) = (server.operator1().await, server.finance().await);
    let id = ask(&server, &operator).await;
    let calls = (0..6).map(|_| approve(&server, &finance, &id));
    let answers = server.lined_up(operator.operator_id(), calls).await;
    let approved = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.code() == "INVALID_PARAMS").count();
    assert_eq!((approved, refused), (1, 5), "{answers:?}");
    assert_eq!(server.verify().await.book_balances[&BookAccount::RefundPayable], 100_000);
}

#[tokio::test]
async fn games_that_go_on_while_finance_approves_lose_no_money() {
    const BALANCE_FEN: i64 = 20_000_000;
    let server = demo_server().await;
    let finance = server.finance().await;
    let venue = server.venue(BALANCE_FEN).await;
    let operator = server.owner_of(&venue).await;
    let id = ask(&server, &operator).await;
    let players = async {
        let play_on = async || {
            let mut played = 0_i64;
            loop {
                let answer = play(&server, &venue).await;
                if answer.status != 200 {
                    answer.expect(402, "INSUFFICIENT_BALANCE");
                    return played;
                }
                played += 1;
            }
        };
        join_all((0..6).map(|_| play_on())).await.into_iter().sum::<i64>()
    };
    let approval = async {
        crate::scratch::wait_for("games are played", async || {
            (server.usage_count(&venue).await > 5).then_some(())
        })
        .await;
        approve(&server, &finance, &id).await
    };
    let (played, approved) = tokio::join!(players, approval);
    let actual: money::Fen =
        approved.expect(200, "")["actual_refund_amount"].as_str().unwrap().parse().unwrap();
    assert_eq!(played * 2_000 + actual.get(), BALANCE_FEN);
    assert_eq!(server.balance_fen(&venue).await, 0);
    assert_eq!(server.usage_count(&venue).await, played);
    let books = server.verify().await.book_balances;
    assert_eq!(books[&BookAccount::RefundPayable], actual.get());
}

#[tokio::test]
async fn a_repeated_key_gives_the_first_answer_and_moves_nothing() {
    let server = demo_server().await;
    let (operator, finance) = (server.operator1().await, server.finance().await);
    let first = operator.post_once(&server, REFUNDS, &asked(), "k1").await;
    let again = operator.post_once(&server, REFUNDS, &asked(), "k1").await;
    assert_eq!(first.expect(201, ""), again.expect(201, ""));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let other = json!({"reason": "另一个足够长的退款理由"});
    operator.post_once(&server, REFUNDS, &other, "k1").await.expect(409, "IDEMPOTENCY_CONFLICT");

    let path = format!("/v1/finance/refunds/{}", first.body["data"]["refund_id"].as_str().unwrap());
    for (verb, body) in [("approve", Value::Null), ("complete", json!({"reference": "流水 1"}))] {
        let path = format!("{path}/{verb}");
        let first = finance.post_once(&server, &path, &body, "k2").await;
        let again = finance.post_once(&server, &path, &body, "k2").await;
        assert_eq!(first.expect(200, ""), again.expect(200, ""), "{verb}");
        assert!(first.headers.get("idempotent-replayed").is_none());
        assert_eq!(again.headers["idempotent-replayed"], "true");
    }
    let note = json!({"note": "补充"});
    let changed = finance.post_once(&server, &format!("{path}/approve"), &note, "k2").await;
    changed.expect(409, "IDEMPOTENCY_CONFLICT");
    assert_eq!(server.verify().await.movements, 3);
}

#[tokio::test]
async fn a_locked_operator_can_be_refunded_but_not_ask() {
    let server = demo_server().await;
    let (admin, finance) = (server.admin().await, server.finance().await);
    let venue = server.venue(10_000).await;
    let operator = server.owner_of(&venue).await;
    let id = ask(&server, &operator).await;
    let path = format!("/v1/admin/operators/{}/lock", venue.operator_id);
    admin.post(&server, &path, json!({"reason": "可疑"})).await.expect(200, "");
    operator.post(&server, REFUNDS, asked()).await.expect(401, "UNAUTHORIZED");
    let mut connection = server.app.database().acquire().await.unwrap();
    let now = server.app.clock().now();
    let late = office::refunds::request(&mut connection, venue.operator_id, REASON, now).await;
    assert_eq!(late.unwrap_err().code(), base::problem::ErrorCode::AccountLocked);
    drop(connection);
    approve(&server, &finance, &id).await.expect(200, "");
    assert_eq!(server.balance_fen(&venue).await, 0);
    server.verify().await;
}

#[tokio::test]
async fn verify_finds_what_was_changed_behind_a_refund() {
    let server = demo_server().await;
    let (operator, finance) = (server.operator1().await, server.finance().await);
    let id = ask(&server, &operator).await;
    approve(&server, &finance, &id).await.expect(200, "");
    decide(&server, &finance, &id, "complete", json!({"reference": "流水 1"})).await.expect(200, "");
    server.verify().await;
    let mut owner = server.owner().await;
    sqlx::query("SET session_replication_role = replica").execute(&mut owner).await.unwrap();
    for (harm, undo) in [
        ("UPDATE refunds SET actual_fen = actual_fen + 1", "UPDATE refunds SET actual_fen = actual_fen - 1"),
        (
            "UPDATE refunds SET status = 'rejected', actual_fen = NULL, payout_status = NULL",
            "UPDATE refunds SET status = 'approved', actual_fen = requested_fen, payout_status = 'completed'",
        ),
        ("UPDATE refunds SET payout_status = NULL", "UPDATE refunds SET payout_status = 'completed'"),
        ("UPDATE refunds SET payout_status = 'processing'", "UPDATE refunds SET payout_status = 'completed'"),
        (
            "UPDATE refunds SET id = gen_random_uuid()",
            "UPDATE refunds SET id = (SELECT refund_id FROM refund_payouts)",
        ),
        ("UPDATE refund_payouts SET status = 'processing'", "UPDATE refund_payouts SET status = 'completed'"),
        (
            "UPDATE refund_payouts SET amount_fen = amount_fen - 1",
            "UPDATE refund_payouts SET amount_fen = amount_fen + 1",
        ),
        ("UPDATE refund_payouts SET status = 'failed'", "UPDATE refund_payouts SET status = 'completed'"),
    ] {
        sqlx::query(harm).execute(&mut owner).await.unwrap();
        let error = ledger::verify::verify(&mut owner).await.expect_err(harm);
        assert!(matches!(error, VerifyError::Books(_)), "{harm}: {error}");
        assert!(error.to_string().contains("refund_"), "{harm}: {error}");
        sqlx::query(undo).execute(&mut owner).await.unwrap();
        server.verify().await;
    }
}

#[tokio::test]
async fn decisions_are_in_the_audit_log() {
    let server = demo_server().await;
    let (operator, finance) = (server.operator1().await, server.finance().await);
    let id = ask(&server, &operator).await;
    approve(&server, &finance, &id).await.expect(200, "");
    approve(&server, &finance, &id).await.expect(400, "INVALID_PARAMS");
    decide(&server, &finance, &id, "complete", json!({"reference": "流水 1"})).await.expect(200, "");
    let log: Vec<(String, String, String, Value)> = sqlx::query_as(
        "SELECT operation_type, outcome, target_resource_id, operation_details FROM audit_log
         WHERE operation_type LIKE 'refund%' ORDER BY seq",
    )
    .fetch_all(&mut server.owner().await)
    .await
    .unwrap();
    let seen: Vec<_> = log.iter().map(|(what, outcome, ..)| (what.as_str(), outcome.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("refund_request", "success"),
            ("refund_approve", "success"),
            ("refund_approve", "failed: INVALID_PARAMS"),
            ("refund_complete", "success"),
        ]
    );
    assert!(log.iter().all(|(_, _, target, _)| *target == id));
    assert_eq!(log[1].3["actual_refund_amount"], "1000.00");
    assert_eq!(log[1].3["operator_id"], operator.data["operator"]["operator_id"]);
}
