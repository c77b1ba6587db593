//! Asking for an application.

use base::clock::UtcTime;
use base::ids::{AppId, AppRequestId, OperatorId};
use base::problem::{ErrorCode, Problem, Text};
use sqlx::PgConnection;

use super::requests::{Request, find_request};
use crate::operators;

/// Leaves a request for administrators to decide. Under the account's lock, as giving a grant is: of a request and a
/// grant at the same time, the later one sees the earlier.
///
/// # Errors
/// `APP_NOT_FOUND`; `INVALID_PARAMS` when the application is off the shelf, is granted or was asked for already, or
/// the operator is deactivated; the database's.
pub async fn ask(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    app_id: AppId,
    reason: &str,
    now: UtcTime,
) -> Result<Request, Problem> {
    operators::lock_account(connection, operator_id).await?;
    require_askable(connection, operator_id, app_id, now).await?;
    let id = AppRequestId::generate(now);
    let inserted = sqlx::query!(
        "INSERT INTO app_requests (operator_id, id, app_id, reason, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (operator_id, app_id) WHERE status = 'pending' DO NOTHING",
        operator_id.uuid(),
        id.uuid(),
        app_id.uuid(),
        reason,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(refused("该应用的申请正在处理中", "has been asked for already"));
    }
    let request = find_request(connection, None, id).await?;
    request.ok_or_else(|| Problem::internal("the request that was just made is not there"))
}

async fn require_askable(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    app_id: AppId,
    now: UtcTime,
) -> Result<(), Problem> {
    let application = sqlx::query!(
        r#"SELECT is_active, EXISTS (
               SELECT 1 FROM grants
               WHERE operator_id = $2 AND app_id = $1 AND is_current AND revoked_at IS NULL
                 AND (expires_at IS NULL OR expires_at > $3)) as "is_granted!"
           FROM applications WHERE id = $1 FOR SHARE"#,
        app_id.uuid(),
        operator_id.uuid(),
        now as _,
    )
    .fetch_optional(connection)
    .await?;
    let application = application.ok_or(ErrorCode::AppNotFound)?;
    if application.is_granted {
        return Err(refused("该应用已授权", "is granted already"));
    }
    if !application.is_active {
        return Err(refused("该应用已下架", "is off the shelf"));
    }
    Ok(())
}

fn refused(zh: &'static str, en: &'static str) -> Problem {
    Problem::invalid_field("app_id", Text::new(zh, en))
}
