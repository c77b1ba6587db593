//! `Idempotency-Key` of an act that needs several transactions.

use api::http::idempotency::{Claimed, IdempotentCall, IdempotentJson};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use platform::security::tokens::Subject;
use serde_json::{Value, json};

use crate::fixtures::operator;
use crate::harness::{Server, start};
use crate::scratch::wait_for;

async fn attempt(server: &Server) -> IdempotentCall {
    let request = Request::post("/v1/act").header("content-type", "application/json");
    let request = request.header("idempotency-key", "k1").body(Body::from("{}")).unwrap();
    let IdempotentJson(attempt, _) =
        IdempotentJson::<Value>::from_request(request, &server.app).await.unwrap();
    attempt
}

#[tokio::test]
async fn the_first_call_can_answer_while_the_second_waits_for_it() {
    let server = start().await;
    let account = Subject::Operator(operator(&server.app, "venue").await.id);
    let mut first = server.app.database().begin().await.unwrap();
    let claimed = attempt(&server).await.claim(&server.app, &mut first, account).await.unwrap();
    let Claimed::First(claim) = claimed else { panic!("nobody has used the key") };
    first.commit().await.unwrap();

    let second = async {
        let mut transaction = server.app.database().begin().await.unwrap();
        attempt(&server).await.claim(&server.app, &mut transaction, account).await
    };
    let answer = async {
        let mut owner = server.owner().await;
        wait_for("the second call has looked", async || {
            let sql = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND state = 'idle in transaction'
                         AND query LIKE '%FROM idempotency_keys%'";
            let waiting: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
            (waiting == 1).then_some(())
        })
        .await;
        let mut last = server.app.database().begin().await.unwrap();
        claim.answer(&server.app, &mut last, StatusCode::CREATED, json!({})).await.unwrap();
        last.commit().await.unwrap();
    };
    let (claimed, ()) = tokio::join!(second, answer);
    assert!(matches!(claimed, Ok(Claimed::Replay(_))), "{claimed:?}");
}
