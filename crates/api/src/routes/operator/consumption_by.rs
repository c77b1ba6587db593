//! `GET /v1/operators/me/statistics/by-app` and `/by-site`.

use axum::extract::State;
use base::ids::{AppId, SiteId};
use base::problem::Problem;
use money::Fen;
use office::statistics::{self, Dimension, Filter, Hundredths, Ranked, TimeRange};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;

/// What was played.
#[derive(Debug, Serialize, ToSchema)]
pub struct ByAppAnswer {
    applications: Vec<AppFigures>,
}

/// The figures of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppFigures {
    #[schema(value_type = AppId)]
    app_id: String,
    app_name: String,
    total_sessions: i64,
    total_players: i64,
    avg_players_per_session: Hundredths,
    total_cost: Fen,
}

impl From<Ranked> for AppFigures {
    fn from(place: Ranked) -> Self {
        AppFigures {
            app_id: place.label.key,
            app_name: place.label.name,
            total_sessions: place.figures.sessions,
            total_players: place.figures.players,
            avg_players_per_session: place.figures.average_players(),
            total_cost: place.figures.cost,
        }
    }
}

/// The operator's consumption by application: those that were played, the costliest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/statistics/by-app",
    operation_id = "get_consumption_by_app",
    tag = "operator",
    security(("bearer" = [])),
    params(RangeParams),
    responses(
        (status = 200, description = "The applications that were played", body = Data<ByAppAnswer>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn get_consumption_by_app(
    State(app): State<App>,
    caller: OperatorCaller,
    range: TimeRange,
) -> Result<Data<ByAppAnswer>, Rejection> {
    let places = places(&app, &caller, range, Dimension::App).await?;
    Ok(Data::new(ByAppAnswer { applications: places.into_iter().map(Into::into).collect() }))
}

/// Where games were played.
#[derive(Debug, Serialize, ToSchema)]
pub struct BySiteAnswer {
    sites: Vec<SiteFigures>,
}

/// The figures of a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteFigures {
    #[schema(value_type = SiteId)]
    site_id: String,
    site_name: String,
    total_sessions: i64,
    total_players: i64,
    total_cost: Fen,
}

impl From<Ranked> for SiteFigures {
    fn from(place: Ranked) -> Self {
        SiteFigures {
            site_id: place.label.key,
            site_name: place.label.name,
            total_sessions: place.figures.sessions,
            total_players: place.figures.players,
            total_cost: place.figures.cost,
        }
    }
}

/// The operator's consumption by site: those where games were played, the costliest first, deleted ones included.
#[utoipa::path(
    get,
    path = "/v1/operators/me/statistics/by-site",
    operation_id = "get_consumption_by_site",
    tag = "operator",
    security(("bearer" = [])),
    params(RangeParams),
    responses(
        (status = 200, description = "The sites where games were played", body = Data<BySiteAnswer>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn get_consumption_by_site(
    State(app): State<App>,
    caller: OperatorCaller,
    range: TimeRange,
) -> Result<Data<BySiteAnswer>, Rejection> {
    let places = places(&app, &caller, range, Dimension::Site).await?;
    Ok(Data::new(BySiteAnswer { sites: places.into_iter().map(Into::into).collect() }))
}

async fn places(
    app: &App,
    caller: &OperatorCaller,
    range: TimeRange,
    dimension: Dimension,
) -> Result<Vec<Ranked>, Problem> {
    let filter = Filter::of_operator(caller.operator_id, range);
    let mut connection = app.database().acquire().await?;
    let ranking = statistics::ranking(&mut connection, &filter, dimension).await?;
    ranking.places(&mut connection, 0, ranking.len()).await
}
