use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base::clock::UtcTime;
use base::ids::{AnnouncementId, OperatorId};
use base::paging::PageRequest;
use base::problem::Text;
use base::validate::Fields;
use office::announcements::{self, Announcement, NewAnnouncement};
use office::audit::Act;
use platform::security::roles::CanSendNotifications;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::idempotency::IdempotentJson;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// A text for operators.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateAnnouncementRequest {
    #[schema(min_length = 2, max_length = 100)]
    title: String,
    #[schema(min_length = 10, max_length = 2000)]
    content: String,
    /// Whom it is for; absent or null: every operator that is not deactivated.
    #[schema(min_items = 1)]
    target_operators: Option<Vec<OperatorId>>,
}

/// What was sent to how many.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedAnnouncement {
    announcement_id: AnnouncementId,
    recipients_count: i32,
}

/// An announcement and what became of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnnouncementItem {
    announcement_id: AnnouncementId,
    title: String,
    content: String,
    recipients_count: i32,
    read_count: i64,
    created_by: String,
    created_at: UtcTime,
}

impl From<Announcement> for AnnouncementItem {
    fn from(announcement: Announcement) -> Self {
        AnnouncementItem {
            announcement_id: announcement.id,
            title: announcement.title,
            content: announcement.content,
            recipients_count: announcement.recipients_count,
            read_count: announcement.read_count,
            created_by: announcement.created_by,
            created_at: announcement.created_at,
        }
    }
}

/// List announcements, newest first.
#[utoipa::path(
    get, path = "/v1/admin/announcements", operation_id = "list_announcements", tag = "admin",
    security(("bearer" = [])),
    params(PageParams),
    responses(
        (status = 200, body = Page<AnnouncementItem>, description = "One page of announcements."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn list_announcements(
    State(app): State<App>,
    _caller: AdminCaller,
    page: PageRequest,
) -> Result<Json<Page<AnnouncementItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, items) = announcements::announcements(&mut connection, page).await?;
    Ok(Json(Page::new(page, total, items.into_iter().map(Into::into).collect())))
}

/// Send an announcement to chosen operators or to all.
#[utoipa::path(
    post, path = "/v1/admin/announcements", operation_id = "create_announcement", tag = "admin",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters.")),
    request_body = CreateAnnouncementRequest,
    responses(
        (status = 201, body = Data<CreatedAnnouncement>, description = "It was sent."),
        (status = 400, description = "A field is wrong, or a target is deactivated."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_send_notifications`."),
        (status = 404, description = "`OPERATOR_NOT_FOUND`."),
        (status = 409, description = "`IDEMPOTENCY_CONFLICT`."),
    ),
)]
pub(crate) async fn create_announcement(
    State(app): State<App>,
    caller: AdminCaller<CanSendNotifications>,
    IdempotentJson(attempt, body): IdempotentJson<CreateAnnouncementRequest>,
) -> Result<Response, Rejection> {
    let is_for_somebody = body.target_operators.as_ref().is_none_or(|targets| !targets.is_empty());
    Fields::new()
        .line("title", &body.title, 2..=100)
        .length("content", &body.content, 10..=2_000)
        .check("target_operators", is_for_somebody, Text::new("不能为空列表", "must not be empty"))
        .finish()?;
    let new = NewAnnouncement {
        title: body.title.trim().to_owned(),
        content: body.content.trim().to_owned(),
        targets: body.target_operators,
        created_by: caller.signed_in.username.clone(),
    };
    let audience = if new.targets.is_some() { "chosen" } else { "all" };
    let act = Act::new("announcement_send", json!({"title": new.title, "audience": audience}));
    Ok(attempt
        .perform(&app, &caller.signed_in, act, StatusCode::CREATED, async |connection, act| {
            let sent = announcements::announce(connection, &new, app.clock().now()).await?;
            act.set_target("announcement", &sent.id);
            act.set("recipients_count", sent.recipients_count);
            Ok(CreatedAnnouncement { announcement_id: sent.id, recipients_count: sent.recipients_count })
        })
        .await?)
}
