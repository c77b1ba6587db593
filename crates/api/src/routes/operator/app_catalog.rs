//! `GET /v1/operators/me/app-catalog`.

use axum::Json;
use axum::extract::State;
use base::ids::AppId;
use base::paging::PageRequest;
use base::validate::Fields;
use money::Fen;
use office::grants::{self, CatalogueEntry, GrantStanding};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::caller::OperatorCaller;
use crate::http::extract::ApiQuery;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// Which applications are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CatalogQuery {
    /// Part of the name or the description.
    keyword: Option<String>,
}

/// An application that can be asked for, and how the operator stands with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogItem {
    app_id: AppId,
    app_name: String,
    description: String,
    unit_price: Fen,
    min_players: i32,
    max_players: i32,
    #[schema(inline)]
    authorization: GrantStanding,
}

impl From<CatalogueEntry> for CatalogItem {
    fn from(entry: CatalogueEntry) -> Self {
        CatalogItem {
            authorization: entry.standing(),
            app_id: entry.app_id,
            app_name: entry.app_name,
            description: entry.description,
            unit_price: entry.unit_price,
            min_players: entry.min_players,
            max_players: entry.max_players,
        }
    }
}

/// The applications on the shelf, newest first. What was granted and is off the shelf now is in the list of
/// authorized applications only.
#[utoipa::path(
    get,
    path = "/v1/operators/me/app-catalog",
    operation_id = "list_app_catalog",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams, CatalogQuery),
    responses(
        (status = 200, description = "One page of applications", body = Page<CatalogItem>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_app_catalog(
    State(app): State<App>,
    caller: OperatorCaller,
    page: PageRequest,
    ApiQuery(query): ApiQuery<CatalogQuery>,
) -> Result<Json<Page<CatalogItem>>, Rejection> {
    Fields::new().optional_length("keyword", query.keyword.as_deref(), 0..=100).finish()?;
    let keyword = query.keyword.as_deref().unwrap_or("").trim();
    let mut connection = app.database().acquire().await?;
    let now = app.clock().now();
    let (total, items) = grants::catalogue(&mut connection, caller.operator_id, keyword, page, now).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}
