//! Messages on a connection that pipelines: those that a charge causes go out in the flight that commits it.

use base::ids::{AnnouncementId, MessageId};
use jiff::Timestamp;
use tokio_postgres::{Client, Error, Statement};
use uuid::Uuid;

use super::send::Letter;

/// One row per message. An array of another length would give a NULL and fail, so the row count needs no check.
pub const INSERT_MESSAGES: &str = "
    INSERT INTO messages (operator_id, id, type, title, content, announcement_id, created_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[])";

/// The prepared statement of one writer connection.
#[derive(Debug)]
pub struct MessageWriter {
    insert: Statement,
}

impl MessageWriter {
    /// # Errors
    /// The database's.
    pub async fn prepare(client: &Client) -> Result<Self, Error> {
        Ok(MessageWriter { insert: client.prepare(INSERT_MESSAGES).await? })
    }

    /// Writes the messages; without any nothing is said to the database.
    ///
    /// # Errors
    /// The database's.
    pub async fn insert(&self, client: &Client, letters: &[Letter]) -> Result<(), Error> {
        if letters.is_empty() {
            return Ok(());
        }
        let messages = || letters.iter().map(|letter| &letter.message);
        let operators: Vec<Uuid> = letters.iter().map(|letter| letter.operator_id.uuid()).collect();
        let ids: Vec<Uuid> =
            letters.iter().map(|letter| MessageId::generate(letter.sent_at).uuid()).collect();
        let kinds: Vec<&str> = messages().map(|message| message.kind.into_str()).collect();
        let titles: Vec<&str> = messages().map(|message| message.title.as_str()).collect();
        let contents: Vec<&str> = messages().map(|message| message.content.as_str()).collect();
        let announcements: Vec<Option<Uuid>> =
            messages().map(|message| message.announcement_id.map(AnnouncementId::uuid)).collect();
        let times: Vec<Timestamp> = letters.iter().map(|letter| letter.sent_at.timestamp()).collect();
        client
            .execute(&self.insert, &[&operators, &ids, &kinds, &titles, &contents, &announcements, &times])
            .await
            .map(drop)
    }
}
