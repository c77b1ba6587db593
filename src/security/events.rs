//! Security events: what an administrator should look at.

use std::net::IpAddr;

use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use uuid::Uuid;

use crate::clock::UtcTime;
use crate::ids::{AuditId, OperatorId, first_at};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    IpFailures,
    IpManyKeys,
    LoginThrottled,
    Locked,
    Unlocked,
}

impl EventKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IpFailures => "ip_failures",
            Self::IpManyKeys => "ip_many_keys",
            Self::LoginThrottled => "login_throttled",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
        }
    }
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
        kind.as_str(),
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
        kind.as_str(),
        IpNet::from(ip) as _,
    )
    .fetch_one(connection)
    .await
}
