//! An operator's usage records, newest first, by time, site and application.

use base::clock::UtcTime;
use base::ids::{AppId, IdRange, OperatorId, SiteId, UsageId};
use base::paging::Seek;
use books::ledger;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

/// Which records are asked for.
#[derive(Clone, Copy, Debug)]
pub struct UsageFilter {
    pub range: IdRange,
    pub site_id: Option<SiteId>,
    pub app_id: Option<AppId>,
}

impl UsageFilter {
    const fn is_time_only(&self) -> bool {
        self.site_id.is_none() && self.app_id.is_none()
    }
}

/// A game that was charged.
#[derive(Clone, Debug)]
pub struct UsageRecord {
    pub id: UsageId,
    pub operator_id: OperatorId,
    pub session_ms: i64,
    pub session_nonce: String,
    pub site_id: SiteId,
    /// As the site is called now.
    pub site_name: String,
    pub app_id: AppId,
    /// As the application was called then.
    pub app_name: String,
    pub player_count: i32,
    pub unit_price: Fen,
    pub total: Fen,
    /// Reported by the headset server when the game ended, in seconds.
    pub duration_seconds: Option<i32>,
    pub authorized_at: UtcTime,
}

impl UsageRecord {
    /// The session id as the headset server sent it.
    #[must_use]
    pub fn session_id(&self) -> String {
        format!("{}_{:013}_{}", self.operator_id, self.session_ms, self.session_nonce)
    }
}

/// How many records there are.
///
/// # Errors
/// The database's.
pub async fn count(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    filter: &UsageFilter,
) -> sqlx::Result<i64> {
    if filter.is_time_only() {
        return Ok(ledger::list::count(connection, operator_id, filter.range).await?.charges);
    }
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM usage_records
           WHERE operator_id = $1 AND id >= $2 AND id < $3
             AND ($4::uuid IS NULL OR site_id = $4) AND ($5::uuid IS NULL OR app_id = $5)"#,
        operator_id.uuid(),
        filter.range.from,
        filter.range.until,
        filter.site_id.map(SiteId::uuid),
        filter.app_id.map(AppId::uuid),
    )
    .fetch_one(connection)
    .await
}

/// One page of records, newest first, and the row after it.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    filter: &UsageFilter,
    seek: Seek,
) -> sqlx::Result<Vec<UsageRecord>> {
    let ids = if filter.is_time_only() {
        ids_by_time(connection, operator_id, filter, seek).await?
    } else {
        ids_by_site_or_app(connection, operator_id, filter, seek).await?
    };
    sqlx::query_as!(
        UsageRecord,
        r#"SELECT u.id AS "id: UsageId", u.operator_id AS "operator_id: OperatorId", u.session_ms, u.session_nonce,
                  u.site_id AS "site_id: SiteId", coalesce(s.name, '') AS "site_name!",
                  u.app_id AS "app_id: AppId", u.app_name, u.player_count, u.unit_price_fen AS "unit_price: Fen",
                  u.total_fen AS "total: Fen", e.duration_seconds AS "duration_seconds?", u.authorized_at
           FROM usage_records u
           LEFT JOIN sites s ON s.operator_id = u.operator_id AND s.id = u.site_id
           LEFT JOIN session_ends e ON e.operator_id = u.operator_id AND e.usage_id = u.id
           WHERE u.operator_id = $1 AND u.id = ANY($2)
           ORDER BY u.id DESC"#,
        operator_id.uuid(),
        &ids,
    )
    .fetch_all(connection)
    .await
}

/// Reads nothing but the primary key's index, however many rows are skipped.
async fn ids_by_time(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    filter: &UsageFilter,
    seek: Seek,
) -> sqlx::Result<Vec<Uuid>> {
    let range = filter.range.before(seek.before);
    sqlx::query_scalar!(
        "SELECT id FROM usage_records WHERE operator_id = $1 AND id >= $2 AND id < $3
         ORDER BY id DESC LIMIT $4 OFFSET $5",
        operator_id.uuid(),
        range.from,
        range.until,
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(connection)
    .await
}

async fn ids_by_site_or_app(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    filter: &UsageFilter,
    seek: Seek,
) -> sqlx::Result<Vec<Uuid>> {
    let range = filter.range.before(seek.before);
    sqlx::query_scalar!(
        "SELECT id FROM usage_records
         WHERE operator_id = $1 AND id >= $2 AND id < $3
           AND ($4::uuid IS NULL OR site_id = $4) AND ($5::uuid IS NULL OR app_id = $5)
         ORDER BY id DESC LIMIT $6 OFFSET $7",
        operator_id.uuid(),
        range.from,
        range.until,
        filter.site_id.map(SiteId::uuid),
        filter.app_id.map(AppId::uuid),
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(connection)
    .await
}
