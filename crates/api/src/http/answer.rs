//! The success envelope: `{"success": true, "data": …}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A successful answer with data.
#[derive(Debug, Serialize, ToSchema)]
pub struct Data<T> {
    /// Always true.
    success: bool,
    data: T,
}

impl<T> Data<T> {
    pub fn new(data: T) -> Self {
        Data { success: true, data }
    }
}

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A successful answer to a request that made something: status 201.
#[derive(Debug)]
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(Data::new(self.0))).into_response()
    }
}

/// A successful answer with nothing to tell: `{"success": true, "data": {}}`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Nothing {}

impl Data<Nothing> {
    #[must_use]
    pub fn nothing() -> Self {
        Data::new(Nothing {})
    }
}
