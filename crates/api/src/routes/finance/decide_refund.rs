use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::ids::{self, RefundId};
use base::problem::Problem;
use base::validate::Fields;
use money::Fen;
use office::audit::{self, Act};
use office::refunds::{self, Refund};
use platform::security::roles::CanReviewRefund;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::FinanceCaller;
use crate::http::extract::{ApiJson, PathId};
use crate::http::idempotency::OptionalIdempotentJson;
use crate::http::rejection::Rejection;

#[derive(Deserialize, ToSchema)]
pub(crate) struct ApprovalRequest {
    /// For colleagues; the operator does not see it.
    #[schema(max_length = 200)]
    note: Option<String>,
}

impl ApprovalRequest {
    /// The note of a body that may be absent.
    pub(crate) fn note(body: Option<Self>) -> Result<Option<String>, Problem> {
        let note = body.and_then(|body| body.note);
        Fields::new().optional_length("note", note.as_deref(), 0..=200).finish()?;
        Ok(note)
    }
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct RejectionRequest {
    /// The operator reads it.
    #[schema(min_length = 10, max_length = 200)]
    reason: String,
}

impl RejectionRequest {
    pub(crate) fn reason(&self) -> Result<&str, Problem> {
        Fields::new().length("reason", &self.reason, 10..=200).finish()?;
        Ok(self.reason.trim())
    }
}

/// What was taken from the balance and is to be paid out.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovedRefund {
    refund_id: RefundId,
    requested_amount: Fen,
    actual_refund_amount: Fen,
    /// Always zero.
    balance_after: Fen,
}

/// Approve a refund: the balance as it is now is taken and paid out.
#[utoipa::path(
    post, path = "/v1/finance/refunds/{id}/approve", operation_id = "approve_refund", tag = "finance",
    security(("bearer" = [])),
    params(
        ("id" = RefundId, Path, description = "The refund."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters."),
    ),
    request_body = Option<ApprovalRequest>,
    responses(
        (status = 200, body = Data<ApprovedRefund>, description = "The refund is approved."),
        (status = 400, description = "The note is too long, the refund was decided before, or the balance is zero by now."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_review_refund`."),
        (status = 404, description = "`REFUND_NOT_FOUND`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn approve_refund(
    State(app): State<App>,
    caller: FinanceCaller<CanReviewRefund>,
    PathId(refund_id): PathId<ids::Refund>,
    OptionalIdempotentJson(attempt, body): OptionalIdempotentJson<ApprovalRequest>,
) -> Result<Response, Rejection> {
    let note = ApprovalRequest::note(body)?;
    let act = Act::new("refund_approve", json!({"note": note})).on("refund", &refund_id);
    let by = &caller.signed_in.username;
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::OK, async |connection, act| {
            let now = app.clock().now();
            let refund = refunds::approve(connection, refund_id, note.as_deref(), by, now).await?;
            name_refund(act, &refund);
            let actual_refund_amount = refund.actual.unwrap_or_default();
            Ok(ApprovedRefund {
                refund_id,
                requested_amount: refund.requested,
                actual_refund_amount,
                balance_after: refund.current_balance,
            })
        })
        .await?)
}

/// Reject a refund; the balance stays.
#[utoipa::path(
    post, path = "/v1/finance/refunds/{id}/reject", operation_id = "reject_refund", tag = "finance",
    security(("bearer" = [])),
    params(("id" = RefundId, Path, description = "The refund.")),
    request_body = RejectionRequest,
    responses(
        (status = 200, body = Data<Nothing>, description = "The refund is rejected."),
        (status = 400, description = "The reason does not fit, or the refund was decided before."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_review_refund`."),
        (status = 404, description = "`REFUND_NOT_FOUND`."),
    ),
)]
pub(crate) async fn reject_refund(
    State(app): State<App>,
    caller: FinanceCaller<CanReviewRefund>,
    PathId(refund_id): PathId<ids::Refund>,
    ApiJson(body): ApiJson<RejectionRequest>,
) -> Result<Data<Nothing>, Rejection> {
    let reason = body.reason()?;
    let act = Act::new("refund_reject", json!({"reason": reason})).on("refund", &refund_id);
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let refund = refunds::reject(connection, refund_id, reason, by, now).await?;
        name_refund(act, &refund);
        Ok(())
    })
    .await?;
    Ok(Data::nothing())
}

/// Says whose refund of how much it was.
pub(super) fn name_refund(act: &mut Act, refund: &Refund) {
    act.set("operator_id", refund.operator_id.to_string());
    act.set("requested_amount", json!(refund.requested));
    act.set("actual_refund_amount", json!(refund.actual));
}
