//! `/v1/operators/me/sites`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{OperatorId, Site as SiteKind, SiteId};
use base::problem::{ErrorCode, Problem};
use base::validate::Fields;
use office::audit::{self, Act};
use office::sites::{self, NewSite, Site, SiteChange};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::OperatorCaller;
use crate::http::extract::{ApiJson, ApiQuery, PathId};
use crate::http::idempotency::IdempotentJson;
use crate::http::rejection::Rejection;

/// A venue.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteItem {
    site_id: SiteId,
    name: String,
    address: String,
    description: String,
    is_deleted: bool,
    created_at: UtcTime,
    updated_at: UtcTime,
}

impl From<Site> for SiteItem {
    fn from(site: Site) -> Self {
        SiteItem {
            site_id: site.id,
            name: site.name,
            address: site.address,
            description: site.description,
            is_deleted: site.deleted_at.is_some(),
            created_at: site.created_at,
            updated_at: site.updated_at,
        }
    }
}

/// An operator's sites.
#[derive(Debug, Serialize, ToSchema)]
pub struct SitesAnswer {
    pub sites: Vec<SiteItem>,
}

impl SitesAnswer {
    /// The sites of an operator, whoever looks at them.
    pub(crate) async fn of(app: &App, operator_id: OperatorId, query: SitesQuery) -> Result<Self, Problem> {
        let mut connection = app.database().acquire().await?;
        let include_deleted = query.include_deleted.unwrap_or(false);
        let sites = sites::list(&mut connection, operator_id, include_deleted).await?;
        Ok(SitesAnswer { sites: sites.into_iter().map(Into::into).collect() })
    }
}

/// Which sites are asked for.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SitesQuery {
    /// Also the deleted ones.
    include_deleted: Option<bool>,
}

/// The operator's sites in the order they were created.
#[utoipa::path(
    get,
    path = "/v1/operators/me/sites",
    operation_id = "list_sites",
    tag = "operator",
    security(("bearer" = [])),
    params(SitesQuery),
    responses(
        (status = 200, description = "The sites", body = Data<SitesAnswer>),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_sites(
    State(app): State<App>,
    caller: OperatorCaller,
    ApiQuery(query): ApiQuery<SitesQuery>,
) -> Result<Data<SitesAnswer>, Rejection> {
    Ok(Data::new(SitesAnswer::of(&app, caller.operator_id, query).await?))
}

/// A new site.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateSite {
    #[schema(min_length = 2, max_length = 50)]
    name: String,
    #[schema(min_length = 5, max_length = 200)]
    address: String,
    #[schema(max_length = 500)]
    description: Option<String>,
}

/// Creates a site.
#[utoipa::path(
    post,
    path = "/v1/operators/me/sites",
    operation_id = "create_site",
    tag = "operator",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    request_body = CreateSite,
    responses(
        (status = 201, description = "The new site", body = Data<SiteItem>),
        (status = 400, description = "A field is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`"),
    )
)]
pub async fn create_site(
    State(app): State<App>,
    caller: OperatorCaller,
    IdempotentJson(attempt, body): IdempotentJson<CreateSite>,
) -> Result<Response, Rejection> {
    let description = body.description.unwrap_or_default();
    Fields::new()
        .line("name", &body.name, NAME_LENGTH)
        .length("address", &body.address, ADDRESS_LENGTH)
        .length("description", &description, DESCRIPTION_LENGTH)
        .finish()?;
    let new = NewSite {
        name: body.name.trim().to_owned(),
        address: body.address.trim().to_owned(),
        description: description.trim().to_owned(),
    };
    let act = Act::new("site_create", json!({}));
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let site = sites::create(connection, caller.operator_id, new, app.clock().now()).await?;
            act.set_target("site", &site.id);
            act.set("after", audited(&site));
            Ok(SiteItem::from(site))
        })
        .await?)
}

/// What the audit log keeps of a site.
fn audited(site: &Site) -> Value {
    json!({"name": site.name, "address": site.address, "description": site.description})
}

const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=50;
const ADDRESS_LENGTH: std::ops::RangeInclusive<usize> = 5..=200;
const DESCRIPTION_LENGTH: std::ops::RangeInclusive<usize> = 0..=500;

/// What is to change; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UpdateSite {
    #[schema(min_length = 2, max_length = 50)]
    name: Option<String>,
    #[schema(min_length = 5, max_length = 200)]
    address: Option<String>,
    #[schema(max_length = 500)]
    description: Option<String>,
}

/// Changes a site.
#[utoipa::path(
    put,
    path = "/v1/operators/me/sites/{id}",
    operation_id = "update_site",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = SiteId, Path, description = "The site")),
    request_body = UpdateSite,
    responses(
        (status = 200, description = "The site as it is now", body = Data<SiteItem>),
        (status = 400, description = "A field is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "No such site, or it is deleted"),
    )
)]
pub async fn update_site(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(site_id): PathId<SiteKind>,
    ApiJson(body): ApiJson<UpdateSite>,
) -> Result<Data<SiteItem>, Rejection> {
    Fields::new()
        .optional_line("name", body.name.as_deref(), NAME_LENGTH)
        .optional_length("address", body.address.as_deref(), ADDRESS_LENGTH)
        .optional_length("description", body.description.as_deref(), DESCRIPTION_LENGTH)
        .finish()?;
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
    let change = SiteChange {
        name: trimmed(body.name),
        address: trimmed(body.address),
        description: trimmed(body.description),
    };
    let act = Act::new("site_update", json!({})).on("site", &site_id);
    let now = app.clock().now();
    let site = audit::perform(
        app.database(),
        app.clock(),
        &caller.signed_in.actor(),
        act,
        async |connection, act| {
            let updated = sites::update(connection, caller.operator_id, site_id, change, now).await?;
            let (before, after) = updated.ok_or(ErrorCode::SiteNotFound)?;
            act.set_change(audited(&before), audited(&after));
            Ok(after)
        },
    )
    .await?;
    Ok(Data::new(site.into()))
}

/// Deletes a site. It authorizes nothing from then on; its history stays.
#[utoipa::path(
    delete,
    path = "/v1/operators/me/sites/{id}",
    operation_id = "delete_site",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = SiteId, Path, description = "The site")),
    responses(
        (status = 200, description = "The site is deleted", body = Data<Nothing>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "No such site, or it is deleted already"),
    )
)]
pub async fn delete_site(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(site_id): PathId<SiteKind>,
) -> Result<Data<Nothing>, Rejection> {
    let act = Act::new("site_delete", json!({})).on("site", &site_id);
    let now = app.clock().now();
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, _| {
        let is_deleted = sites::delete(connection, caller.operator_id, site_id, now).await?;
        if is_deleted { Ok(()) } else { Err(ErrorCode::SiteNotFound.into()) }
    })
    .await?;
    Ok(Data::nothing())
}
