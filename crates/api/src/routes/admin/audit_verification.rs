use axum::extract::State;
use base::clock::UtcTime;
use base::ids::AuditId;
use base::problem::{ErrorCode, Problem, Text};
use office::audit::{self, Broken};
use platform::security::roles::CanViewFinancialData;
use serde::Serialize;
use sqlx::Connection;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::rejection::Rejection;

/// When to ask again while another check runs.
const RETRY_AFTER_S: u64 = 5;

/// What a check of the audit log found.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditVerification {
    /// Every entry is there and as it was written.
    intact: bool,
    /// The entries that hold: all of them, or those before the break.
    entries: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<AuditBreak>,
    /// When the check began; later entries are not promised to be in it.
    checked_at: UtcTime,
}

/// The first place that does not hold.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditBreak {
    /// The entry's number in the chain.
    seq: i64,
    /// Absent when the entry is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_id: Option<AuditId>,
    #[schema(inline)]
    reason: BreakReason,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BreakReason {
    /// It is not what was written.
    Changed,
    /// It is not there, or another has its number.
    Missing,
    /// It and all that followed are not there.
    Truncated,
}

impl From<Broken> for AuditBreak {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Gap { seq } => AuditBreak { seq, log_id: None, reason: BreakReason::Missing },
            Broken::Changed { seq, id } => AuditBreak { seq, log_id: Some(id), reason: BreakReason::Changed },
            Broken::Truncated { found, .. } => {
                AuditBreak { seq: found + 1, log_id: None, reason: BreakReason::Truncated }
            }
        }
    }
}

/// Recompute the hash chain of the audit log. It reads the whole log, so one check runs at a time.
#[utoipa::path(
    get, path = "/v1/admin/audit-logs/verification", operation_id = "verify_audit_log", tag = "admin",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Data<AuditVerification>, description = "Whether the chain holds, and where it does not."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_view_financial_data`."),
        (status = 429, description = "A check is running already, with `Retry-After`."),
    ),
)]
pub(crate) async fn verify_audit_log(
    State(app): State<App>,
    _caller: AdminCaller<CanViewFinancialData>,
) -> Result<Data<AuditVerification>, Rejection> {
    let Ok(_turn) = app.audit_verification().try_lock() else {
        let text = Text::new("正在校验，请稍后重试", "A check is running; try again later");
        return Err(Problem::new(ErrorCode::RateLimitExceeded)
            .with_text(text)
            .with_retry_after(RETRY_AFTER_S)
            .into());
    };
    let checked_at = app.clock().now();
    let mut connection = app.database().connect_apart().await?;
    let verified = audit::verify(&mut connection).await?;
    connection.close().await?;
    let (entries, broken_at) = match verified {
        Ok(entries) => (entries, None),
        Err(broken) => {
            let broken = AuditBreak::from(broken);
            (broken.seq - 1, Some(broken))
        }
    };
    Ok(Data::new(AuditVerification { intact: broken_at.is_none(), entries, broken_at, checked_at }))
}
