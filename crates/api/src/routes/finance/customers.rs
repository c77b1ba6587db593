//! `GET /v1/finance/top-customers` and `/v1/finance/customers/{operator_id}/details`.

use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{Operator, OperatorId};
use base::problem::{ErrorCode, Text};
use base::validate::Fields;
use money::Fen;
use office::statistics::{self, CustomerDetails, Hundredths, TimeRange, TopCustomer, TopCustomers};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::FinanceCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 100;

/// How many customers are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TopCustomersQuery {
    /// 1…100.
    #[param(minimum = 1, maximum = 100, default = 10)]
    limit: Option<usize>,
}

/// A customer's place.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopCustomerItem {
    /// From 1.
    rank: usize,
    operator_id: OperatorId,
    operator_name: String,
    /// `trial`, `normal` or `vip`, as it is now.
    category: String,
    total_consumption: Fen,
    /// Of the consumption of all customers in the range.
    consumption_percentage: Hundredths,
    total_sessions: i64,
}

impl TopCustomerItem {
    fn new(rank: usize, customer: TopCustomer) -> Self {
        TopCustomerItem {
            rank,
            operator_id: customer.operator_id,
            operator_name: customer.operator_name,
            category: customer.category,
            total_consumption: customer.total_consumption,
            consumption_percentage: customer.percentage,
            total_sessions: customer.total_sessions,
        }
    }
}

/// The customers who spent most.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopCustomersAnswer {
    customers: Vec<TopCustomerItem>,
    /// Of all customers in the range, not only of these.
    total_consumption: Fen,
}

impl From<TopCustomers> for TopCustomersAnswer {
    fn from(top: TopCustomers) -> Self {
        let ranked = (1..).zip(top.customers);
        TopCustomersAnswer {
            customers: ranked.map(|(rank, customer)| TopCustomerItem::new(rank, customer)).collect(),
            total_consumption: top.total_consumption,
        }
    }
}

/// The customers who spent most in a range, the last 30 days unless given. Who spent nothing is not among them.
#[utoipa::path(
    get,
    path = "/v1/finance/top-customers",
    operation_id = "list_top_customers",
    tag = "finance",
    security(("bearer" = [])),
    params(TopCustomersQuery, RangeParams),
    responses(
        (status = 200, description = "The customers who spent most", body = Data<TopCustomersAnswer>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not of the finance staff"),
    )
)]
pub async fn list_top_customers(
    State(app): State<App>,
    _caller: FinanceCaller,
    range: TimeRange,
    ApiQuery(query): ApiQuery<TopCustomersQuery>,
) -> Result<Data<TopCustomersAnswer>, Rejection> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let text = Text::new("须在 1 到 100 之间", "must be from 1 to 100");
    Fields::new().check("limit", (1..=MAX_LIMIT).contains(&limit), text).finish()?;
    let mut connection = app.database().acquire().await?;
    let top = statistics::top_customers(&mut connection, range, limit).await?;
    Ok(Data::new(top.into()))
}

/// Everything finance knows about one operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerDetailsAnswer {
    operator_id: OperatorId,
    operator_name: String,
    /// `trial`, `normal` or `vip`.
    category: String,
    current_balance: Fen,
    total_recharged: Fen,
    total_consumed: Fen,
    total_refunded: Fen,
    total_sessions: i64,
    first_transaction_at: Option<UtcTime>,
    last_transaction_at: Option<UtcTime>,
}

impl From<CustomerDetails> for CustomerDetailsAnswer {
    fn from(details: CustomerDetails) -> Self {
        CustomerDetailsAnswer {
            operator_id: details.operator_id,
            operator_name: details.operator_name,
            category: details.category,
            current_balance: details.current_balance,
            total_recharged: details.total_recharged,
            total_consumed: details.total_consumed,
            total_refunded: details.total_refunded,
            total_sessions: details.total_sessions,
            first_transaction_at: details.first_transaction_at,
            last_transaction_at: details.last_transaction_at,
        }
    }
}

/// Balance and totals of one customer, deactivated or not.
#[utoipa::path(
    get,
    path = "/v1/finance/customers/{operator_id}/details",
    operation_id = "get_customer_details",
    tag = "finance",
    security(("bearer" = [])),
    params(("operator_id" = OperatorId, Path, description = "The customer")),
    responses(
        (status = 200, description = "The customer", body = Data<CustomerDetailsAnswer>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not of the finance staff"),
        (status = 404, description = "No such operator"),
    )
)]
pub async fn get_customer_details(
    State(app): State<App>,
    _caller: FinanceCaller,
    PathId(operator_id): PathId<Operator>,
) -> Result<Data<CustomerDetailsAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let details = statistics::customer_details(&mut connection, operator_id).await?;
    Ok(Data::new(details.ok_or(ErrorCode::OperatorNotFound)?.into()))
}
