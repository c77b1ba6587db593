use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{AppId, AuditId, OperatorId, SiteId};
use base::paging::{Position, PositionRange, Seek};
use base::validate::Fields;
use books::authorization::attempts::{self, AttemptFilter, LoggedAttempt, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::AdminCaller;
use crate::http::cursor::{CursorPage, CursorParams};
use crate::http::extract::ApiQuery;
use crate::http::page::PageParams;
use crate::http::rejection::Rejection;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Inclusive.
    start_time: Option<UtcTime>,
    /// Exclusive.
    end_time: Option<UtcTime>,
    operator_id: Option<OperatorId>,
    #[param(inline)]
    result: Option<Outcome>,
    /// The client's address.
    #[param(value_type = Option<String>)]
    ip: Option<IpAddr>,
}

/// A call of a headset server and what became of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthorizationLogItem {
    log_id: AuditId,
    /// `authorize`, `pre_authorize`, `config` or `end_session`.
    call: String,
    /// Whose key was presented; null when it was nobody's.
    operator_id: Option<OperatorId>,
    operator_name: Option<String>,
    site_id: Option<SiteId>,
    app_id: Option<AppId>,
    player_count: Option<i32>,
    /// As the client sent it.
    session_id: Option<String>,
    /// `success`, `replayed` or `refused`.
    result: String,
    /// Of a refusal.
    error_code: Option<String>,
    ip_address: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
    /// From the arrival of the request to its answer, rounded; null when an instance died before it wrote this row.
    latency_ms: Option<i64>,
    created_at: UtcTime,
}

impl From<LoggedAttempt> for AuthorizationLogItem {
    fn from(attempt: LoggedAttempt) -> Self {
        AuthorizationLogItem {
            log_id: AuditId::from_uuid(attempt.id),
            call: attempt.call,
            operator_id: attempt.operator_id,
            operator_name: attempt.operator_name,
            site_id: attempt.site_id,
            app_id: attempt.app_id,
            player_count: attempt.player_count,
            session_id: attempt.session_id,
            result: attempt.result,
            error_code: attempt.error_code,
            ip_address: attempt.ip_address.map(|net| net.addr().to_string()),
            user_agent: attempt.user_agent,
            request_id: attempt.request_id,
            latency_ms: attempt.latency_us.map(|us| (us + 500) / 1_000),
            created_at: attempt.created_at,
        }
    }
}

/// Every call of headset servers, newest first.
#[utoipa::path(
    get, path = "/v1/admin/authorization-logs", operation_id = "list_authorization_logs", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, CursorParams, ListParams),
    responses(
        (status = 200, body = CursorPage<AuthorizationLogItem>, description = "One page of calls."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn list_authorization_logs(
    State(app): State<App>,
    _caller: AdminCaller,
    seek: Seek<Position>,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<CursorPage<AuthorizationLogItem>>, Rejection> {
    Fields::new().time_range(params.start_time, params.end_time).finish()?;
    let filter = AttemptFilter {
        range: PositionRange::between(params.start_time, params.end_time),
        operator_id: params.operator_id,
        outcome: params.result,
        ip: params.ip.map(|ip| ip.to_canonical()),
    };
    let mut connection = app.database().acquire().await?;
    let total = attempts::count(&mut connection, &filter).await?;
    let attempts = attempts::page(&mut connection, &filter, seek).await?;
    Ok(Json(CursorPage::cut(seek, total, attempts, LoggedAttempt::place)))
}
