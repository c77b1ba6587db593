//! Deciding requests. Who decides first wins.

use base::clock::UtcTime;
use base::ids::{AppId, AppRequestId, OperatorId};
use base::problem::{ErrorCode, Problem};
use books::ledger;
use jiff::tz::TimeZone;
use platform::db::expect_one;
use platform::messages::{self, MessageKind, NewMessage};
use sqlx::PgConnection;

use super::find::Grant;
use super::give::{NewGrant, give};
use super::notify::tell_given;
use super::requests::{Request, find_request};
use crate::review::SYSTEM;

/// Grants what was asked for and tells the operator. An open request for something granted meanwhile does not exist:
/// whatever gives a grant closes it (`close_request`).
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `INVALID_PARAMS` when the request was decided already, and as [`give`], when it stays open;
/// the database's.
pub async fn approve(
    connection: &mut PgConnection,
    request_id: AppRequestId,
    expires_at: Option<UtcTime>,
    note: Option<String>,
    approved_by: &str,
    zone: &TimeZone,
    now: UtcTime,
) -> Result<Grant, Problem> {
    let request = lock_open(connection, request_id).await?;
    let new = NewGrant {
        operator_id: request.operator_id,
        app_id: request.app_id,
        expires_at,
        note,
        authorized_by: approved_by.to_owned(),
    };
    let given = give(connection, &new, now).await?;
    tell_given(connection, &given, zone, now).await?;
    Ok(given.grant)
}

/// Declines the request and tells the operator why. Returns the request as it was.
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `INVALID_PARAMS` when it was decided already; the database's.
pub async fn reject(
    connection: &mut PgConnection,
    request_id: AppRequestId,
    reason: &str,
    rejected_by: &str,
    now: UtcTime,
) -> Result<Request, Problem> {
    let request = lock_open(connection, request_id).await?;
    let updated = sqlx::query!(
        "UPDATE app_requests SET status = 'rejected', reject_reason = $3, reviewed_by = $4, reviewed_at = $5
         WHERE operator_id = $1 AND id = $2",
        request.operator_id.uuid(),
        request_id.uuid(),
        reason,
        rejected_by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    let message = NewMessage {
        kind: MessageKind::Authorization,
        title: format!("应用申请未通过：{}", request.app_name),
        content: format!("您申请的应用“{}”未获批准，原因：{reason}", request.app_name),
        announcement_id: None,
    };
    messages::send(connection, &[request.operator_id], &message, now).await?;
    Ok(request)
}

/// Rejects what waits of an operator whose account is being closed. The caller holds the account's lock.
///
/// # Errors
/// The database's.
pub async fn reject_pending(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    reason: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE app_requests SET status = 'rejected', reject_reason = $2, reviewed_by = $3, reviewed_at = $4
         WHERE operator_id = $1 AND status = 'pending'",
        operator_id.uuid(),
        reason,
        SYSTEM,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the open request for an application as approved, because the application has just been granted. False when there
/// is none.
pub(super) async fn close_request(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    app_id: AppId,
    approved_by: &str,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let closed = sqlx::query!(
        "UPDATE app_requests SET status = 'approved', reviewed_by = $3, reviewed_at = $4
         WHERE operator_id = $1 AND app_id = $2 AND status = 'pending'",
        operator_id.uuid(),
        app_id.uuid(),
        approved_by,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    Ok(closed.rows_affected() > 0)
}

/// Locks the account, then the request, and reads it in a later statement.
async fn lock_open(connection: &mut PgConnection, request_id: AppRequestId) -> Result<Request, Problem> {
    let operator_id = sqlx::query_scalar!(
        r#"SELECT operator_id as "operator_id: OperatorId" FROM app_requests WHERE id = $1"#,
        request_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let operator_id = operator_id.ok_or(ErrorCode::ResourceNotFound)?;
    ledger::lock_account(connection, operator_id).await?;
    sqlx::query!(
        "SELECT id FROM app_requests WHERE operator_id = $1 AND id = $2 FOR UPDATE",
        operator_id.uuid(),
        request_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let request = find_request(connection, None, request_id).await?;
    let request = request.ok_or(ErrorCode::ResourceNotFound)?;
    request.status.require_pending()?;
    Ok(request)
}
