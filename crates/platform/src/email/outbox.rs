//! The outbox as people look at it.

use base::clock::UtcTime;
use base::ids::EmailId;
use base::paging::PageRequest;
use base::problem::{ErrorCode, Problem};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::delivery::{KIND, payload};
use crate::db::expect_one;
use crate::jobs;

/// What became of an e-mail.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    clap::ValueEnum,
    sqlx::Type,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum EmailStatus {
    /// It waits: for its turn, for the next attempt, or for a mail server.
    Pending,
    Sent,
    /// It was given up.
    Failed,
}

/// An e-mail without its text.
#[derive(Clone, Debug)]
pub struct Email {
    pub id: EmailId,
    pub recipient: String,
    pub subject: String,
    pub status: EmailStatus,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub created_at: UtcTime,
    pub sent_at: Option<UtcTime>,
}

/// One page, newest first, and how many there are.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    status: Option<EmailStatus>,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Email>)> {
    let status = status.map(|status| status.into_str());
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM email_outbox WHERE $1::text IS NULL OR status = $1"#,
        status,
    )
    .fetch_one(&mut *connection)
    .await?;
    let emails = sqlx::query_as!(
        Email,
        r#"SELECT id AS "id: EmailId", recipient, subject, status AS "status: EmailStatus", attempts, last_error,
                  created_at, sent_at
           FROM email_outbox WHERE $1::text IS NULL OR status = $1
           ORDER BY id DESC LIMIT $2 OFFSET $3"#,
        status,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, emails))
}

/// Sends an e-mail again that was given up.
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `INVALID_PARAMS` unless it has failed.
pub async fn retry(connection: &mut PgConnection, id: EmailId, now: UtcTime) -> Result<(), Problem> {
    let status = sqlx::query_scalar!(
        r#"SELECT status AS "status: EmailStatus" FROM email_outbox WHERE id = $1 FOR UPDATE"#,
        id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    if status.ok_or(ErrorCode::ResourceNotFound)? != EmailStatus::Failed {
        return Err(Problem::not_allowed(
            "只能重发发送失败的邮件",
            "Only an e-mail that has failed can be sent again",
        ));
    }
    let changed = sqlx::query!("UPDATE email_outbox SET status = 'pending' WHERE id = $1", id.uuid())
        .execute(&mut *connection)
        .await?;
    expect_one(&changed)?;
    jobs::enqueue_again(connection, KIND, &payload(id), now).await?;
    Ok(())
}

/// Removes what was sent before a time. What waits or has failed stays.
///
/// # Errors
/// The database's.
pub async fn purge_sent(connection: &mut PgConnection, before: UtcTime) -> sqlx::Result<u64> {
    let purged = sqlx::query!("DELETE FROM email_outbox WHERE status = 'sent' AND sent_at < $1", before as _)
        .execute(connection)
        .await?;
    Ok(purged.rows_affected())
}
