//! `GET /metrics`: what was counted since the start, and the state of the business when it is asked for.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use platform::metrics::describe;

use crate::app::App;

/// Prometheus metrics.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "get_metrics",
    tag = "system",
    responses((status = 200, description = "Prometheus text format 0.0.4", body = String, content_type = "text/plain"))
)]
pub async fn get_metrics(State(app): State<App>) -> Response {
    let mut text = app.metrics().render();
    text.push_str(&connections(&app));
    text.push_str(&gauge("mr_live_streams_open", app.live().open_streams()));
    text.push_str(&app.business_metrics().render(app.database()).await);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn connections(app: &App) -> String {
    let pool = app.database().pool();
    let active = usize::try_from(pool.size()).unwrap_or(usize::MAX).saturating_sub(pool.num_idle());
    gauge("mr_db_connection_pool_active", active)
}

fn gauge(name: &str, value: usize) -> String {
    format!("{}{name} {value}\n", describe(name))
}
