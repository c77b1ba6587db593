//! An operator's messages, newest first, and which of them were read.

use base::clock::UtcTime;
use base::ids::{MessageId, OperatorId};
use base::paging::Seek;
use platform::messages::MessageKind;
use sqlx::PgConnection;
use uuid::Uuid;

/// A message as its operator sees it.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: MessageId,
    pub kind: MessageKind,
    pub title: String,
    pub content: String,
    pub created_at: UtcTime,
    pub read_at: Option<UtcTime>,
}

struct Row {
    id: MessageId,
    kind: String,
    title: String,
    content: String,
    created_at: UtcTime,
    read_at: Option<UtcTime>,
}

impl TryFrom<Row> for Message {
    type Error = strum::ParseError;

    fn try_from(row: Row) -> Result<Self, Self::Error> {
        Ok(Message {
            id: row.id,
            kind: row.kind.parse()?,
            title: row.title,
            content: row.content,
            created_at: row.created_at,
            read_at: row.read_at,
        })
    }
}

/// How many messages an operator has.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub all: i64,
    pub unread: i64,
}

/// Counts in two indexes, one of which holds nothing but the unread.
///
/// # Errors
/// The database's.
pub async fn counts(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"SELECT (SELECT count(*) FROM messages WHERE operator_id = $1) AS "all!",
                  (SELECT count(*) FROM messages WHERE operator_id = $1 AND read_at IS NULL) AS "unread!""#,
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await
}

/// One page of messages, newest first, and the row after it.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    unread_only: bool,
    seek: Seek,
) -> sqlx::Result<Vec<Message>> {
    let until = seek.before.unwrap_or(Uuid::max());
    let rows = if unread_only {
        unread_page(connection, operator_id, until, seek).await?
    } else {
        full_page(connection, operator_id, until, seek).await?
    };
    let messages: Result<Vec<Message>, _> = rows.into_iter().map(Message::try_from).collect();
    messages.map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

async fn full_page(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    until: Uuid,
    seek: Seek,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: MessageId", type AS kind, title, content, created_at, read_at
           FROM messages WHERE operator_id = $1 AND id < $2
           ORDER BY id DESC LIMIT $3 OFFSET $4"#,
        operator_id.uuid(),
        until,
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(connection)
    .await
}

/// A statement of its own: with a parameter in place of the condition, its plan could not count on the index of the
/// unread.
async fn unread_page(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    until: Uuid,
    seek: Seek,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: MessageId", type AS kind, title, content, created_at, read_at
           FROM messages WHERE operator_id = $1 AND id < $2 AND read_at IS NULL
           ORDER BY id DESC LIMIT $3 OFFSET $4"#,
        operator_id.uuid(),
        until,
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(connection)
    .await
}

/// One message of the operator.
///
/// # Errors
/// The database's.
pub async fn find(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    message_id: MessageId,
) -> sqlx::Result<Option<Message>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: MessageId", type AS kind, title, content, created_at, read_at
           FROM messages WHERE operator_id = $1 AND id = $2"#,
        operator_id.uuid(),
        message_id.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    row.map(Message::try_from).transpose().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Notes that the operator has read a message; the first time stands. False when it has no such message.
///
/// # Errors
/// The database's.
pub async fn mark_read(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    message_id: MessageId,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "UPDATE messages SET read_at = $3 WHERE operator_id = $1 AND id = $2 AND read_at IS NULL",
        operator_id.uuid(),
        message_id.uuid(),
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    if updated.rows_affected() == 1 {
        return Ok(true);
    }
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM messages WHERE operator_id = $1 AND id = $2) AS "exists!""#,
        operator_id.uuid(),
        message_id.uuid(),
    )
    .fetch_one(connection)
    .await
}

/// Notes that the operator has read everything. Returns how many messages were unread.
///
/// # Errors
/// The database's.
pub async fn mark_all_read(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    now: UtcTime,
) -> sqlx::Result<u64> {
    let updated = sqlx::query!(
        "UPDATE messages SET read_at = $2 WHERE operator_id = $1 AND read_at IS NULL",
        operator_id.uuid(),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected())
}
