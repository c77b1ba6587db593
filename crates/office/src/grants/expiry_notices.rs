//! Notices 7 days and 1 day before a grant expires, once each for every expiry.
//!
//! `grants.notice_days` says which was sent last. A grant that has less time left when it is given or its expiry is
//! changed gets the one notice that fits, not both. Every instance looks for what is due; a grant that another one has
//! in hand is passed over.

use std::sync::Arc;
use std::time::Duration;

use base::clock::{Clock, UtcTime};
use base::ids::{GrantId, OperatorId};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use platform::messages::{self, Letter, MessageKind, NewMessage};
use platform::rounds::keep_doing;
use platform::settings::SettingsStore;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

use super::notify::in_zone;

const FIRST_NOTICE_DAYS: i32 = 7;
const LAST_NOTICE_DAYS: i32 = 1;
/// Grants in one transaction.
const BATCH: usize = 1_000;
/// Operators see a message within 30 s of its cause (FR-052).
const EVERY: Duration = Duration::from_secs(10);

/// A grant whose operator is to be told.
struct Due {
    operator_id: OperatorId,
    id: GrantId,
    app_name: String,
    expires_at: UtcTime,
    /// The notice that is due, in days ahead.
    days: i32,
}

/// Sends everything that is due at `now` and returns how many notices that were.
///
/// # Errors
/// The database's; what was sent before stays sent.
pub async fn send_expiry_notices(
    connection: &mut PgConnection,
    zone: &TimeZone,
    now: UtcTime,
) -> sqlx::Result<usize> {
    let mut sent = 0;
    loop {
        let batch = send_batch(connection, zone, now).await?;
        sent += batch;
        if batch < BATCH {
            return Ok(sent);
        }
    }
}

/// Locks, tells and notes in one transaction.
async fn send_batch(connection: &mut PgConnection, zone: &TimeZone, now: UtcTime) -> sqlx::Result<usize> {
    let mut transaction = connection.begin().await?;
    let due = lock_due(&mut transaction, now).await?;
    if !due.is_empty() {
        let letters: Vec<Letter> = due.iter().map(|due| due.letter(zone, now)).collect();
        messages::send_each(&mut transaction, &letters).await?;
        mark(&mut transaction, &due).await?;
    }
    transaction.commit().await?;
    Ok(due.len())
}

/// Keeps sending until the task is dropped.
pub async fn keep_noticing(pool: PgPool, clock: Clock, settings: Arc<SettingsStore>) {
    keep_doing(EVERY, || async {
        let zone = settings.current().business_timezone.clone();
        let sent = async { send_expiry_notices(&mut *pool.acquire().await?, &zone, clock.now()).await }.await;
        match sent {
            Ok(0) => {}
            Ok(notices) => tracing::info!(notices, "expiry notices sent"),
            Err(error) => tracing::warn!(%error, "expiry notices not sent"),
        }
        EVERY
    })
    .await;
}

const fn hours(days: i32) -> SignedDuration {
    SignedDuration::from_hours(days as i64 * 24)
}

/// What is decided on stands in the rows that are locked, and is looked at again after a wait.
async fn lock_due(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"SELECT g.operator_id AS "operator_id: OperatorId", g.id AS "id: GrantId", a.name AS app_name,
                  g.expires_at AS "expires_at!", CASE WHEN g.expires_at <= $2 THEN $4::int ELSE $5 END AS "days!"
           FROM grants g JOIN operators o ON o.id = g.operator_id JOIN applications a ON a.id = g.app_id
           WHERE g.is_current AND g.revoked_at IS NULL AND g.expires_at > $1 AND g.expires_at <= $3
             AND (g.notice_days IS NULL OR g.notice_days > CASE WHEN g.expires_at <= $2 THEN $4 ELSE $5 END)
             AND o.deactivated_at IS NULL
           ORDER BY g.expires_at LIMIT $6
           FOR UPDATE OF g SKIP LOCKED"#,
        now as _,
        now.plus(hours(LAST_NOTICE_DAYS)) as _,
        now.plus(hours(FIRST_NOTICE_DAYS)) as _,
        LAST_NOTICE_DAYS,
        FIRST_NOTICE_DAYS,
        BATCH as i64,
    )
    .fetch_all(connection)
    .await
}

async fn mark(connection: &mut PgConnection, due: &[Due]) -> sqlx::Result<()> {
    let operators: Vec<Uuid> = due.iter().map(|due| due.operator_id.uuid()).collect();
    let grants: Vec<Uuid> = due.iter().map(|due| due.id.uuid()).collect();
    let days: Vec<i32> = due.iter().map(|due| due.days).collect();
    let marked = sqlx::query!(
        "UPDATE grants g SET notice_days = d.days
         FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS d (operator_id, id, days)
         WHERE g.operator_id = d.operator_id AND g.id = d.id",
        &operators,
        &grants,
        &days,
    )
    .execute(connection)
    .await?;
    if marked.rows_affected() != due.len() as u64 {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(())
}

impl Due {
    fn letter(&self, zone: &TimeZone, now: UtcTime) -> Letter {
        let name = &self.app_name;
        let remaining = remaining(self.expires_at, now);
        let message = NewMessage {
            kind: MessageKind::Authorization,
            title: format!("应用授权即将到期：{name}"),
            content: format!(
                "应用“{name}”的授权将在 {remaining}内到期（{}），到期后将无法启动该应用。如需继续使用，请提前联系管理员续期。",
                in_zone(self.expires_at, zone)
            ),
            announcement_id: None,
        };
        Letter { operator_id: self.operator_id, message, sent_at: now }
    }
}

/// How long a grant still lasts, rounded up: days, or hours on the last one.
fn remaining(expires_at: UtcTime, now: UtcTime) -> String {
    let seconds = expires_at.as_seconds() - now.as_seconds();
    let up = |unit: i64| (seconds + unit - 1) / unit;
    if seconds > 86_400 { format!("{} 天", up(86_400)) } else { format!("{} 小时", up(3_600).max(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_remains_is_rounded_up() {
        let now = UtcTime::from_millis(1_800_000_000_000).unwrap();
        for (seconds, expected) in [
            (7 * 86_400, "7 天"),
            (7 * 86_400 - 10, "7 天"),
            (6 * 86_400, "6 天"),
            (86_401, "2 天"),
            (86_400, "24 小时"),
            (3_601, "2 小时"),
            (1, "1 小时"),
            (0, "1 小时"),
        ] {
            assert_eq!(remaining(now.plus(SignedDuration::from_secs(seconds)), now), expected, "{seconds} s");
        }
    }

    #[test]
    fn times_are_told_in_the_business_time_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let due = Due {
            operator_id: OperatorId::from_uuid(Uuid::nil()),
            id: GrantId::from_uuid(Uuid::nil()),
            app_name: "太空探险".to_owned(),
            expires_at: UtcTime::from_millis(1_736_944_200_000).unwrap(),
            days: 7,
        };
        let message = due.letter(&zone, UtcTime::from_millis(1_736_500_000_000).unwrap()).message;
        assert!(message.content.contains("将在 6 天内到期（2025-01-15 20:30）"), "{}", message.content);
    }
}
