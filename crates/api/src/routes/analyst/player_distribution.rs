//! `GET /v1/analytics/player-distribution`.

use axum::extract::State;
use office::statistics::{self, Filter};

use super::filter::FilterParams;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AnalystCaller;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;
use crate::routes::figures::DistributionAnswer;

/// How many players games have, in bands.
#[utoipa::path(
    get,
    path = "/v1/analytics/player-distribution",
    operation_id = "get_analytics_player_distribution",
    tag = "analytics",
    security(("bearer" = [])),
    params(RangeParams, FilterParams),
    responses(
        (status = 200, description = "All five bands", body = Data<DistributionAnswer>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn get_analytics_player_distribution(
    State(app): State<App>,
    _caller: AnalystCaller,
    filter: Filter,
) -> Result<Data<DistributionAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    Ok(Data::new(statistics::distribution(&mut connection, &filter).await?.into()))
}
