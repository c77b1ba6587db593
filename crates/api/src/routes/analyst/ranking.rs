//! `GET /v1/analytics/by-operator`, `/by-site` and `/by-app`.

use axum::Json;
use axum::extract::State;
use base::ids::{AppId, OperatorId, SiteId};
use base::paging::PageRequest;
use base::problem::Problem;
use money::Fen;
use office::statistics::{self, Dimension, Figures, Filter, Hundredths, Ranked};
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::FilterParams;
use crate::app::App;
use crate::http::caller::AnalystCaller;
use crate::http::page::{Page, PageParams};
use crate::http::range::RangeParams;
use crate::http::rejection::Rejection;

/// The figures of a place in a ranking.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedFigures {
    total_sessions: i64,
    total_players: i64,
    avg_players_per_session: Hundredths,
    total_cost: Fen,
    /// Of the cost of everything that the filter lets through, not only of this page.
    percentage: Hundredths,
}

impl RankedFigures {
    fn new(figures: Figures, percentage: Hundredths) -> Self {
        RankedFigures {
            total_sessions: figures.sessions,
            total_players: figures.players,
            avg_players_per_session: figures.average_players(),
            total_cost: figures.cost,
            percentage,
        }
    }
}

async fn page<T: From<Ranked>>(
    app: &App,
    filter: &Filter,
    dimension: Dimension,
    request: PageRequest,
) -> Result<Json<Page<T>>, Problem> {
    let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut connection = app.database().acquire().await?;
    let ranking = statistics::ranking(&mut connection, filter, dimension).await?;
    let places = ranking.places(&mut connection, size(request.offset()), size(request.page_size)).await?;
    let total = i64::try_from(ranking.len()).unwrap_or(i64::MAX);
    Ok(Json(Page::new(request, total, places.into_iter().map(Into::into).collect())))
}

/// An operator that has games.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedOperator {
    #[schema(value_type = OperatorId)]
    operator_id: String,
    operator_name: String,
    #[serde(flatten)]
    figures: RankedFigures,
}

impl From<Ranked> for RankedOperator {
    fn from(place: Ranked) -> Self {
        RankedOperator {
            operator_id: place.label.key,
            operator_name: place.label.name,
            figures: RankedFigures::new(place.figures, place.percentage),
        }
    }
}

/// Operators with games, the costliest first.
#[utoipa::path(
    get,
    path = "/v1/analytics/by-operator",
    operation_id = "list_analytics_by_operator",
    tag = "analytics",
    security(("bearer" = [])),
    params(PageParams, RangeParams, FilterParams),
    responses(
        (status = 200, description = "One page of operators", body = Page<RankedOperator>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn list_analytics_by_operator(
    State(app): State<App>,
    _caller: AnalystCaller,
    request: PageRequest,
    filter: Filter,
) -> Result<Json<Page<RankedOperator>>, Rejection> {
    Ok(page(&app, &filter, Dimension::Operator, request).await?)
}

/// A site that has games.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedSite {
    #[schema(value_type = SiteId)]
    site_id: String,
    site_name: String,
    #[serde(flatten)]
    figures: RankedFigures,
}

impl From<Ranked> for RankedSite {
    fn from(place: Ranked) -> Self {
        RankedSite {
            site_id: place.label.key,
            site_name: place.label.name,
            figures: RankedFigures::new(place.figures, place.percentage),
        }
    }
}

/// Sites with games, the costliest first.
#[utoipa::path(
    get,
    path = "/v1/analytics/by-site",
    operation_id = "list_analytics_by_site",
    tag = "analytics",
    security(("bearer" = [])),
    params(PageParams, RangeParams, FilterParams),
    responses(
        (status = 200, description = "One page of sites", body = Page<RankedSite>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn list_analytics_by_site(
    State(app): State<App>,
    _caller: AnalystCaller,
    request: PageRequest,
    filter: Filter,
) -> Result<Json<Page<RankedSite>>, Rejection> {
    Ok(page(&app, &filter, Dimension::Site, request).await?)
}

/// An application that has games.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedApplication {
    #[schema(value_type = AppId)]
    app_id: String,
    app_name: String,
    #[serde(flatten)]
    figures: RankedFigures,
}

impl From<Ranked> for RankedApplication {
    fn from(place: Ranked) -> Self {
        RankedApplication {
            app_id: place.label.key,
            app_name: place.label.name,
            figures: RankedFigures::new(place.figures, place.percentage),
        }
    }
}

/// Applications with games, the costliest first.
#[utoipa::path(
    get,
    path = "/v1/analytics/by-app",
    operation_id = "list_analytics_by_app",
    tag = "analytics",
    security(("bearer" = [])),
    params(PageParams, RangeParams, FilterParams),
    responses(
        (status = 200, description = "One page of applications", body = Page<RankedApplication>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Neither an analyst nor an administrator who may see financial data"),
    )
)]
pub async fn list_analytics_by_app(
    State(app): State<App>,
    _caller: AnalystCaller,
    request: PageRequest,
    filter: Filter,
) -> Result<Json<Page<RankedApplication>>, Rejection> {
    Ok(page(&app, &filter, Dimension::App, request).await?)
}
