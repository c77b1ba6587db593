//! `GET /v1/finance/transactions/export`.

use axum::extract::State;
use axum::response::Response;
use base::ids::IdRange;
use base::problem::{Problem, Text};
use base::validate::Fields;
use books::ledger::list::EntryFilter;
use books::ledger::list_all::{self, AllFilter, OperatorEntry};
use books::ledger::list_by_operator::ByOperator;
use office::exports::{Column, Export, PAGE_ROWS, Row, Selection, Setting, Table};
use office::statistics;
use platform::security::roles::CanViewAllTransactions;
use sqlx::PgConnection;

use super::transactions::AllTransactionsQuery;
use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::export::{ExportRequest, FormatParams};
use crate::http::extract::ApiQuery;
use crate::http::rejection::Rejection;
use crate::routes::exports::{FileAnswer, OPERATOR};
use crate::routes::operator::export_transactions as of_operator;
use crate::routes::operator::export_transactions::TYPE_COLUMN;

/// As the fields of the list.
fn columns() -> Vec<Column> {
    let mut columns = of_operator::columns();
    columns.push(Column::id("运营商编号", "Operator ID"));
    columns.push(Column::text("运营商", "Operator"));
    columns
}

fn cells(row: OperatorEntry) -> Row {
    let mut cells = of_operator::cells(row.entry);
    cells.push(row.operator_id.into());
    cells.push(row.operator_name.into());
    cells
}

struct AllTransactionsExport {
    query: AllTransactionsQuery,
    filter: AllFilter,
    entries: Option<ByOperator>,
}

impl AllTransactionsExport {
    async fn select(&self, connection: &mut PgConnection, setting: &Setting) -> Result<Selection, Problem> {
        let (query, language) = (&self.query, setting.language);
        let selection = of_operator::select(query.start_time, query.end_time, query.kind, setting);
        let mut operators = Vec::new();
        if let Some(id) = query.operator_id {
            operators.push((id.to_string(), statistics::operator_name(connection, id).await?));
        }
        Ok(selection.things(&OPERATOR, &operators, language))
    }
}

impl Export for AllTransactionsExport {
    async fn open(&mut self, connection: &mut PgConnection, setting: &Setting) -> Result<Table, Problem> {
        let total_rows = list_all::count(connection, &self.filter).await?;
        self.entries = Some(ByOperator::open(connection, self.filter).await?);
        Ok(Table {
            name: Text::new("全部交易记录", "All transactions"),
            columns: columns(),
            selection: self.select(connection, setting).await?,
            sums_by: Some(TYPE_COLUMN),
            total_rows,
        })
    }

    async fn next(&mut self, connection: &mut PgConnection) -> Result<Vec<Row>, Problem> {
        let Some(entries) = &mut self.entries else { return Ok(Vec::new()) };
        Ok(entries.next(connection, PAGE_ROWS).await?.into_iter().map(cells).collect())
    }
}

/// The transactions of all operators as a file: operator by operator, each one's newest first.
#[utoipa::path(
    get, path = "/v1/finance/transactions/export", operation_id = "export_all_transactions", tag = "finance",
    security(("bearer" = [])),
    params(AllTransactionsQuery, FormatParams),
    responses(FileAnswer, (status = 403, description = "Without `can_view_all_transactions`.")),
)]
pub(crate) async fn export_all_transactions(
    State(app): State<App>,
    caller: FinanceCaller<CanViewAllTransactions>,
    request: ExportRequest,
    ApiQuery(query): ApiQuery<AllTransactionsQuery>,
) -> Result<Response, Rejection> {
    Fields::new().time_range(query.start_time, query.end_time).finish()?;
    let filter = AllFilter {
        operator_id: query.operator_id,
        kind: EntryFilter::from(query.kind.unwrap_or_default()),
        range: IdRange::between(query.start_time, query.end_time),
    };
    let export = AllTransactionsExport { query, filter, entries: None };
    Ok(request.answer(&app, caller.signed_in.subject, export).await?)
}
