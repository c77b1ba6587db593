//! The grants an operator can play by now.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId};
use money::Fen;
use sqlx::PgConnection;

/// An application the operator may run.
#[derive(Clone, Debug)]
pub struct AuthorizedApp {
    pub app_id: AppId,
    pub app_name: String,
    pub unit_price: Fen,
    pub min_players: i32,
    pub max_players: i32,
    pub expires_at: Option<UtcTime>,
    pub authorized_at: UtcTime,
}

/// The operator's grants that are neither revoked nor expired, oldest first. An application that was taken off the
/// shelf stays in the list: what was granted goes on.
///
/// # Errors
/// The database's.
pub async fn authorized_apps(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    now: UtcTime,
) -> sqlx::Result<Vec<AuthorizedApp>> {
    sqlx::query_as!(
        AuthorizedApp,
        r#"SELECT a.id AS "app_id: AppId", a.name AS app_name, a.unit_price_fen AS "unit_price: Fen", a.min_players,
                  a.max_players, g.expires_at, g.authorized_at
           FROM grants g JOIN applications a ON a.id = g.app_id
           WHERE g.operator_id = $1 AND g.is_current AND g.revoked_at IS NULL
             AND (g.expires_at IS NULL OR g.expires_at > $2)
           ORDER BY g.id"#,
        operator_id.uuid(),
        now as _,
    )
    .fetch_all(connection)
    .await
}
