//! `GET` and `POST /v1/operators/me/refunds`, `GET /v1/operators/me/refunds/{id}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{self, RefundId};
use base::paging::PageRequest;
use base::problem::ErrorCode;
use base::validate::Fields;
use money::Fen;
use office::audit::Act;
use office::refunds::{self, PayoutStatus, Refund};
use office::review::ReviewStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::PathId;
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// Why the balance is asked back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequestRefund {
    #[schema(min_length = 10, max_length = 500)]
    reason: String,
}

/// A refund.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundItem {
    refund_id: RefundId,
    /// The balance when it was asked for.
    requested_amount: Fen,
    /// The balance when it was approved, which is what is paid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    actual_refund_amount: Option<Fen>,
    status: ReviewStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    payout_status: Option<PayoutStatus>,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reject_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_at: Option<UtcTime>,
    created_at: UtcTime,
}

impl From<Refund> for RefundItem {
    fn from(refund: Refund) -> Self {
        RefundItem {
            refund_id: refund.id,
            requested_amount: refund.requested,
            actual_refund_amount: refund.actual,
            status: refund.status,
            payout_status: refund.payout_status,
            reason: refund.reason,
            reject_reason: refund.reject_reason,
            reviewed_by: refund.reviewed_by,
            reviewed_at: refund.reviewed_at,
            created_at: refund.created_at,
        }
    }
}

/// The operator's refunds, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/refunds",
    operation_id = "list_refunds",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams),
    responses(
        (status = 200, description = "One page of refunds", body = Page<RefundItem>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_refunds(
    State(app): State<App>,
    caller: OperatorCaller,
    page: PageRequest,
) -> Result<Json<Page<RefundItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, items) = refunds::list(&mut connection, Some(caller.operator_id), None, None, page).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}

/// One refund of the operator.
#[utoipa::path(
    get,
    path = "/v1/operators/me/refunds/{id}",
    operation_id = "get_refund",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = RefundId, Path, description = "The refund")),
    responses(
        (status = 200, description = "The refund", body = Data<RefundItem>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "`REFUND_NOT_FOUND`: no refund of this operator"),
    )
)]
pub async fn get_refund(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(refund_id): PathId<ids::Refund>,
) -> Result<Data<RefundItem>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let refund = refunds::find(&mut connection, Some(caller.operator_id), refund_id).await?;
    Ok(Data::new(refund.ok_or(ErrorCode::RefundNotFound)?.into()))
}

/// Asks for the balance. The amount is computed again when finance approves.
#[utoipa::path(
    post,
    path = "/v1/operators/me/refunds",
    operation_id = "request_refund",
    tag = "operator",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    request_body = RequestRefund,
    responses(
        (status = 201, description = "The refund, pending", body = Data<RefundItem>),
        (status = 400, description = "The reason does not fit, there is no balance, or a refund is pending"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`"),
    )
)]
pub async fn request_refund(
    State(app): State<App>,
    caller: OperatorCaller,
    IdempotentJson(attempt, body): IdempotentJson<RequestRefund>,
) -> Result<Response, Rejection> {
    Fields::new().length("reason", &body.reason, 10..=500).finish()?;
    let reason = body.reason.trim();
    let act = Act::new("refund_request", json!({"reason": reason}));
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let refund = refunds::request(connection, caller.operator_id, reason, app.clock().now()).await?;
            act.set_target("refund", &refund.id);
            act.set("requested_amount", json!(refund.requested));
            Ok(RefundItem::from(refund))
        })
        .await?)
}
