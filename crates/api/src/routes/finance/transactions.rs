use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{IdRange, OperatorId};
use base::paging::Seek;
use base::validate::Fields;
use books::ledger::list::EntryFilter;
use books::ledger::list_all::{self, AllFilter, OperatorEntry};
use platform::security::roles::CanViewAllTransactions;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::cursor::{CursorPage, CursorParams};
use crate::http::extract::ApiQuery;
use crate::http::page::PageParams;
use crate::http::rejection::Rejection;
use crate::routes::operator::transactions::{TransactionItem, TransactionType};

/// Which transactions are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AllTransactionsQuery {
    pub(super) operator_id: Option<OperatorId>,
    /// Inclusive.
    pub(super) start_time: Option<UtcTime>,
    /// Exclusive.
    pub(super) end_time: Option<UtcTime>,
    #[serde(rename = "type")]
    #[param(rename = "type", inline)]
    pub(super) kind: Option<TransactionType>,
}

/// A movement of an operator's balance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FinanceTransaction {
    #[serde(flatten)]
    transaction: TransactionItem,
    operator_id: OperatorId,
    operator_name: String,
}

impl From<OperatorEntry> for FinanceTransaction {
    fn from(row: OperatorEntry) -> Self {
        FinanceTransaction {
            transaction: row.entry.into(),
            operator_id: row.operator_id,
            operator_name: row.operator_name,
        }
    }
}

/// List the transactions of all operators, newest first.
#[utoipa::path(
    get, path = "/v1/finance/transactions", operation_id = "list_all_transactions", tag = "finance",
    security(("bearer" = [])),
    params(PageParams, CursorParams, AllTransactionsQuery),
    responses(
        (status = 200, body = CursorPage<FinanceTransaction>, description = "One page of transactions."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_view_all_transactions`."),
    ),
)]
pub(crate) async fn list_all_transactions(
    State(app): State<App>,
    _caller: FinanceCaller<CanViewAllTransactions>,
    seek: Seek,
    ApiQuery(query): ApiQuery<AllTransactionsQuery>,
) -> Result<Json<CursorPage<FinanceTransaction>>, Rejection> {
    Fields::new().time_range(query.start_time, query.end_time).finish()?;
    let filter = AllFilter {
        operator_id: query.operator_id,
        kind: EntryFilter::from(query.kind.unwrap_or_default()),
        range: IdRange::between(query.start_time, query.end_time),
    };
    let mut connection = app.database().acquire().await?;
    let total = list_all::count(&mut connection, &filter).await?;
    let entries = list_all::page(&mut connection, &filter, seek).await?;
    Ok(Json(CursorPage::cut(seek, total, entries, |row| row.entry.id.uuid())))
}
