//! E-mail, written in the transaction of its cause and sent afterwards, when there is a mail server to send it through.
//!
//! The outbox tells what became of each. A job sends it ([`Delivery`]); without a mail server nobody takes those jobs, and
//! they wait. No two instances send the same e-mail, but one that dies after the mail server has accepted an e-mail and
//! before that is written leaves it to be sent again: rather twice than never. Both have the same `Message-ID`.

mod delivery;
mod outbox;
mod smtp;

use sqlx::PgConnection;

pub use delivery::{Delivery, KIND};
pub use outbox::{Email, EmailStatus, list, purge_sent, retry};

use crate::jobs;
use base::clock::UtcTime;
use base::ids::EmailId;

/// A file that goes along with an e-mail.
#[derive(Clone, Copy, Debug)]
pub struct Attachment<'a> {
    /// Plain ASCII: mail programs disagree about anything else.
    pub file_name: &'a str,
    pub media_type: &'a str,
    pub content: &'a [u8],
}

/// Queues a message; it is sent when the caller's transaction has committed.
///
/// # Errors
/// The database's.
pub async fn enqueue(
    connection: &mut PgConnection,
    recipient: &str,
    subject: &str,
    body: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    let id = write(connection, recipient, subject, body, now).await?;
    jobs::enqueue(connection, KIND, &delivery::payload(id), now).await
}

/// Tells whoever is to be alerted (the setting `alert_email`); nobody when there is no address.
///
/// # Errors
/// The database's.
pub async fn alert(
    connection: &mut PgConnection,
    alert_email: &str,
    subject: &str,
    body: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    if alert_email.is_empty() {
        return Ok(());
    }
    enqueue(connection, alert_email, subject, body, now).await
}

/// As [`enqueue`], with a file.
///
/// # Errors
/// The database's.
pub async fn enqueue_with_attachment(
    connection: &mut PgConnection,
    recipient: &str,
    subject: &str,
    body: &str,
    attachment: Attachment<'_>,
    now: UtcTime,
) -> sqlx::Result<()> {
    let id = write(connection, recipient, subject, body, now).await?;
    sqlx::query!(
        "INSERT INTO email_attachments (email_id, file_name, media_type, content) VALUES ($1, $2, $3, $4)",
        id.uuid(),
        attachment.file_name,
        attachment.media_type,
        attachment.content,
    )
    .execute(&mut *connection)
    .await?;
    jobs::enqueue(connection, KIND, &delivery::payload(id), now).await
}

async fn write(
    connection: &mut PgConnection,
    recipient: &str,
    subject: &str,
    body: &str,
    now: UtcTime,
) -> sqlx::Result<EmailId> {
    let id = EmailId::generate(now);
    sqlx::query!(
        "INSERT INTO email_outbox (id, recipient, subject, body, created_at) VALUES ($1, $2, $3, $4, $5)",
        id.uuid(),
        recipient,
        subject,
        body,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(id)
}
