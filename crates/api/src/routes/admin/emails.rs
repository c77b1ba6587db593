use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{Email, EmailId};
use base::paging::PageRequest;
use office::audit::{self, Act};
use platform::email::{self, EmailStatus};
use platform::security::roles::CanManageSystemConfig;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::AdminCaller;
use crate::http::extract::{ApiQuery, PathId};
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    #[param(inline)]
    status: Option<EmailStatus>,
}

/// An e-mail and what became of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct EmailItem {
    id: EmailId,
    recipient: String,
    subject: String,
    #[schema(inline)]
    status: EmailStatus,
    /// How often it was tried to send it.
    attempts: i32,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    created_at: UtcTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<UtcTime>,
}

impl From<email::Email> for EmailItem {
    fn from(email: email::Email) -> Self {
        EmailItem {
            id: email.id,
            recipient: email.recipient,
            subject: email.subject,
            status: email.status,
            attempts: email.attempts,
            last_error: email.last_error,
            created_at: email.created_at,
            sent_at: email.sent_at,
        }
    }
}

/// List e-mails, newest first. Without a mail server they stay `pending`.
#[utoipa::path(
    get, path = "/v1/admin/emails", operation_id = "list_emails", tag = "admin",
    security(("bearer" = [])),
    params(PageParams, ListParams),
    responses(
        (status = 200, body = Page<EmailItem>, description = "One page of e-mails."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_system_config`."),
    ),
)]
pub(crate) async fn list_emails(
    State(app): State<App>,
    _caller: AdminCaller<CanManageSystemConfig>,
    page: PageRequest,
    ApiQuery(params): ApiQuery<ListParams>,
) -> Result<Json<Page<EmailItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, emails) = email::list(&mut connection, params.status, page).await?;
    Ok(Json(Page::new(page, total, emails.into_iter().map(Into::into).collect())))
}

/// Send an e-mail again that has failed.
#[utoipa::path(
    post, path = "/v1/admin/emails/{id}/retry", operation_id = "retry_email", tag = "admin",
    security(("bearer" = [])),
    params(("id" = EmailId, Path, description = "The e-mail.")),
    responses(
        (status = 200, body = Data<Nothing>, description = "It is pending again."),
        (status = 400, description = "It is pending or was sent."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_system_config`."),
        (status = 404, description = "`RESOURCE_NOT_FOUND`."),
    ),
)]
pub(crate) async fn retry_email(
    State(app): State<App>,
    caller: AdminCaller<CanManageSystemConfig>,
    PathId(id): PathId<Email>,
) -> Result<Data<Nothing>, Rejection> {
    let act = Act::new("email_retry", json!({})).on("email", &id);
    let now = app.clock().now();
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, _| {
        email::retry(connection, id, now).await
    })
    .await?;
    Ok(Data::nothing())
}
