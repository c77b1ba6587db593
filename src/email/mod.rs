//! E-mail, written in the transaction of its cause and sent afterwards.

use sqlx::PgConnection;

use crate::clock::UtcTime;
use crate::ids::MessageId;

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
    sqlx::query!(
        "INSERT INTO email_outbox (id, recipient, subject, body, created_at) VALUES ($1, $2, $3, $4, $5)",
        MessageId::generate(now).uuid(),
        recipient,
        subject,
        body,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
