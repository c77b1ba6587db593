//! The heart over HTTP, on a real database.

use futures_util::future::join_all;

use crate::harness;

#[tokio::test]
async fn a_game_is_charged_and_the_same_request_is_answered_alike() {
    let server = harness::start().await;
    let venue = server.venue(10_000).await;
    let session = venue.session();
    let first = server.authorize(&venue, &session, 5).await;
    let data = first.expect(200, "").clone();
    assert_eq!(data["total_cost"], "50.00");
    assert_eq!(data["balance_after"], "50.00");
    assert_eq!(data["session_id"], session.as_str());
    assert!(first.headers.get("idempotent-replayed").is_none());

    let second = server.authorize(&venue, &session, 5).await;
    assert_eq!(second.expect(200, ""), &data);
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(server.balance_fen(&venue).await, 5_000);
    server.verify().await;
}

#[tokio::test]
async fn of_fifty_parallel_games_a_balance_for_seventeen_starts_seventeen() {
    let server = harness::start().await;
    let venue = server.venue(17 * 2_000).await;
    let answers = join_all((0..50).map(|_| {
        let session = venue.session();
        let (server, venue) = (&server, &venue);
        async move { server.authorize(venue, &session, 2).await }
    }))
    .await;
    let passed = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.code() == "INSUFFICIENT_BALANCE").count();
    assert_eq!((passed, refused), (17, 33));
    assert_eq!(server.balance_fen(&venue).await, 0);
    server.verify().await;
}

#[tokio::test]
async fn twenty_identical_parallel_requests_are_one_charge() {
    let server = harness::start().await;
    let venue = server.venue(100_000).await;
    let session = venue.session();
    let answers = join_all((0..20).map(|_| server.authorize(&venue, &session, 3))).await;
    let first = answers[0].expect(200, "");
    assert!(answers.iter().all(|answer| answer.expect(200, "") == first));
    let replayed = answers.iter().filter(|answer| answer.headers.contains_key("idempotent-replayed")).count();
    assert_eq!(replayed, 19);
    assert_eq!(server.usage_count(&venue).await, 1);
    server.verify().await;
}
