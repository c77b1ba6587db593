//! Page numbers: `page` ≥ 1 (1), `page_size` 1…100 (20); out of range is 400.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::paging::PageRequest;
use base::problem::{Problem, Text};
use base::validate::Fields;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::parse_query;
use crate::app::App;
use crate::http::rejection::Rejection;

/// One page of a list, bare as the contract shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub page: i64,
    pub page_size: i64,
    pub total: i64,
    pub items: Vec<T>,
}

impl<T> Page<T> {
    #[must_use]
    pub fn new(request: PageRequest, total: i64, items: Vec<T>) -> Self {
        Page { page: request.page, page_size: request.page_size, total, items }
    }
}

/// The paging parameters, for the documentation of list endpoints.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// From 1.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// 1…100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    page_size: Option<i64>,
}

/// Keeps `offset` far from overflow; no list is this long.
const MAX_PAGE: i64 = 1_000_000_000;

impl FromRequestParts<App> for PageRequest {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        let params: PageParams = parse_query(parts.uri.query().unwrap_or(""))?;
        Ok(params.check()?)
    }
}

impl PageParams {
    fn check(&self) -> Result<PageRequest, Problem> {
        let request = PageRequest { page: self.page.unwrap_or(1), page_size: self.page_size.unwrap_or(20) };
        let page = Text::new("须为 1 到 1000000000 的整数", "must be from 1 to 1000000000");
        let size = Text::new("须在 1 到 100 之间", "must be from 1 to 100");
        Fields::new()
            .check("page", (1..=MAX_PAGE).contains(&request.page), page)
            .check("page_size", (1..=100).contains(&request.page_size), size)
            .finish()?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_parameter_is_named() {
        let wrong = |page, page_size| {
            let checked = PageParams { page: Some(page), page_size: Some(page_size) }.check();
            let fields = checked.err().map(|problem| problem.fields().to_vec()).unwrap_or_default();
            fields.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(0, 101), ["page", "page_size"]);
        assert_eq!(wrong(MAX_PAGE + 1, 0), ["page", "page_size"]);
        assert_eq!(wrong(-1, 100), ["page"]);
        assert_eq!(wrong(MAX_PAGE, 1), [""; 0]);
    }
}
