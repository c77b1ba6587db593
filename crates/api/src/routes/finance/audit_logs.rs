use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{AuditId, FinanceId};
use base::paging::{Position, PositionRange, Seek};
use base::problem::Problem;
use base::validate::Fields;
use office::audit::list::{self, AuditEntry, EntryFilter};
use platform::security::jwt::Role;
use platform::security::tokens::Subject;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::cursor::{CursorPage, CursorParams};
use crate::http::extract::ApiQuery;
use crate::http::page::PageParams;
use crate::http::rejection::Rejection;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Inclusive.
    pub(super) start_time: Option<UtcTime>,
    /// Exclusive.
    pub(super) end_time: Option<UtcTime>,
    #[param(max_length = 100)]
    operation_type: Option<String>,
    finance_id: Option<FinanceId>,
}

impl ListParams {
    pub(super) fn filter(self) -> Result<EntryFilter, Problem> {
        Fields::new()
            .optional_length("operation_type", self.operation_type.as_deref(), 0..=100)
            .time_range(self.start_time, self.end_time)
            .finish()?;
        Ok(EntryFilter {
            range: PositionRange::between(self.start_time, self.end_time),
            role: Some(Role::Finance),
            actor: self.finance_id.map(Subject::Finance),
            operation_type: self.operation_type,
        })
    }
}

/// What a member of the finance staff did, or was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct FinanceAuditLogItem {
    log_id: AuditId,
    finance_id: Option<FinanceId>,
    finance_name: String,
    operation_type: String,
    target_resource_id: Option<String>,
    #[schema(value_type = Object)]
    operation_details: Value,
    /// `success`, or `failed: ` and the error code.
    outcome: String,
    ip_address: Option<String>,
    user_agent: Option<String>,
    created_at: UtcTime,
}

impl From<AuditEntry> for FinanceAuditLogItem {
    fn from(entry: AuditEntry) -> Self {
        let finance_id = match entry.actor() {
            Some(Subject::Finance(id)) => Some(id),
            _ => None,
        };
        FinanceAuditLogItem {
            log_id: entry.id,
            finance_id,
            finance_name: entry.actor_name,
            operation_type: entry.operation_type,
            target_resource_id: entry.target_resource_id,
            operation_details: entry.operation_details,
            outcome: entry.outcome,
            ip_address: entry.ip_address.map(|net| net.addr().to_string()),
            user_agent: entry.user_agent,
            created_at: entry.created_at,
        }
    }
}

/// What the finance staff did, newest first.
#[utoipa::path(
    get, path = "/v1/finance/audit-logs", operation_id = "list_finance_audit_logs", tag = "finance",
    security(("bearer" = [])),
    params(PageParams, CursorParams, ListParams),
    responses(
        (status = 200, body = CursorPage<FinanceAuditLogItem>, description = "One page of entries."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_finance_audit_logs(
    State(app): State<App>,
    _caller: FinanceCaller,
    seek: Seek<Position>,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<CursorPage<FinanceAuditLogItem>>, Rejection> {
    let filter = params.filter()?;
    let mut connection = app.database().acquire().await?;
    let total = list::count(&mut connection, &filter).await?;
    let entries = list::page(&mut connection, &filter, seek).await?;
    Ok(Json(CursorPage::cut(seek, total, entries, AuditEntry::place)))
}
