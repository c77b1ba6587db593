//! Methods, routes, languages and request ids.

use crate::harness::{self, AUTHORIZE, Server, Venue};
use crate::requests::{CONFIG, Call, PRE_AUTHORIZE, send_bytes};

async fn start() -> (Server, Venue) {
    let server = harness::start().await;
    let venue = server.venue(100_000).await;
    (server, venue)
}

#[tokio::test]
async fn wrong_methods_and_unknown_routes_are_told_in_the_envelope() {
    let (server, venue) = start().await;
    let now = server.app.clock().now();
    for path in [AUTHORIZE, PRE_AUTHORIZE, "/v1/auth/game/sessions/x/end"] {
        let answer = Call::get(&venue, path, now).send(&server).await;
        answer.expect(405, "METHOD_NOT_ALLOWED");
    }
    Call::post(&venue, CONFIG, &venue.game(2), now).send(&server).await.expect(405, "METHOD_NOT_ALLOWED");
    let mut lower = Call::authorize(&server, &venue, 2);
    lower.method = "post";
    lower.send(&server).await.expect(405, "METHOD_NOT_ALLOWED");
    for path in
        ["/v1", "/v1/", "/v1/auth/game", "/v1/auth/game/authorize/", "/v1/auth/game/Authorize", "/v1/%ff"]
    {
        Call::get(&venue, path, now).send(&server).await.expect(404, "RESOURCE_NOT_FOUND");
    }
    for session in ["%ff", "%00", "x", "%2F", "..%2F..", "é"] {
        let path = format!("/v1/auth/game/sessions/{session}/end");
        let body = serde_json::json!({"duration_seconds": 1});
        let mut call = Call::post(&venue, &path, &body, now);
        call.signed_path = Some(path.replace('é', "%C3%A9"));
        let answer = call.send(&server).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "RESOURCE_NOT_FOUND"), "{session}");
    }
}

#[tokio::test]
async fn messages_follow_accept_language_and_request_ids_are_echoed_when_sane() {
    let (server, venue) = start().await;
    for (language, message) in [
        ("", "API Key 无效"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "API Key 无效"),
        ("en", "The API key is not valid"),
        ("en-GB;q=0.9", "The API key is not valid"),
        ("\u{e9}", "API Key 无效"),
    ] {
        let mut call = Call::authorize(&server, &venue, 2);
        call.remove("x-api-key").set("accept-language", language);
        assert_eq!(call.send(&server).await.body["message"], message, "{language}");
    }
    for (id, is_sane) in [
        ("a".repeat(64), true),
        ("Req-1._x".to_owned(), true),
        ("a".repeat(65), false),
        (String::new(), false),
        ("a b".to_owned(), false),
        ("<script>".to_owned(), false),
        ("é".to_owned(), false),
    ] {
        for is_refused in [true, false] {
            let mut call = Call::authorize(&server, &venue, 2);
            call.set("x-request-id", &id);
            if is_refused {
                call.remove("x-api-key");
            }
            let answer = call.send(&server).await;
            let given = answer.headers["x-request-id"].to_str().unwrap();
            assert_eq!(given == id, is_sane, "{id}");
            assert!(!given.is_empty());
        }
    }
}

/// A post whose body says nothing, in `chunks` of 64 KiB, its length told or not.
fn spaces(path: &str, chunks: usize, has_length: bool) -> Vec<u8> {
    const CHUNK: usize = 0x10000;
    let length = if has_length {
        format!("Content-Length: {}", chunks * CHUNK)
    } else {
        "Transfer-Encoding: chunked".to_owned()
    };
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{length}\r\n\r\n");
    let mut request = head.into_bytes();
    for _ in 0..chunks {
        if !has_length {
            request.extend_from_slice(b"10000\r\n");
        }
        request.resize(request.len() + CHUNK, b' ');
        if !has_length {
            request.extend_from_slice(b"\r\n");
        }
    }
    if !has_length {
        request.extend_from_slice(b"0\r\n\r\n");
    }
    request
}

#[tokio::test]
async fn an_answer_reaches_those_who_send_more_than_anybody_reads() {
    let server = harness::start().await;
    for (path, status) in [
        (AUTHORIZE, 413),
        ("/v1/auth/operators/login", 413),
        ("/v1/operators/me/sites", 401),
        ("/v1/operators/me/balance", 405),
        ("/v1/nope", 404),
    ] {
        for has_length in [true, false] {
            // Sixteen MiB: more than the buffers of a connection hold.
            let answer = send_bytes(&server, &spaces(path, 256, has_length)).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path} {has_length}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_announced_to_be_too_large_is_not_waited_for() {
    let server = harness::start().await;
    for path in [AUTHORIZE, "/v1/auth/operators/login"] {
        let head =
            "HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{}";
        let answer = send_bytes(&server, format!("POST {path} {head}").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
    }
}
