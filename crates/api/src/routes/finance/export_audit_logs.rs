//! `GET /v1/finance/audit-logs/export`.

use axum::extract::State;
use axum::response::Response;
use base::problem::Text;
use office::audit::list::AuditEntry;
use office::exports::{Column, Row};
use platform::security::tokens::Subject;

use super::audit_logs::ListParams;
use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::export::{ExportRequest, FormatParams};
use crate::http::extract::ApiQuery;
use crate::http::rejection::Rejection;
use crate::routes::audit_export::{AuditExport, View, last_cells, last_columns};
use crate::routes::exports::FileAnswer;

const VIEW: View = View { name: Text::new("财务操作日志", "Finance audit log"), columns, cells };

/// As the fields of the list.
fn columns() -> Vec<Column> {
    let mut columns = vec![
        Column::id("日志编号", "Log ID"),
        Column::id("财务人员编号", "Finance ID"),
        Column::text("财务人员", "Name"),
        Column::text("操作类型", "Operation"),
    ];
    columns.extend(last_columns());
    columns
}

fn cells(entry: AuditEntry) -> Row {
    let finance_id = match entry.actor() {
        Some(Subject::Finance(id)) => Some(id),
        _ => None,
    };
    let mut cells = vec![
        entry.id.into(),
        finance_id.into(),
        entry.actor_name.clone().into(),
        entry.operation_type.clone().into(),
    ];
    cells.extend(last_cells(entry));
    cells
}

/// What the finance staff did, as a file, newest first.
#[utoipa::path(
    get, path = "/v1/finance/audit-logs/export", operation_id = "export_finance_audit_logs", tag = "finance",
    security(("bearer" = [])),
    params(ListParams, FormatParams),
    responses(FileAnswer, (status = 403, description = "Not finance staff.")),
)]
pub(crate) async fn export_finance_audit_logs(
    State(app): State<App>,
    caller: FinanceCaller,
    request: ExportRequest,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Response, Rejection> {
    let times = (params.start_time, params.end_time);
    let export = AuditExport::new(VIEW, times, params.filter()?);
    Ok(request.answer(&app, caller.signed_in.subject, export).await?)
}
