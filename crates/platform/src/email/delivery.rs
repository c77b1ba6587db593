//! The job that sends an e-mail.

use async_trait::async_trait;
use base::clock::UtcTime;
use base::ids::EmailId;
use base::problem::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::smtp::{Enclosed, Letter, Mailer};
use crate::config::SmtpConfig;
use crate::db::expect_one;
use crate::jobs::{Ending, Failure, Handler};

/// The kind of the jobs that send e-mails.
pub const KIND: &str = "send_email";
/// Mail servers may answer at length.
const MAX_ERROR_CHARS: usize = 500;

#[derive(Deserialize)]
struct Payload {
    email_id: Uuid,
}

pub(super) fn payload(id: EmailId) -> Value {
    json!({"email_id": id.uuid()})
}

/// Sends what is in the outbox through the configured mail server.
#[derive(Debug)]
pub struct Delivery {
    pool: PgPool,
    mailer: Mailer,
}

impl Delivery {
    /// # Errors
    /// When TLS cannot be prepared.
    pub fn new(pool: PgPool, config: &SmtpConfig) -> Result<Self, Problem> {
        Ok(Delivery { pool, mailer: Mailer::new(config).map_err(Problem::internal)? })
    }
}

async fn pending(pool: &PgPool, id: Uuid) -> sqlx::Result<Option<Letter>> {
    let row = sqlx::query!(
        r#"SELECT e.id AS "id: EmailId", e.recipient, e.subject, e.body, e.created_at AS "created_at: UtcTime",
                  a.file_name AS "file_name?", a.media_type AS "media_type?", a.content AS "content?"
           FROM email_outbox e LEFT JOIN email_attachments a ON a.email_id = e.id
           WHERE e.id = $1 AND e.status = 'pending'"#,
        id,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Letter {
        id: row.id,
        recipient: row.recipient,
        subject: row.subject,
        body: row.body,
        created_at: row.created_at,
        enclosed: match (row.file_name, row.media_type, row.content) {
            (Some(file_name), Some(media_type), Some(content)) => {
                Some(Enclosed { file_name, media_type, content })
            }
            _ => None,
        },
    }))
}

fn shorten(failure: Failure) -> Failure {
    let short = |text: String| text.chars().take(MAX_ERROR_CHARS).collect();
    match failure {
        Failure::Retry(error) => Failure::Retry(short(error)),
        Failure::Fail(error) => Failure::Fail(short(error)),
    }
}

#[async_trait]
impl Handler for Delivery {
    async fn run(&self, payload: &Value) -> Result<(), Failure> {
        let Payload { email_id } = Payload::deserialize(payload)?;
        match pending(&self.pool, email_id).await? {
            Some(letter) => self.mailer.send(&letter).await.map_err(shorten),
            // What was sent or given up is not sent again.
            None => Ok(()),
        }
    }

    async fn note(
        &self,
        connection: &mut PgConnection,
        payload: &Value,
        ending: &Ending,
        now: UtcTime,
    ) -> sqlx::Result<()> {
        // A job that names no e-mail is dead, and there is nothing to note it in.
        let Ok(Payload { email_id }) = Payload::deserialize(payload) else { return Ok(()) };
        let (status, error) = match ending {
            Ending::Done => ("sent", None),
            Ending::Postponed { error, .. } => ("pending", Some(error)),
            Ending::Dead { error } => ("failed", Some(error)),
        };
        let noted = sqlx::query!(
            "UPDATE email_outbox
             SET status = $2, attempts = attempts + 1, last_error = $3, sent_at = CASE $2 WHEN 'sent' THEN $4::timestamptz END
             WHERE id = $1 AND status = 'pending'",
            email_id,
            status,
            error,
            now as _,
        )
        .execute(connection)
        .await?;
        if noted.rows_affected() == 0 {
            tracing::warn!(%email_id, "a job found its e-mail sent or given up already");
        }
        Ok(())
    }

    async fn reopen(&self, connection: &mut PgConnection, payload: &Value) -> Result<(), Problem> {
        let Payload { email_id } = Payload::deserialize(payload).map_err(Problem::internal)?;
        let reopened = sqlx::query!(
            "UPDATE email_outbox SET status = 'pending' WHERE id = $1 AND status = 'failed'",
            email_id
        )
        .execute(connection)
        .await?;
        expect_one(&reopened)
    }
}
