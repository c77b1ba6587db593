//! The order of the checks of an authorization: first failure answers, and it charges nothing.

use serde_json::json;
use uuid::Uuid;

use crate::harness::{self, Answer, Server, Venue};
use crate::requests::{Call, PRE_AUTHORIZE};

/// One thing wrong with a request or with what it meets, in the order of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    ContentType,
    TooLarge,
    UnknownKey,
    Timestamp,
    Signature,
    OperatorLimit,
    Locked,
    SessionShape,
    Body,
    OtherContent,
    SessionTime,
    DeletedSite,
    UnknownApp,
    RevokedGrant,
    Players,
    Balance,
}

use Fault::*;

const ORDER: [(Fault, u16, &str); 16] = [
    (ContentType, 415, "UNSUPPORTED_MEDIA_TYPE"),
    (TooLarge, 413, "PAYLOAD_TOO_LARGE"),
    (UnknownKey, 401, "INVALID_API_KEY"),
    (Timestamp, 400, "TIMESTAMP_EXPIRED"),
    (Signature, 400, "INVALID_SIGNATURE"),
    (OperatorLimit, 429, "RATE_LIMIT_EXCEEDED"),
    (Locked, 403, "ACCOUNT_LOCKED"),
    (SessionShape, 400, "INVALID_SESSION_ID"),
    (Body, 400, "INVALID_PARAMS"),
    (OtherContent, 409, "SESSION_DUPLICATE"),
    (SessionTime, 400, "INVALID_SESSION_ID"),
    (DeletedSite, 404, "SITE_NOT_FOUND"),
    (UnknownApp, 404, "APP_NOT_FOUND"),
    (RevokedGrant, 403, "APP_NOT_AUTHORIZED"),
    (Players, 400, "PLAYER_COUNT_OUT_OF_RANGE"),
    (Balance, 402, "INSUFFICIENT_BALANCE"),
];

const UNKNOWN_APP: &str = "app_00000000000000000000000000";

impl Fault {
    async fn spoil(self, server: &Server, venue: &Venue, call: &mut Call) {
        match self {
            ContentType => {
                call.set("content-type", "text/plain");
            }
            TooLarge => call.body = vec![b' '; 1024 * 1024 + 1],
            UnknownKey => {
                call.set("x-api-key", "0".repeat(64));
            }
            Timestamp => call.timestamp = "1".to_owned(),
            Signature => call.signed_path = Some("/".to_owned()),
            OperatorLimit => {
                let mut full = server.app.clock().now().as_millis().to_be_bytes().to_vec();
                full.extend_from_slice(&u32::MAX.to_be_bytes());
                let sql = "UPDATE operator_accounts SET authorize_window = $2, pre_authorize_window = $2
                           WHERE operator_id = $1";
                server.change(sqlx::query(sql).bind(venue.operator_id).bind(full)).await;
            }
            Locked => server.set_state(venue, "locked").await,
            SessionShape => {
                call.set("x-session-id", "x");
            }
            Body => call.body = b"{".to_vec(),
            OtherContent => {
                let charged = server.authorize(venue, call.session(), 3).await;
                charged.expect(200, "");
            }
            SessionTime => {
                call.set("x-session-id", old_session(venue));
            }
            DeletedSite => {
                let sql = "UPDATE sites SET deleted_at = now() WHERE id = $1";
                server.change(sqlx::query(sql).bind(venue.site_id)).await;
            }
            UnknownApp => change_body(call, "app_id", json!(UNKNOWN_APP)),
            RevokedGrant => {
                let sql = "UPDATE grants SET revoked_at = now() WHERE operator_id = $1";
                server.change(sqlx::query(sql).bind(venue.operator_id)).await;
            }
            Players => change_body(call, "player_count", json!(50)),
            Balance => {
                let sql = "UPDATE operator_accounts SET balance_fen = 1 WHERE operator_id = $1";
                server.change(sqlx::query(sql).bind(venue.operator_id)).await;
            }
        }
    }
}

fn old_session(venue: &Venue) -> String {
    format!("{}_1000000000000_abcdefghijklmnop", venue.operator_id)
}

fn change_body(call: &mut Call, field: &str, value: serde_json::Value) {
    let mut body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
    body[field] = value;
    call.body = body.to_string().into_bytes();
}

#[tokio::test]
async fn of_two_faults_the_earlier_one_answers() {
    let server = harness::start().await;
    for (i, (earlier, status, code)) in ORDER.into_iter().enumerate() {
        for (later, ..) in ORDER.into_iter().skip(i + 1) {
            // A session that is recorded cannot be one that is too old to be recorded; replay.rs moves the clock.
            if (earlier, later) == (OtherContent, SessionTime) {
                continue;
            }
            let venue = server.venue(10_000).await;
            let mut call = Call::authorize(&server, &venue, 2);
            // The charge that was recorded before must have been in order.
            let steps = if earlier == OtherContent { [earlier, later] } else { [later, earlier] };
            for fault in steps {
                fault.spoil(&server, &venue, &mut call).await;
            }
            let charged = server.usage_count(&venue).await;
            let answer = call.send(&server).await;
            assert_eq!(
                (answer.status.as_u16(), answer.code()),
                (status, code),
                "{earlier:?} before {later:?}"
            );
            assert_eq!(server.usage_count(&venue).await, charged);
        }
    }
}

async fn refuse(server: &Server, fault: Fault, path: Option<&str>) -> (Answer, Venue) {
    let venue = server.venue(10_000).await;
    let mut call = Call::authorize(server, &venue, 2);
    if let Some(path) = path {
        call.path = path.to_owned();
        call.remove("x-session-id");
    }
    fault.spoil(server, &venue, &mut call).await;
    let balance = server.balance_fen(&venue).await;
    let answer = call.send(server).await;
    assert_eq!(server.balance_fen(&venue).await, balance);
    (answer, venue)
}

#[tokio::test]
async fn every_refusal_carries_the_details_of_the_contract() {
    let server = harness::start().await;
    for (fault, status, code) in ORDER {
        let (answer, venue) = refuse(&server, fault, None).await;
        let details = answer.expect(status, code).clone();
        check_details(fault, &answer, &details, &venue);
    }
}

fn check_details(fault: Fault, answer: &Answer, details: &serde_json::Value, venue: &Venue) {
    let expected = match fault {
        Timestamp => {
            assert!(details["server_time"].as_i64().unwrap() > 1_700_000_000);
            json!({"server_time": details["server_time"], "request_time": 1, "max_diff_seconds": 300})
        }
        OperatorLimit => {
            let retry_after = details["retry_after"].as_i64().unwrap();
            assert!((1..=65).contains(&retry_after));
            assert_eq!(answer.headers["retry-after"], retry_after.to_string());
            json!({"limit": 1_000_000, "window_seconds": 60, "retry_after": retry_after})
        }
        SessionShape => json!({"reason": "malformed"}),
        SessionTime => json!({"reason": "expired"}),
        RevokedGrant => json!({"app_id": venue.app_id, "app_name": "太空探险", "reason": "revoked"}),
        Players => json!({"min_players": 2, "max_players": 8, "requested_players": 50}),
        Balance => json!({"current_balance": "0.01", "required_amount": "20.00", "shortage": "19.99"}),
        _ => serde_json::Value::Null,
    };
    assert_eq!(*details, expected, "{fault:?}");
}

#[tokio::test]
async fn pre_authorize_makes_the_same_checks_without_a_session() {
    let server = harness::start().await;
    for (fault, status, code) in ORDER {
        if matches!(fault, SessionShape | SessionTime | OtherContent) {
            continue;
        }
        let (answer, venue) = refuse(&server, fault, Some(PRE_AUTHORIZE)).await;
        let details = answer.expect(status, code).clone();
        check_details(fault, &answer, &details, &venue);
    }
}

#[tokio::test]
async fn a_grant_is_refused_for_the_reason_it_has() {
    let server = harness::start().await;
    for (change, reason) in [
        ("DELETE FROM grants WHERE operator_id = $1", "not_granted"),
        ("UPDATE grants SET expires_at = now() WHERE operator_id = $1", "expired"),
        (
            "UPDATE grants SET expires_at = now() - interval '1 day', revoked_at = now() WHERE operator_id = $1",
            "revoked",
        ),
        ("UPDATE grants SET is_current = false WHERE operator_id = $1", "not_granted"),
    ] {
        let venue = server.venue(10_000).await;
        server.change(sqlx::query(change).bind(venue.operator_id)).await;
        let answer = Call::authorize(&server, &venue, 2).send(&server).await;
        assert_eq!(answer.expect(403, "APP_NOT_AUTHORIZED")["reason"], reason);
    }
}

#[tokio::test]
async fn an_app_off_the_shelf_goes_on_for_those_who_have_it_and_is_not_granted_to_others() {
    let server = harness::start().await;
    let (venue, other) = (server.venue(10_000).await, server.venue(10_000).await);
    let sql = "UPDATE applications SET is_active = false WHERE id = $1";
    server.change(sqlx::query(sql).bind(venue.app_id)).await;
    Call::authorize(&server, &venue, 2).send(&server).await.expect(200, "");
    let mut call = Call::authorize(&server, &other, 2);
    change_body(&mut call, "app_id", json!(venue.app_id));
    let answer = call.send(&server).await;
    assert_eq!(answer.expect(403, "APP_NOT_AUTHORIZED")["reason"], "not_granted");
}

#[tokio::test]
async fn another_operators_site_does_not_exist() {
    let server = harness::start().await;
    let (venue, other) = (server.venue(10_000).await, server.venue(10_000).await);
    let mut call = Call::authorize(&server, &venue, 2);
    change_body(&mut call, "site_id", json!(other.site_id));
    call.send(&server).await.expect(404, "SITE_NOT_FOUND");
}

#[tokio::test]
async fn a_deactivated_account_is_told_so() {
    let server = harness::start().await;
    let venue = server.venue(10_000).await;
    server.set_state(&venue, "deactivated").await;
    Call::authorize(&server, &venue, 2).send(&server).await.expect(403, "ACCOUNT_DEACTIVATED");
    let config = Call::get(&venue, crate::requests::CONFIG, server.app.clock().now());
    config.send(&server).await.expect(403, "ACCOUNT_DEACTIVATED");
}

#[tokio::test]
async fn a_refused_session_can_be_charged_after_a_top_up() {
    let server = harness::start().await;
    let venue = server.venue(1_999).await;
    let call = Call::authorize(&server, &venue, 2);
    for _ in 0..2 {
        let answer = call.send(&server).await;
        let details = answer.expect(402, "INSUFFICIENT_BALANCE");
        assert_eq!(details["shortage"], "0.01");
    }
    server.credit(&venue, 1).await;
    let answer = call.send(&server).await;
    assert_eq!(answer.expect(200, "")["balance_after"], "0.00");
    assert!(answer.headers.get("idempotent-replayed").is_none());
    assert_eq!(server.usage_count(&venue).await, 1);
    server.verify().await;
}

#[tokio::test]
async fn the_answer_has_the_fields_of_the_contract() {
    let server = harness::start().await;
    let venue = server.venue(10_000).await;
    let call = Call::authorize(&server, &venue, 2);
    let answer = call.send(&server).await;
    let data = answer.expect(200, "").as_object().unwrap().clone();
    let expected = json!({
        "authorization_token": data["authorization_token"], "session_id": call.session(),
        "usage_id": data["usage_id"], "app_id": venue.app_id, "app_name": "太空探险",
        "site_id": venue.site_id, "player_count": 2, "unit_price": "10.00", "total_cost": "20.00",
        "balance_after": "80.00", "authorized_at": data["authorized_at"],
    });
    assert_eq!(serde_json::Value::Object(data.clone()), expected);
    data["authorization_token"].as_str().unwrap().parse::<Uuid>().unwrap();
    assert_eq!(data["usage_id"].as_str().unwrap().len(), "usage_".len() + 26);
    assert_eq!(data["authorized_at"].as_str().unwrap().len(), "2025-01-15T12:30:00.000Z".len());
    assert_eq!(answer.body["success"], true);
}
