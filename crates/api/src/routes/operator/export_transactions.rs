//! `GET /v1/operators/me/transactions/export`.

use axum::extract::State;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{IdRange, OperatorId};
use base::paging::Seek;
use base::problem::{Problem, Text};
use base::validate::Fields;
use books::ledger::list::{self, EntryFilter, LedgerEntry};
use office::exports::{Column, Export, PAGE_ROWS, Row, Selection, Setting, Table};
use sqlx::PgConnection;
use uuid::Uuid;

use super::transactions::{TransactionQuery, TransactionType};
use crate::app::App;
use crate::http::caller::OperatorCaller;
use crate::http::export::{ExportRequest, FormatParams};
use crate::http::extract::ApiQuery;
use crate::http::rejection::Rejection;
use crate::routes::exports::FileAnswer;

/// The place of the column `type`, by which amounts are added up.
pub(crate) const TYPE_COLUMN: usize = 1;

/// As the fields of the list.
pub(crate) fn columns() -> Vec<Column> {
    vec![
        Column::id("交易编号", "Transaction ID"),
        Column::text("类型", "Type"),
        Column::money("金额（元）", "Amount (CNY)").summed(),
        Column::money("变动前余额（元）", "Balance before (CNY)"),
        Column::money("变动后余额（元）", "Balance after (CNY)"),
        Column::time("时间", "Time"),
        Column::id("使用记录编号", "Usage ID"),
        Column::text("支付方式", "Payment method"),
        Column::id("订单编号", "Order ID"),
        Column::id("退款编号", "Refund ID"),
    ]
}

pub(crate) fn cells(entry: LedgerEntry) -> Row {
    vec![
        entry.id.into(),
        entry.kind.into(),
        entry.amount.into(),
        entry.balance_before.into(),
        entry.balance_after.into(),
        entry.occurred_at.into(),
        entry.usage_id.into(),
        entry.payment_method.into(),
        entry.order_id.into(),
        entry.refund_id.into(),
    ]
}

/// Which transactions, in words.
pub(crate) fn select(
    start_time: Option<UtcTime>,
    end_time: Option<UtcTime>,
    kind: Option<TransactionType>,
    setting: &Setting,
) -> Selection {
    let selection = Selection::default().times(start_time, end_time, setting);
    match kind.unwrap_or_default().word() {
        Some(word) => selection.word(Text::new("类型", "Type"), &word, setting.language),
        None => selection,
    }
}

impl TransactionType {
    const fn word(self) -> Option<Text> {
        match self {
            Self::Recharge => Some(Text::new("充值", "top-ups")),
            Self::Consumption => Some(Text::new("消费", "consumption")),
            Self::Refund => Some(Text::new("退款", "refunds")),
            Self::Adjustment => Some(Text::new("调整", "adjustments")),
            Self::All => None,
        }
    }
}

struct TransactionExport {
    operator_id: OperatorId,
    query: TransactionQuery,
    filter: EntryFilter,
    range: IdRange,
    before: Option<Uuid>,
}

impl Export for TransactionExport {
    async fn open(&mut self, connection: &mut PgConnection, setting: &Setting) -> Result<Table, Problem> {
        let query = &self.query;
        let counts = list::count(connection, self.operator_id, self.range).await?;
        Ok(Table {
            name: Text::new("交易记录", "Transactions"),
            columns: columns(),
            selection: select(query.start_time, query.end_time, query.kind, setting),
            sums_by: Some(TYPE_COLUMN),
            total_rows: counts.of(self.filter),
        })
    }

    async fn next(&mut self, connection: &mut PgConnection) -> Result<Vec<Row>, Problem> {
        let seek = Seek::batch(PAGE_ROWS, self.before);
        let entries = list::page(connection, self.operator_id, self.filter, self.range, seek).await?;
        self.before = entries.last().map(|entry| entry.id.uuid());
        Ok(entries.into_iter().map(cells).collect())
    }
}

/// The operator's transactions as a file, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/transactions/export",
    operation_id = "export_transactions",
    tag = "operator",
    security(("bearer" = [])),
    params(TransactionQuery, FormatParams),
    responses(FileAnswer, (status = 403, description = "Not an operator"))
)]
pub async fn export_transactions(
    State(app): State<App>,
    caller: OperatorCaller,
    request: ExportRequest,
    ApiQuery(query): ApiQuery<TransactionQuery>,
) -> Result<Response, Rejection> {
    Fields::new().time_range(query.start_time, query.end_time).finish()?;
    let export = TransactionExport {
        operator_id: caller.operator_id,
        filter: EntryFilter::from(query.kind.unwrap_or_default()),
        range: IdRange::between(query.start_time, query.end_time),
        query,
        before: None,
    };
    Ok(request.answer(&app, caller.signed_in.subject, export).await?)
}
