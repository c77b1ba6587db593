//! Who calls: one extractor per audience.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::app::App;
use crate::ids::OperatorId;
use crate::problem::{ErrorCode, Problem};
use crate::security::jwt::Role;

/// A signed-in operator.
#[derive(Clone, Copy, Debug)]
pub struct OperatorCaller {
    pub operator_id: OperatorId,
}

impl FromRequestParts<App> for OperatorCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(ErrorCode::Unauthorized)?;
        let claims = app.jwt().verify(token).map_err(|_| ErrorCode::Unauthorized)?;
        if claims.role != Role::Operator {
            return Err(ErrorCode::PermissionDenied.into());
        }
        let operator_id = claims.sub.parse().map_err(|_| ErrorCode::Unauthorized)?;
        Ok(OperatorCaller { operator_id })
    }
}
