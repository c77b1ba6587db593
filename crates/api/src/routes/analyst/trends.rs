//! `GET /v1/analytics/trends`.

use axum::extract::State;
use base::calendar::CalendarUnit;
use office::statistics::{self, Filter, GroupBy, Series};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::FilterParams;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AnalystCaller;
use crate::http::extract::ApiQuery;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;
use crate::routes::figures::ChartPoint;

/// Which lines the chart has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AnalyticsTrendsQuery {
    /// `day` unless given.
    #[param(inline)]
    pub(super) dimension: Option<CalendarUnit>,
    /// `none` unless given.
    #[param(inline)]
    pub(super) group_by: Option<GroupBy>,
}

/// A line of the chart.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesItem {
    /// The id of the operator, site or application; `all` without grouping; `others` for what is left after 49.
    key: String,
    name: String,
    /// Every day, week or month of the range.
    points: Vec<ChartPoint>,
}

impl From<Series> for SeriesItem {
    fn from(series: Series) -> Self {
        SeriesItem {
            key: series.label.key,
            name: series.label.name,
            points: series.points.into_iter().map(Into::into).collect(),
        }
    }
}

/// Figures over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnalyticsTrends {
    /// The costliest first.
    series: Vec<SeriesItem>,
}

/// Figures over time, apart by operator, site or application. A group shows when it has games or is named in the filter;
/// of more than 50 groups the last series is the sum of those that are left.
#[utoipa::path(
    get,
    path = "/v1/analytics/trends",
    operation_id = "get_analytics_trends",
    tag = "analytics",
    security(("bearer" = [])),
    params(RangeParams, FilterParams, AnalyticsTrendsQuery),
    responses(
        (status = 200, description = "The series", body = Data<AnalyticsTrends>),
        (status = 400, description = "A parameter is not valid, or there would be more than 3700 dates"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn get_analytics_trends(
    State(app): State<App>,
    _caller: AnalystCaller,
    filter: Filter,
    ApiQuery(query): ApiQuery<AnalyticsTrendsQuery>,
) -> Result<Data<AnalyticsTrends>, Rejection> {
    let (group_by, period) = (query.group_by.unwrap_or_default(), query.dimension.unwrap_or_default());
    let timezone = &app.settings().business_timezone;
    let mut connection = app.database().acquire().await?;
    let series = statistics::series(&mut connection, &filter, group_by, period, timezone).await?;
    Ok(Data::new(AnalyticsTrends { series: series.into_iter().map(Into::into).collect() }))
}
