//! Granting an application, by an administrator's own act or by approving a request.

use base::clock::UtcTime;
use base::ids::{AppId, GrantId, OperatorId};
use base::problem::{ErrorCode, Problem, Text};
use platform::db::expect_one;
use sqlx::PgConnection;

use super::decide::close_request;
use super::find::{Grant, find};
use crate::operators;

/// A grant to be given.
#[derive(Clone, Debug)]
pub struct NewGrant {
    pub operator_id: OperatorId,
    pub app_id: AppId,
    pub expires_at: Option<UtcTime>,
    pub note: Option<String>,
    pub authorized_by: String,
}

/// A grant that was given.
#[derive(Clone, Debug)]
pub struct Given {
    pub grant: Grant,
    /// Whether the operator had asked for it.
    pub was_requested: bool,
}

/// Gives the grant, and closes an open request for it. A former grant of the pair that was revoked or has expired stays
/// as history.
///
/// # Errors
/// `OPERATOR_NOT_FOUND`, `APP_NOT_FOUND`; `INVALID_PARAMS` when it is granted already, the application is off the
/// shelf, the operator is deactivated or the expiry is not in the future; the database's.
pub async fn give(connection: &mut PgConnection, new: &NewGrant, now: UtcTime) -> Result<Given, Problem> {
    operators::lock_account(connection, new.operator_id).await?;
    lock_application(connection, new.app_id).await?;
    require_future(new.expires_at, now)?;
    retire_former(connection, new, now).await?;
    let id = GrantId::generate(now);
    // DO NOTHING waits for another grant of the pair that has not committed yet.
    let inserted = sqlx::query!(
        "INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by, expires_at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (operator_id, app_id) WHERE is_current DO NOTHING",
        new.operator_id.uuid(),
        id.uuid(),
        new.app_id.uuid(),
        now as _,
        new.authorized_by,
        new.expires_at as _,
        new.note,
    )
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(already_granted());
    }
    let grant = find(connection, id).await?;
    let grant = grant.ok_or_else(|| Problem::internal("the grant that was just given is not there"))?;
    let was_requested =
        close_request(connection, new.operator_id, new.app_id, &new.authorized_by, now).await?;
    Ok(Given { grant, was_requested })
}

async fn lock_application(connection: &mut PgConnection, app_id: AppId) -> Result<(), Problem> {
    let is_active =
        sqlx::query_scalar!("SELECT is_active FROM applications WHERE id = $1 FOR SHARE", app_id.uuid())
            .fetch_optional(connection)
            .await?;
    match is_active {
        None => Err(ErrorCode::AppNotFound.into()),
        Some(false) => Err(off_the_shelf()),
        Some(true) => Ok(()),
    }
}

async fn retire_former(connection: &mut PgConnection, new: &NewGrant, now: UtcTime) -> Result<(), Problem> {
    let former = sqlx::query!(
        r#"SELECT id, revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3) as "is_live!"
           FROM grants WHERE operator_id = $1 AND app_id = $2 AND is_current FOR UPDATE"#,
        new.operator_id.uuid(),
        new.app_id.uuid(),
        now as _,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(former) = former else { return Ok(()) };
    if former.is_live {
        return Err(already_granted());
    }
    let retired = sqlx::query!(
        "UPDATE grants SET is_current = false WHERE operator_id = $1 AND id = $2",
        new.operator_id.uuid(),
        former.id,
    )
    .execute(connection)
    .await?;
    expect_one(&retired)
}

pub(super) fn require_future(expires_at: Option<UtcTime>, now: UtcTime) -> Result<(), Problem> {
    if expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(Problem::invalid_field(
            "expires_at",
            Text::new("须晚于当前时间", "must be in the future"),
        ));
    }
    Ok(())
}

pub(super) fn off_the_shelf() -> Problem {
    Problem::not_allowed(
        "该应用已下架，不能新增授权",
        "The application is off the shelf and can get no new grants",
    )
}

fn already_granted() -> Problem {
    Problem::not_allowed("该应用已授权给此运营商", "The application is granted to this operator already")
}
