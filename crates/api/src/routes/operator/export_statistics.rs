//! `GET /v1/operators/me/statistics/export`.

use axum::extract::State;
use axum::response::Response;
use base::calendar::CalendarUnit;
use base::ids::OperatorId;
use base::problem::{Problem, Text};
use office::exports::{Column, Export, ReadyRows, Row, Setting, Table};
use office::statistics::{self, Dimension, Filter, Ranked, TimeRange};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::consumption::ConsumptionQuery;
use crate::app::App;
use crate::http::caller::OperatorCaller;
use crate::http::export::{ExportRequest, FormatParams};
use crate::http::extract::ApiQuery;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;
use crate::routes::exports::{
    FileAnswer, figure_cells, figure_columns, period_word, required, select_of_operator, select_range,
};

/// Which figures of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OperatorReport {
    Consumption,
    ByApp,
    BySite,
}

/// Which figures are exported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatisticsExportQuery {
    #[param(inline, required = true)]
    report: Option<OperatorReport>,
}

struct StatisticsExport {
    operator_id: OperatorId,
    report: OperatorReport,
    range: TimeRange,
    query: ConsumptionQuery,
    rows: ReadyRows,
}

impl StatisticsExport {
    fn filter(&self) -> Filter {
        let mut filter = Filter::of_operator(self.operator_id, self.range);
        filter.sites.extend(self.query.site_id);
        filter.apps.extend(self.query.app_id);
        filter
    }

    fn period(&self) -> CalendarUnit {
        self.query.dimension.unwrap_or_default()
    }

    fn columns(&self) -> Vec<Column> {
        let (mut columns, with_average) = match self.report {
            OperatorReport::Consumption => (vec![Column::date("日期", "Date")], false),
            OperatorReport::ByApp => {
                (vec![Column::id("应用编号", "Application ID"), Column::text("应用", "Application")], true)
            }
            OperatorReport::BySite => {
                (vec![Column::id("运营点编号", "Site ID"), Column::text("运营点", "Site")], false)
            }
        };
        columns.extend(figure_columns(with_average));
        columns
    }

    async fn read(&self, connection: &mut PgConnection, setting: &Setting) -> Result<Vec<Row>, Problem> {
        let filter = self.filter();
        let (dimension, with_average) = match self.report {
            OperatorReport::Consumption => {
                let period = self.period();
                let read = statistics::consumption(connection, &filter, period, &setting.timezone).await?;
                let rows = read
                    .points
                    .iter()
                    .map(|point| [vec![point.date.into()], figure_cells(&point.figures, false)].concat());
                return Ok(rows.collect());
            }
            OperatorReport::ByApp => (Dimension::App, true),
            OperatorReport::BySite => (Dimension::Site, false),
        };
        let ranking = statistics::ranking(connection, &filter, dimension).await?;
        let places = ranking.places(connection, 0, ranking.len()).await?;
        let row = |place: Ranked| {
            let label = vec![place.label.key.into(), place.label.name.into()];
            [label, figure_cells(&place.figures, with_average)].concat()
        };
        Ok(places.into_iter().map(row).collect())
    }
}

impl Export for StatisticsExport {
    async fn open(&mut self, connection: &mut PgConnection, setting: &Setting) -> Result<Table, Problem> {
        self.rows = ReadyRows::new(self.read(connection, setting).await?);
        let mut selection = select_range(self.range, setting);
        if self.report == OperatorReport::Consumption {
            let word = period_word(self.period());
            selection = selection.word(Text::new("统计周期", "CalendarUnit"), &word, setting.language);
        }
        let name = match self.report {
            OperatorReport::Consumption => Text::new("消费统计", "Consumption"),
            OperatorReport::ByApp => Text::new("应用消费统计", "Consumption by application"),
            OperatorReport::BySite => Text::new("运营点消费统计", "Consumption by site"),
        };
        let things = (self.query.site_id, self.query.app_id);
        let language = setting.language;
        Ok(Table {
            name,
            columns: self.columns(),
            selection: select_of_operator(connection, self.operator_id, things, selection, language).await?,
            sums_by: None,
            total_rows: self.rows.count(),
        })
    }

    async fn next(&mut self, _: &mut PgConnection) -> Result<Vec<Row>, Problem> {
        Ok(self.rows.page())
    }
}

/// The operator's statistics as a file, with the figures of the report of the same name. The filters work for every
/// report, `dimension` for `consumption` only.
#[utoipa::path(
    get,
    path = "/v1/operators/me/statistics/export",
    operation_id = "export_statistics",
    tag = "operator",
    security(("bearer" = [])),
    params(StatisticsExportQuery, RangeParams, ConsumptionQuery, FormatParams),
    responses(FileAnswer, (status = 403, description = "Not an operator"))
)]
pub async fn export_statistics(
    State(app): State<App>,
    caller: OperatorCaller,
    request: ExportRequest,
    ApiQuery(chosen): ApiQuery<StatisticsExportQuery>,
    range: TimeRange,
    ApiQuery(query): ApiQuery<ConsumptionQuery>,
) -> Result<Response, Rejection> {
    let report = required("report", chosen.report)?;
    let export = StatisticsExport {
        operator_id: caller.operator_id,
        report,
        range,
        query,
        rows: ReadyRows::default(),
    };
    Ok(request.answer(&app, caller.signed_in.subject, export).await?)
}
