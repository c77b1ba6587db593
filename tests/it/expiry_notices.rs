//! Notices before a grant expires: 7 days and 1 day ahead, once each for every expiry.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId};
use futures_util::future::join_all;
use jiff::SignedDuration;
use office::grants;
use serde_json::json;

use crate::fixtures::{Operator, application, grant, operator};
use crate::harness::{self, Server};
use crate::people::demo_server;
use crate::scratch::wait_for;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn after(time: UtcTime, seconds: i64) -> UtcTime {
    time.plus(SignedDuration::from_secs(seconds))
}

/// Sends what is due, as an instance would.
async fn notice(server: &Server, now: UtcTime) -> usize {
    let zone = server.app.settings().business_timezone.clone();
    let mut connection = server.app.database().acquire().await.unwrap();
    grants::send_expiry_notices(&mut connection, &zone, now).await.unwrap()
}

async fn contents(server: &Server, operator_id: OperatorId) -> Vec<String> {
    server.told(operator_id, "authorization").await.into_iter().map(|(_, content)| content).collect()
}

/// An operator whose grant expires 100 days from now.
async fn granted(server: &Server) -> (Operator, AppId, UtcTime) {
    let operator = operator(&server.app, "venue").await;
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let expires_at = after(server.app.clock().now(), 100 * DAY);
    grant(&server.app, operator.id, app_id, Some(expires_at)).await;
    (operator, app_id, expires_at)
}

#[tokio::test]
async fn a_scheduled_run_tells_operators_too() {
    let server = harness::start().await;
    let operator = operator(&server.app, "venue").await;
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let soon = after(server.app.clock().now(), DAY - 10);
    grant(&server.app, operator.id, app_id, Some(soon)).await;
    let admin = server.staff("admin", "super_admin").await;
    let run = admin.post(&server, "/v1/admin/jobs/grant_expiry_notices/run", json!({})).await;
    run.expect(200, "");
    wait_for("the operator is told", async || {
        (contents(&server, operator.id).await.len() == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_operator_is_told_7_days_and_1_day_ahead_once_each() {
    let server = harness::start().await;
    let (operator, _, expires_at) = granted(&server).await;
    for (seconds_left, sent) in [
        (50 * DAY, 0),
        (7 * DAY + 1, 0),
        (7 * DAY, 1),
        (7 * DAY, 0),
        (3 * DAY, 0),
        (DAY + 1, 0),
        (DAY, 1),
        (DAY - 10, 0),
        (1, 0),
        (0, 0),
        (-DAY, 0),
    ] {
        assert_eq!(notice(&server, after(expires_at, -seconds_left)).await, sent, "{seconds_left} s left");
    }
    let told = server.told(operator.id, "authorization").await;
    assert!(told.iter().all(|(title, _)| title == "应用授权即将到期：太空探险"), "{told:?}");
    let local = expires_at.timestamp().to_zoned(server.app.settings().business_timezone.clone());
    let until = local.strftime("%Y-%m-%d %H:%M").to_string();
    assert!(told[0].1.contains(&format!("7 天内到期（{until}）")), "{told:?}");
    assert!(told[1].1.contains(&format!("24 小时内到期（{until}）")), "{told:?}");
}

#[tokio::test]
async fn with_less_time_left_one_notice_says_how_much() {
    let server = harness::start().await;
    let (operator, _, expires_at) = granted(&server).await;
    assert_eq!(notice(&server, after(expires_at, -3 * DAY)).await, 1);
    assert_eq!(notice(&server, after(expires_at, -3 * DAY)).await, 0);
    assert_eq!(notice(&server, after(expires_at, -DAY)).await, 1);
    assert!(contents(&server, operator.id).await[0].contains("3 天内到期"));

    let other = crate::fixtures::operator(&server.app, "other").await;
    let app_id = application(&server.app, "星际战争", 1_200).await;
    grant(&server.app, other.id, app_id, Some(expires_at)).await;
    assert_eq!(notice(&server, after(expires_at, -2 * HOUR)).await, 1);
    assert_eq!(notice(&server, after(expires_at, -HOUR)).await, 0);
    let told = contents(&server, other.id).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("2 小时内到期"), "{told:?}");
}

#[tokio::test]
async fn another_expiry_has_notices_of_its_own_and_the_same_has_not() {
    let server = demo_server().await;
    let admin = server.admin().await;
    let (operator, _, expires_at) = granted(&server).await;
    let listed = admin.get(&server, &format!("/v1/admin/authorizations?operator_id={}", operator.id)).await;
    let path =
        format!("/v1/admin/authorizations/{}", listed.body["items"][0]["authorization_id"].as_str().unwrap());
    assert_eq!(notice(&server, after(expires_at, -6 * DAY)).await, 1);
    admin.put(&server, &path, json!({"expires_at": expires_at})).await.expect(200, "");
    assert_eq!(notice(&server, after(expires_at, -5 * DAY)).await, 0, "nothing has changed");
    let later = after(expires_at, 30 * DAY);
    admin.put(&server, &path, json!({"expires_at": later})).await.expect(200, "");
    assert_eq!(notice(&server, after(expires_at, -DAY)).await, 0);
    assert_eq!(notice(&server, after(later, -7 * DAY)).await, 1);
    assert_eq!(notice(&server, after(later, -DAY)).await, 1);
    admin.put(&server, &path, json!({"expires_at": null})).await.expect(200, "");
    admin.put(&server, &path, json!({"expires_at": later})).await.expect(200, "");
    assert_eq!(notice(&server, after(later, -HOUR)).await, 1);
    assert_eq!(contents(&server, operator.id).await.len(), 4);
}

#[tokio::test]
async fn what_is_no_longer_worth_a_notice_gets_none() {
    let server = harness::start().await;
    let (operator, app_id, expires_at) = granted(&server).await;
    let gone = crate::fixtures::operator(&server.app, "gone").await;
    grant(&server.app, gone.id, app_id, Some(expires_at)).await;
    let sql = "UPDATE operators SET deactivated_at = now() WHERE id = $1";
    server.change(sqlx::query(sql).bind(gone.id)).await;
    let forever = crate::fixtures::operator(&server.app, "forever").await;
    grant(&server.app, forever.id, app_id, None).await;
    let change = async |set: &'static str| {
        let sql = sqlx::AssertSqlSafe(format!("UPDATE grants SET {set} WHERE operator_id = $1"));
        server.change(sqlx::query(sql).bind(operator.id)).await;
    };
    change("revoked_at = now()").await;
    assert_eq!(notice(&server, after(expires_at, -HOUR)).await, 0, "revoked");
    change("revoked_at = NULL, is_current = false").await;
    assert_eq!(notice(&server, after(expires_at, -HOUR)).await, 0, "replaced");
    change("is_current = true").await;
    assert_eq!(notice(&server, after(expires_at, -HOUR)).await, 1, "it was right otherwise");
}

#[tokio::test]
async fn on_two_instances_at_once_every_grant_gets_one_notice() {
    let server = harness::start().await;
    let twin = server.twin().await;
    let (first, _, expires_at) = granted(&server).await;
    for number in 0..20 {
        let app_id = application(&server.app, &format!("应用 {number}"), 1_000).await;
        grant(&server.app, first.id, app_id, Some(expires_at)).await;
    }
    let now = after(expires_at, -2 * DAY);
    let runs = (0..8).map(|number| notice(if number % 2 == 0 { &server } else { &twin }, now));
    let sent: usize = join_all(runs).await.into_iter().sum();
    assert_eq!(sent, 21);
    let told = server.told(first.id, "authorization").await;
    let mut titles: Vec<&str> = told.iter().map(|(title, _)| title.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!((titles.len(), told.len()), (21, 21));
}

#[tokio::test]
async fn a_grant_that_somebody_has_in_hand_is_passed_over_until_it_is_free() {
    let server = harness::start().await;
    let (operator, _, expires_at) = granted(&server).await;
    let mut transaction = server.app.database().begin().await.unwrap();
    sqlx::query("UPDATE grants SET revoked_at = now() WHERE operator_id = $1")
        .bind(operator.id)
        .execute(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(notice(&server, after(expires_at, -DAY)).await, 0);
    transaction.rollback().await.unwrap();
    assert_eq!(notice(&server, after(expires_at, -DAY)).await, 1);
}

#[tokio::test]
async fn a_notice_leaves_the_account_alone_and_another_change_of_the_grant_does_not() {
    let server = harness::start().await;
    let (operator, _, expires_at) = granted(&server).await;
    let version = async || -> i64 {
        sqlx::query_scalar("SELECT places_version FROM operator_accounts WHERE operator_id = $1")
            .bind(operator.id)
            .fetch_one(&mut server.owner().await)
            .await
            .unwrap()
    };
    let mut before = version().await;
    assert_eq!(notice(&server, after(expires_at, -DAY)).await, 1);
    assert_eq!(version().await, before);
    for set in ["expires_at = now()", "revoked_at = now()", "is_current = false"] {
        let sql = sqlx::AssertSqlSafe(format!("UPDATE grants SET {set} WHERE operator_id = $1"));
        server.change(sqlx::query(sql).bind(operator.id)).await;
        let raised = version().await;
        assert!(raised > before, "{set}");
        before = raised;
    }
}

#[tokio::test]
async fn thousands_are_told_in_one_run() {
    let server = harness::start().await;
    let (_, app_id, expires_at) = granted(&server).await;
    let mut owner = server.owner().await;
    for sql in [
        "INSERT INTO operators (id, username, password_hash, name, phone, email, created_at, updated_at)
         SELECT gen_random_uuid(), 'u' || n, '', '', '', '', $2, $2 FROM generate_series(1, 2500) n
         WHERE $1::uuid IS NOT NULL",
        "INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by, expires_at)
         SELECT id, gen_random_uuid(), $1, $2, '', $2 FROM operators WHERE username LIKE 'u%'",
    ] {
        sqlx::query(sql).bind(app_id).bind(expires_at).execute(&mut owner).await.unwrap();
    }
    assert_eq!(notice(&server, after(expires_at, -DAY)).await, 2_501);
    assert_eq!(notice(&server, after(expires_at, -DAY)).await, 0);
}

#[tokio::test]
async fn a_running_instance_sends_them_by_itself() {
    let server = harness::start().await;
    let operator = operator(&server.app, "venue").await;
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let expires_at = after(server.app.clock().now(), 3 * DAY);
    grant(&server.app, operator.id, app_id, Some(expires_at)).await;
    wait_for("the notice is there", async || {
        (!contents(&server, operator.id).await.is_empty()).then_some(())
    })
    .await;
}
