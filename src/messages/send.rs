use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::UtcTime;
use crate::ids::{AnnouncementId, MessageId, OperatorId};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    System,
    PriceChange,
    BalanceLow,
    Authorization,
}

impl MessageKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::PriceChange => "price_change",
            Self::BalanceLow => "balance_low",
            Self::Authorization => "authorization",
        }
    }
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

/// Sends the same message to each of the operators.
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
        message.kind.as_str(),
        message.title,
        message.content,
        message.announcement_id.map(AnnouncementId::uuid),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
