//! The filters of every analysis.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::ids::{AppId, OperatorId, SiteId};
use office::statistics::{Filter, TimeRange};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::extract::parse_query;
use crate::http::rejection::Rejection;

/// Which games are counted; each may be repeated. An id that names nothing matches nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FilterParams {
    /// Games of these operators.
    #[serde(default)]
    operator_id: Vec<OperatorId>,
    /// Games at these sites.
    #[serde(default)]
    site_id: Vec<SiteId>,
    /// Games of these applications.
    #[serde(default)]
    app_id: Vec<AppId>,
}

impl FromRequestParts<App> for Filter {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let params: FilterParams = parse_query(parts.uri.query().unwrap_or(""))?;
        let range = TimeRange::from_request_parts(parts, app).await?;
        Ok(Filter { operators: params.operator_id, sites: params.site_id, apps: params.app_id, range })
    }
}
