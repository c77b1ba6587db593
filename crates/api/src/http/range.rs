//! The time that figures are asked for: `start_time` (inclusive) and `end_time` (exclusive), the last 30 days unless
//! given.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::clock::UtcTime;
use office::statistics::TimeRange;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::parse_query;
use crate::app::App;
use crate::http::rejection::Rejection;

/// The parameters, for the documentation of endpoints.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RangeParams {
    /// Inclusive. Unless given, the range holds 30 days of the business time zone.
    start_time: Option<UtcTime>,
    /// Exclusive. Unless given, the range ends with today.
    end_time: Option<UtcTime>,
}

impl FromRequestParts<App> for TimeRange {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let params: RangeParams = parse_query(parts.uri.query().unwrap_or(""))?;
        let timezone = &app.settings().business_timezone;
        Ok(TimeRange::resolve(params.start_time, params.end_time, app.clock().now(), timezone)?)
    }
}
