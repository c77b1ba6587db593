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

use crate::clock::UtcTime;
use crate::ids::EmailId;
use crate::jobs;

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
    let id = EmailId::generate(now);
    sqlx::query!(
        "INSERT INTO email_outbox (id, recipient, subject, body, created_at) VALUES ($1, $2, $3, $4, $5)",
        id.uuid(),
        recipient,
        subject,
        body,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    jobs::enqueue(connection, KIND, &delivery::payload(id), now).await
}
