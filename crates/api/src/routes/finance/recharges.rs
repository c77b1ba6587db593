use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{self, IdRange, OperatorId, OrderId};
use base::paging::PageRequest;
use base::problem::ErrorCode;
use base::validate::Fields;
use office::audit::Act;
use office::payments::providers::PaymentMethod;
use office::payments::{self, Order, OrderFilter, OrderStatus, ResolvedOutcome};
use platform::security::roles::CanResolveRecharge;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::payment_incidents::IncidentItem;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::FinanceCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;
use crate::routes::operator::recharges::RechargeItem;

/// Incidents shown with an order; it has one or two, if any.
const INCIDENTS: PageRequest = PageRequest { page: 1, page_size: 100 };

/// Which orders are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AllRechargesQuery {
    status: Option<OrderStatus>,
    operator_id: Option<OperatorId>,
    payment_method: Option<PaymentMethod>,
    /// Made at or after this time.
    start_time: Option<UtcTime>,
    /// Made before this time.
    end_time: Option<UtcTime>,
}

/// An order, whose it is, and what is known of it at the provider.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FinanceRecharge {
    #[serde(flatten)]
    order: RechargeItem,
    operator_id: OperatorId,
    operator_name: String,
    provider_transaction_id: Option<String>,
    /// The money came after the order had ended.
    paid_late: bool,
    /// Questions to the provider in a row that got no answer.
    query_failures: i32,
    /// What the provider said last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_answer: Option<String>,
    /// How it was decided by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_outcome: Option<ResolvedOutcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_at: Option<UtcTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolve_reason: Option<String>,
}

/// An order and the payments of it that somebody has to look at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RechargeDetails {
    #[serde(flatten)]
    order: FinanceRecharge,
    incidents: Vec<IncidentItem>,
}

/// A decision about an abnormal order.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ResolveRequest {
    /// `success` credits the amount of the order.
    outcome: ResolvedOutcome,
    #[schema(min_length = 10, max_length = 200)]
    reason: String,
}

impl From<Order> for FinanceRecharge {
    fn from(mut order: Order) -> Self {
        FinanceRecharge {
            operator_id: order.operator_id,
            operator_name: std::mem::take(&mut order.operator_name),
            provider_transaction_id: order.provider_transaction_id.take(),
            paid_late: order.paid_late,
            query_failures: order.query_failures,
            last_answer: order.last_answer.take(),
            resolved_outcome: order.resolved_outcome,
            resolved_by: order.resolved_by.take(),
            resolved_at: order.resolved_at,
            resolve_reason: order.resolve_reason.take(),
            order: order.into(),
        }
    }
}

/// List top-ups of all operators, newest first.
#[utoipa::path(
    get, path = "/v1/finance/recharges", operation_id = "list_all_recharges", tag = "finance",
    security(("bearer" = [])),
    params(PageParams, AllRechargesQuery),
    responses(
        (status = 200, body = Page<FinanceRecharge>, description = "One page of orders."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_all_recharges(
    State(app): State<App>,
    _caller: FinanceCaller,
    page: PageRequest,
    ApiQuery(query): ApiQuery<AllRechargesQuery>,
) -> Result<Json<Page<FinanceRecharge>>, Rejection> {
    Fields::new().time_range(query.start_time, query.end_time).finish()?;
    let filter = OrderFilter {
        operator_id: query.operator_id,
        status: query.status,
        payment_method: query.payment_method,
        range: IdRange::between(query.start_time, query.end_time),
    };
    let mut connection = app.database().acquire().await?;
    let (total, orders) = payments::list(&mut connection, &filter, page).await?;
    Ok(Json(Page::new(page, total, orders.into_iter().map(Into::into).collect())))
}

/// One top-up and what somebody has to look at.
#[utoipa::path(
    get, path = "/v1/finance/recharges/{id}", operation_id = "get_any_recharge", tag = "finance",
    security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order.")),
    responses(
        (status = 200, body = Data<RechargeDetails>, description = "The order."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`."),
    ),
)]
pub(crate) async fn get_any_recharge(
    State(app): State<App>,
    _caller: FinanceCaller,
    PathId(order_id): PathId<ids::Order>,
) -> Result<Data<RechargeDetails>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let order = payments::find(&mut connection, None, order_id).await?;
    let order = order.ok_or(ErrorCode::ResourceNotFound)?;
    let (_, incidents) = payments::list_incidents(&mut connection, Some(order_id), INCIDENTS).await?;
    let incidents = incidents.into_iter().map(Into::into).collect();
    Ok(Data::new(RechargeDetails { order: order.into(), incidents }))
}

/// Decide an abnormal top-up: `success` credits its amount, `failed` ends it.
#[utoipa::path(
    post, path = "/v1/finance/recharges/{id}/resolve", operation_id = "resolve_recharge", tag = "finance",
    security(("bearer" = [])),
    params(
        ("id" = OrderId, Path, description = "The order."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters."),
    ),
    request_body = ResolveRequest,
    responses(
        (status = 200, body = Data<FinanceRecharge>, description = "The order as it is now."),
        (status = 400, description = "The reason does not fit, or the order is not abnormal."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_resolve_recharge`."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn resolve_recharge(
    State(app): State<App>,
    caller: FinanceCaller<CanResolveRecharge>,
    PathId(order_id): PathId<ids::Order>,
    IdempotentJson(attempt, body): IdempotentJson<ResolveRequest>,
) -> Result<Response, Rejection> {
    Fields::new().length("reason", &body.reason, 10..=200).finish()?;
    let reason = body.reason.trim();
    let act = Act::new("recharge_resolve", json!({"outcome": body.outcome, "reason": reason}));
    let act = act.on("order", &order_id);
    let by = &caller.signed_in.username;
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::OK, async |connection, act| {
            let now = app.clock().now();
            let order = payments::resolve(connection, order_id, body.outcome, reason, by, now).await?;
            act.set("operator_id", json!(order.operator_id));
            act.set("amount", json!(order.amount));
            Ok(FinanceRecharge::from(order))
        })
        .await?)
}
