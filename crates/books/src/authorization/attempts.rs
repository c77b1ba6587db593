//! The authorization log as administrators read it: newest first, by time, operator, result and address.

use std::net::IpAddr;

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId};
use base::paging::{Position, PositionRange, Seek, Total};
use platform::db;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::ipnet::IpNet;
use utoipa::ToSchema;
use uuid::Uuid;

/// What became of an attempt, without the code of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Success,
    Replayed,
    Refused,
}

/// Which attempts are asked for.
#[derive(Clone, Copy, Debug)]
pub struct AttemptFilter {
    pub range: PositionRange,
    pub operator_id: Option<OperatorId>,
    pub outcome: Option<Outcome>,
    pub ip: Option<IpAddr>,
}

/// A row of the log.
#[derive(Clone, Debug)]
pub struct LoggedAttempt {
    pub id: Uuid,
    pub created_at: UtcTime,
    /// Lost with the process that knew it when the row was healed.
    pub latency_us: Option<i64>,
    /// Whose key was presented.
    pub operator_id: Option<OperatorId>,
    pub operator_name: Option<String>,
    pub site_id: Option<SiteId>,
    pub app_id: Option<AppId>,
    pub session_id: Option<String>,
    pub player_count: Option<i32>,
    pub result: String,
    pub error_code: Option<String>,
    pub call: String,
    pub ip_address: Option<IpNet>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
}

impl LoggedAttempt {
    #[must_use]
    pub const fn place(&self) -> Position {
        Position { at: self.created_at, id: self.id }
    }
}

/// How many attempts there are, up to the bound of a total. Asks for no column but those of the indexes, so that no row need
/// be read.
///
/// # Errors
/// The database's.
pub async fn count(connection: &mut PgConnection, filter: &AttemptFilter) -> sqlx::Result<Total> {
    let mut planned = db::begin_planned(connection).await?;
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
               SELECT FROM authorization_log
               WHERE created_at >= $1 AND created_at < $2
                 AND ($3::uuid IS NULL OR operator_id = $3) AND ($4::text IS NULL OR result = $4)
                 AND ($5::inet IS NULL OR ip_address = $5)
               LIMIT $6) AS counted"#,
        filter.range.from as _,
        filter.range.until.at as _,
        filter.operator_id.map(OperatorId::uuid),
        filter.outcome.map(|value| value.into_str()),
        filter.ip.map(IpNet::from) as _,
        Total::COUNT_LIMIT,
    )
    .fetch_one(&mut *planned)
    .await?;
    planned.commit().await?;
    Ok(Total::of_limited_count(counted))
}

/// One page, newest first, and the row after it. The time stands beside the comparison of places because only single
/// columns choose partitions.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut PgConnection,
    filter: &AttemptFilter,
    seek: Seek<Position>,
) -> sqlx::Result<Vec<LoggedAttempt>> {
    let range = filter.range.before(seek.before);
    let mut planned = db::begin_planned(connection).await?;
    let rows = sqlx::query_as!(
        LoggedAttempt,
        r#"SELECT l.id, l.created_at, l.latency_us, l.operator_id AS "operator_id: OperatorId",
                  o.name AS "operator_name?", l.site_id AS "site_id: SiteId", l.app_id AS "app_id: AppId",
                  l.session_id, l.player_count, l.result, l.error_code, l.call,
                  l.ip_address AS "ip_address: IpNet", l.user_agent, l.request_id
           FROM (
               SELECT * FROM authorization_log
               WHERE created_at >= $1 AND created_at <= $2 AND (created_at, id) < ($2, $3)
                 AND ($4::uuid IS NULL OR operator_id = $4) AND ($5::text IS NULL OR result = $5)
                 AND ($6::inet IS NULL OR ip_address = $6)
               ORDER BY created_at DESC, id DESC LIMIT $7 OFFSET $8) AS l
           LEFT JOIN operators o ON o.id = l.operator_id
           ORDER BY l.created_at DESC, l.id DESC"#,
        range.from as _,
        range.until.at as _,
        range.until.id,
        filter.operator_id.map(OperatorId::uuid),
        filter.outcome.map(|value| value.into_str()),
        filter.ip.map(IpNet::from) as _,
        seek.fetch_limit(),
        seek.offset(),
    )
    .fetch_all(&mut *planned)
    .await?;
    planned.commit().await?;
    Ok(rows)
}
