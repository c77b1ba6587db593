use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{self, OperatorId, OrderId, PayoutId, RefundId};
use base::paging::PageRequest;
use base::problem::{ErrorCode, Problem};
use money::Fen;
use office::refunds::{self, Part, PartStatus, PayoutStatus, Refund};
use office::review::ReviewStatus;
use office::statistics;
use platform::db::begin_snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::FinanceCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;
use crate::routes::finance::customers::CustomerDetailsAnswer;
use crate::routes::operator::refunds::RefundItem;

/// Which refunds are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RefundParams {
    status: Option<ReviewStatus>,
    payout_status: Option<PayoutStatus>,
    operator_id: Option<OperatorId>,
}

/// A refund, whose it is, and how it was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FinanceRefund {
    #[serde(flatten)]
    refund: RefundItem,
    operator_id: OperatorId,
    operator_name: String,
    operator_category: String,
    current_balance: Fen,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The proof of a payout by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

impl From<Refund> for FinanceRefund {
    fn from(mut refund: Refund) -> Self {
        FinanceRefund {
            operator_id: refund.operator_id,
            operator_name: std::mem::take(&mut refund.operator_name),
            operator_category: std::mem::take(&mut refund.operator_category),
            current_balance: refund.current_balance,
            note: refund.note.take(),
            reference: refund.completion_reference.take(),
            refund: refund.into(),
        }
    }
}

/// A refund with what its reviewer needs to know of the operator's money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefundDetails {
    #[serde(flatten)]
    refund: FinanceRefund,
    operator_finance: CustomerDetailsAnswer,
    /// What the payout consists of, oldest first; empty before the approval.
    payouts: Vec<PayoutPart>,
}

/// A part of a payout: money that goes back to one top-up, or is paid by hand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PayoutPart {
    payout_id: PayoutId,
    /// `wechat`, `alipay` or `manual`.
    channel: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    amount: Fen,
    status: PartStatus,
    /// How often the channel was told of it or asked about it.
    attempts: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_refund_id: Option<String>,
    /// Why it has not been done yet, or will not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    created_at: UtcTime,
    updated_at: UtcTime,
}

impl From<Part> for PayoutPart {
    fn from(part: Part) -> Self {
        PayoutPart {
            payout_id: part.id,
            channel: part.channel,
            order_id: part.order_id,
            amount: part.amount,
            status: part.status,
            attempts: part.attempts,
            provider_refund_id: part.provider_refund_id,
            last_error: part.last_error,
            created_at: part.created_at,
            updated_at: part.updated_at,
        }
    }
}

/// List refunds of all operators, newest first.
#[utoipa::path(
    get, path = "/v1/finance/refunds", operation_id = "list_all_refunds", tag = "finance",
    security(("bearer" = [])),
    params(PageParams, RefundParams),
    responses(
        (status = 200, body = Page<FinanceRefund>, description = "One page of refunds."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_all_refunds(
    State(app): State<App>,
    _caller: FinanceCaller,
    page: PageRequest,
    ApiQuery(params): ApiQuery<RefundParams>,
) -> Result<Json<Page<FinanceRefund>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let RefundParams { status, payout_status, operator_id } = params;
    let (total, items) = refunds::list(&mut connection, operator_id, status, payout_status, page).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}

/// One refund and the money of its operator.
#[utoipa::path(
    get, path = "/v1/finance/refunds/{id}", operation_id = "get_any_refund", tag = "finance",
    security(("bearer" = [])),
    params(("id" = RefundId, Path, description = "The refund.")),
    responses(
        (status = 200, body = Data<RefundDetails>, description = "The refund."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
        (status = 404, description = "`REFUND_NOT_FOUND`."),
    ),
)]
pub(crate) async fn get_any_refund(
    State(app): State<App>,
    _caller: FinanceCaller,
    PathId(refund_id): PathId<ids::Refund>,
) -> Result<Data<RefundDetails>, Rejection> {
    // A part that ends meanwhile must not be told beside the status before.
    let mut connection = app.database().acquire().await?;
    let mut snapshot = begin_snapshot(&mut connection).await?;
    let refund = refunds::find(&mut snapshot, None, refund_id).await?.ok_or(ErrorCode::RefundNotFound)?;
    let details = statistics::customer_details(&mut snapshot, refund.operator_id).await?;
    let operator_finance = details.ok_or_else(|| Problem::internal("the refund has no operator"))?;
    let payouts = refunds::parts(&mut snapshot, refund.operator_id, refund_id).await?;
    Ok(Data::new(RefundDetails {
        refund: refund.into(),
        operator_finance: operator_finance.into(),
        payouts: payouts.into_iter().map(Into::into).collect(),
    }))
}
