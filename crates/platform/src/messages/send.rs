use base::clock::UtcTime;
use base::ids::{AnnouncementId, MessageId, OperatorId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a message is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    System,
    PriceChange,
    BalanceLow,
    Authorization,
}

/// A message to be sent. Operators read Chinese.
#[derive(Clone, Debug)]
pub struct NewMessage {
    pub kind: MessageKind,
    pub title: String,
    pub content: String,
    /// The announcement it brings.
    pub announcement_id: Option<AnnouncementId>,
}

/// A message to one operator.
#[derive(Clone, Debug)]
pub struct Letter {
    pub operator_id: OperatorId,
    pub message: NewMessage,
    pub sent_at: UtcTime,
}

/// Tells one operator of something that the platform or its staff did.
///
/// # Errors
/// The database's.
pub async fn tell(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    title: &str,
    content: String,
    now: UtcTime,
) -> sqlx::Result<()> {
    let message =
        NewMessage { kind: MessageKind::System, title: title.to_owned(), content, announcement_id: None };
    send(connection, &[operator_id], &message, now).await
}

/// Sends the same message to each of the operators, in one statement.
///
/// # Errors
/// The database's.
pub async fn send(
    connection: &mut PgConnection,
    recipients: &[OperatorId],
    message: &NewMessage,
    now: UtcTime,
) -> sqlx::Result<()> {
    let operators: Vec<Uuid> = recipients.iter().map(|id| id.uuid()).collect();
    let ids: Vec<Uuid> = recipients.iter().map(|_| MessageId::generate(now).uuid()).collect();
    sqlx::query!(
        "INSERT INTO messages (operator_id, id, type, title, content, announcement_id, created_at)
         SELECT operator_id, id, $3, $4, $5, $6, $7
         FROM unnest($1::uuid[], $2::uuid[]) AS recipients (operator_id, id)",
        &operators,
        &ids,
        message.kind.into_str(),
        message.title,
        message.content,
        message.announcement_id.map(AnnouncementId::uuid),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Sends messages that differ, in one statement.
///
/// # Errors
/// The database's.
pub async fn send_each(connection: &mut PgConnection, letters: &[Letter]) -> sqlx::Result<()> {
    let texts = |of: fn(&NewMessage) -> String| -> Vec<String> {
        letters.iter().map(|letter| of(&letter.message)).collect()
    };
    let operators: Vec<Uuid> = letters.iter().map(|letter| letter.operator_id.uuid()).collect();
    let ids: Vec<Uuid> = letters.iter().map(|letter| MessageId::generate(letter.sent_at).uuid()).collect();
    let announcements: Vec<Option<Uuid>> =
        letters.iter().map(|letter| letter.message.announcement_id.map(AnnouncementId::uuid)).collect();
    let times: Vec<UtcTime> = letters.iter().map(|letter| letter.sent_at).collect();
    sqlx::query!(
        "INSERT INTO messages (operator_id, id, type, title, content, announcement_id, created_at)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[],
             $7::timestamptz[])",
        &operators,
        &ids,
        &texts(|message| message.kind.into_str().to_owned()),
        &texts(|message| message.title.clone()),
        &texts(|message| message.content.clone()),
        &announcements as &[Option<Uuid>],
        &times as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
