//! Input that no headset server would send: every answer is a refusal in the envelope, and nothing is charged.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::harness::{self, AUTHORIZE, Answer, Server, Venue};
use crate::requests::{Call, PRE_AUTHORIZE, send_bytes};

async fn start() -> (Server, Venue) {
    let server = harness::start().await;
    let venue = server.venue(100_000).await;
    (server, venue)
}

async fn authorize_with(server: &Server, venue: &Venue, body: impl Into<Vec<u8>>) -> Answer {
    let mut call = Call::authorize(server, venue, 2);
    call.body = body.into();
    call.send(server).await
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_refused_without_naming_fields() {
    let (server, venue) = start().await;
    let (app, site) = (venue.app_id, venue.site_id);
    let good = venue.game(2).to_string();
    let mut bodies: Vec<Vec<u8>> =
        ["", " ", "{", "}", "[]", "null", "1", "\"x\"", "\0", "{}{}", "{'app_id': 1}", "{\"app_id\"}", "{,}"]
            .map(|text| text.as_bytes().to_vec())
            .into();
    // The fields in the order of the struct: an array is no object, however well it would fit.
    bodies.push(format!(r#"["{app}","{site}",2]"#).into_bytes());
    bodies.push(format!("[{good}]").into_bytes());
    bodies.push(format!("\u{feff}{good}").into_bytes());
    bodies.push(format!("{good},").into_bytes());
    bodies.push(format!("{good}\0").into_bytes());
    bodies.push(good.replace('{', "{\"x\":1e,").into_bytes());
    bodies.push([b"{\"x\":\"\xff\xfe\",".as_slice(), &good.as_bytes()[1..]].concat());
    bodies.push(vec![b'['; 100_000]);
    bodies.push(b"{\"a\":".repeat(100_000));
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let answer = authorize_with(&server, &venue, body).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "INVALID_PARAMS"), "{shown}");
        assert!(answer.wrong_fields().is_empty(), "{shown}");
    }
    assert_eq!(server.usage_count(&venue).await, 0);
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let (server, venue) = start().await;
    let (app, site) = (venue.app_id, venue.site_id);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for player_count in [
        "1e400",
        "9223372036854775808",
        "-9223372036854775809",
        "2147483648",
        "-1",
        "0",
        "101",
        "1.0",
        "2.5",
        "\"5\"",
        "null",
        "true",
        "[5]",
        "{\"n\":5}",
        "1e2",
        &deep,
    ] {
        let body = format!(r#"{{"app_id":"{app}","site_id":"{site}","player_count":{player_count}}}"#);
        let answer = authorize_with(&server, &venue, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(
            answer.wrong_fields(),
            ["player_count"],
            "{}",
            &player_count[..player_count.len().min(30)]
        );
    }
    let upper = app.to_string().to_uppercase();
    for id in [
        "\"\"",
        "1",
        "null",
        "[]",
        "\"app_\"",
        "\"\\u0000\"",
        "\"app_00000000000000000000000000 \"",
        "\"app_8zzzzzzzzzzzzzzzzzzzzzzzzz\"",
        "\"app_0000000000000000000000000l\"",
        "\"\\ud83d\\ude00\"",
        &format!("\"{site}\""),
        &format!("\"{upper}\""),
        &format!("\"{}\"", app.uuid()),
    ] {
        let body = format!(r#"{{"app_id":{id},"site_id":"{site}","player_count":2}}"#);
        let answer = authorize_with(&server, &venue, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.wrong_fields(), ["app_id"], "{id}");
    }
    for (body, fields) in [
        ("{}", &["app_id", "site_id", "player_count"][..]),
        (r#"{"site_id": 5, "app_id": "x", "player_count": "2"}"#, &["app_id", "player_count", "site_id"]),
        (r#"{"player_count": "2", "site_id": null}"#, &["app_id", "player_count", "site_id"]),
    ] {
        let answer = authorize_with(&server, &venue, body).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.wrong_fields(), fields, "{body}");
    }
    assert_eq!(server.usage_count(&venue).await, 0);
}

#[tokio::test]
async fn a_field_given_twice_is_refused_and_unknown_ones_are_ignored() {
    let (server, venue) = start().await;
    let good = venue.game(2).to_string();
    let twice = good.replace('{', r#"{"player_count":2,"#);
    let answer = authorize_with(&server, &venue, twice).await;
    answer.expect(400, "INVALID_PARAMS");
    assert_eq!(answer.wrong_fields(), ["player_count"]);
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    let unknown = good.replace('{', &format!(r#"{{"note":"\u0000","unit_price":1e999,"deep":{deep},"#));
    let answer = authorize_with(&server, &venue, unknown).await;
    assert_eq!(answer.expect(200, "")["total_cost"], "20.00");
    let spaced = format!("\r\n\t {good} \n");
    authorize_with(&server, &venue, spaced).await.expect(200, "");
}

#[tokio::test]
async fn ids_that_name_nothing_are_not_found() {
    let (server, venue) = start().await;
    for (field, id, code) in [
        ("site_id", "site_00000000000000000000000000", "SITE_NOT_FOUND"),
        ("site_id", "site_7zzzzzzzzzzzzzzzzzzzzzzzzz", "SITE_NOT_FOUND"),
        ("app_id", "app_00000000000000000000000000", "APP_NOT_FOUND"),
    ] {
        let mut game = venue.game(2);
        game[field] = id.into();
        authorize_with(&server, &venue, game.to_string()).await.expect(404, code);
    }
}

#[tokio::test]
async fn only_json_up_to_one_mebibyte_is_read() {
    let (server, venue) = start().await;
    for content_type in
        ["text/plain", "application/json-seq", "application/x-www-form-urlencoded", "json", "", "é"]
    {
        for path in [AUTHORIZE, PRE_AUTHORIZE, "/v1/auth/game/sessions/x/end"] {
            let mut call = Call::authorize(&server, &venue, 2);
            call.path = path.to_owned();
            call.set("content-type", content_type);
            call.send(&server).await.expect(415, "UNSUPPORTED_MEDIA_TYPE");
        }
    }
    let mut absent = Call::authorize(&server, &venue, 2);
    absent.remove("content-type");
    absent.send(&server).await.expect(415, "UNSUPPORTED_MEDIA_TYPE");
    for content_type in ["application/json; charset=utf-8", "Application/JSON", "application/json;"] {
        let mut call = Call::authorize(&server, &venue, 2);
        call.set("content-type", content_type);
        call.send(&server).await.expect(200, "");
    }
    let mut body = venue.game(2).to_string().into_bytes();
    body.resize(1024 * 1024, b' ');
    authorize_with(&server, &venue, body.clone()).await.expect(200, "");
    body.push(b' ');
    authorize_with(&server, &venue, body).await.expect(413, "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_at_the_limit() {
    let (server, _venue) = start().await;
    let mut request = format!(
        "POST {AUTHORIZE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..17 {
        request.extend_from_slice(b"10000\r\n");
        request.resize(request.len() + 0x10000, b' ');
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    let answer = send_bytes(&server, &request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let head = format!(
        "POST {AUTHORIZE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let answer = send_bytes(&server, format!("{head}nonsense\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("INVALID_PARAMS"), "{answer}");
}

#[tokio::test]
async fn no_random_request_breaks_the_server_or_moves_money() {
    let (server, venue) = start().await;
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "\\PC{0,200}".prop_map(String::into_bytes),
        "[{}\\[\\]:,\"0-9eE.+\\- tnfu\\\\]{0,80}".prop_map(String::into_bytes),
        ("[a-z_0-9]{0,40}", "[a-z_0-9]{0,40}", any::<f64>()).prop_map(|(app, site, players)| {
            format!(r#"{{"app_id":"app_{app}","site_id":"site_{site}","player_count":{players}}}"#)
                .into_bytes()
        }),
    ];
    let header = prop::collection::vec((0x20_u8..=0xff).prop_filter("no DEL", |b| *b != 0x7f), 0..80);
    let case = (body, header.clone(), header.clone(), header, 0..5_u8, any::<i64>());
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let (body, session, agent, other, which, number) = case.new_tree(&mut runner).unwrap().current();
        let mut call = Call::authorize(&server, &venue, 2);
        call.body = body;
        call.set("user-agent", agent);
        match which {
            0 => {
                call.set("x-session-id", session);
            }
            1 => {
                call.set("x-api-key", other);
            }
            2 => call.timestamp = number.to_string(),
            3 => call.path = format!("/v1/auth/game/sessions/{}/end", hex::encode(other)),
            _ => {}
        }
        let answer = call.send(&server).await;
        assert!(answer.status.is_client_error(), "{answer:?} to {call:?}");
    }
    assert_eq!(server.balance_fen(&venue).await, 100_000);
    assert_eq!(server.usage_count(&venue).await, 0);
    server.verify().await;
}
