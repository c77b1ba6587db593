use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::OperatorId;
use base::paging::PageRequest;
use base::validate::Fields;
use money::Fen;
use office::statistics::{self, Customer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::extract::ApiQuery;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// Which customers are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CustomersQuery {
    /// Part of name or username, in any case.
    #[param(max_length = 100)]
    keyword: Option<String>,
}

/// A customer and its money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerItem {
    operator_id: OperatorId,
    operator_name: String,
    username: String,
    /// `trial`, `normal` or `vip`.
    category: String,
    current_balance: Fen,
    total_recharged: Fen,
    total_consumed: Fen,
    total_refunded: Fen,
    is_deactivated: bool,
    created_at: UtcTime,
}

impl From<Customer> for CustomerItem {
    fn from(customer: Customer) -> Self {
        CustomerItem {
            operator_id: customer.operator_id,
            operator_name: customer.operator_name,
            username: customer.username,
            category: customer.category,
            current_balance: customer.current_balance,
            total_recharged: customer.total_recharged,
            total_consumed: customer.total_consumed,
            total_refunded: customer.total_refunded,
            is_deactivated: customer.is_deactivated,
            created_at: customer.created_at,
        }
    }
}

/// List customers, deactivated or not, newest first.
#[utoipa::path(
    get, path = "/v1/finance/customers", operation_id = "list_customers", tag = "finance",
    security(("bearer" = [])),
    params(PageParams, CustomersQuery),
    responses(
        (status = 200, body = Page<CustomerItem>, description = "One page of customers."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_customers(
    State(app): State<App>,
    _caller: FinanceCaller,
    page: PageRequest,
    ApiQuery(query): ApiQuery<CustomersQuery>,
) -> Result<Json<Page<CustomerItem>>, Rejection> {
    Fields::new().optional_length("keyword", query.keyword.as_deref(), 0..=100).finish()?;
    let keyword = query.keyword.as_deref().unwrap_or_default().trim();
    let mut connection = app.database().acquire().await?;
    let (total, customers) = statistics::find_customers(&mut connection, keyword, page).await?;
    Ok(Json(Page::new(page, total, customers.into_iter().map(Into::into).collect())))
}
