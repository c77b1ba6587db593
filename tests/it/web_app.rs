//! The web app as browsers get it, and the headers of every answer.

use api::app::Config;
use api::web_app::WebApp;
use base::clock::Clock;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::cluster;
use crate::harness::{Server, start, start_with};

const SCRIPT: &str = "/assets/index-B1xq9Zz_.js";
const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

fn built() -> WebApp {
    let files = [
        ("/index.html", "<!doctype html><title>page</title>"),
        ("/favicon.svg", "<svg/>"),
        (SCRIPT, "plain script"),
        ("/assets/index-B1xq9Zz_.js.br", "brotli script"),
        ("/assets/index-B1xq9Zz_.js.gz", "gzip script"),
        ("/assets/style-a1b2c3d4.css", "css"),
        ("/assets/style-a1b2c3d4.css.gz", "gzip css"),
        ("/assets/logo.png", "png"),
        ("/archive.gz", "an archive of its own"),
    ];
    WebApp::new(files.map(|(path, content)| (path.to_owned(), Bytes::from_static(content.as_bytes()))))
}

async fn serving(config: Config) -> Server {
    start_with(cluster::database().await.url(), Clock::system(), config).await
}

async fn server() -> Server {
    serving(Config { web_app: built(), ..Config::default() }).await
}

struct Got {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn is_page(&self) -> bool {
        self.header("content-type") == "text/html; charset=utf-8" && self.body.contains("<title>page</title>")
    }

    fn is_envelope(&self) -> bool {
        self.header("content-type") == "application/json" && self.body.contains("RESOURCE_NOT_FOUND")
    }
}

async fn ask(server: &Server, method: &str, path: &str, headers: &[(&str, &str)]) -> Got {
    let mut request = server.client.request(method.parse().unwrap(), format!("{}{path}", server.base_url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Got { status, headers, body: response.text().await.unwrap() }
}

#[tokio::test]
async fn files_named_by_their_content_are_kept_for_ever_and_the_others_asked_for_again() {
    let server = server().await;
    for (path, content_type, cache_control) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
        ("/archive.gz", "application/octet-stream", "no-cache"),
        ("/assets/logo.png", "image/png", "no-cache"),
        (SCRIPT, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/style-a1b2c3d4.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    ] {
        let got = ask(&server, "GET", path, &[]).await;
        assert_eq!(got.status, 200, "{path}");
        assert_eq!(got.header("content-type"), content_type, "{path}");
        assert_eq!(got.header("cache-control"), cache_control, "{path}");
        assert_eq!(got.header("vary"), "Accept-Encoding", "{path}");
    }
    // The compressed forms have no addresses of their own.
    assert!(ask(&server, "GET", "/assets/index-B1xq9Zz_.js.br", &[]).await.is_envelope());
    server.stop().await;
}

#[tokio::test]
async fn files_travel_in_the_form_the_client_likes_best() {
    let server = server().await;
    for (path, accepted, coding, body) in [
        (SCRIPT, "gzip, deflate, br, zstd", "br", "brotli script"),
        (SCRIPT, "gzip, br;q=0", "gzip", "gzip script"),
        (SCRIPT, "br;q=0, gzip;q=0", "", "plain script"),
        (SCRIPT, "", "", "plain script"),
        ("/assets/style-a1b2c3d4.css", "br", "", "css"),
        ("/assets/style-a1b2c3d4.css", "br, gzip;q=0.1", "gzip", "gzip css"),
        ("/favicon.svg", "br, gzip", "", "<svg/>"),
    ] {
        let got = ask(&server, "GET", path, &[("accept-encoding", accepted)]).await;
        assert_eq!((got.header("content-encoding"), got.body.as_str()), (coding, body), "{path} {accepted}");
        assert_eq!(got.header("content-length"), body.len().to_string(), "{path} {accepted}");
        let head = ask(&server, "HEAD", path, &[("accept-encoding", accepted)]).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path} {accepted}");
        for name in ["content-type", "content-encoding", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(name), got.header(name), "{path} {accepted} {name}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let server = server().await;
    for path in ["/", "/operator/sites", "/favicon.svg", SCRIPT] {
        let first = ask(&server, "GET", path, &[]).await;
        let etag = first.header("etag").to_owned();
        let weak = format!("\"other\", W/{etag}");
        for known in [etag.as_str(), weak.as_str(), "*"] {
            for method in ["GET", "HEAD"] {
                let again = ask(&server, method, path, &[("if-none-match", known)]).await;
                assert_eq!((again.status, again.body.as_str()), (304, ""), "{path} {known}");
                for name in ["etag", "cache-control", "vary", "content-security-policy"] {
                    assert_eq!(again.header(name), first.header(name), "{path} {name}");
                }
            }
        }
        assert_eq!(ask(&server, "GET", path, &[("if-none-match", "\"other\"")]).await.status, 200, "{path}");
    }
    // Another form is other bytes.
    let plain = ask(&server, "GET", SCRIPT, &[]).await.header("etag").to_owned();
    let headers = [("accept-encoding", "br"), ("if-none-match", plain.as_str())];
    assert_eq!(ask(&server, "GET", SCRIPT, &headers).await.body, "brotli script");
    // The not-found page stays one.
    let page = ask(&server, "GET", "/", &[]).await.header("etag").to_owned();
    assert_eq!(ask(&server, "GET", "/nothing", &[BROWSER, ("if-none-match", &page)]).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn every_path_of_a_portal_is_the_page() {
    let server = server().await;
    for path in [
        "/",
        "/?language=en",
        "/login",
        "/login?next=/operator",
        "/operator/register",
        "/operator",
        "/operator/top-up",
        "/admin/operators/op_01h455vb4pex5vsknk084sn02q",
        "/finance/",
        "/analyst/cross",
    ] {
        for headers in [&[BROWSER][..], &[]] {
            let got = ask(&server, "GET", path, headers).await;
            assert_eq!((got.status, got.is_page()), (200, true), "{path} {headers:?}");
        }
        assert_eq!(ask(&server, "HEAD", path, &[]).await.status, 200, "{path}");
        let got = ask(&server, "POST", path, &[BROWSER]).await;
        assert_eq!((got.status, got.header("allow")), (405, "GET,HEAD"), "{path}");
        assert!(got.body.contains("METHOD_NOT_ALLOWED"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_does_not_exist_is_a_page_for_people_and_the_envelope_for_programs() {
    let server = server().await;
    for path in
        ["/nothing", "/operators", "/v1nothing", "/health/nothing", "/assets/old-1.js", "//evil.example/x"]
    {
        let got = ask(&server, "GET", path, &[BROWSER]).await;
        assert_eq!((got.status, got.is_page()), (404, true), "{path}");
        assert_eq!(got.header("vary"), "Accept, Accept-Encoding");
        assert_eq!(ask(&server, "HEAD", path, &[BROWSER]).await.status, 404, "{path}");
        for accepted in ["*/*", "application/json", "text/html;q=0, */*"] {
            let got = ask(&server, "GET", path, &[("accept", accepted)]).await;
            assert_eq!((got.status, got.is_envelope()), (404, true), "{path} {accepted}");
        }
        let got = ask(&server, "POST", path, &[BROWSER]).await;
        assert_eq!((got.status, got.is_envelope()), (404, true), "{path}");
    }
    for path in ["/v1", "/v1/", "/v1/nothing", "/v1/operators/me/nothing"] {
        assert!(ask(&server, "GET", path, &[BROWSER]).await.is_envelope(), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_has_a_route_is_not_the_page() {
    let server = server().await;
    for (path, content_type) in [
        ("/health", "application/json"),
        ("/health/live", "application/json"),
        ("/health/ready", "application/json"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
        ("/openapi.json", "application/json"),
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/", "text/html; charset=utf-8"),
    ] {
        let got = ask(&server, "GET", path, &[BROWSER]).await;
        assert_eq!((got.status, got.header("content-type")), (200, content_type), "{path}");
        assert!(!got.is_page(), "{path}");
    }
    assert_eq!(ask(&server, "GET", "/v1/operators/me", &[BROWSER]).await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn a_server_without_the_web_app_says_how_to_build_it() {
    let server = start().await;
    for (path, status) in [("/", 200), ("/login", 200), ("/nothing", 404)] {
        let got = ask(&server, "GET", path, &[BROWSER]).await;
        assert_eq!(got.status, status, "{path}");
        assert_eq!(got.header("content-type"), "text/html; charset=utf-8", "{path}");
        for command in ["make run", "npm run build", "cargo build"] {
            assert!(got.body.contains(command), "{path} {command}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn pages_take_nothing_from_elsewhere_and_cannot_be_framed() {
    let server = server().await;
    for path in ["/", "/operator/top-up", SCRIPT, "/docs"] {
        let got = ask(&server, "GET", path, &[]).await;
        let policy: Vec<&str> = got.header("content-security-policy").split(';').map(str::trim).collect();
        for directive in
            ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(&directive), "{path} {directive} in {policy:?}");
        }
        assert!(
            !policy.iter().any(|directive| directive.contains("http") || directive.contains('*')),
            "{path}"
        );
        assert_eq!(got.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(got.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(got.header("permissions-policy").contains("camera=()"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn answers_of_the_api_are_kept_nowhere_and_are_what_they_say() {
    let server = server().await;
    for path in
        ["/v1/operators/me", "/v1/nothing", "/v1/auth/game/config", "/health", "/metrics", "/", SCRIPT]
    {
        let got = ask(&server, "GET", path, &[]).await;
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(got.header("cache-control") == "no-store", path.starts_with("/v1/"), "{path}");
        assert_eq!(got.header("strict-transport-security"), "", "{path}");
    }
    let venue = server.venue(0).await;
    let refused = server.authorize(&venue, &venue.session(), 2).await;
    assert_eq!(refused.headers["cache-control"], "no-store");
    server.stop().await;
}

#[tokio::test]
async fn a_browser_is_held_to_https_only_where_the_platform_is_reached_by_it() {
    for (public_url, expected) in
        [("https://coinslot.example.com", "max-age=31536000"), ("http://192.168.1.10:8000", "")]
    {
        let config = Config { public_url: Some(public_url.parse().unwrap()), ..Config::default() };
        let server = serving(config).await;
        for path in ["/", "/v1/operators/me", "/docs"] {
            let got = ask(&server, "GET", path, &[]).await;
            assert_eq!(got.header("strict-transport-security"), expected, "{public_url} {path}");
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn the_address_limit_does_not_cover_the_web_app() {
    let server = server().await;
    server.set("ip_rate_limit_per_minute", json!(1)).await;
    while server.visit("/v1/nothing").await.status != 429 {}
    for path in ["/", "/login", "/favicon.svg", SCRIPT, "/docs"] {
        for _ in 0..3 {
            assert_eq!(ask(&server, "GET", path, &[]).await.status, 200, "{path}");
        }
    }
    assert_eq!(server.visit("/v1/nothing").await.status, 429);
    server.stop().await;
}
