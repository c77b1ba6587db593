//! Announcements: one text by an administrator, a message to each operator it is meant for.

use base::clock::UtcTime;
use base::ids::{AnnouncementId, OperatorId};
use base::paging::PageRequest;
use base::problem::{ErrorCode, Problem, Text};
use platform::messages::{MessageKind, NewMessage, send};
use sqlx::PgConnection;
use uuid::Uuid;

/// An announcement to be made.
#[derive(Clone, Debug)]
pub struct NewAnnouncement {
    pub title: String,
    pub content: String,
    /// Whom it is for; `None` for every operator that is not deactivated.
    pub targets: Option<Vec<OperatorId>>,
    pub created_by: String,
}

/// An announcement that was made.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub id: AnnouncementId,
    pub recipients_count: i32,
}

/// An announcement and how many have read it.
#[derive(Clone, Debug)]
pub struct Announcement {
    pub id: AnnouncementId,
    pub title: String,
    pub content: String,
    pub recipients_count: i32,
    pub read_count: i64,
    pub created_by: String,
    pub created_at: UtcTime,
}

/// Makes the announcement and sends it, in the caller's transaction.
///
/// # Errors
/// `OPERATOR_NOT_FOUND` for an unknown target, `INVALID_PARAMS` for a deactivated one; the database's.
pub async fn announce(
    connection: &mut PgConnection,
    new: &NewAnnouncement,
    now: UtcTime,
) -> Result<Sent, Problem> {
    let recipients = match &new.targets {
        Some(targets) => chosen_operators(connection, targets).await?,
        None => all_operators(connection).await?,
    };
    let id = AnnouncementId::generate(now);
    let recipients_count = i32::try_from(recipients.len()).map_err(Problem::internal)?;
    sqlx::query!(
        "INSERT INTO announcements (id, title, content, recipients_count, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        new.title,
        new.content,
        recipients_count,
        new.created_by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    let message = NewMessage {
        kind: MessageKind::System,
        title: new.title.clone(),
        content: new.content.clone(),
        announcement_id: Some(id),
    };
    send(connection, &recipients, &message, now).await?;
    Ok(Sent { id, recipients_count })
}

async fn all_operators(connection: &mut PgConnection) -> sqlx::Result<Vec<OperatorId>> {
    sqlx::query_scalar!(r#"SELECT id AS "id: OperatorId" FROM operators WHERE deactivated_at IS NULL"#)
        .fetch_all(connection)
        .await
}

/// The targets, each once.
async fn chosen_operators(
    connection: &mut PgConnection,
    targets: &[OperatorId],
) -> Result<Vec<OperatorId>, Problem> {
    let mut wanted: Vec<Uuid> = targets.iter().map(|id| id.uuid()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let found = sqlx::query!(
        r#"SELECT id AS "id: OperatorId", deactivated_at IS NOT NULL AS "is_deactivated!"
           FROM operators WHERE id = ANY($1)"#,
        &wanted,
    )
    .fetch_all(connection)
    .await?;
    if found.len() != wanted.len() {
        return Err(ErrorCode::OperatorNotFound.into());
    }
    if found.iter().any(|operator| operator.is_deactivated) {
        return Err(Problem::invalid_field(
            "target_operators",
            Text::new("包含已注销的运营商", "names an operator that is deactivated"),
        ));
    }
    Ok(found.into_iter().map(|operator| operator.id).collect())
}

/// One page, newest first, and how many there are on all pages. The page is cut before the reads are counted, and the
/// count takes nothing but the index of what was read.
///
/// # Errors
/// The database's.
pub async fn announcements(
    connection: &mut PgConnection,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Announcement>)> {
    let total = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM announcements"#)
        .fetch_one(&mut *connection)
        .await?;
    let items = sqlx::query_as!(
        Announcement,
        r#"SELECT a.id AS "id: AnnouncementId", a.title, a.content, a.recipients_count, a.created_by, a.created_at,
                  (SELECT count(*) FROM messages m WHERE m.announcement_id = a.id AND m.read_at IS NOT NULL)
                      AS "read_count!"
           FROM (SELECT * FROM announcements ORDER BY id DESC LIMIT $1 OFFSET $2) a
           ORDER BY a.id DESC"#,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}
