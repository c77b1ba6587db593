//! Customer categories by the consumption of the past month (FR-006).

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId};
use office::operators;
use office::statistics::TimeRange;
use serde_json::{Value, json};

use crate::fixtures::{Operator, application, operator_at, site};
use crate::games::{Entry, Game, at, server_at, write};
use crate::harness::Server;
use crate::scratch::wait_for;

/// Two o'clock on February 1 in Shanghai.
const SLOT: &str = "2025-01-31T18:00:00Z";
const JANUARY: &str = "2024-12-31T16:00:00Z";
const FEBRUARY: &str = "2025-01-31T16:00:00Z";

struct Platform {
    server: Server,
    app_id: AppId,
}

impl Platform {
    async fn at(now: &str) -> Self {
        let server = server_at(now, "Asia/Shanghai").await;
        let app_id = application(&server.app, "太空探险", 1_000).await;
        Platform { server, app_id }
    }

    async fn operator(&self, username: &str, registered_at: &str) -> Operator {
        operator_at(&self.server.app, username, at(registered_at)).await
    }

    /// One game for each of the times, at a price for one player.
    async fn plays(&self, operator_id: OperatorId, games: &[(&str, i64)]) {
        let site = site(&self.server.app, operator_id, "北京朝阳店").await;
        let game = |(time, price_fen): &(&str, i64)| {
            Entry::Game(Game {
                operator: operator_id,
                site,
                app: self.app_id,
                players: 1,
                price_fen: *price_fen,
                at: at(time),
            })
        };
        write(&self.server.app, &games.iter().map(game).collect::<Vec<_>>()).await;
    }

    async fn recompute(&self, slot: &str) -> usize {
        let settings = self.server.app.settings();
        let month = TimeRange::past_month(at(slot), &settings.business_timezone).unwrap();
        let mut connection = self.server.app.database().acquire().await.unwrap();
        let now: UtcTime = at(slot);
        operators::recompute_categories(&mut connection, &settings, month, now).await.unwrap()
    }

    async fn category(&self, operator_id: OperatorId) -> String {
        sqlx::query_scalar("SELECT category FROM operator_accounts WHERE operator_id = $1")
            .bind(operator_id)
            .fetch_one(&mut self.server.owner().await)
            .await
            .unwrap()
    }

    async fn audited(&self) -> Vec<(String, String, Value)> {
        sqlx::query_as(
            "SELECT actor_type, target_resource_id, operation_details FROM audit_log
             WHERE operation_type = 'operator_category_change' ORDER BY seq",
        )
        .fetch_all(&mut self.server.owner().await)
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn the_thresholds_belong_to_the_higher_category() {
    let platform = Platform::at(SLOT).await;
    for (number, (fen, category)) in
        [(1_000_000, "vip"), (999_999, "normal"), (100_000, "normal"), (99_999, "trial"), (0, "trial")]
            .into_iter()
            .enumerate()
    {
        let operator = platform.operator(&format!("venue{number}"), "2024-06-01T00:00:00Z").await;
        if fen > 0 {
            let games = [("2025-01-10T00:00:00Z", fen - 1), ("2025-01-20T00:00:00Z", 1)];
            platform.plays(operator.id, &games).await;
        }
        platform.recompute(SLOT).await;
        assert_eq!(platform.category(operator.id).await, category, "{fen}");
    }
    platform.server.verify().await;
}

#[tokio::test]
async fn thresholds_are_settings() {
    let platform = Platform::at(SLOT).await;
    platform.server.set("vip_tier_monthly_threshold", json!("0.02")).await;
    platform.server.set("standard_tier_monthly_threshold", json!("0.00")).await;
    let idle = platform.operator("idle", "2024-06-01T00:00:00Z").await;
    let busy = platform.operator("busy", "2024-06-01T00:00:00Z").await;
    platform.plays(busy.id, &[("2025-01-10T00:00:00Z", 2)]).await;
    assert_eq!(platform.recompute(SLOT).await, 1);
    assert_eq!(platform.category(idle.id).await, "normal");
    assert_eq!(platform.category(busy.id).await, "vip");
}

#[tokio::test]
async fn the_month_is_that_of_the_business_time_zone_to_the_millisecond() {
    let platform = Platform::at(SLOT).await;
    for (number, (time, category)) in [
        ("2024-12-31T15:59:59.999Z", "trial"),
        (JANUARY, "vip"),
        ("2025-01-31T15:59:59.999Z", "vip"),
        (FEBRUARY, "trial"),
    ]
    .into_iter()
    .enumerate()
    {
        let operator = platform.operator(&format!("venue{number}"), "2024-06-01T00:00:00Z").await;
        platform.plays(operator.id, &[(time, 1_000_000)]).await;
        platform.recompute(SLOT).await;
        assert_eq!(platform.category(operator.id).await, category, "{time}");
    }
}

#[tokio::test]
async fn whoever_registered_within_the_month_is_judged_and_later_ones_are_left_alone() {
    let platform = Platform::at(SLOT).await;
    let last = platform.operator("last", "2025-01-31T15:59:59.999Z").await;
    let later = platform.operator("later", FEBRUARY).await;
    assert_eq!(platform.recompute(SLOT).await, 1);
    assert_eq!(platform.category(last.id).await, "trial");
    assert_eq!(platform.category(later.id).await, "normal");
}

#[tokio::test]
async fn deactivated_operators_are_skipped_and_locked_ones_are_not() {
    let platform = Platform::at(SLOT).await;
    let mut ids = Vec::new();
    for state in ["deactivated", "locked"] {
        let venue = platform.server.venue(0).await;
        let sql = "UPDATE operators SET created_at = $2 WHERE id = $1";
        platform.server.change(sqlx::query(sql).bind(venue.operator_id).bind(at(JANUARY))).await;
        platform.server.set_state(&venue, state).await;
        ids.push(venue.operator_id);
    }
    assert_eq!(platform.recompute(SLOT).await, 1);
    assert_eq!(platform.category(ids[0]).await, "normal");
    assert_eq!(platform.category(ids[1]).await, "trial");
}

#[tokio::test]
async fn an_operator_that_leaves_while_it_is_judged_is_left_alone() {
    let platform = Platform::at(SLOT).await;
    let leaver = platform.operator("leaver", "2024-06-01T00:00:00Z").await;
    let other = platform.operator("other", "2024-06-02T00:00:00Z").await;
    let mut leaving = platform.server.app.database().begin().await.unwrap();
    sqlx::query("UPDATE operator_accounts SET state = 'deactivated' WHERE operator_id = $1")
        .bind(leaver.id)
        .execute(&mut *leaving)
        .await
        .unwrap();
    let leave = async {
        let waiting = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                           AND wait_event_type = 'Lock' AND query LIKE '%FROM operator_accounts%FOR UPDATE%')";
        wait_for("the account is waited for", async || {
            let waits: bool =
                sqlx::query_scalar(waiting).fetch_one(&mut platform.server.owner().await).await.unwrap();
            waits.then_some(())
        })
        .await;
        leaving.commit().await.unwrap();
    };
    let (changed, ()) = tokio::join!(platform.recompute(SLOT), leave);
    assert_eq!(changed, 1);
    assert_eq!(platform.category(leaver.id).await, "normal");
    assert_eq!(platform.category(other.id).await, "trial");
    assert_eq!(platform.server.told(leaver.id, "system").await, []);
    assert_eq!(platform.audited().await.len(), 1);
}

#[tokio::test]
async fn a_change_is_audited_and_told_once_and_what_stays_is_neither() {
    let platform = Platform::at(SLOT).await;
    let riser = platform.operator("riser", "2024-06-01T00:00:00Z").await;
    platform.plays(riser.id, &[("2025-01-10T00:00:00Z", 1_234_567)]).await;
    let same = platform.operator("same", "2024-06-01T00:00:00Z").await;
    platform.plays(same.id, &[("2025-01-10T00:00:00Z", 500_000)]).await;
    assert_eq!(platform.recompute(SLOT).await, 1);
    assert_eq!(platform.recompute(SLOT).await, 0, "it may be done twice");
    let details = json!({
        "month": "2025-01",
        "consumption": "12345.67",
        "before": {"category": "normal"},
        "after": {"category": "vip"},
    });
    assert_eq!(platform.audited().await, [("system".to_owned(), riser.id.to_string(), details)]);
    let content = "您 2025-01 的消费金额为 12345.67 元，客户等级由普通客户调整为VIP 客户，余额低于 1000.00 元时会提醒您。";
    let told = platform.server.told(riser.id, "system").await;
    assert_eq!(told, [("客户等级已调整".to_owned(), content.to_owned())]);
    assert_eq!(platform.server.told(same.id, "system").await, []);
}

#[tokio::test]
async fn the_clockwork_judges_the_month_that_has_ended_when_it_is_two_on_the_first() {
    let platform = Platform::at("2025-01-31T17:59:59Z").await;
    let operator = platform.operator("venue", "2024-06-01T00:00:00Z").await;
    platform.plays(operator.id, &[("2025-01-10T00:00:00Z", 1_000_000)]).await;
    let known = "SELECT count(*) FROM schedules WHERE name = 'recompute_categories'";
    wait_for("the schedule is known", async || {
        let known: i64 =
            sqlx::query_scalar(known).fetch_one(&mut platform.server.owner().await).await.unwrap();
        (known == 1).then_some(())
    })
    .await;
    assert_eq!(platform.category(operator.id).await, "normal");
    // Days later, as after an outage: it is still January that counts.
    platform.server.app.clock().set(at("2025-02-05T00:00:00Z").as_millis());
    wait_for("the category is set", async || (platform.category(operator.id).await == "vip").then_some(()))
        .await;
}
