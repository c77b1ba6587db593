//! `GET /v1/operators/me/statistics/player-distribution`.

use axum::extract::State;
use office::statistics::{self, Filter, TimeRange};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;
use crate::routes::figures::DistributionAnswer;

/// How many players the operator's games have, in bands.
#[utoipa::path(
    get,
    path = "/v1/operators/me/statistics/player-distribution",
    operation_id = "get_player_distribution",
    tag = "operator",
    security(("bearer" = [])),
    params(RangeParams),
    responses(
        (status = 200, description = "All five bands", body = Data<DistributionAnswer>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn get_player_distribution(
    State(app): State<App>,
    caller: OperatorCaller,
    range: TimeRange,
) -> Result<Data<DistributionAnswer>, Rejection> {
    let filter = Filter::of_operator(caller.operator_id, range);
    let mut connection = app.database().acquire().await?;
    let shares = statistics::distribution(&mut connection, &filter).await?;
    Ok(Data::new(shares.into()))
}
