//! `GET /v1/operators/me/transactions`.

use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{IdRange, OrderId, RefundId, TransactionId, UsageId};
use base::paging::Seek;
use base::validate::Fields;
use books::ledger::list::{self, EntryFilter, LedgerEntry};
use money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::OperatorCaller;
use crate::http::cursor::{CursorPage, CursorParams};
use crate::http::extract::ApiQuery;
use crate::http::page::PageParams;
use crate::http::rejection::Rejection;

/// Kinds of transactions.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TransactionType {
    Recharge,
    Consumption,
    Refund,
    Adjustment,
    #[default]
    All,
}

impl From<TransactionType> for EntryFilter {
    fn from(kind: TransactionType) -> Self {
        match kind {
            TransactionType::Recharge => Self::Recharge,
            TransactionType::Consumption => Self::Consumption,
            TransactionType::Refund => Self::Refund,
            TransactionType::Adjustment => Self::Adjustment,
            TransactionType::All => Self::All,
        }
    }
}

/// Which transactions are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TransactionQuery {
    /// Inclusive.
    pub(super) start_time: Option<UtcTime>,
    /// Exclusive.
    pub(super) end_time: Option<UtcTime>,
    #[serde(rename = "type")]
    #[param(rename = "type", inline)]
    pub(super) kind: Option<TransactionType>,
}

/// A movement of the balance.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransactionItem {
    transaction_id: TransactionId,
    /// `consumption`, `recharge`, `refund` or `adjustment`.
    #[serde(rename = "type")]
    kind: String,
    /// Always positive; the balances say which way it went.
    amount: Fen,
    balance_before: Fen,
    balance_after: Fen,
    created_at: UtcTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    related_usage_id: Option<UsageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_id: Option<RefundId>,
}

impl From<LedgerEntry> for TransactionItem {
    fn from(entry: LedgerEntry) -> Self {
        TransactionItem {
            transaction_id: entry.id,
            kind: entry.kind,
            amount: entry.amount,
            balance_before: entry.balance_before,
            balance_after: entry.balance_after,
            created_at: entry.occurred_at,
            related_usage_id: entry.usage_id,
            payment_method: entry.payment_method,
            order_id: entry.order_id,
            refund_id: entry.refund_id,
        }
    }
}

/// The operator's transactions, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/transactions",
    operation_id = "list_transactions",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams, CursorParams, TransactionQuery),
    responses(
        (status = 200, description = "One page of transactions", body = CursorPage<TransactionItem>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_transactions(
    State(app): State<App>,
    caller: OperatorCaller,
    seek: Seek,
    ApiQuery(query): ApiQuery<TransactionQuery>,
) -> Result<Json<CursorPage<TransactionItem>>, Rejection> {
    Fields::new().time_range(query.start_time, query.end_time).finish()?;
    let range = IdRange::between(query.start_time, query.end_time);
    let filter = EntryFilter::from(query.kind.unwrap_or_default());
    let mut connection = app.database().acquire().await?;
    let total = list::count(&mut connection, caller.operator_id, range).await?.of(filter);
    let entries = list::page(&mut connection, caller.operator_id, filter, range, seek).await?;
    Ok(Json(CursorPage::cut(seek, total, entries, |entry| entry.id.uuid())))
}
