use std::collections::BTreeMap;

use axum::extract::State;
use base::clock::UtcTime;
use base::problem::Problem;
use office::audit::{self, Act};
use platform::security::roles::CanManageSystemConfig;
use platform::settings::{self, Setting};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::AdminCaller;
use crate::http::extract::ApiJson;
use crate::http::rejection::Rejection;

/// One business number. `value` and `default` are JSON strings, numbers or booleans according to `value_type`.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettingItem {
    key: &'static str,
    value: Value,
    /// `string`, `integer`, `decimal`, `boolean` or `json`.
    value_type: &'static str,
    category: &'static str,
    description: &'static str,
    default: Value,
    is_editable: bool,
    updated_at: UtcTime,
    updated_by: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SettingList {
    settings: Vec<SettingItem>,
}

/// The settings to change, by key: `{"rate_limit_per_minute": 20, "recharge_min": "5.00"}`.
#[derive(Deserialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct UpdateSettingsRequest(BTreeMap<String, Value>);

impl From<Setting> for SettingItem {
    fn from(setting: Setting) -> Self {
        SettingItem {
            key: setting.definition.key,
            value: setting.value,
            value_type: setting.definition.value_type().as_str(),
            category: setting.definition.category,
            description: setting.definition.description,
            default: setting.definition.default_value(),
            is_editable: setting.is_editable,
            updated_at: setting.updated_at,
            updated_by: setting.updated_by,
        }
    }
}

async fn all_settings(connection: &mut PgConnection) -> Result<Data<SettingList>, Problem> {
    let settings = settings::list(connection).await?;
    let settings = settings.into_iter().map(SettingItem::from).collect();
    Ok(Data::new(SettingList { settings }))
}

/// Every setting.
#[utoipa::path(
    get, path = "/v1/admin/settings", operation_id = "list_settings", tag = "admin",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Data<SettingList>, description = "The settings."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not an administrator."),
    ),
)]
pub(crate) async fn list_settings(
    State(app): State<App>,
    _caller: AdminCaller,
) -> Result<Data<SettingList>, Rejection> {
    let mut connection = app.database().acquire().await?;
    Ok(all_settings(&mut connection).await?)
}

/// Change settings: all of the request or nothing of it. Other instances follow within seconds.
#[utoipa::path(
    put, path = "/v1/admin/settings", operation_id = "update_settings", tag = "admin",
    security(("bearer" = [])),
    request_body = UpdateSettingsRequest,
    responses(
        (status = 200, body = Data<SettingList>, description = "Every setting as it is now."),
        (status = 400, description = "A key is unknown or a value does not fit; nothing was changed."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Without `can_manage_system_config`."),
    ),
)]
pub(crate) async fn update_settings(
    State(app): State<App>,
    caller: AdminCaller<CanManageSystemConfig>,
    ApiJson(UpdateSettingsRequest(values)): ApiJson<UpdateSettingsRequest>,
) -> Result<Data<SettingList>, Rejection> {
    settings::check(&values)?;
    let act = Act::new("settings_update", json!({}));
    let (by, now) = (&caller.signed_in.username, app.clock().now());
    audit::perform(app.database(), app.clock(), &caller.signed_in.actor(), act, async |connection, act| {
        let changed = settings::update(connection, &values, by, now).await?;
        act.set_change(changed.before, changed.after);
        Ok(())
    })
    .await?;
    let mut connection = app.database().acquire().await?;
    app.settings_store().refresh(&mut connection).await?;
    Ok(all_settings(&mut connection).await?)
}
