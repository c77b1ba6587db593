//! Prices, keys and locks are in force on every instance from the next request.

use serde_json::json;

use crate::harness::{self, Venue};
use crate::requests::Call;

#[tokio::test]
async fn a_new_price_holds_from_the_next_request_on_every_instance() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    for (price_fen, unit_price, total) in
        [(1_000, "10.00", "20.00"), (1_201, "12.01", "24.02"), (1, "0.01", "0.02")]
    {
        let sql = "UPDATE applications SET unit_price_fen = $2 WHERE id = $1";
        server.change(sqlx::query(sql).bind(venue.app_id).bind(i64::from(price_fen))).await;
        for server in [&server, &twin] {
            let answer = Call::authorize(server, &venue, 2).send(server).await;
            let data = answer.expect(200, "");
            assert_eq!((&data["unit_price"], &data["total_cost"]), (&json!(unit_price), &json!(total)));
        }
    }
    let prices: Vec<i64> = sqlx::query_scalar("SELECT unit_price_fen FROM usage_records ORDER BY id")
        .fetch_all(&mut server.owner().await)
        .await
        .unwrap();
    assert_eq!(prices, [1_000, 1_000, 1_201, 1_201, 1, 1]);
}

#[tokio::test]
async fn a_new_key_kills_the_old_one_at_once_on_an_instance_that_knew_it() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    for server in [&server, &twin] {
        Call::authorize(server, &venue, 2).send(server).await.expect(200, "");
    }
    let key = server.replace_key(&venue).await;
    let faults: [fn(&mut Call); 5] = [
        |_| {},
        |call| call.timestamp = "1".to_owned(),
        |call| call.timestamp = "x".to_owned(),
        |call| call.signature = Some("x".to_owned()),
        |call| {
            call.set("x-session-id", "x");
        },
    ];
    for server in [&twin, &server] {
        for fault in faults {
            let mut call = Call::authorize(server, &venue, 2);
            fault(&mut call);
            call.send(server).await.expect(401, "INVALID_API_KEY");
        }
        let fresh = Venue { api_key: key.clone(), ..venue.clone() };
        Call::authorize(server, &fresh, 2).send(server).await.expect(200, "");
    }
    assert_eq!(server.usage_count(&venue).await, 4);
    server.verify().await;
}

#[tokio::test]
async fn a_lock_holds_at_once_on_an_instance_that_knew_the_key() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    for (state, status, code) in [
        ("active", 200, ""),
        ("locked", 403, "ACCOUNT_LOCKED"),
        ("active", 200, ""),
        ("deactivated", 403, "ACCOUNT_DEACTIVATED"),
    ] {
        server.set_state(&venue, state).await;
        for server in [&twin, &server] {
            Call::authorize(server, &venue, 2).send(server).await.expect(status, code);
        }
    }
}
