//! What costs nothing: the configuration of a headset server and the quote for a game.

use serde_json::json;

use crate::harness;
use crate::requests::{CONFIG, Call, PRE_AUTHORIZE};

#[tokio::test]
async fn the_configuration_lists_live_sites_and_grants_only() {
    let server = harness::start().await;
    let (venue, other) = (server.venue(12_345).await, server.venue(1).await);
    let second_site = server.site(&venue).await;
    let deleted = server.site(&venue).await;
    let sql = "UPDATE sites SET deleted_at = now() WHERE id = $1";
    server.change(sqlx::query(sql).bind(deleted)).await;
    let call = Call::get(&venue, CONFIG, server.app.clock().now());
    let answer = call.send(&server).await;
    let data = answer.expect(200, "").clone();
    let site = |id, name| json!({"site_id": id, "name": name, "address": "朝阳路 1 号"});
    let application = json!({
        "app_id": venue.app_id, "app_name": "太空探险", "unit_price": "10.00", "min_players": 2, "max_players": 8,
        "expires_at": null,
    });
    let expected = json!({
        "operator_id": venue.operator_id, "operator_name": "测试运营商", "balance": "123.45",
        "sites": [site(venue.site_id, "北京朝阳店"), site(second_site, "上海徐汇店")], "applications": [application],
        "server_time": data["server_time"],
    });
    assert_eq!(data, expected);
    assert_eq!(answer.body["success"], true);
    assert_ne!(venue.app_id, other.app_id);

    for (sql, expires_at) in [
        (
            "UPDATE grants SET expires_at = '2100-01-01T08:00:00+08:00' WHERE operator_id = $1",
            Some("2100-01-01T00:00:00.000Z"),
        ),
        ("UPDATE grants SET expires_at = now() WHERE operator_id = $1", None),
        ("UPDATE grants SET expires_at = NULL, revoked_at = now() WHERE operator_id = $1", None),
    ] {
        server.change(sqlx::query(sql).bind(venue.operator_id)).await;
        let answer = call.send(&server).await;
        let applications = answer.expect(200, "")["applications"].as_array().unwrap();
        let found: Vec<_> = applications.iter().map(|app| app["expires_at"].as_str()).collect();
        assert_eq!(found, expires_at.map(Some).into_iter().collect::<Vec<_>>(), "{sql}");
    }
}

#[tokio::test]
async fn a_quote_says_what_a_game_would_cost_and_charges_nothing() {
    let server = harness::start().await;
    let venue = server.venue(5_000).await;
    let now = server.app.clock().now();
    for _ in 0..3 {
        let answer = Call::post(&venue, PRE_AUTHORIZE, &venue.game(5), now).send(&server).await;
        let expected = json!({
            "can_authorize": true, "app_id": venue.app_id, "app_name": "太空探险", "unit_price": "10.00",
            "estimated_cost": "50.00", "current_balance": "50.00", "min_players": 2, "max_players": 8,
        });
        assert_eq!(answer.expect(200, ""), &expected);
    }
    let answer = Call::post(&venue, PRE_AUTHORIZE, &venue.game(6), now).send(&server).await;
    let details = json!({"current_balance": "50.00", "required_amount": "60.00", "shortage": "10.00"});
    assert_eq!(answer.expect(402, "INSUFFICIENT_BALANCE"), &details);
    // A session id is not asked for, and one that comes along is neither judged nor used up.
    let session = venue.session();
    for header in ["x", session.as_str()] {
        let mut call = Call::post(&venue, PRE_AUTHORIZE, &venue.game(5), now);
        call.set("x-session-id", header).send(&server).await.expect(200, "");
    }
    assert_eq!((server.balance_fen(&venue).await, server.usage_count(&venue).await), (5_000, 0));
    server.authorize(&venue, &session, 5).await.expect(200, "");
    server.verify().await;
}
