//! `GET /v1/operators/me/recharges` and `/{order_id}`.

use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{self, IdRange, OrderId};
use base::paging::PageRequest;
use base::problem::ErrorCode;
use money::Fen;
use office::payments::providers::PaymentMethod;
use office::payments::{self, Order, OrderFilter, OrderStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// Which orders are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RechargeQuery {
    status: Option<OrderStatus>,
}

/// An order for a top-up.
#[derive(Debug, Serialize, ToSchema)]
pub struct RechargeItem {
    order_id: OrderId,
    amount: Fen,
    payment_method: PaymentMethod,
    status: OrderStatus,
    created_at: UtcTime,
    paid_at: Option<UtcTime>,
    expires_at: UtcTime,
    /// While it can be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_code_url: Option<String>,
    /// While it can be paid, where there is such a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_url: Option<String>,
}

impl From<Order> for RechargeItem {
    fn from(order: Order) -> Self {
        let is_open = order.status == OrderStatus::Pending;
        RechargeItem {
            order_id: order.id,
            amount: order.amount,
            payment_method: order.payment_method,
            status: order.status,
            created_at: order.created_at,
            // Providers tell the second, which may have begun before the order was made.
            paid_at: order.paid_at.map(|paid_at| paid_at.max(order.created_at)),
            expires_at: order.expires_at,
            qr_code_url: order.qr_code_url.filter(|_| is_open),
            payment_url: order.payment_url.filter(|_| is_open),
        }
    }
}

/// The operator's top-ups, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/recharges",
    operation_id = "list_recharges",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams, RechargeQuery),
    responses(
        (status = 200, description = "One page of orders", body = Page<RechargeItem>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_recharges(
    State(app): State<App>,
    caller: OperatorCaller,
    page: PageRequest,
    ApiQuery(query): ApiQuery<RechargeQuery>,
) -> Result<Json<Page<RechargeItem>>, Rejection> {
    let filter = OrderFilter {
        operator_id: Some(caller.operator_id),
        status: query.status,
        payment_method: None,
        range: IdRange::between(None, None),
    };
    let mut connection = app.database().acquire().await?;
    let (total, orders) = payments::list(&mut connection, &filter, page).await?;
    Ok(Json(Page::new(page, total, orders.into_iter().map(Into::into).collect())))
}

/// One top-up of the operator. Somebody who looks at a pending one has its provider asked soon.
#[utoipa::path(
    get,
    path = "/v1/operators/me/recharges/{id}",
    operation_id = "get_recharge",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "The order", body = Data<RechargeItem>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "`RESOURCE_NOT_FOUND`"),
    )
)]
pub async fn get_recharge(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(order_id): PathId<ids::Order>,
) -> Result<Data<RechargeItem>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let order = payments::find(&mut connection, Some(caller.operator_id), order_id).await?;
    let order = order.ok_or(ErrorCode::ResourceNotFound)?;
    payments::somebody_waits(&mut connection, &order, app.clock().now()).await?;
    Ok(Data::new(order.into()))
}
