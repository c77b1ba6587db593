//! `GET /v1/operators/me/usage-records`.

use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{AppId, IdRange, SiteId, UsageId};
use base::paging::Seek;
use base::validate::Fields;
use money::Fen;
use office::usage::list::{self, UsageFilter, UsageRecord};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::OperatorCaller;
use crate::http::cursor::{CursorPage, CursorParams};
use crate::http::extract::ApiQuery;
use crate::http::page::PageParams;
use crate::http::rejection::Rejection;

/// Which usage records are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsageQuery {
    /// Inclusive.
    pub(super) start_time: Option<UtcTime>,
    /// Exclusive.
    pub(super) end_time: Option<UtcTime>,
    site_id: Option<SiteId>,
    app_id: Option<AppId>,
}

impl From<UsageQuery> for UsageFilter {
    fn from(query: UsageQuery) -> Self {
        UsageFilter {
            range: IdRange::between(query.start_time, query.end_time),
            site_id: query.site_id,
            app_id: query.app_id,
        }
    }
}

/// A game that was charged.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageItem {
    usage_id: UsageId,
    session_id: String,
    site_id: SiteId,
    site_name: String,
    app_id: AppId,
    app_name: String,
    player_count: i32,
    unit_price: Fen,
    total_cost: Fen,
    /// In seconds; null until the headset server reports the end.
    game_duration: Option<i32>,
    created_at: UtcTime,
}

impl From<UsageRecord> for UsageItem {
    fn from(record: UsageRecord) -> Self {
        UsageItem {
            usage_id: record.id,
            session_id: record.session_id(),
            site_id: record.site_id,
            site_name: record.site_name,
            app_id: record.app_id,
            app_name: record.app_name,
            player_count: record.player_count,
            unit_price: record.unit_price,
            total_cost: record.total,
            game_duration: record.duration_seconds,
            created_at: record.authorized_at,
        }
    }
}

/// The operator's usage records, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/usage-records",
    operation_id = "list_usage_records",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams, CursorParams, UsageQuery),
    responses(
        (status = 200, description = "One page of usage records", body = CursorPage<UsageItem>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_usage_records(
    State(app): State<App>,
    caller: OperatorCaller,
    seek: Seek,
    ApiQuery(query): ApiQuery<UsageQuery>,
) -> Result<Json<CursorPage<UsageItem>>, Rejection> {
    Fields::new().time_range(query.start_time, query.end_time).finish()?;
    let filter = UsageFilter::from(query);
    let mut connection = app.database().acquire().await?;
    let total = list::count(&mut connection, caller.operator_id, &filter).await?;
    let records = list::page(&mut connection, caller.operator_id, &filter, seek).await?;
    Ok(Json(CursorPage::cut(seek, total, records, |record| record.id.uuid())))
}
