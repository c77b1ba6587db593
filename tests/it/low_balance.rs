//! The low-balance message: once per dip, with the charge that causes it or not at all.

use futures_util::future::join_all;
use serde_json::json;
use sqlx::{AssertSqlSafe, Executor};

use crate::harness::{self, Server, Venue};
use crate::requests::{Call, PRE_AUTHORIZE};

/// Charges 20.00.
async fn play(server: &Server, venue: &Venue) {
    server.authorize(venue, &venue.session(), 2).await.expect(200, "");
}

async fn count(server: &Server, venue: &Venue) -> usize {
    server.told(venue.operator_id, "balance_low").await.len()
}

async fn set_category(server: &Server, venue: &Venue, category: &str) {
    let sql = "UPDATE operator_accounts SET category = $2 WHERE operator_id = $1";
    server.change(sqlx::query(sql).bind(venue.operator_id).bind(category)).await;
}

#[tokio::test]
async fn each_category_has_its_threshold_and_is_told_once() {
    let server = harness::start().await;
    for (category, threshold_fen, threshold, left) in [
        ("trial", 5_000, "50.00", "49.99"),
        ("normal", 10_000, "100.00", "99.99"),
        ("vip", 100_000, "1000.00", "999.99"),
    ] {
        let venue = server.venue(threshold_fen + 2_000 + 1_999).await;
        set_category(&server, &venue, category).await;
        play(&server, &venue).await;
        assert_eq!(count(&server, &venue).await, 0, "{category}: above the threshold");
        play(&server, &venue).await;
        for _ in 0..2 {
            let told = server.told(venue.operator_id, "balance_low").await;
            assert_eq!(told.len(), 1, "{category}");
            let (title, content) = &told[0];
            assert_eq!(title, "账户余额不足提醒");
            assert!(content.contains(&format!("余额为 {left} 元")), "{content}");
            assert!(content.contains(&format!("阈值 {threshold} 元")), "{content}");
            play(&server, &venue).await;
        }
    }
    server.verify().await;
}

#[tokio::test]
async fn a_balance_at_the_threshold_is_not_low() {
    let server = harness::start().await;
    let venue = server.venue(12_000).await;
    play(&server, &venue).await;
    assert_eq!((server.balance_fen(&venue).await, count(&server, &venue).await), (10_000, 0));
    play(&server, &venue).await;
    assert_eq!(count(&server, &venue).await, 1);
}

#[tokio::test]
async fn after_the_balance_has_recovered_the_next_dip_is_told() {
    let server = harness::start().await;
    let venue = server.venue(11_000).await;
    play(&server, &venue).await;
    server.credit(&venue, 8_000).await;
    play(&server, &venue).await;
    assert_eq!(count(&server, &venue).await, 1, "it is above the threshold");
    for _ in 0..3 {
        play(&server, &venue).await;
    }
    assert_eq!((server.balance_fen(&venue).await, count(&server, &venue).await), (9_000, 2));
    server.credit(&venue, 999).await;
    play(&server, &venue).await;
    assert_eq!(count(&server, &venue).await, 2, "99.99 is still low");
    server.credit(&venue, 2_001).await;
    play(&server, &venue).await;
    assert_eq!((server.balance_fen(&venue).await, count(&server, &venue).await), (8_000, 3));
    let operator_id = venue.operator_id;
    assert!(server.told(operator_id, "balance_low").await[2].1.contains("80.00"));
}

#[tokio::test]
async fn replays_refusals_and_quotes_tell_nothing() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(11_000).await;
    let session = venue.session();
    server.authorize(&venue, &session, 2).await.expect(200, "");
    server.credit(&venue, 2_000).await;
    for server in [&server, &twin] {
        let replayed = server.authorize(&venue, &session, 2).await;
        assert_eq!(replayed.headers["idempotent-replayed"], "true");
        server.authorize(&venue, &session, 3).await.expect(409, "SESSION_DUPLICATE");
    }
    assert_eq!(count(&server, &venue).await, 1);

    let poor = server.venue(1_999).await;
    server.authorize(&poor, &poor.session(), 2).await.expect(402, "INSUFFICIENT_BALANCE");
    server.authorize(&poor, &poor.session(), 9).await.expect(400, "PLAYER_COUNT_OUT_OF_RANGE");
    let quoted = server.venue(2_000).await;
    let now = server.app.clock().now();
    Call::post(&quoted, PRE_AUTHORIZE, &quoted.game(2), now).send(&server).await.expect(200, "");
    assert_eq!((count(&server, &poor).await, count(&server, &quoted).await), (0, 0));
}

#[tokio::test]
async fn of_many_charges_at_once_on_two_instances_one_is_told() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let mut venues = Vec::new();
    for _ in 0..3 {
        venues.push(server.venue(60_000).await);
    }
    let calls = (0..75).map(|number| {
        let (venue, instance) = (&venues[number % 3], if number % 2 == 0 { &server } else { &twin });
        async move { play(instance, venue).await }
    });
    join_all(calls).await;
    for venue in &venues {
        // 25 times 20.00 of 600.00 leave exactly the threshold.
        assert_eq!((server.balance_fen(venue).await, count(&server, venue).await), (10_000, 0));
    }
    let calls =
        (0..15).map(|number| play(if number % 2 == 0 { &twin } else { &server }, &venues[number % 3]));
    join_all(calls).await;
    for venue in &venues {
        assert_eq!((server.balance_fen(venue).await, count(&server, venue).await), (0, 1));
        let told = server.told(venue.operator_id, "balance_low").await;
        assert!(told[0].1.contains("80.00"), "the first below the threshold: {told:?}");
    }
    server.verify().await;
}

#[tokio::test]
async fn a_new_threshold_or_category_holds_from_the_next_charge() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let venue = server.venue(100_000).await;
    play(&twin, &venue).await;
    assert_eq!(count(&server, &venue).await, 0);
    server.set("low_balance_threshold_normal", json!("970.00")).await;
    let mut connection = twin.app.database().acquire().await.unwrap();
    twin.app.settings_store().refresh(&mut connection).await.unwrap();
    play(&twin, &venue).await;
    assert_eq!(count(&server, &venue).await, 1);
    // 960.00 is no longer low, and then it is again, by the threshold of another category.
    server.set("low_balance_threshold_normal", json!("900.00")).await;
    play(&server, &venue).await;
    assert_eq!(count(&server, &venue).await, 1);
    set_category(&server, &venue, "vip").await;
    play(&server, &venue).await;
    let told = server.told(venue.operator_id, "balance_low").await;
    assert_eq!(told.len(), 2);
    assert!(told[1].1.contains("920.00") && told[1].1.contains("1000.00"), "{told:?}");
}

/// Makes every row of the table that satisfies the condition impossible, until [`allow`].
async fn forbid(server: &Server, table: &str, condition: &str) {
    let sql = format!("ALTER TABLE {table} ADD CONSTRAINT forbidden CHECK (NOT ({condition})) NOT VALID");
    server.owner().await.execute(AssertSqlSafe(sql)).await.unwrap();
}

async fn allow(server: &Server, table: &str) {
    let sql = format!("ALTER TABLE {table} DROP CONSTRAINT forbidden");
    server.owner().await.execute(AssertSqlSafe(sql)).await.unwrap();
}

#[tokio::test]
async fn charge_and_message_exist_together_or_not_at_all() {
    let server = harness::start().await;
    let venue = server.venue(11_000).await;
    for (table, condition) in [("usage_records", "true"), ("messages", "type = 'balance_low'")] {
        forbid(&server, table, condition).await;
        server.authorize(&venue, &venue.session(), 2).await.expect(500, "INTERNAL_ERROR");
        assert_eq!((server.balance_fen(&venue).await, count(&server, &venue).await), (11_000, 0), "{table}");
        assert_eq!(server.usage_count(&venue).await, 0, "{table}");
        allow(&server, table).await;
    }
    play(&server, &venue).await;
    assert_eq!((server.balance_fen(&venue).await, count(&server, &venue).await), (9_000, 1));
    server.verify().await;
}

#[tokio::test]
async fn a_first_top_up_below_the_threshold_is_told_with_the_first_charge() {
    let server = harness::start().await;
    let venue = server.venue(5_000).await;
    assert_eq!(count(&server, &venue).await, 0);
    play(&server, &venue).await;
    play(&server, &venue).await;
    assert_eq!(count(&server, &venue).await, 1);
}
