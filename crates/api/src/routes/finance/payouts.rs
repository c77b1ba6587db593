//! What finance does about the payout of a refund.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::ids::{self, RefundId};
use base::validate::Fields;
use office::audit::Act;
use office::refunds;
use platform::security::roles::CanReviewRefund;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::decide_refund::{ApprovalRequest, name_refund};
use super::refunds::FinanceRefund;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::FinanceCaller;
use crate::http::extract::PathId;
use crate::http::idempotency::{IdempotentJson, OptionalIdempotentJson};
use crate::http::rejection::Rejection;

#[derive(Deserialize, ToSchema)]
pub(crate) struct CompleteRefundRequest {
    /// The proof of the payment: a bank's transaction number, for instance.
    #[schema(min_length = 2, max_length = 100)]
    reference: String,
}

/// Record that an approved refund was paid out by hand.
#[utoipa::path(
    post, path = "/v1/finance/refunds/{id}/complete", operation_id = "complete_refund", tag = "finance",
    security(("bearer" = [])),
    params(
        ("id" = RefundId, Path, description = "The refund."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters."),
    ),
    request_body = CompleteRefundRequest,
    responses(
        (status = 200, body = Data<FinanceRefund>, description = "The refund, paid out."),
        (status = 400, description = "The reference does not fit, or nothing of an approved refund is to be paid by hand."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_review_refund`."),
        (status = 404, description = "`REFUND_NOT_FOUND`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn complete_refund(
    State(app): State<App>,
    caller: FinanceCaller<CanReviewRefund>,
    PathId(refund_id): PathId<ids::Refund>,
    IdempotentJson(attempt, body): IdempotentJson<CompleteRefundRequest>,
) -> Result<Response, Rejection> {
    Fields::new().length("reference", &body.reference, 2..=100).finish()?;
    let reference = body.reference.trim();
    let act = Act::new("refund_complete", json!({"reference": reference})).on("refund", &refund_id);
    let by = &caller.signed_in.username;
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::OK, async |connection, act| {
            let refund = refunds::complete(connection, refund_id, reference, by, app.clock().now()).await?;
            name_refund(act, &refund);
            Ok(FinanceRefund::from(refund))
        })
        .await?)
}

/// Have what channels refused of a payout tried again.
#[utoipa::path(
    post, path = "/v1/finance/refunds/{id}/retry", operation_id = "retry_refund_payout", tag = "finance",
    security(("bearer" = [])),
    params(
        ("id" = RefundId, Path, description = "The refund."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters."),
    ),
    request_body = Option<ApprovalRequest>,
    responses(
        (status = 200, body = Data<FinanceRefund>, description = "The refund, being paid out again."),
        (status = 400, description = "The note is too long, or no part of the payout was refused."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_review_refund`."),
        (status = 404, description = "`REFUND_NOT_FOUND`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn retry_refund_payout(
    State(app): State<App>,
    caller: FinanceCaller<CanReviewRefund>,
    PathId(refund_id): PathId<ids::Refund>,
    OptionalIdempotentJson(attempt, body): OptionalIdempotentJson<ApprovalRequest>,
) -> Result<Response, Rejection> {
    let note = ApprovalRequest::note(body)?;
    let act = Act::new("refund_retry", json!({"note": note})).on("refund", &refund_id);
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::OK, async |connection, act| {
            let refund = refunds::try_again(connection, refund_id, app.clock().now()).await?;
            name_refund(act, &refund);
            Ok(FinanceRefund::from(refund))
        })
        .await?)
}
