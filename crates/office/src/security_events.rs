//! Security events: what an administrator should look at.

use std::collections::HashMap;
use std::net::IpAddr;

use base::clock::UtcTime;
use base::ids::{AuditId, IdRange, OperatorId, first_at};
use base::paging::{Seek, Total};
use platform::db;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use utoipa::ToSchema;
use uuid::Uuid;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    IpFailures,
    IpManyKeys,
    LoginThrottled,
    Locked,
    Unlocked,
}

/// Writes an event into the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn record(
    connection: &mut PgConnection,
    kind: EventKind,
    ip: Option<IpAddr>,
    operators: &[OperatorId],
    evidence: Value,
    now: UtcTime,
) -> sqlx::Result<()> {
    let operator_ids: Vec<Uuid> = operators.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "INSERT INTO security_events (id, kind, ip_address, operator_ids, evidence, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        AuditId::generate(now).uuid(),
        kind.into_str(),
        ip.map(IpNet::from) as _,
        &operator_ids,
        evidence,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether such an event of this address was written at or after `since`.
///
/// # Errors
/// The database's.
pub async fn is_recorded_since(
    connection: &mut PgConnection,
    kind: EventKind,
    ip: IpAddr,
    since: UtcTime,
) -> sqlx::Result<bool> {
    // The id begins with the time, so the primary key finds the newest events.
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM security_events WHERE id >= $1 AND kind = $2 AND ip_address = $3) as "exists!""#,
        first_at(since),
        kind.into_str(),
        IpNet::from(ip) as _,
    )
    .fetch_one(connection)
    .await
}

/// When each of the operators was last unlocked, if that was at or after `since`.
///
/// # Errors
/// The database's.
pub async fn unlocked_since(
    connection: &mut PgConnection,
    operators: &[Uuid],
    since: UtcTime,
) -> sqlx::Result<HashMap<Uuid, UtcTime>> {
    if operators.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"SELECT operator_id AS "operator_id!", max(created_at) AS "unlocked_at!"
           FROM security_events CROSS JOIN unnest(operator_ids) AS operator_id
           WHERE kind = 'unlocked' AND id >= $1 AND operator_id = ANY($2)
           GROUP BY operator_id"#,
        first_at(since),
        operators,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.operator_id, row.unlocked_at)).collect())
}

/// Which events are asked for.
#[derive(Clone, Copy, Debug)]
pub struct EventFilter {
    pub range: IdRange,
    pub kind: Option<EventKind>,
}

/// An event as it was written.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: Uuid,
    pub kind: String,
    pub ip_address: Option<IpNet>,
    pub operator_ids: Vec<OperatorId>,
    pub evidence: Value,
    pub created_at: UtcTime,
}

/// One page, newest first, and the row after it, and how many events there are.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    filter: &EventFilter,
    seek: Seek,
) -> sqlx::Result<(Total, Vec<Event>)> {
    let mut reading = db::begin_planned(connection).await?;
    let kind = filter.kind.map(|value| value.into_str());
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
               SELECT FROM security_events
               WHERE id >= $1 AND id < $2 AND ($3::text IS NULL OR kind = $3)
               LIMIT $4) AS counted"#,
        filter.range.from,
        filter.range.until,
        kind,
        Total::COUNT_LIMIT,
    )
    .fetch_one(&mut *reading)
    .await?;
    let range = filter.range.before(seek.before);
    let events = sqlx::query_as!(
        Event,
        r#"SELECT id, kind, ip_address AS "ip_address: IpNet", operator_ids AS "operator_ids: Vec<OperatorId>", evidence,
                  created_at
           FROM security_events
           WHERE id >= $1 AND id < $2 AND ($3::text IS NULL OR kind = $3)
           ORDER BY id DESC LIMIT $4 OFFSET $5"#,
        range.from,
        range.until,
        kind,
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(&mut *reading)
    .await?;
    reading.commit().await?;
    Ok((Total::of_limited_count(counted), events))
}
