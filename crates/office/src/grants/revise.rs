//! Changing the expiry of a grant, and taking it back.

use base::clock::UtcTime;
use base::ids::{GrantId, OperatorId};
use base::problem::{ErrorCode, Problem};
use books::ledger;
use jiff::tz::TimeZone;
use platform::db::expect_one;
use sqlx::PgConnection;

use super::decide::close_request;
use super::find::{Grant, Status, find};
use super::give::{Given, off_the_shelf, require_future};
use super::notify::{tell_given, tell_revoked};

/// Sets or removes the expiry. An expired grant lives again, if the application is still on the shelf, and an open request
/// for it is closed. Another expiry has notices of its own. Returns the grant as it was and as it is.
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `INVALID_PARAMS` when the grant was revoked or replaced, when it would be a new grant of an
/// application off the shelf, or when the expiry is not in the future; the database's.
pub async fn change_expiry(
    connection: &mut PgConnection,
    grant_id: GrantId,
    expires_at: Option<UtcTime>,
    changed_by: &str,
    zone: &TimeZone,
    now: UtcTime,
) -> Result<(Grant, Grant), Problem> {
    let before = lock_current(connection, grant_id).await?;
    match before.status(now) {
        Status::Revoked => return Err(revoked_already()),
        Status::Expired if !before.is_app_active => return Err(off_the_shelf()),
        Status::Expired | Status::Active => {}
    }
    require_future(expires_at, now)?;
    let updated = sqlx::query!(
        "UPDATE grants
         SET expires_at = $3, notice_days = CASE WHEN expires_at = $3 THEN notice_days END
         WHERE operator_id = $1 AND id = $2",
        before.operator_id.uuid(),
        grant_id.uuid(),
        expires_at as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    let after = Grant { expires_at, ..before.clone() };
    if before.status(now) == Status::Expired
        && close_request(connection, before.operator_id, before.app_id, changed_by, now).await?
    {
        let given = Given { grant: after.clone(), was_requested: true };
        tell_given(connection, &given, zone, now).await?;
    }
    Ok((before, after))
}

/// Takes the grant back; the next authorization is refused. The operator is told, unless it had expired anyway. Returns
/// the grant as it was.
///
/// # Errors
/// `RESOURCE_NOT_FOUND`; `INVALID_PARAMS` when it was revoked or replaced already; the database's.
pub async fn revoke(
    connection: &mut PgConnection,
    grant_id: GrantId,
    reason: Option<&str>,
    revoked_by: &str,
    now: UtcTime,
) -> Result<Grant, Problem> {
    let before = lock_current(connection, grant_id).await?;
    let status = before.status(now);
    if status == Status::Revoked {
        return Err(revoked_already());
    }
    let updated = sqlx::query!(
        "UPDATE grants SET revoked_at = $3, revoked_by = $4, revoke_reason = $5 WHERE operator_id = $1 AND id = $2",
        before.operator_id.uuid(),
        grant_id.uuid(),
        now as _,
        revoked_by,
        reason,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    if status == Status::Active {
        tell_revoked(connection, &before, reason, now).await?;
    }
    Ok(before)
}

/// Locks account and grant, then reads it in a later statement: what it looked like before the wait for the lock is no
/// use.
async fn lock_current(connection: &mut PgConnection, grant_id: GrantId) -> Result<Grant, Problem> {
    let operator_id = sqlx::query_scalar!(
        r#"SELECT operator_id as "operator_id: OperatorId" FROM grants WHERE id = $1"#,
        grant_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let operator_id = operator_id.ok_or(ErrorCode::ResourceNotFound)?;
    ledger::lock_account(connection, operator_id).await?;
    sqlx::query!("SELECT id FROM grants WHERE id = $1 FOR UPDATE", grant_id.uuid())
        .fetch_optional(&mut *connection)
        .await?;
    let grant = find(connection, grant_id).await?;
    let grant = grant.ok_or(ErrorCode::ResourceNotFound)?;
    if !grant.is_current {
        return Err(Problem::not_allowed(
            "该授权已被新的授权取代",
            "A later grant has taken the place of this one",
        ));
    }
    Ok(grant)
}

fn revoked_already() -> Problem {
    Problem::not_allowed("该授权已撤销", "The grant is revoked already")
}
