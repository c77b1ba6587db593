//! The end of a game: how long it lasted. The first report stands.

use base::clock::UtcTime;
use base::ids::{OperatorId, UsageId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::session_id::SessionId;

/// How long one headset was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeadsetPlay {
    #[schema(min_length = 1, max_length = 100)]
    pub headset_id: String,
    #[schema(minimum = 0, maximum = 86400)]
    pub play_seconds: i32,
}

/// What a headset server reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndReport {
    pub duration_seconds: i32,
    pub headsets: Vec<HeadsetPlay>,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndOutcome {
    Ended {
        usage_id: UsageId,
        ended_at: UtcTime,
    },
    UnknownSession,
    /// The session has another report already.
    Conflict,
}

/// Records the end of a session, once.
///
/// # Errors
/// The database's.
pub async fn end_session(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    session: &SessionId,
    report: &EndReport,
    now: UtcTime,
) -> sqlx::Result<EndOutcome> {
    let usage_id = sqlx::query_scalar!(
        "SELECT id FROM usage_records WHERE operator_id = $1 AND session_ms = $2 AND session_nonce = $3",
        operator_id.uuid(),
        session.ms,
        session.nonce,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(usage_id) = usage_id else {
        return Ok(EndOutcome::UnknownSession);
    };
    let headsets =
        serde_json::to_value(&report.headsets).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query!(
        "INSERT INTO session_ends (operator_id, usage_id, duration_seconds, headsets, ended_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (operator_id, usage_id) DO NOTHING",
        operator_id.uuid(),
        usage_id,
        report.duration_seconds,
        &headsets,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    let recorded = sqlx::query!(
        "SELECT duration_seconds, headsets, ended_at FROM session_ends WHERE operator_id = $1 AND usage_id = $2",
        operator_id.uuid(),
        usage_id,
    )
    .fetch_one(connection)
    .await?;
    if recorded.duration_seconds != report.duration_seconds || recorded.headsets != headsets {
        return Ok(EndOutcome::Conflict);
    }
    Ok(EndOutcome::Ended { usage_id: UsageId::from_uuid(usage_id), ended_at: recorded.ended_at })
}
