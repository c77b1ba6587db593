//! The end of a session: the first report stands.

use base::clock::Clock;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::cluster;
use crate::harness::{self, Answer, Server, Venue};
use crate::requests::Call;

/// A charged session.
async fn start() -> (Server, Venue, String) {
    let server = harness::start().await;
    let venue = server.venue(10_000).await;
    let session = venue.session();
    server.authorize(&venue, &session, 2).await.expect(200, "");
    (server, venue, session)
}

async fn end(server: &Server, venue: &Venue, session: &str, report: &Value) -> Answer {
    let path = format!("/v1/auth/game/sessions/{session}/end");
    Call::post(venue, &path, report, server.app.clock().now()).send(server).await
}

#[tokio::test]
async fn the_first_report_stands() {
    let database = cluster::database().await;
    let clock = Clock::fixed(1_800_000_000_000);
    let server = harness::start_on(&database, clock.clone()).await;
    let venue = server.venue(10_000).await;
    let session = venue.session_at(clock.now());
    let usage_id = server.authorize(&venue, &session, 2).await.expect(200, "")["usage_id"].clone();
    let headsets =
        json!([{"headset_id": "头显 1", "play_seconds": 600}, {"headset_id": "b", "play_seconds": 0}]);
    let report = json!({"duration_seconds": 605, "headsets": headsets, "unknown": {"x": 1}});
    clock.set(1_800_000_600_000);
    let first = end(&server, &venue, &session, &report).await;
    let expected = json!({
        "usage_id": usage_id, "session_id": session, "game_duration": 605, "ended_at": "2027-01-15T08:10:00.000Z",
    });
    assert_eq!(first.expect(200, ""), &expected);
    clock.set(1_800_900_000_000);
    assert_eq!(end(&server, &venue, &session, &report).await.expect(200, ""), &expected);
    for other in [
        json!({"duration_seconds": 606, "headsets": headsets}),
        json!({"duration_seconds": 605}),
        json!({"duration_seconds": 605, "headsets": []}),
        json!({"duration_seconds": 605, "headsets": [headsets[0]]}),
        json!({"duration_seconds": 605, "headsets": [{"headset_id": "头显 1", "play_seconds": 601}, headsets[1]]}),
    ] {
        end(&server, &venue, &session, &other).await.expect(409, "SESSION_DUPLICATE");
    }
    assert_eq!(end(&server, &venue, &session, &report).await.expect(200, ""), &expected);
    assert_eq!(server.balance_fen(&venue).await, 8_000);
    server.verify().await;
}

#[tokio::test]
async fn no_headsets_and_an_empty_list_are_the_same_report() {
    let (server, venue, session) = start().await;
    let first = end(&server, &venue, &session, &json!({"duration_seconds": 0})).await;
    for same in
        [json!({"duration_seconds": 0, "headsets": []}), json!({"duration_seconds": 0, "headsets": null})]
    {
        let answer = end(&server, &venue, &session, &same).await;
        assert_eq!(answer.expect(200, ""), first.expect(200, ""));
    }
}

#[tokio::test]
async fn of_parallel_reports_on_two_instances_one_stands() {
    let (server, venue, session) = start().await;
    let twin = server.twin().await;
    let answers = join_all((0..20).map(|n| {
        let (server, venue, session) = (if n % 2 == 0 { &server } else { &twin }, &venue, &session);
        async move { (n % 4, end(server, venue, session, &json!({"duration_seconds": n % 4})).await) }
    }))
    .await;
    let standing = answers.iter().find(|(_, answer)| answer.status == 200).unwrap();
    for (seconds, answer) in &answers {
        if seconds == &standing.0 {
            assert_eq!(answer.expect(200, ""), standing.1.expect(200, ""));
        } else {
            answer.expect(409, "SESSION_DUPLICATE");
        }
    }
}

#[tokio::test]
async fn reports_out_of_bounds_name_every_wrong_field() {
    let (server, venue, session) = start().await;
    let headset = |id: &str, seconds: i64| json!({"headset_id": id, "play_seconds": seconds});
    let many: Vec<Value> = (0..101).map(|n| headset(&n.to_string(), 1)).collect();
    for (report, fields) in [
        (json!({}), vec!["duration_seconds"]),
        (json!({"duration_seconds": -1}), vec!["duration_seconds"]),
        (json!({"duration_seconds": 86_401}), vec!["duration_seconds"]),
        (json!({"duration_seconds": 1.0}), vec!["duration_seconds"]),
        (json!({"duration_seconds": "1"}), vec!["duration_seconds"]),
        (json!({"duration_seconds": null}), vec!["duration_seconds"]),
        (json!({"duration_seconds": 1, "headsets": {}}), vec!["headsets"]),
        (json!({"duration_seconds": 1, "headsets": many}), vec!["headsets"]),
        (json!({"duration_seconds": 1, "headsets": [1]}), vec!["headsets[0]"]),
        (json!({"duration_seconds": 1, "headsets": [{"headset_id": "a"}]}), vec!["headsets[0]"]),
        (
            json!({"duration_seconds": 86_401, "headsets": [headset("a", 1), headset("", 86_401)]}),
            vec!["duration_seconds", "headsets[1].headset_id", "headsets[1].play_seconds"],
        ),
        (json!({"duration_seconds": 1, "headsets": [headset("a\0b", 1)]}), vec!["headsets[0].headset_id"]),
        (
            json!({"duration_seconds": 1, "headsets": [headset(&"a".repeat(101), 1)]}),
            vec!["headsets[0].headset_id"],
        ),
        (
            json!({"duration_seconds": 1, "headsets": [headset(&format!("{}a", " ".repeat(1_000)), 1)]}),
            vec!["headsets[0].headset_id"],
        ),
    ] {
        let answer = end(&server, &venue, &session, &report).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.wrong_fields(), fields, "{report}");
    }
    let hundred = json!({"duration_seconds": 86_400, "headsets": many[..100]});
    end(&server, &venue, &session, &hundred).await.expect(200, "");
}

#[tokio::test]
async fn a_session_that_was_not_charged_to_the_caller_is_not_found() {
    let (server, venue, session) = start().await;
    let other = server.venue(10_000).await;
    let report = json!({"duration_seconds": 1});
    for unknown in [venue.session(), other.session(), "x".to_owned(), format!("{session}x")] {
        end(&server, &venue, &unknown, &report).await.expect(404, "RESOURCE_NOT_FOUND");
    }
    end(&server, &other, &session, &report).await.expect(404, "RESOURCE_NOT_FOUND");
    end(&server, &venue, &session, &report).await.expect(200, "");
}

#[tokio::test]
async fn a_locked_account_reports_nothing() {
    let (server, venue, session) = start().await;
    server.set_state(&venue, "locked").await;
    let report = json!({"duration_seconds": 1});
    end(&server, &venue, &session, &report).await.expect(403, "ACCOUNT_LOCKED");
    server.set_state(&venue, "active").await;
    end(&server, &venue, &session, &report).await.expect(200, "");
}
