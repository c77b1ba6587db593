//! `GET /v1/operators/me/usage-records/export`.

use axum::extract::State;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::OperatorId;
use base::paging::Seek;
use base::problem::{Problem, Text};
use base::validate::Fields;
use office::exports::{Column, Export, PAGE_ROWS, Row, Selection, Setting, Table};
use office::usage::list::{self, UsageFilter, UsageRecord};
use sqlx::PgConnection;
use uuid::Uuid;

use super::usage_records::UsageQuery;
use crate::app::App;
use crate::http::caller::OperatorCaller;
use crate::http::export::{ExportRequest, FormatParams};
use crate::http::extract::ApiQuery;
use crate::http::rejection::Rejection;
use crate::routes::exports::{FileAnswer, select_of_operator};

/// As the fields of the list.
fn columns() -> Vec<Column> {
    vec![
        Column::id("使用记录编号", "Usage ID"),
        Column::long("会话编号", "Session ID"),
        Column::id("运营点编号", "Site ID"),
        Column::text("运营点", "Site"),
        Column::id("应用编号", "Application ID"),
        Column::text("应用", "Application"),
        Column::number("玩家人数", "Players").summed(),
        Column::money("单价（元）", "Unit price (CNY)"),
        Column::money("消费金额（元）", "Total cost (CNY)").summed(),
        Column::number("游戏时长（秒）", "Duration (s)"),
        Column::time("时间", "Time"),
    ]
}

fn cells(record: UsageRecord) -> Row {
    vec![
        record.id.into(),
        record.session_id().into(),
        record.site_id.into(),
        record.site_name.into(),
        record.app_id.into(),
        record.app_name.into(),
        record.player_count.into(),
        record.unit_price.into(),
        record.total.into(),
        record.duration_seconds.into(),
        record.authorized_at.into(),
    ]
}

struct UsageExport {
    operator_id: OperatorId,
    times: (Option<UtcTime>, Option<UtcTime>),
    filter: UsageFilter,
    before: Option<Uuid>,
}

impl Export for UsageExport {
    async fn open(&mut self, connection: &mut PgConnection, setting: &Setting) -> Result<Table, Problem> {
        let selection = Selection::default().times(self.times.0, self.times.1, setting);
        let things = (self.filter.site_id, self.filter.app_id);
        let language = setting.language;
        Ok(Table {
            name: Text::new("使用记录", "Usage records"),
            columns: columns(),
            selection: select_of_operator(connection, self.operator_id, things, selection, language).await?,
            sums_by: None,
            total_rows: list::count(connection, self.operator_id, &self.filter).await?,
        })
    }

    async fn next(&mut self, connection: &mut PgConnection) -> Result<Vec<Row>, Problem> {
        let seek = Seek::batch(PAGE_ROWS, self.before);
        let records = list::page(connection, self.operator_id, &self.filter, seek).await?;
        self.before = records.last().map(|record| record.id.uuid());
        Ok(records.into_iter().map(cells).collect())
    }
}

/// The operator's usage records as a file, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/usage-records/export",
    operation_id = "export_usage_records",
    tag = "operator",
    security(("bearer" = [])),
    params(UsageQuery, FormatParams),
    responses(FileAnswer, (status = 403, description = "Not an operator"))
)]
pub async fn export_usage_records(
    State(app): State<App>,
    caller: OperatorCaller,
    request: ExportRequest,
    ApiQuery(query): ApiQuery<UsageQuery>,
) -> Result<Response, Rejection> {
    Fields::new().time_range(query.start_time, query.end_time).finish()?;
    let export = UsageExport {
        operator_id: caller.operator_id,
        times: (query.start_time, query.end_time),
        filter: query.into(),
        before: None,
    };
    Ok(request.answer(&app, caller.signed_in.subject, export).await?)
}
