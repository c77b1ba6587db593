//! `GET /v1/operators/me/statistics/consumption`.

use axum::extract::State;
use base::calendar::CalendarUnit;
use base::ids::{AppId, SiteId};
use money::Fen;
use office::statistics::{self, Consumption, Figures, Filter, Hundredths, TimeRange};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::ApiQuery;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;
use crate::routes::figures::ChartPoint;

/// Which games are counted, and over which periods.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsumptionQuery {
    /// `day` unless given.
    #[param(inline)]
    pub(super) dimension: Option<CalendarUnit>,
    pub(super) site_id: Option<SiteId>,
    pub(super) app_id: Option<AppId>,
}

/// The figures of the whole range.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsumptionSummary {
    total_sessions: i64,
    total_players: i64,
    total_cost: Fen,
    avg_players_per_session: Hundredths,
}

impl From<Figures> for ConsumptionSummary {
    fn from(figures: Figures) -> Self {
        ConsumptionSummary {
            total_sessions: figures.sessions,
            total_players: figures.players,
            total_cost: figures.cost,
            avg_players_per_session: figures.average_players(),
        }
    }
}

/// Consumption over time, without gaps.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsumptionAnswer {
    dimension: CalendarUnit,
    chart_data: Vec<ChartPoint>,
    summary: ConsumptionSummary,
}

impl ConsumptionAnswer {
    fn new(dimension: CalendarUnit, consumption: Consumption) -> Self {
        ConsumptionAnswer {
            dimension,
            chart_data: consumption.points.into_iter().map(Into::into).collect(),
            summary: consumption.total.into(),
        }
    }
}

/// The operator's consumption by day, week or month of the business time zone.
#[utoipa::path(
    get,
    path = "/v1/operators/me/statistics/consumption",
    operation_id = "get_consumption",
    tag = "operator",
    security(("bearer" = [])),
    params(RangeParams, ConsumptionQuery),
    responses(
        (status = 200, description = "Consumption over time", body = Data<ConsumptionAnswer>),
        (status = 400, description = "A parameter is not valid, or there would be more than 3700 dates"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn get_consumption(
    State(app): State<App>,
    caller: OperatorCaller,
    range: TimeRange,
    ApiQuery(query): ApiQuery<ConsumptionQuery>,
) -> Result<Data<ConsumptionAnswer>, Rejection> {
    let mut filter = Filter::of_operator(caller.operator_id, range);
    filter.sites.extend(query.site_id);
    filter.apps.extend(query.app_id);
    let period = query.dimension.unwrap_or_default();
    let timezone = &app.settings().business_timezone;
    let mut connection = app.database().acquire().await?;
    let consumption = statistics::consumption(&mut connection, &filter, period, timezone).await?;
    Ok(Data::new(ConsumptionAnswer::new(period, consumption)))
}
