use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{IdRange, OperatorId};
use base::paging::Seek;
use base::validate::Fields;
use office::security_events::{self, Event, EventFilter, EventKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    #[param(inline)]
    kind: Option<EventKind>,
}

/// Something that an administrator should look at.
#[derive(Serialize, ToSchema)]
pub(crate) struct SecurityEventItem {
    /// `ip_failures`, `ip_many_keys`, `login_throttled`, `locked` or `unlocked`.
    kind: String,
    /// Where it came from; of IPv6 the first address of the network that is counted together.
    ip_address: Option<String>,
    operator_ids: Vec<OperatorId>,
    #[schema(value_type = Object)]
    evidence: Value,
    created_at: UtcTime,
}

impl From<Event> for SecurityEventItem {
    fn from(event: Event) -> Self {
        SecurityEventItem {
            kind: event.kind,
            ip_address: event.ip_address.map(|net| net.addr().to_string()),
            operator_ids: event.operator_ids,
            evidence: event.evidence,
            created_at: event.created_at,
        }
    }
}

/// Security events, newest first.
#[utoipa::path(
    get, path = "/v1/admin/security-events", operation_id = "list_security_events", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, CursorParams, ListParams),
    responses(
        (status = 200, body = CursorPage<SecurityEventItem>, description = "One page of events."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn list_security_events(
    State(app): State<App>,
    _caller: AdminCaller,
    seek: Seek,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<CursorPage<SecurityEventItem>>, Rejection> {
    Fields::new().time_range(params.start_time, params.end_time).finish()?;
    let range = IdRange::between(params.start_time, params.end_time);
    let filter = EventFilter { range, kind: params.kind };
    let mut connection = app.database().acquire().await?;
    let (total, events) = security_events::list(&mut connection, &filter, seek).await?;
    Ok(Json(CursorPage::cut(seek, total, events, |event| event.id)))
}
