//! Health, metrics and documentation.

use api::app::Config;
use base::clock::Clock;
use serde_json::json;

use crate::cluster;
use crate::fixtures::{adjust, operator};
use crate::harness::{start, start_with};

#[tokio::test]
async fn health_tells_of_the_database_and_the_providers() {
    let server = start().await;
    let (status, body) = server.visit("/health").await.into_parts();
    assert_eq!(status, 200);
    assert_eq!(body["status"], "healthy");
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(body["checks"]["database"]["status"], "healthy");
    assert!(body["checks"]["database"]["latency_ms"].is_u64());
    assert_eq!(body["checks"]["wechat_pay"]["status"], "healthy");
    assert_eq!(body["checks"]["alipay"]["status"], "healthy");
    for path in ["/health/live", "/health/ready"] {
        let (status, body) = server.visit(path).await.into_parts();
        assert_eq!((status, &body["status"]), (200, &json!("healthy")), "{path}");
    }
}

#[tokio::test]
async fn without_a_provider_the_platform_is_healthy_and_has_no_sandbox() {
    let database = cluster::database().await;
    let server = start_with(database.url(), Clock::system(), Config::default()).await;
    let (status, body) = server.visit("/health").await.into_parts();
    assert_eq!((status, &body["status"]), (200, &json!("healthy")));
    assert_eq!(body["checks"]["wechat_pay"], json!({"status": "not_configured"}));
    assert_eq!(body["checks"]["alipay"], json!({"status": "not_configured"}));
    let faults = server.client.post(format!("{}/sandbox/faults", server.base_url));
    server
        .send(faults.json(&json!({"channel": "wechat", "fault": "down"})))
        .await
        .expect(404, "RESOURCE_NOT_FOUND");
    assert_eq!(server.visit("/sandbox/pay.css").await.status, 404);
}

#[tokio::test]
async fn health_answers_in_time_when_the_database_is_away() {
    let server = start().await;
    server.app.database().pool().close().await;
    for (path, expected) in [("/health", 503), ("/health/ready", 503), ("/health/live", 200)] {
        let (status, body) = server.visit(path).await.into_parts();
        assert_eq!(status, expected, "{path}");
        if expected == 503 {
            assert_eq!(body["status"], "unhealthy");
        }
    }
}

#[tokio::test]
async fn a_busy_pool_is_not_a_database_that_is_away() {
    let server = start().await;
    let mut held = Vec::new();
    let size = server.app.database().pool().options().get_max_connections();
    for _ in 0..size {
        held.push(server.app.database().acquire().await.unwrap());
    }
    let (status, body) = server.visit("/health").await.into_parts();
    assert_eq!((status, &body["status"]), (200, &json!("degraded")));
}

#[tokio::test]
async fn an_instance_is_not_ready_before_the_database_is_migrated() {
    let server = start().await;
    let mut owner = sqlx::ConnectOptions::connect(&server.options).await.unwrap();
    sqlx::Executor::execute(&mut owner, "DELETE FROM _sqlx_migrations WHERE version > 5").await.unwrap();
    let (status, body) = server.visit("/health/ready").await.into_parts();
    assert_eq!(status, 503);
    assert_eq!(
        body["checks"],
        json!({"database": "healthy", "migrations": "unhealthy", "writers": "healthy"})
    );
}

#[tokio::test]
async fn all_metrics_are_described_before_the_first_event() {
    let server = start().await;
    let answer = server.visit("/metrics").await;
    assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.body.as_str().unwrap();
    for (name, kind) in [
        ("mr_auth_requests_total", "counter"),
        ("mr_auth_latency_seconds", "histogram"),
        ("mr_operator_balance_yuan", "gauge"),
        ("mr_payment_callback_total", "counter"),
        ("mr_revenue_total_yuan", "counter"),
        ("mr_db_connection_pool_active", "gauge"),
        ("mr_live_streams_open", "gauge"),
        ("mr_scheduled_job_total", "counter"),
        ("mr_api_errors_total", "counter"),
        ("mr_rate_limit_blocked_total", "counter"),
    ] {
        assert_eq!(text.matches(&format!("# TYPE {name} {kind}\n")).count(), 1, "{name} in\n{text}");
        assert_eq!(text.matches(&format!("# HELP {name} ")).count(), 1, "{name} in\n{text}");
    }
    assert!(text.contains("mr_revenue_total_yuan{source=\"authorization\"} 0.00\n"));
}

#[tokio::test]
async fn balances_and_errors_are_counted() {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    adjust(&server.app, operator.id, 123_456, server.app.clock().now()).await;
    server.visit("/v1/operators/me").await;
    let metrics = server.visit("/metrics").await.body;
    let text = metrics.as_str().unwrap();
    let balance =
        format!("mr_operator_balance_yuan{{operator_id=\"{}\",tier=\"normal\"}} 1234.56\n", operator.id);
    assert!(text.contains(balance.as_str()), "{text}");
    assert!(
        text.contains("mr_api_errors_total{endpoint=\"/v1/operators/me\",error_type=\"UNAUTHORIZED\"} 1\n")
    );
}

#[tokio::test]
async fn the_documentation_needs_nothing_from_elsewhere() {
    let server = start().await;
    let (status, document) = server.visit("/openapi.json").await.into_parts();
    assert_eq!(status, 200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in ["/docs", "/docs/"] {
        let answer = server.visit(path).await;
        assert_eq!(answer.status, 200);
        let page = answer.body.as_str().unwrap();
        assert!(page.contains("<base href=\"/docs/\">"));
        assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    }
    for file in [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "swagger-ui-standalone-preset.js",
        "swagger-initializer.js",
    ] {
        assert_eq!(server.visit(&format!("/docs/{file}")).await.status, 200, "{file}");
    }
    assert_eq!(server.visit("/docs/nothing.js").await.status, 404);
}
