//! `GET /v1/admin/audit-logs/export`.

use axum::extract::State;
use axum::response::Response;
use base::problem::Text;
use office::audit::list::AuditEntry;
use office::exports::{Column, Row};
use platform::security::roles::CanViewFinancialData;

use super::audit_logs::ListParams;
use crate::app::App;
use crate::http::caller::AdminCaller;
use crate::http::export::{ExportRequest, FormatParams};
use crate::http::extract::ApiQuery;
use crate::http::rejection::Rejection;
use crate::routes::audit_export::{AuditExport, View, last_cells, last_columns};
use crate::routes::exports::FileAnswer;

const VIEW: View = View { name: Text::new("审计日志", "Audit log"), columns, cells };

/// As the fields of the list.
fn columns() -> Vec<Column> {
    let mut columns = vec![
        Column::id("日志编号", "Log ID"),
        Column::text("操作人类型", "Actor type"),
        Column::id("操作人编号", "Actor ID"),
        Column::text("操作人", "Actor"),
        Column::text("操作类型", "Operation"),
        Column::text("对象类型", "Target type"),
    ];
    columns.extend(last_columns());
    columns
}

fn cells(entry: AuditEntry) -> Row {
    let mut cells = vec![
        entry.id.into(),
        entry.actor_type().into(),
        entry.actor().map(|subject| subject.to_string()).into(),
        entry.actor_name.clone().into(),
        entry.operation_type.clone().into(),
        entry.target_resource_type.clone().into(),
    ];
    cells.extend(last_cells(entry));
    cells
}

/// The audit log as a file, newest first.
#[utoipa::path(
    get, path = "/v1/admin/audit-logs/export", operation_id = "export_audit_logs", tag = "admin",
    security(("bearer" = [])),
    params(ListParams, FormatParams),
    responses(FileAnswer, (status = 403, description = "Without `can_view_financial_data`: the details tell amounts.")),
)]
pub(crate) async fn export_audit_logs(
    State(app): State<App>,
    caller: AdminCaller<CanViewFinancialData>,
    request: ExportRequest,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Response, Rejection> {
    let times = (params.start_time, params.end_time);
    let export = AuditExport::new(VIEW, times, params.filter()?);
    Ok(request.answer(&app, caller.signed_in.subject, export).await?)
}
