//! Cursors next to page numbers, for lists that grow without end.
//!
//! A page number counts rows from the newest, so its cost grows with the page and rows shift while others arrive. A
//! cursor names the last row that was seen: any page costs the same, and nothing is missed or shown twice.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base::paging::{Cursor, PageRequest, Seek, Total};
use base::problem::{Problem, Text};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::parse_query;
use crate::app::App;
use crate::http::rejection::Rejection;

/// One page of a list, bare as the contract shows it, and the way to the next.
#[derive(Debug, Serialize, ToSchema)]
pub struct CursorPage<T> {
    pub page: i64,
    pub page_size: i64,
    /// How many items there are on all pages.
    pub total: i64,
    /// True when there are more than `total`, because counting stopped there; else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_is_lower_bound: Option<bool>,
    pub items: Vec<T>,
    /// Give it back as `cursor` to read on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> CursorPage<T> {
    /// Cuts what was fetched with [`Seek::fetch_limit`] to a page.
    #[must_use]
    pub fn cut<R: Into<T>, C: Cursor>(
        seek: Seek<C>,
        total: impl Into<Total>,
        mut rows: Vec<R>,
        place_of: impl Fn(&R) -> C,
    ) -> Self {
        let total = total.into();
        let page_size = usize::try_from(seek.page.page_size).unwrap_or(usize::MAX);
        let has_next = rows.len() > page_size;
        rows.truncate(page_size);
        let last = rows.last().map(place_of);
        CursorPage {
            page: seek.page.page,
            page_size: seek.page.page_size,
            total: total.count,
            total_is_lower_bound: total.is_lower_bound.then_some(true),
            items: rows.into_iter().map(Into::into).collect(),
            next_cursor: last.filter(|_| has_next).map(encode),
        }
    }
}

/// The cursor parameter, for the documentation and for reading it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CursorParams {
    /// `next_cursor` of the page before; the page number is then ignored.
    #[param(max_length = 32)]
    cursor: Option<String>,
}

impl<C: Cursor> FromRequestParts<App> for Seek<C> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let page = PageRequest::from_request_parts(parts, app).await?;
        let params: CursorParams = parse_query(parts.uri.query().unwrap_or(""))?;
        let before = params.cursor.as_deref().map(decode).transpose()?;
        Ok(Seek { page, before })
    }
}

fn encode(cursor: impl Cursor) -> String {
    URL_SAFE_NO_PAD.encode(cursor.to_bytes())
}

fn decode<C: Cursor>(cursor: &str) -> Result<C, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    bytes.and_then(|bytes| C::from_bytes(&bytes)).ok_or_else(|| {
        Problem::invalid_field(
            "cursor",
            Text::new("须为上一页返回的 next_cursor", "must be the next_cursor of a page"),
        )
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn seek(page_size: i64) -> Seek {
        Seek { page: PageRequest { page: 3, page_size }, before: None }
    }

    fn cut(page_size: i64, ids: &[u128]) -> CursorPage<u128> {
        CursorPage::cut(seek(page_size), 9, ids.to_vec(), |id| Uuid::from_u128(*id))
    }

    #[test]
    fn the_extra_row_is_cut_and_becomes_the_way_on() {
        let page = cut(2, &[9, 8, 7]);
        assert_eq!(page.items, [9, 8]);
        assert_eq!(decode::<Uuid>(&page.next_cursor.unwrap()).unwrap(), Uuid::from_u128(8));
        assert_eq!(cut(2, &[9, 8]).next_cursor, None);
        assert_eq!(cut(2, &[]).next_cursor, None);
    }

    #[test]
    fn text_that_is_no_cursor_is_refused() {
        for text in ["", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAAA=", "usage_01h455vb4pex5vsknk084sn02q"] {
            assert_eq!(decode::<Uuid>(text).unwrap_err().fields()[0].field, "cursor", "{text:?}");
        }
    }

    #[test]
    fn counting_stops_and_says_so() {
        let page = |counted| {
            let total = Total::of_limited_count(counted);
            CursorPage::<u128>::cut(seek(2), total, vec![9], |id| Uuid::from_u128(*id))
        };
        let (exact, bound) = (page(100_000), page(Total::COUNT_LIMIT));
        assert_eq!((exact.total, exact.total_is_lower_bound), (100_000, None));
        assert_eq!((bound.total, bound.total_is_lower_bound), (100_000, Some(true)));
    }

    #[test]
    fn a_cursor_overrides_the_page_number() {
        assert_eq!(seek(20).offset(), 40);
        assert_eq!(Seek { before: Some(Uuid::nil()), ..seek(20) }.offset(), 0);
    }
}
