//! `GET /v1/analytics/overview`.

use axum::extract::State;
use money::Fen;
use office::statistics::{self, Filter, Hundredths, Overview};
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::FilterParams;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AnalystCaller;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;

/// Who is there now, and what was played in the range.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverviewAnswer {
    /// Without the deactivated; as far as the filter names operators or sites.
    total_operators: i64,
    /// Without the deleted and those of deactivated operators.
    total_sites: i64,
    total_sessions: i64,
    total_players: i64,
    total_revenue: Fen,
    avg_players_per_session: Hundredths,
}

impl From<Overview> for OverviewAnswer {
    fn from(overview: Overview) -> Self {
        OverviewAnswer {
            total_operators: overview.operators,
            total_sites: overview.sites,
            total_sessions: overview.figures.sessions,
            total_players: overview.figures.players,
            total_revenue: overview.figures.cost,
            avg_players_per_session: overview.figures.average_players(),
        }
    }
}

/// The platform as a whole.
#[utoipa::path(
    get,
    path = "/v1/analytics/overview",
    operation_id = "get_analytics_overview",
    tag = "analytics",
    security(("bearer" = [])),
    params(RangeParams, FilterParams),
    responses(
        (status = 200, description = "The figures", body = Data<OverviewAnswer>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn get_analytics_overview(
    State(app): State<App>,
    _caller: AnalystCaller,
    filter: Filter,
) -> Result<Data<OverviewAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    Ok(Data::new(statistics::overview(&mut connection, &filter).await?.into()))
}
