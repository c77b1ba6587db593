//! `GET /v1/auth/game/config`

use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId};
use money::Fen;
use office::grants::{self, AuthorizedApp};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::signed::HeadsetRequest;
use crate::app::App;
use crate::http::answer::Data;
use crate::http::rejection::Rejection;

/// What a headset server needs to be set up on the spot (FR-027).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GameConfig {
    operator_id: OperatorId,
    operator_name: String,
    balance: Fen,
    sites: Vec<ConfigSite>,
    applications: Vec<ConfigApplication>,
    server_time: UtcTime,
}

#[derive(Debug, Serialize, ToSchema)]
struct ConfigSite {
    site_id: SiteId,
    name: String,
    address: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ConfigApplication {
    app_id: AppId,
    app_name: String,
    unit_price: Fen,
    min_players: i32,
    max_players: i32,
    expires_at: Option<UtcTime>,
}

/// The operator's sites and granted applications. Not counted by the operator's rate limit.
#[utoipa::path(
    get,
    path = "/v1/auth/game/config",
    operation_id = "get_game_config",
    tag = "headset",
    security(("api_key" = [], "timestamp" = [], "signature" = [])),
    params(
        ("X-Timestamp" = i64, Header, description = "Unix seconds, within 300 s of now"),
        ("X-Signature" = String, Header, description = "As for authorize, over an empty body"),
    ),
    responses(
        (status = 200, description = "Sites and live grants", body = Data<GameConfig>),
        (status = 400, description = "INVALID_PARAMS, INVALID_SIGNATURE or TIMESTAMP_EXPIRED"),
        (status = 401, description = "INVALID_API_KEY"),
        (status = 403, description = "ACCOUNT_DEACTIVATED or ACCOUNT_LOCKED"),
        (status = 429, description = "RATE_LIMIT_EXCEEDED, with Retry-After"),
        (status = 503, description = "SERVICE_UNAVAILABLE"),
    )
)]
pub(super) async fn get_game_config(
    State(app): State<App>,
    request: HeadsetRequest,
) -> Result<Data<GameConfig>, Rejection> {
    Ok(request
        .perform(&app, async |operator_id| {
            let mut connection = app.database().acquire().await?;
            let config = read_config(&mut connection, operator_id, app.clock().now()).await?;
            Ok(Data::new(config))
        })
        .await?)
}

async fn read_config(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    now: UtcTime,
) -> sqlx::Result<GameConfig> {
    let operator = sqlx::query!(
        r#"SELECT o.name, a.balance_fen AS "balance: Fen"
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id WHERE o.id = $1"#,
        operator_id.uuid(),
    )
    .fetch_one(&mut *connection)
    .await?;
    let sites = sqlx::query_as!(
        ConfigSite,
        r#"SELECT id AS "site_id: SiteId", name, address FROM sites
           WHERE operator_id = $1 AND deleted_at IS NULL ORDER BY id"#,
        operator_id.uuid(),
    )
    .fetch_all(&mut *connection)
    .await?;
    let granted = grants::authorized_apps(connection, operator_id, now).await?;
    let applications = granted.into_iter().map(ConfigApplication::from).collect();
    Ok(GameConfig {
        operator_id,
        operator_name: operator.name,
        balance: operator.balance,
        sites,
        applications,
        server_time: now,
    })
}

impl From<AuthorizedApp> for ConfigApplication {
    fn from(app: AuthorizedApp) -> Self {
        ConfigApplication {
            app_id: app.app_id,
            app_name: app.app_name,
            unit_price: app.unit_price,
            min_players: app.min_players,
            max_players: app.max_players,
            expires_at: app.expires_at,
        }
    }
}
