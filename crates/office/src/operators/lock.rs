//! Locking and unlocking an operator, by an administrator or by the anomaly watch.

use std::net::IpAddr;

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::{ErrorCode, Problem};
use books::gate::{self, AccountState};
use books::ledger;
use platform::db::expect_one;
use platform::security::tokens::{self, Subject};
use serde_json::json;
use sqlx::PgConnection;

use crate::security_events::{self, EventKind};

/// Locks the operator: no sign-in, no authorization, and every token it has is dead. False when it was locked already.
///
/// # Errors
/// `OPERATOR_NOT_FOUND`; `INVALID_PARAMS` when the operator is deactivated; the database's.
pub async fn lock(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    reason: &str,
    by: &str,
    ip: Option<IpAddr>,
    now: UtcTime,
) -> Result<bool, Problem> {
    if lock_account(connection, operator_id).await? == AccountState::Locked {
        return Ok(false);
    }
    set_state(connection, operator_id, AccountState::Locked, Some(reason), now).await?;
    tokens::revoke_all(connection, Subject::Operator(operator_id), None, now).await?;
    let evidence = json!({"reason": reason, "by": by});
    security_events::record(connection, EventKind::Locked, ip, &[operator_id], evidence, now).await?;
    Ok(true)
}

/// Unlocks the operator, who has to sign in again. False when it was not locked.
///
/// # Errors
/// As [`lock`].
pub async fn unlock(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    reason: &str,
    by: &str,
    ip: Option<IpAddr>,
    now: UtcTime,
) -> Result<bool, Problem> {
    if lock_account(connection, operator_id).await? == AccountState::Active {
        return Ok(false);
    }
    set_state(connection, operator_id, AccountState::Active, None, now).await?;
    let evidence = json!({"reason": reason, "by": by});
    security_events::record(connection, EventKind::Unlocked, ip, &[operator_id], evidence, now).await?;
    Ok(true)
}

/// Locks the row of an account that is not deactivated, first, as every transaction does that touches it: a deactivation
/// or a lock waits for what its caller does, and the other way round.
///
/// # Errors
/// As [`lock`].
pub(crate) async fn lock_account(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> Result<AccountState, Problem> {
    let locked = ledger::lock_row(connection, operator_id).await?;
    let state = locked.ok_or(ErrorCode::OperatorNotFound)?.gate.state;
    if state == AccountState::Deactivated {
        return Err(Problem::not_allowed("该运营商已注销", "The operator is deactivated"));
    }
    Ok(state)
}

async fn set_state(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    state: AccountState,
    reason: Option<&str>,
    now: UtcTime,
) -> Result<(), Problem> {
    gate::set_state(connection, operator_id, state).await?;
    let operator = sqlx::query!(
        "UPDATE operators
         SET locked_at = CASE WHEN $2 THEN $4::timestamptz END, locked_reason = $3, updated_at = $4
         WHERE id = $1",
        operator_id.uuid(),
        state == AccountState::Locked,
        reason,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&operator)
}
