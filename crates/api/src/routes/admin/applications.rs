use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{self, AppId};
use base::paging::PageRequest;
use base::problem::{ErrorCode, Text};
use base::validate::Fields;
use money::Fen;
use office::applications::{self, Application, Changes, ListFilter, NewApplication};
use office::audit::{self, Act};
use platform::security::roles::{AdminPermission, CanManageApplications};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiJson, ApiQuery, PathId};
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 2_000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Part of the name or the description.
    keyword: Option<String>,
    is_active: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateApplicationRequest {
    #[schema(min_length = 2, max_length = 50)]
    app_name: String,
    /// Above zero, per player.
    unit_price: Fen,
    #[schema(minimum = 1, maximum = 100)]
    min_players: i32,
    #[schema(minimum = 1, maximum = 100)]
    max_players: i32,
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// What changes; absent fields stay. The price has an endpoint of its own.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateApplicationRequest {
    #[schema(min_length = 2, max_length = 50)]
    app_name: Option<String>,
    #[schema(minimum = 1, maximum = 100)]
    min_players: Option<i32>,
    #[schema(minimum = 1, maximum = 100)]
    max_players: Option<i32>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Off the shelf: no new grants; existing ones go on.
    is_active: Option<bool>,
}

/// A game. The price is absent without `can_view_financial_data`.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApplicationItem {
    app_id: AppId,
    app_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<Fen>,
    min_players: i32,
    max_players: i32,
    description: String,
    is_active: bool,
    created_at: UtcTime,
    updated_at: UtcTime,
}

impl ApplicationItem {
    fn new<P: AdminPermission>(caller: &AdminCaller<P>, application: Application) -> Self {
        ApplicationItem {
            app_id: application.id,
            app_name: application.name,
            unit_price: caller.money(application.unit_price),
            min_players: application.min_players,
            max_players: application.max_players,
            description: application.description,
            is_active: application.is_active,
            created_at: application.created_at,
            updated_at: application.updated_at,
        }
    }
}

/// What the audit log keeps of an application.
fn audited(application: &Application) -> Value {
    json!({
        "app_name": application.name,
        "unit_price": application.unit_price,
        "min_players": application.min_players,
        "max_players": application.max_players,
        "description": application.description,
        "is_active": application.is_active,
    })
}

/// List applications, newest first.
#[utoipa::path(
    get, path = "/v1/admin/applications", operation_id = "list_applications", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, ListParams),
    responses(
        (status = 200, body = Page<ApplicationItem>, description = "One page of applications."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn list_applications(
    State(app): State<App>,
    caller: AdminCaller,
    page: PageRequest,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<Page<ApplicationItem>>, Rejection> {
    Fields::new().optional_length("keyword", params.keyword.as_deref(), 0..=100).finish()?;
    let filter = ListFilter {
        keyword: params.keyword.map(|keyword| keyword.trim().to_owned()),
        is_active: params.is_active,
    };
    let mut connection = app.database().acquire().await?;
    let (total, items) = applications::list(&mut connection, &filter, page).await?;
    let items = items.into_iter().map(|item| ApplicationItem::new(&caller, item)).collect();
    Ok(Json(Page::new(page, total, items)))
}

/// Create an application.
#[utoipa::path(
    post, path = "/v1/admin/applications", operation_id = "create_application", tag = "admin",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters.")),
    request_body = CreateApplicationRequest,
    responses(
        (status = 201, body = Data<ApplicationItem>, description = "The application."),
        (status = 400, description = "A field is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_applications`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn create_application(
    State(app): State<App>,
    caller: AdminCaller<CanManageApplications>,
    IdempotentJson(attempt, body): IdempotentJson<CreateApplicationRequest>,
) -> Result<Response, Rejection> {
    let mut fields = Fields::new();
    fields
        .line("app_name", &body.app_name, 2..=50)
        .check("unit_price", !body.unit_price.is_zero(), Text::new("须大于 0", "must be above zero"))
        .optional_length("description", body.description.as_deref(), 0..=DESCRIPTION_MAX);
    applications::check_players(&mut fields, Some(body.min_players), Some(body.max_players));
    fields.finish()?;
    let new = NewApplication {
        name: body.app_name,
        description: body.description.unwrap_or_default(),
        unit_price: body.unit_price,
        min_players: body.min_players,
        max_players: body.max_players,
    };
    let act = Act::new("application_create", json!({}));
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let now = app.clock().now();
            let created = applications::create(connection, &new, &caller.signed_in.username, now).await?;
            act.set_target("application", &created.id);
            act.set("after", audited(&created));
            Ok(ApplicationItem::new(&caller, created))
        })
        .await?)
}

/// One application.
#[utoipa::path(
    get, path = "/v1/admin/applications/{id}", operation_id = "get_application", tag = "admin",
    security(("bearer" = [])),
    params(("id" = AppId, Path, description = "The application.")),
    responses(
        (status = 200, body = Data<ApplicationItem>, description = "The application."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
        (status = 404, description = "`APP_NOT_FOUND`."),
    ),
)]
pub(crate) async fn get_application(
    State(app): State<App>,
    caller: AdminCaller,
    PathId(app_id): PathId<ids::Application>,
) -> Result<Data<ApplicationItem>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let application = applications::find(&mut connection, app_id).await?;
    let application = application.ok_or(ErrorCode::AppNotFound)?;
    Ok(Data::new(ApplicationItem::new(&caller, application)))
}

/// Change an application, or take it off the shelf.
#[utoipa::path(
    put, path = "/v1/admin/applications/{id}", operation_id = "update_application", tag = "admin",
    security(("bearer" = [])),
    params(("id" = AppId, Path, description = "The application.")),
    request_body = UpdateApplicationRequest,
    responses(
        (status = 200, body = Data<ApplicationItem>, description = "The application as it is now."),
        (status = 400, description = "A field is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_applications`."),
        (status = 404, description = "`APP_NOT_FOUND`."),
    ),
)]
pub(crate) async fn update_application(
    State(app): State<App>,
    caller: AdminCaller<CanManageApplications>,
    PathId(app_id): PathId<ids::Application>,
    ApiJson(body): ApiJson<UpdateApplicationRequest>,
) -> Result<Data<ApplicationItem>, Rejection> {
    let mut fields = Fields::new();
    fields.optional_line("app_name", body.app_name.as_deref(), 2..=50).optional_length(
        "description",
        body.description.as_deref(),
        0..=DESCRIPTION_MAX,
    );
    applications::check_players(&mut fields, body.min_players, body.max_players);
    fields.finish()?;
    let changes = Changes {
        name: body.app_name,
        description: body.description,
        min_players: body.min_players,
        max_players: body.max_players,
        is_active: body.is_active,
    };
    let act = Act::new("application_update", json!({})).on("application", &app_id);
    let after = audit::perform(
        app.database(),
        app.clock(),
        &caller.signed_in.actor(),
        act,
        async |connection, act| {
            let (before, after) =
                applications::update(connection, app_id, changes, app.clock().now()).await?;
            act.set_change(audited(&before), audited(&after));
            Ok(after)
        },
    )
    .await?;
    Ok(Data::new(ApplicationItem::new(&caller, after)))
}
