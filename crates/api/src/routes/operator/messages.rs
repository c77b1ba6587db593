//! `/v1/operators/me/messages`.

use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{self, MessageId};
use base::paging::Seek;
use base::problem::ErrorCode;
use office::inbox::{self, Message};
use platform::messages::MessageKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::answer::{Data, Nothing};
use crate::http::caller::OperatorCaller;
use crate::http::cursor::{CursorPage, CursorParams};
use crate::http::extract::{ApiQuery, PathId};
use crate::http::page::PageParams;
use crate::http::rejection::Rejection;

/// Which messages are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// Leave out what was read.
    unread_only: Option<bool>,
}

/// A message to the operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageItem {
    message_id: MessageId,
    title: String,
    content: String,
    #[serde(rename = "type")]
    kind: MessageKind,
    is_read: bool,
    created_at: UtcTime,
    /// When it was read first; null until then.
    read_at: Option<UtcTime>,
}

impl From<Message> for MessageItem {
    fn from(message: Message) -> Self {
        MessageItem {
            message_id: message.id,
            title: message.title,
            content: message.content,
            kind: message.kind,
            is_read: message.read_at.is_some(),
            created_at: message.created_at,
            read_at: message.read_at,
        }
    }
}

/// One page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessagesAnswer {
    #[serde(flatten)]
    page: CursorPage<MessageItem>,
    /// Of all messages, whichever are asked for.
    unread_count: i64,
}

/// The operator's messages, newest first.
#[utoipa::path(
    get,
    path = "/v1/operators/me/messages",
    operation_id = "list_messages",
    tag = "operator",
    security(("bearer" = [])),
    params(PageParams, CursorParams, MessagesQuery),
    responses(
        (status = 200, description = "One page of messages", body = MessagesAnswer),
        (status = 400, description = "A parameter is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn list_messages(
    State(app): State<App>,
    caller: OperatorCaller,
    seek: Seek,
    ApiQuery(query): ApiQuery<MessagesQuery>,
) -> Result<Json<MessagesAnswer>, Rejection> {
    let unread_only = query.unread_only.unwrap_or(false);
    let mut connection = app.database().acquire().await?;
    let counts = inbox::counts(&mut connection, caller.operator_id).await?;
    let rows = inbox::page(&mut connection, caller.operator_id, unread_only, seek).await?;
    let total = if unread_only { counts.unread } else { counts.all };
    let page = CursorPage::cut(seek, total, rows, |message| message.id.uuid());
    Ok(Json(MessagesAnswer { page, unread_count: counts.unread }))
}

/// One message. Looking at it does not mark it as read.
#[utoipa::path(
    get,
    path = "/v1/operators/me/messages/{id}",
    operation_id = "get_message",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = MessageId, Path, description = "The message")),
    responses(
        (status = 200, description = "The message", body = Data<MessageItem>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "The operator has no such message"),
    )
)]
pub async fn get_message(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(message_id): PathId<ids::Message>,
) -> Result<Data<MessageItem>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let message = inbox::find(&mut connection, caller.operator_id, message_id).await?;
    Ok(Data::new(message.ok_or(ErrorCode::ResourceNotFound)?.into()))
}

/// Notes that a message was read. Reading it again changes nothing.
#[utoipa::path(
    put,
    path = "/v1/operators/me/messages/{id}/read",
    operation_id = "read_message",
    tag = "operator",
    security(("bearer" = [])),
    params(("id" = MessageId, Path, description = "The message")),
    responses(
        (status = 200, description = "The message is read", body = Data<Nothing>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
        (status = 404, description = "The operator has no such message"),
    )
)]
pub async fn read_message(
    State(app): State<App>,
    caller: OperatorCaller,
    PathId(message_id): PathId<ids::Message>,
) -> Result<Data<Nothing>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let now = app.clock().now();
    if inbox::mark_read(&mut connection, caller.operator_id, message_id, now).await? {
        Ok(Data::nothing())
    } else {
        Err(ErrorCode::ResourceNotFound.into())
    }
}

/// How many messages were unread.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadAllAnswer {
    read_count: u64,
}

/// Notes that every message was read.
#[utoipa::path(
    put,
    path = "/v1/operators/me/messages/read-all",
    operation_id = "read_all_messages",
    tag = "operator",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Nothing is unread any more", body = Data<ReadAllAnswer>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn read_all_messages(
    State(app): State<App>,
    caller: OperatorCaller,
) -> Result<Data<ReadAllAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let now = app.clock().now();
    let read_count = inbox::mark_all_read(&mut connection, caller.operator_id, now).await?;
    Ok(Data::new(ReadAllAnswer { read_count }))
}
