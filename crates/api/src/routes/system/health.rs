//! `GET /health`, `/health/live` and `/health/ready`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::clock::UtcTime;
use office::payments::providers::{Condition, PaymentMethod};
use platform::db::migrate::latest_version;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

/// `/health` answers within 500 ms (NFR-006); this leaves time for the rest.
const CHECK_TIMEOUT: Duration = Duration::from_millis(300);

/// How a part of the platform is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Healthy,
    Degraded,
    Unhealthy,
    /// Not part of this installation.
    NotConfigured,
}

/// The state of the platform and of what it depends on.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthAnswer {
    #[schema(inline)]
    status: Status,
    version: &'static str,
    checks: HealthChecks,
}

/// One entry per dependency.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthChecks {
    database: DatabaseCheck,
    wechat_pay: ProviderCheck,
    alipay: ProviderCheck,
}

/// Whether the database answers, and how fast.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct DatabaseCheck {
    #[schema(inline)]
    status: Status,
    /// How long the check took.
    latency_ms: u64,
}

/// How a payment provider is, by the calls that were made lately. Nothing is asked for this answer.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ProviderCheck {
    #[schema(inline)]
    status: Status,
    /// When it last answered this instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success_at: Option<UtcTime>,
    /// When a call to it last went without a believable answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_failure_at: Option<UtcTime>,
}

/// Which conditions of readiness are met.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadinessAnswer {
    #[schema(inline)]
    status: Status,
    #[schema(value_type = BTreeMap<String, String>)]
    checks: BTreeMap<&'static str, Status>,
}

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct LivenessAnswer {
    #[schema(inline)]
    status: Status,
}

/// The state of the platform. A provider that is away degrades it: everything but top-ups goes on.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "get_health",
    tag = "system",
    responses(
        (status = 200, description = "`healthy`, or `degraded` when a provider is away", body = HealthAnswer),
        (status = 503, description = "`unhealthy`: the database is away", body = HealthAnswer),
    )
)]
pub async fn get_health(State(app): State<App>) -> Response {
    let database = check_database(&app).await;
    let wechat_pay = check_provider(&app, PaymentMethod::Wechat);
    let alipay = check_provider(&app, PaymentMethod::Alipay);
    let status = overall(database.status, &[wechat_pay.status, alipay.status]);
    let answer = HealthAnswer {
        status,
        version: env!("CARGO_PKG_VERSION"),
        checks: HealthChecks { database, wechat_pay, alipay },
    };
    (http_status(status), Json(answer)).into_response()
}

/// The process answers.
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "get_liveness",
    tag = "system",
    responses((status = 200, description = "The process answers", body = LivenessAnswer))
)]
pub async fn get_liveness() -> Json<LivenessAnswer> {
    Json(LivenessAnswer { status: Status::Healthy })
}

/// Whether requests should be sent here: the database is reachable and migrated.
#[utoipa::path(
    get,
    path = "/health/ready",
    operation_id = "get_readiness",
    tag = "system",
    responses(
        (status = 200, description = "Ready", body = ReadinessAnswer),
        (status = 503, description = "Not ready; the checks say why", body = ReadinessAnswer),
    )
)]
pub async fn get_readiness(State(app): State<App>) -> Response {
    let checks = BTreeMap::from(check_readiness(&app).await);
    let is_ready = checks.values().all(|check| *check == Status::Healthy);
    let status = if is_ready { Status::Healthy } else { Status::Unhealthy };
    (http_status(status), Json(ReadinessAnswer { status, checks })).into_response()
}

async fn check_readiness(app: &App) -> [(&'static str, Status); 3] {
    let healthy_if = |holds| if holds { Status::Healthy } else { Status::Unhealthy };
    let version = tokio::time::timeout(CHECK_TIMEOUT, schema_version(app)).await;
    let version = version.ok().and_then(Result::ok);
    [
        ("database", healthy_if(version.is_some())),
        ("migrations", healthy_if(version.is_some_and(|version| version >= latest_version()))),
        ("writers", healthy_if(app.authorizer().is_alive())),
    ]
}

/// The newest migration that the database has; 0 for none.
async fn schema_version(app: &App) -> sqlx::Result<i64> {
    let version = sqlx::query_scalar!("SELECT schema_version()").fetch_one(app.database().pool()).await?;
    Ok(version.unwrap_or(0))
}

async fn check_database(app: &App) -> DatabaseCheck {
    let started = Instant::now();
    let ping = sqlx::query_scalar!("SELECT 1").fetch_one(app.database().pool());
    let status = match tokio::time::timeout(CHECK_TIMEOUT, ping).await {
        Ok(Ok(_)) => Status::Healthy,
        Ok(Err(_)) => Status::Unhealthy,
        // Without a free connection nothing was asked; the watch, which has one of its own, knows better.
        Err(_) if app.database().is_up() && is_exhausted(app) => Status::Degraded,
        Err(_) => Status::Unhealthy,
    };
    let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    DatabaseCheck { status, latency_ms }
}

fn check_provider(app: &App, method: PaymentMethod) -> ProviderCheck {
    let Some(provider) = app.providers().of(method) else {
        let (last_success_at, last_failure_at) = (None, None);
        return ProviderCheck { status: Status::NotConfigured, last_success_at, last_failure_at };
    };
    let Condition { last_success_at, last_failure_at, is_failing } = provider.condition();
    let status = if is_failing { Status::Degraded } else { Status::Healthy };
    ProviderCheck { status, last_success_at, last_failure_at }
}

fn is_exhausted(app: &App) -> bool {
    let pool = app.database().pool();
    pool.num_idle() == 0 && pool.size() >= pool.options().get_max_connections()
}

/// The database decides; a provider or a busy database only degrades.
fn overall(database: Status, providers: &[Status]) -> Status {
    if database == Status::Unhealthy {
        return Status::Unhealthy;
    }
    let is_fine = |status: &Status| matches!(status, Status::Healthy | Status::NotConfigured);
    if is_fine(&database) && providers.iter().all(is_fine) { Status::Healthy } else { Status::Degraded }
}

const fn http_status(status: Status) -> StatusCode {
    match status {
        Status::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
        Status::Healthy | Status::Degraded | Status::NotConfigured => StatusCode::OK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{Degraded, Healthy, NotConfigured, Unhealthy};

    #[test]
    fn only_the_database_makes_the_platform_unhealthy() {
        let cases = [
            (Healthy, [Healthy, Healthy], Healthy),
            (Healthy, [NotConfigured, NotConfigured], Healthy),
            (Healthy, [Unhealthy, Healthy], Degraded),
            (Healthy, [Unhealthy, Unhealthy], Degraded),
            (Degraded, [Healthy, Healthy], Degraded),
            (Unhealthy, [Healthy, Healthy], Unhealthy),
        ];
        for (database, providers, expected) in cases {
            assert_eq!(overall(database, &providers), expected, "{database:?} {providers:?}");
        }
    }
}
