//! The audit log as staff read it: newest first, by time, actor and operation.

use base::clock::UtcTime;
use base::ids::AuditId;
use base::paging::{Position, PositionRange, Seek, Total};
use platform::db;
use platform::security::jwt::Role;
use platform::security::tokens::Subject;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use uuid::Uuid;

/// Which entries are asked for.
#[derive(Clone, Debug)]
pub struct EntryFilter {
    pub range: PositionRange,
    /// Only what accounts of this role did.
    pub role: Option<Role>,
    pub actor: Option<Subject>,
    pub operation_type: Option<String>,
}

/// A row of the log.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub id: AuditId,
    pub created_at: UtcTime,
    actor_type: String,
    actor_id: Option<Uuid>,
    pub actor_name: String,
    pub operation_type: String,
    pub target_resource_type: Option<String>,
    pub target_resource_id: Option<String>,
    pub operation_details: Value,
    /// `success`, or `failed: ` and the error code.
    pub outcome: String,
    pub ip_address: Option<IpNet>,
    pub user_agent: Option<String>,
}

impl AuditEntry {
    #[must_use]
    pub const fn place(&self) -> Position {
        Position { at: self.created_at, id: self.id.uuid() }
    }

    /// The account that acted; none when it was the platform itself.
    #[must_use]
    pub fn actor(&self) -> Option<Subject> {
        let role = Role::parse(&self.actor_type)?;
        self.actor_id.map(|id| Subject::new(role, id))
    }

    /// `operator`, `admin`, `finance`, `analyst` or `system`.
    #[must_use]
    pub fn actor_type(&self) -> &str {
        &self.actor_type
    }
}

impl EntryFilter {
    /// An account acts in its own role only.
    fn actor_type(&self) -> Option<&'static str> {
        self.role.or(self.actor.map(Subject::role)).map(|value| value.into_str())
    }
}

/// How many entries there are, up to the bound of a total.
///
/// # Errors
/// The database's.
pub async fn count(connection: &mut PgConnection, filter: &EntryFilter) -> sqlx::Result<Total> {
    count_up_to(connection, filter, Some(Total::COUNT_LIMIT)).await.map(Total::of_limited_count)
}

/// How many entries there are, for whoever reads them all.
///
/// # Errors
/// The database's.
pub async fn count_all(connection: &mut PgConnection, filter: &EntryFilter) -> sqlx::Result<i64> {
    count_up_to(connection, filter, None).await
}

/// Asks for no column but those of the indexes, so that no row need be read.
async fn count_up_to(
    connection: &mut PgConnection,
    filter: &EntryFilter,
    limit: Option<i64>,
) -> sqlx::Result<i64> {
    let mut planned = db::begin_planned(connection).await?;
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
               SELECT FROM audit_log
               WHERE created_at >= $1 AND created_at < $2
                 AND ($3::text IS NULL OR actor_type = $3) AND ($4::uuid IS NULL OR actor_id = $4)
                 AND ($5::text IS NULL OR operation_type = $5)
               LIMIT $6) AS counted"#,
        filter.range.from as _,
        filter.range.until.at as _,
        filter.actor_type(),
        filter.actor.map(Subject::uuid),
        filter.operation_type,
        limit,
    )
    .fetch_one(&mut *planned)
    .await?;
    planned.commit().await?;
    Ok(counted)
}

/// One page, newest first, and the row after it. The time stands beside the comparison of places because only single
/// columns choose partitions.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut PgConnection,
    filter: &EntryFilter,
    seek: Seek<Position>,
) -> sqlx::Result<Vec<AuditEntry>> {
    let range = filter.range.before(seek.before);
    let mut planned = db::begin_planned(connection).await?;
    let rows = sqlx::query_as!(
        AuditEntry,
        r#"SELECT id AS "id: AuditId", created_at, actor_type, actor_id, actor_name, operation_type,
                  target_resource_type, target_resource_id, operation_details, outcome,
                  ip_address AS "ip_address: IpNet", user_agent
           FROM audit_log
           WHERE created_at >= $1 AND created_at <= $2 AND (created_at, id) < ($2, $3)
             AND ($4::text IS NULL OR actor_type = $4) AND ($5::uuid IS NULL OR actor_id = $5)
             AND ($6::text IS NULL OR operation_type = $6)
           ORDER BY created_at DESC, id DESC LIMIT $7 OFFSET $8"#,
        range.from as _,
        range.until.at as _,
        range.until.id,
        filter.actor_type(),
        filter.actor.map(Subject::uuid),
        filter.operation_type,
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(&mut *planned)
    .await?;
    planned.commit().await?;
    Ok(rows)
}
