//! `GET /v1/analytics/export`.

use axum::extract::State;
use axum::response::Response;
use base::calendar::CalendarUnit;
use base::problem::{Problem, Text};
use office::exports::{Export, ReadyRows, Row, Selection, Setting, Table};
use office::statistics::{self, Dimension, Filter, GroupBy, Measure};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::cross::CrossQuery;
use super::export_tables::{Sheet, cross_sheet, distribution_sheet, ranking_sheet, trends_sheet};
use super::filter::FilterParams;
use super::trends::AnalyticsTrendsQuery;
use crate::app::App;
use crate::http::caller::AnalystCaller;
use crate::http::export::{ExportRequest, FormatParams};
use crate::http::extract::ApiQuery;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;
use crate::routes::exports::{FileAnswer, period_word, required, select_of_analysis, select_range};

/// Which figures of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnalyticsReport {
    ByOperator,
    BySite,
    ByApp,
    Trends,
    PlayerDistribution,
    Cross,
}

/// Which figures are exported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AnalyticsExportQuery {
    #[param(inline, required = true)]
    report: Option<AnalyticsReport>,
}

/// A cross table, of which `rows` and `cols` are required when it is the report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CrossExportParams {
    /// Of `cross`, which requires it.
    #[param(inline)]
    rows: Option<Dimension>,
    /// Of `cross`, which requires it.
    #[param(inline)]
    cols: Option<Dimension>,
    /// Of `cross`; `sessions` unless given.
    #[param(inline)]
    measure: Option<Measure>,
}

impl From<CrossExportParams> for CrossQuery {
    fn from(params: CrossExportParams) -> Self {
        CrossQuery { rows: params.rows, cols: params.cols, measure: params.measure }
    }
}

/// A report with its parameters.
#[derive(Clone, Copy, Debug)]
enum Chosen {
    Ranking(Dimension),
    Trends(GroupBy, CalendarUnit),
    Distribution,
    Cross((Dimension, Dimension), Measure),
}

impl Chosen {
    fn new(
        report: AnalyticsReport,
        trends: &AnalyticsTrendsQuery,
        cross: &CrossQuery,
    ) -> Result<Self, Problem> {
        Ok(match report {
            AnalyticsReport::ByOperator => Self::Ranking(Dimension::Operator),
            AnalyticsReport::BySite => Self::Ranking(Dimension::Site),
            AnalyticsReport::ByApp => Self::Ranking(Dimension::App),
            AnalyticsReport::Trends => {
                Self::Trends(trends.group_by.unwrap_or_default(), trends.dimension.unwrap_or_default())
            }
            AnalyticsReport::PlayerDistribution => Self::Distribution,
            AnalyticsReport::Cross => Self::Cross(cross.sides()?, cross.measure.unwrap_or_default()),
        })
    }

    /// What the parameters of the report are, in words.
    fn tell(self, selection: Selection, setting: &Setting) -> Selection {
        match self {
            Self::Ranking(_) | Self::Distribution => selection,
            Self::Trends(_, period) => {
                selection.word(Text::new("统计周期", "CalendarUnit"), &period_word(period), setting.language)
            }
            Self::Cross(_, measure) => {
                let word = match measure {
                    Measure::Sessions => Text::new("场次", "sessions"),
                    Measure::Players => Text::new("玩家人次", "players"),
                    Measure::Cost => Text::new("消费金额", "cost"),
                };
                selection.word(Text::new("指标", "Measure"), &word, setting.language)
            }
        }
    }
}

struct AnalyticsExport {
    chosen: Chosen,
    filter: Filter,
    rows: ReadyRows,
}

impl AnalyticsExport {
    async fn read(&self, connection: &mut PgConnection, setting: &Setting) -> Result<Sheet, Problem> {
        let (filter, timezone) = (&self.filter, &setting.timezone);
        Ok(match self.chosen {
            Chosen::Ranking(dimension) => {
                let ranking = statistics::ranking(connection, filter, dimension).await?;
                ranking_sheet(dimension, ranking.places(connection, 0, ranking.len()).await?)
            }
            Chosen::Trends(group_by, period) => {
                let series = statistics::series(connection, filter, group_by, period, timezone).await?;
                trends_sheet(group_by, series, setting.language)
            }
            Chosen::Distribution => distribution_sheet(statistics::distribution(connection, filter).await?),
            Chosen::Cross(sides, measure) => {
                let table = statistics::cross(connection, filter, sides, measure, timezone).await?;
                cross_sheet(sides, measure, table)
            }
        })
    }
}

impl Export for AnalyticsExport {
    async fn open(&mut self, connection: &mut PgConnection, setting: &Setting) -> Result<Table, Problem> {
        let Sheet { name, columns, rows } = self.read(connection, setting).await?;
        self.rows = ReadyRows::new(rows);
        let selection = self.chosen.tell(select_range(self.filter.range, setting), setting);
        let selection = select_of_analysis(connection, &self.filter, selection, setting.language).await?;
        Ok(Table { name, columns, selection, sums_by: None, total_rows: self.rows.count() })
    }

    async fn next(&mut self, _: &mut PgConnection) -> Result<Vec<Row>, Problem> {
        Ok(self.rows.page())
    }
}

/// An analysis as a file, with the figures of the endpoint of the same name. `dimension` and `group_by` are parameters of
/// `trends`, which has a row for every series and date; `rows`, `cols` and `measure` are those of `cross`.
#[utoipa::path(
    get,
    path = "/v1/analytics/export",
    operation_id = "export_analytics",
    tag = "analytics",
    security(("bearer" = [])),
    params(AnalyticsExportQuery, RangeParams, FilterParams, AnalyticsTrendsQuery, CrossExportParams, FormatParams),
    responses(
        FileAnswer,
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn export_analytics(
    State(app): State<App>,
    caller: AnalystCaller,
    request: ExportRequest,
    ApiQuery(chosen): ApiQuery<AnalyticsExportQuery>,
    filter: Filter,
    ApiQuery(trends): ApiQuery<AnalyticsTrendsQuery>,
    ApiQuery(cross): ApiQuery<CrossExportParams>,
) -> Result<Response, Rejection> {
    let report = required("report", chosen.report)?;
    let chosen = Chosen::new(report, &trends, &cross.into())?;
    let export = AnalyticsExport { chosen, filter, rows: ReadyRows::default() };
    Ok(request.answer(&app, caller.signed_in.subject, export).await?)
}
