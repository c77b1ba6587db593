use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::AuditId;
use base::paging::{Position, PositionRange, Seek};
use base::problem::{Problem, Text};
use base::validate::Fields;
use office::audit::list::{self, AuditEntry, EntryFilter};
use platform::security::roles::CanViewFinancialData;
use platform::security::tokens::Subject;
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
    pub(super) start_time: Option<UtcTime>,
    /// Exclusive.
    pub(super) end_time: Option<UtcTime>,
    /// The id of an operator, an administrator, or a member of the finance or analysis staff.
    actor_id: Option<String>,
    #[param(max_length = 100)]
    operation_type: Option<String>,
}

impl ListParams {
    pub(super) fn filter(self) -> Result<EntryFilter, Problem> {
        let actor = self.actor_id.as_deref().map(Subject::parse);
        let not_an_id = Text::new("须为账号编号", "must be the id of an account");
        Fields::new()
            .check("actor_id", actor != Some(None), not_an_id)
            .optional_length("operation_type", self.operation_type.as_deref(), 0..=100)
            .time_range(self.start_time, self.end_time)
            .finish()?;
        Ok(EntryFilter {
            range: PositionRange::between(self.start_time, self.end_time),
            role: None,
            actor: actor.flatten(),
            operation_type: self.operation_type,
        })
    }
}

/// What somebody did, or was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditLogItem {
    log_id: AuditId,
    /// `operator`, `admin`, `finance`, `analyst` or `system`.
    actor_type: String,
    /// An id of the actor's kind; null for the platform itself.
    actor_id: Option<String>,
    actor_name: String,
    operation_type: String,
    target_resource_type: Option<String>,
    target_resource_id: Option<String>,
    #[schema(value_type = Object)]
    operation_details: Value,
    /// `success`, or `failed: ` and the error code.
    outcome: String,
    ip_address: Option<String>,
    user_agent: Option<String>,
    created_at: UtcTime,
}

impl From<AuditEntry> for AuditLogItem {
    fn from(entry: AuditEntry) -> Self {
        AuditLogItem {
            log_id: entry.id,
            actor_type: entry.actor_type().to_owned(),
            actor_id: entry.actor().map(|subject| subject.to_string()),
            actor_name: entry.actor_name,
            operation_type: entry.operation_type,
            target_resource_type: entry.target_resource_type,
            target_resource_id: entry.target_resource_id,
            operation_details: entry.operation_details,
            outcome: entry.outcome,
            ip_address: entry.ip_address.map(|net| net.addr().to_string()),
            user_agent: entry.user_agent,
            created_at: entry.created_at,
        }
    }
}

/// The audit log, newest first.
#[utoipa::path(
    get, path = "/v1/admin/audit-logs", operation_id = "list_audit_logs", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, CursorParams, ListParams),
    responses(
        (status = 200, body = CursorPage<AuditLogItem>, description = "One page of entries."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_view_financial_data`: the details tell amounts."),
    ),
)]
pub(crate) async fn list_audit_logs(
    State(app): State<App>,
    _caller: AdminCaller<CanViewFinancialData>,
    seek: Seek<Position>,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<CursorPage<AuditLogItem>>, Rejection> {
    let filter = params.filter()?;
    let mut connection = app.database().acquire().await?;
    let total = list::count(&mut connection, &filter).await?;
    let entries = list::page(&mut connection, &filter, seek).await?;
    Ok(Json(CursorPage::cut(seek, total, entries, AuditEntry::place)))
}
